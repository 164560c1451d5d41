"""The control room under `/_sandbox/`: what the world truly holds, and verbs to change it.

Not part of the API and open to anyone who reaches the port. People are named by user id, member id or
e-mail, conversations by session id, messages by session and message id, moments in epoch milliseconds.
"""

from collections.abc import Callable
from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import faults, planted, truth, wire
from sandbox.conversations import Message
from sandbox.files import Content, Held, Patterned
from sandbox.instance import Instance
from sandbox.wire import Refusal
from sandbox.world import Unknown

Verb = Callable[[Instance, "Order"], Message]


class FileOrder(msgspec.Struct):
    """A file to upload: with a text, or of a size."""

    name: str
    text: str | None = None
    size: int = 0


class Order(msgspec.Struct):
    """What to do, to which message, by whom, when."""

    session_id: str = ""
    message_id: str = ""
    by: str = ""
    text: str = ""
    emoji: str = "U+1F44D"
    at: int | None = None
    reply_to: str | None = None
    files: list[FileOrder] = []


class ClockOrder(msgspec.Struct):
    """How far to move the world's time."""

    advance_seconds: float = 0.0


class HoldZipOrder(msgspec.Struct):
    """Which zip to plant, and for whom."""

    matter_id: str
    identifier: str
    trick: str = "none"
    size: int = planted.SIZE


class FaultOrder(msgspec.Struct):
    """Faults in the written form, or as objects with the same keys."""

    spec: str = ""
    faults: list[dict[str, object]] = []
    seed: int = 1


def _say(instance: Instance, order: Order) -> Message:
    world = instance.world
    session = world.sessions.get(order.session_id)
    if session is None:
        raise Unknown(order.session_id)
    files = [world.upload(one.name, _content(one), at=order.at) for one in order.files]
    main = None if order.reply_to is None else world.message(order.session_id, order.reply_to)
    return world.say(session, world.person(order.by), order.text, at=order.at, files=files, reply_to=main)


def _edit(instance: Instance, order: Order) -> Message:
    message = instance.world.message(order.session_id, order.message_id)
    instance.world.edit(message, order.text, at=order.at)
    return message


def _delete(instance: Instance, order: Order) -> Message:
    message = instance.world.message(order.session_id, order.message_id)
    instance.world.delete(message, at=order.at)
    return message


def _react(instance: Instance, order: Order) -> Message:
    message = instance.world.message(order.session_id, order.message_id)
    instance.world.react(message, instance.world.person(order.by), order.emoji, at=order.at)
    return message


def _content(order: FileOrder) -> Content:
    if order.text is not None:
        return Held(order.text.encode())
    return Patterned(order.size, order.name)


def _verb(name: str, verb: Verb) -> Route:
    async def endpoint(request: Request) -> Response:
        instance = _instance(request)
        if instance.is_computed:
            return _refused("this world is computed: nothing can be said in it")
        try:
            message = verb(instance, msgspec.json.decode(await request.body(), type=Order))
        except Unknown as unknown:
            return _refused(f"unknown: {unknown.args[0]}")
        except msgspec.MsgspecError as error:
            return _refused(str(error))
        return wire.reply(
            {
                "session_id": message.session_id,
                "message_id": message.id,
                "timestamp": message.timestamp,
                "file_ids": message.file_ids,
            }
        )

    return Route(f"/_sandbox/{name}", endpoint, methods=["POST"])


async def _truth(request: Request) -> Response:
    """What a complete archive must count; with `session_id`, what each of its days offers."""
    instance = _instance(request)
    session_id = request.query_params.get("session_id")
    try:
        if session_id is None:
            return wire.reply(
                truth.counts(instance, since=_date(request, "from"), until=_date(request, "to"))
            )
        if instance.is_computed:
            return _refused("this world is computed: ask for the truth between two days instead")
        return wire.reply(truth.days(instance, session_id=session_id))
    except KeyError:
        return _refused(f"unknown: {session_id}")
    except ValueError as error:
        return _refused(str(error))


async def _world(request: Request) -> Response:
    """Who and what there is, for tests that need a name."""
    return wire.reply(truth.inventory(_instance(request)))


async def _requests(request: Request) -> Response:
    """How often each operation was asked."""
    return wire.reply(_instance(request).requests)


async def _clock(request: Request) -> Response:
    """Move the world's time forward; what time it then is."""
    clock = _instance(request).clock
    if request.method == "POST":
        try:
            order = msgspec.json.decode(await request.body(), type=ClockOrder)
            clock.advance(seconds=order.advance_seconds)
        except ValueError as error:
            return _refused(str(error))
    return wire.reply({"now": clock.now().isoformat(), "now_ms": clock.now_ms(), "speed": clock.speed})


async def _revoke(request: Request) -> Response:
    """Take back every access token."""
    return wire.reply({"revoked": _instance(request).tokens.revoke()})


async def _faults(request: Request) -> Response:
    """Misbehave from now on (POST), stop it (DELETE); in any case how often each kind fired."""
    plan = _instance(request).faults
    if request.method == "POST":
        try:
            order = msgspec.json.decode(await request.body(), type=FaultOrder)
            rules, seed = faults.read(order.spec)
            plan.add(
                [*rules, *map(faults.rule_of, order.faults)], seed=order.seed if not order.spec else seed
            )
        except ValueError as error:
            return _refused(str(error))
    if request.method == "DELETE":
        plan.clear()
    return wire.reply(
        {
            "fired": plan.fired,
            "rules": [
                {"kind": one.kind, "operation": one.operation, "fired": one.fired} for one in plan.rules
            ],
            "vanished": sorted(plan.vanished),
        }
    )


async def _hold_zip(request: Request) -> Response:
    """Plant a zip that no service should send among those of a custodian; its key."""
    world = _instance(request).world
    try:
        order = msgspec.json.decode(await request.body(), type=HoldZipOrder)
        matter, person = world.matters[order.matter_id], world.person(order.identifier)
        part = planted.plant(matter, person, trick=planted.Trick(order.trick), size=order.size)
    except LookupError as unknown:
        return _refused(f"unknown: {unknown.args[0]}")
    except ValueError as error:
        return _refused(str(error))
    return wire.reply({"file_key": part.file_key, "size": part.content.size})


def _instance(request: Request) -> Instance:
    instance: Instance = request.app.state.instance
    return instance


def _refused(sentence: str) -> Response:
    return Refusal(400, 400, sentence).reply()


def _date(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    return None if text is None else date.fromisoformat(text)


ROUTES = [
    _verb("say", _say),
    _verb("edit", _edit),
    _verb("delete", _delete),
    _verb("react", _react),
    Route("/_sandbox/truth", _truth),
    Route("/_sandbox/world", _world),
    Route("/_sandbox/requests", _requests),
    Route("/_sandbox/clock", _clock, methods=["GET", "POST"]),
    Route("/_sandbox/revoke", _revoke, methods=["POST"]),
    Route("/_sandbox/hold-zip", _hold_zip, methods=["POST"]),
    Route("/_sandbox/faults", _faults, methods=["GET", "POST", "DELETE"]),
]
