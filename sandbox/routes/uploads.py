"""Tag Chat Files, what changes files: uploaded, sent as a message, deleted.

The hosts these live on at Zoom are this same server; the fault `redirected_upload` makes it send an upload on to
its other name, as those hosts may.
"""

from starlette.responses import Response

from sandbox import attachments, messaging, multipart, places, wire
from sandbox.files import Held
from sandbox.gate import Call, route
from sandbox.multipart import Sent
from sandbox.routes.sending import check_channel, main_of
from sandbox.wire import Refusal

LARGEST_UPLOAD = 1024**3
LARGEST_IMAGE = 16 * 1024**2
LARGEST_OTHER = 20 * 1024**2
IMAGES = frozenset({"png", "jpg", "jpeg", "gif"})


async def upload(call: Call) -> Response:
    """A file to be sent later by its id; unless told otherwise it is also posted to one's own chat."""
    places.check_writable(call)
    person = places.user(call)
    posted = (call.query("postToPersonalChat") or "true").lower()
    if posted not in ("true", "false"):
        raise Refusal(400, 300, "Invalid field: postToPersonalChat must be true or false.")
    sent = (await multipart.form(call, most=LARGEST_UPLOAD)).only_file("file")
    file_id = _store(call, sent)
    if posted == "true":
        _post(call, by=person.id, contact_id=person.id, channel_id=None, file_id=file_id, reply_to=None)
    return wire.reply({"id": file_id}, status=201)


async def send(call: Call) -> Response:
    """A file as a message of its own, to a channel or a contact."""
    places.check_writable(call)
    person = places.user(call)
    form = await multipart.form(call, most=LARGEST_OTHER)
    where = places.spot(
        call, person, to_contact=form.field("to_contact"), to_channel=form.field("to_channel")
    )
    check_channel(where.channel, where.person)
    places.check_writable(call, where)
    sent = form.only_file("files")
    if sent.extension in IMAGES and len(sent.data) > LARGEST_IMAGE:
        raise multipart.too_large(LARGEST_IMAGE)
    reply_to = main_of(call, where, form.field("reply_main_message_id"))
    file_id = _store(call, sent)
    message_id = _post(
        call,
        by=person.id,
        channel_id=where.channel_id,
        contact_id=where.contact_id,
        file_id=file_id,
        reply_to=reply_to,
    )
    return wire.reply({"id": message_id}, status=201)


async def delete(call: Call) -> Response:
    """A file is gone for everybody; what people outside sent is theirs to delete."""
    file_id = call.path("fileId")
    if call.instance.find_file(file_id) is None:
        raise Refusal(404, 404, "Resource not found.")
    if call.instance.is_computed or _is_from_outside(call, file_id):
        raise Refusal(403, 403, "Operation not permitted.")
    attachments.delete(call.world, file_id=file_id, at=call.instance.clock.now_ms())
    return Response(status_code=204)


def _store(call: Call, sent: Sent) -> str:
    return call.world.upload(sent.name, Held(sent.data), at=call.instance.clock.now_ms()).id


def _post(
    call: Call,
    *,
    by: str,
    channel_id: str | None,
    contact_id: str | None,
    file_id: str,
    reply_to: str | None,
) -> str:
    message = messaging.send(
        call.world,
        by=by,
        text="",
        at=call.instance.clock.now_ms(),
        channel_id=channel_id,
        contact_id=contact_id,
        file_ids=[file_id],
        reply_to=reply_to,
        cards=[],
    )
    return message.id


def _is_from_outside(call: Call, file_id: str) -> bool:
    senders = {
        message.sender_id
        for session in call.world.sessions.values()
        for message in session.messages
        if file_id in message.every_file_id
    }
    return bool(senders) and all(call.world.people[one].external for one in senders)


ROUTES = [
    route("deleteChatFile", delete),
    route("uploadAChatFile", upload),
    route("sendChatFile", send),
]
