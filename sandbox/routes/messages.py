"""Tag Chat Messages: a forwarded message resolved, a thread read."""

from datetime import UTC, datetime

from starlette.responses import Response

from sandbox import wire
from sandbox.clock import iso
from sandbox.conversations import Message, Session
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.reports import file_row
from sandbox.wire import Refusal
from sandbox.world import Unknown

_TYPES = {"png": "png_image_file", "jpg": "jpg_image_file", "gif": "gif_file", "wav": "audio_file"}


async def forwarded(call: Call) -> Response:
    """What a forwarded message was when it was forwarded."""
    found = call.world.forwards.get(call.path("forwardId"))
    if found is None:
        raise Refusal(404, 404, f"Message does not exist: {call.path('forwardId')}.")
    message = found.message
    sender = call.world.people[message.sender_id]
    record: dict[str, object] = {
        "id": found.id,
        "message": found.text,
        "message_type": message_type(call, message),
        "sender": sender.shown_email,
        "send_member_id": sender.member_id,
        "sender_display_name": sender.display_name,
        "date_time": iso(message.timestamp),
        "timestamp": message.timestamp,
    }
    if message.reply_to is not None:
        record["reply_main_message_id"], record["reply_main_message_timestamp"] = message.reply_to
    if message.rich_text is not None:
        record["rich_text"] = message.rich_text
    _add_files(call, record, message)
    return wire.reply(record)


async def thread(call: Call) -> Response:
    """A main message and its replies in a span of time."""
    limit, start, end, newest_first = _asked(call)
    person = call.world.person(call.path("userId"))
    session = _conversation(call, person)
    message_id = call.path("messageId")
    main = next((one for one in session.messages if one.id == message_id), None)
    if main is None or main.deleted_at is not None:
        raise Refusal(404, 4131, f"Message does not exist: {message_id}.")
    replies = [
        one
        for one in session.messages
        if one.reply_to is not None
        and one.reply_to[0] == main.id
        and one.deleted_at is None
        and start <= one.timestamp <= end
    ]
    total = len(replies)
    replies = (replies[::-1] if newest_first else replies)[:limit]
    rows = [_row(call, one, is_reply=True) for one in replies]
    if call.flag("need_main_message", default=True):
        last = max((one.timestamp for one in replies), default=main.timestamp)
        rows.insert(0, {**_row(call, main, is_reply=False), "last_reply_time": last, "is_followed": False})
    return wire.reply({"total": total, "messages": rows})


def message_type(call: Call, message: Message) -> str:
    """What kind of message the API calls it."""
    if message.giphy_url is not None:
        return "giphy_file"
    if not message.file_ids:
        return "plain_text_message"
    if message.text:
        return "file_and_text"
    stored = call.world.files.get(message.file_ids[0])
    return "others" if stored is None else _TYPES.get(stored.extension, "others")


def _asked(call: Call) -> tuple[int, int, int, bool]:
    limit = call.query("limit") or "10"
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise Refusal(400, 4231, "The 'limit' cannot exceed 100.")
    sort = call.query("sort") or "desc"
    if sort not in ("asc", "desc"):
        raise Refusal(400, 4232, "The `sort` can only be passed `asc` or `desc`.")
    if call.query("from") is None:
        raise Refusal(400, 4233, "The `from` cannot be blank.")
    if call.query("to_channel") is None and call.query("to_contact") is None:
        raise Refusal(400, 4234, "The `to_channel` cannot be blank.")
    end = call.instance.clock.now_ms() if call.query("to") is None else _moment(call, "to")
    return int(limit), _moment(call, "from"), end, sort == "desc"


def _moment(call: Call, name: str) -> int:
    try:
        given = datetime.strptime(call.query(name) or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal(400, 300, f"Invalid field: {name} must be like 2026-01-31T00:00:00Z.") from error
    return round(given.timestamp() * 1000)


def _conversation(call: Call, person: Person) -> Session:
    channel_id = call.query("to_channel")
    if channel_id is not None:
        channel = call.world.channels.get(channel_id)
        if channel is None or channel.deleted_at is not None:
            raise Refusal(404, 4130, f"Channel does not exist: {channel_id}.")
        return call.world.sessions[channel.session_id]
    other = call.world.person(call.query("to_contact") or "")
    pair = sorted((person.id, other.id))
    found = (one for one in call.world.sessions.values() if sorted(one.member_ids) == pair)
    session = next((one for one in found if one.channel_id is None), None)
    if session is None:
        raise Unknown(other.id)
    return session


def _row(call: Call, message: Message, *, is_reply: bool) -> dict[str, object]:
    sender = call.world.people[message.sender_id]
    row: dict[str, object] = {
        "msg_id": message.id,
        "message": message.text,
        "is_reply": is_reply,
        "timestamp": message.timestamp,
        "sender_user_id": sender.shown_id,
        "sender_email": sender.shown_email,
        "sender_member_id": sender.member_id,
        "sender_display_name": sender.display_name,
        "message_type": message_type(call, message),
    }
    if call.flag("need_emoji"):
        row["reactions"] = [
            {"emoji_id": emoji, "count": len(people), "is_sender": False}
            for emoji, people in message.reactions.items()
        ]
    if call.flag("need_rich_text") and message.rich_text is not None:
        row["rich_text"] = message.rich_text
    if call.flag("need_attachment"):
        _add_files(call, row, message)
    return row


def _add_files(call: Call, row: dict[str, object], message: Message) -> None:
    files = [call.instance.find_file(one) for one in message.file_ids]
    shown = [file_row(one, call.link) for one in files if one is not None]
    if shown:
        row["files"] = shown


ROUTES = [route("getForwardedMessage", forwarded), route("retrieveThread", thread)]
