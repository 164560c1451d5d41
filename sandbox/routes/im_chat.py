"""Tag IM Chat: a message to a contact, the older way."""

from starlette.responses import Response

from sandbox import asked, contacts, talks, wire
from sandbox.asked import Asked
from sandbox.gate import Call, route
from sandbox.wire import Refusal


class Recipient(Asked, frozen=True, kw_only=True):
    """To whom."""

    chat_user: str | None = None


class Text(Asked, frozen=True, kw_only=True):
    """What to say."""

    message: str | None = None


async def send(call: Call) -> Response:
    """The app's user says something in the 1:1 conversation with somebody, opened if need be."""
    given = asked.query(call, Recipient)
    said = await asked.body(call, Text)
    if given.chat_user is None:
        raise Refusal(400, 300, "Invalid parameter: channel/chat_user.")
    speaker, listener = call.world.person("me"), call.world.person(given.chat_user)
    is_open = not call.instance.is_computed and contacts.are_known(call.world, speaker, listener)
    if said.message is None or said.message == "" or not is_open:
        raise Refusal(400, 5301, "Message sending failed.")
    message_id = talks.say(
        call.world, by=speaker.id, to=listener.id, text=said.message, at=call.instance.clock.now_ms()
    )
    return wire.reply({"id": message_id}, status=201)


ROUTES = [route("sendimmessages", send)]
