"""The control room's part for webhooks under `/_sandbox/webhooks`: who is told, what became of it, and orders.

Like the rest of the control room it is open to anyone who reaches the port; the secret is taken, never shown.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import wire
from sandbox.instance import Instance
from sandbox.webhooks import subscription
from sandbox.webhooks.orders import Order
from sandbox.wire import Refusal
from sandbox.world import Unknown


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """A subscription as it is asked for."""

    url: str
    secret: str
    events: list[str] = []
    at_once: int = 1


async def _webhooks(request: Request) -> Response:
    """Subscribe and shake hands (PUT), stop (DELETE); in any case how it stands."""
    courier = _instance(request).webhooks
    if request.method == "PUT":
        try:
            wanted = msgspec.json.decode(await request.body(), type=Wanted)
            made = subscription.made(
                wanted.url, secret=wanted.secret, events=wanted.events, at_once=wanted.at_once
            )
        except ValueError as error:
            return _refused(str(error))
        courier.subscribe(made)
        await courier.validate()
    if request.method == "DELETE":
        courier.unsubscribe()
    return wire.reply(courier.state())


async def _validate(request: Request) -> Response:
    """Shake hands now, whenever it was done last."""
    courier = _instance(request).webhooks
    await courier.validate(now=True)
    return wire.reply(courier.state())


async def _emit(request: Request) -> Response:
    """Make an event, whether or not anything happened, and send it to the subscriber if there is one."""
    try:
        order = msgspec.json.decode(await request.body(), type=Order)
        event, queued = _instance(request).webhooks.order(order)
    except Unknown as unknown:
        return _refused(f"unknown: {unknown.args[0]}")
    except msgspec.MsgspecError as error:
        return _refused(str(error))
    return wire.reply({"queued": queued, "event": event})


def _instance(request: Request) -> Instance:
    instance: Instance = request.app.state.instance
    return instance


def _refused(sentence: str) -> Response:
    return Refusal(400, 400, sentence).reply()


ROUTES = [
    Route("/_sandbox/webhooks", _webhooks, methods=["GET", "PUT", "DELETE"]),
    Route("/_sandbox/webhooks/validate", _validate, methods=["POST"]),
    Route("/_sandbox/webhooks/emit", _emit, methods=["POST"]),
]
