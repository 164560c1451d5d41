"""Tag Chat Messages, what is read: a person's messages, one of them, a forwarded one, a thread."""

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from sandbox import dates, message_rows, pages, places, wire
from sandbox.clock import day_end_ms, day_start_ms, iso, months_after
from sandbox.conversations import Message, Session
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.places import Spot
from sandbox.wire import Refusal

_FORMATS = (None, "audio/mp4")
_LONGEST_KEY = 256
_TOO_OLD = "Messages reach back six months."


@dataclass(slots=True, frozen=True)
class Span:
    """The days or moments asked for; `shown` is what the reply repeats of them."""

    start_ms: int
    end_ms: int
    shown: dict[str, object]


async def of_user(call: Call) -> Response:
    """What a person said and heard in a conversation, or wherever a search key occurs; newest first."""
    person = places.user(call)
    count = pages.size(call.request.query_params, maximum=50, default=10)
    span = _span(call)
    matches = _search(call)
    with_status = call.flag("include_deleted_and_edited_message")
    sessions = _sessions(call, person, searching=matches is not None)
    place = call.place()
    now = call.instance.clock.now_ms()
    rows = [
        message
        for session in sessions
        for message in session.sent(after=(span.start_ms, -1), before_ms=min(span.end_ms, now + 1))
        if (with_status or message.deleted_at is None)
        and not (call.flag("exclude_child_message") and message.reply_to is not None)
        and (matches is None or matches(message))
    ]
    rows.sort(key=_newest_first)
    page, after = pages.cut(rows, place=place, count=count, key=_newest_first)
    return wire.reply(
        {
            **span.shown,
            "messages": [message_rows.in_list(call, one, with_status=with_status) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


async def one(call: Call) -> Response:
    """One message that somebody sent or got."""
    person = places.user(call)
    where = places.spot(
        call, person, to_contact=call.query("to_contact"), to_channel=call.query("to_channel")
    )
    places.check_readable(call, where)
    _check_format(call)
    return wire.reply(message_rows.alone(call, found(call, where, code=300, status=400)))


async def forwarded(call: Call) -> Response:
    """What a forwarded message was when it was forwarded."""
    forward = call.world.forwards.get(call.path("forwardId"))
    if forward is None:
        raise Refusal(404, 404, f"Message does not exist: {call.path('forwardId')}.")
    message = forward.message
    sender = call.world.people[message.sender_id]
    record: dict[str, object] = {
        "id": forward.id,
        "message": forward.text,
        "message_type": message_rows.message_type(call, message),
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
    return wire.reply({**record, **message_rows.attached(call, message)})


async def thread(call: Call) -> Response:
    """A main message and its replies in a span of time."""
    limit, start, end, newest_first = _asked(call)
    person = places.user(call)
    where = places.spot(
        call, person, to_contact=call.query("to_contact"), to_channel=call.query("to_channel")
    )
    if not where.is_member and person.id != call.world.own_user_id:
        raise Refusal(403, 403, "The app has no access to this.")
    main = found(call, where, code=4131, status=404)
    now = call.instance.clock.now_ms()
    all_replies = [
        one
        for one in call.world.sessions[main.session_id].messages
        if one.reply_to is not None
        and one.reply_to[0] == main.id
        and one.deleted_at is None
        and one.timestamp <= now
    ]
    replies = [one for one in all_replies if start <= one.timestamp <= end]
    total = len(replies)
    replies = (replies[::-1] if newest_first else replies)[:limit]
    rows = [message_rows.in_thread(call, one, is_reply=True, asked_by=person.id) for one in replies]
    if call.flag("need_main_message", default=True):
        last = all_replies[-1].timestamp if all_replies else main.timestamp
        row = message_rows.in_thread(call, main, is_reply=False, asked_by=person.id)
        rows.insert(0, {**row, "last_reply_time": last, "is_followed": False})
    return wire.reply({"total": total, "messages": rows})


def found(call: Call, where: Spot, *, code: int, status: int) -> Message:
    """The message of the path, in a conversation."""
    message_id = call.path("messageId")
    message = where.message(call, message_id)
    if message is None:
        raise Refusal(status, code, f"Message does not exist: {message_id}.")
    return message


def _sessions(call: Call, person: Person, *, searching: bool) -> list[Session]:
    contact, channel = call.query("to_contact"), call.query("to_channel")
    if searching and contact is None and channel is None:
        return [
            one
            for one in call.world.sessions.values()
            if person.id in one.member_ids and one.deleted_at is None
        ]
    where = places.spot(call, person, to_contact=contact, to_channel=channel)
    places.check_readable(call, where)
    return [] if where.session is None else [where.session]


def _search(call: Call) -> "Search | None":
    kind, key = call.query("search_type"), call.query("search_key")
    _check_format(call)
    if kind is None and key is None:
        return None
    if kind not in ("message", "file") or key is None or len(key) > _LONGEST_KEY:
        raise Refusal(400, 300, "Invalid field: search_type and search_key must be given together.")
    if call.flag("include_deleted_and_edited_message"):
        raise Refusal(400, 300, "Invalid field: a search does not include deleted and edited messages.")
    return Search(call, kind, key.casefold())


@dataclass(slots=True, frozen=True)
class Search:
    """Words in messages, or in the names of their files, whatever the case."""

    call: Call
    kind: str
    key: str

    def __call__(self, message: Message) -> bool:
        """Whether a message is one of those looked for."""
        if self.kind == "message":
            return self.key in message.text.casefold()
        files = (self.call.instance.find_file(one) for one in message.file_ids)
        return any(self.key in one.name.casefold() for one in files if one is not None)


def _span(call: Call) -> Span:
    parameters = call.request.query_params
    today = call.instance.clock.today()
    if call.query("date") is not None or call.query("from") is None:
        day = today if call.query("date") is None else dates.day(parameters, "date")
        span = Span(day_start_ms(day), day_end_ms(day), {"date": day.isoformat()})
    else:
        shown: dict[str, object] = {"from": parameters["from"]}
        start, end = dates.moment(parameters, "from"), day_end_ms(today)
        if call.query("to") is not None:
            shown["to"] = parameters["to"]
            end = dates.moment(parameters, "to") + 1000  # the second that was named is included
        span = Span(start, end, shown)
    if span.end_ms <= span.start_ms:
        raise Refusal(400, 300, "Invalid field: the from date must not be later than the to date.")
    if span.start_ms < day_start_ms(_earliest(today)):
        raise Refusal(400, 300, _TOO_OLD)
    return span


def _earliest(today: date) -> date:
    return months_after(today, months=-dates.REPORT_MONTHS)


def _check_format(call: Call) -> None:
    if call.query("download_file_formats") not in _FORMATS:
        raise Refusal(400, 300, "Invalid field: download_file_formats must be audio/mp4.")


def _newest_first(message: Message) -> tuple[int, int]:
    return -message.timestamp, -message.number


def _asked(call: Call) -> tuple[int, int, int, bool]:
    limit = call.query("limit") or "10"
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise Refusal(400, 4231, "The 'limit' cannot exceed 100.")
    sort = call.query("sort") or "desc"
    if sort not in ("asc", "desc"):
        raise Refusal(400, 4232, "Invalid field: sort is asc or desc.")
    if call.query("from") is None:
        raise Refusal(400, 4233, "The `from` cannot be blank.")
    if call.query("to_channel") is None and call.query("to_contact") is None:
        raise Refusal(400, 4234, "The `to_channel` cannot be blank.")
    parameters = call.request.query_params
    start = dates.moment(parameters, "from")
    if call.query("to") is None:
        return int(limit), start, call.instance.clock.now_ms(), sort == "desc"
    return int(limit), start, dates.moment(parameters, "to") + 999, sort == "desc"


ROUTES = [
    route("getForwardedMessage", forwarded),
    route("getChatMessages", of_user),
    route("getChatMessage", one),
    route("retrieveThread", thread),
]
