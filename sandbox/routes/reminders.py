"""Tag Chat Reminder: messages the app's own user wants to be reminded of.

A reminder stays in the list after its moment, until it is deleted.
"""

from starlette.responses import Response

from sandbox import asked, dates, keepsakes, pages, places, wire
from sandbox.asked import Asked
from sandbox.clock import MS_PER_DAY, iso
from sandbox.conversations import Message
from sandbox.desk import Reminder
from sandbox.gate import Call, route
from sandbox.places import Spot
from sandbox.wire import Refusal
from sandbox.world import Unknown

LATEST_MS = 90 * MS_PER_DAY
SHORTEST_SECONDS, LONGEST_SECONDS = 300, 7_776_000
_ONE = (4102, "Name to_contact or to_channel, and only one.")
_INVALID = "Invalid field: to_contact or to_channel."


class Where(Asked, frozen=True, kw_only=True):
    """The conversation."""

    to_contact: str | None = None
    to_channel: str | None = None


class Order(Where, frozen=True, kw_only=True):
    """When to remind of a message, and with which note."""

    remind_time: str | None = None
    delay_seconds: int | None = None
    reminder_note: str = ""


class Listing(Where, frozen=True, kw_only=True):
    """The reminders of all conversations, or of one."""

    next_page_token: str | None = None
    page_size: int = 10


async def create(call: Call) -> Response:
    """A reminder of a message, in the place of the one there was."""
    places.check_writable(call)
    order = await asked.body(call, Order)
    where = _spot(call, order, neither=_ONE)
    due_at = _due_at(call, order)
    message = _message(call, where)
    keepsakes.remind(
        call.world,
        by=where.person.id,
        session_id=message.session_id,
        message_id=message.id,
        note=order.reminder_note,
        due_at=due_at,
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """A reminder is no longer wanted."""
    places.check_writable(call)
    where = _spot(call, asked.query(call, Where), neither=(4100, _INVALID))
    message = _message(call, where)
    kept = where.person.id, message.session_id, message.id
    if kept not in call.world.desk.reminders:
        raise Refusal(404, 4200, f"Message does not exist: {message.id}.")
    keepsakes.forget(
        call.world,
        by=where.person.id,
        session_id=message.session_id,
        message_id=message.id,
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


async def listed(call: Call) -> Response:
    """Every reminder, or those of one conversation, soonest first."""
    wanted = asked.query(call, Listing)
    if not 1 <= wanted.page_size <= 20:
        raise Refusal(400, 4101, "The `page_size` parameter is illegal.")
    me = call.world.person("me")
    place = call.place()
    only = _only(call, wanted)
    rows = [
        one
        for (person_id, session_id, _), one in call.world.desk.reminders.items()
        if person_id == me.id
        and (only is None or session_id in only)
        and call.world.message(session_id, one.message_id).deleted_at is None
    ]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=_position)
    return wire.reply(
        {"next_page_token": call.next_token(place, after), "reminders": [_row(call, one) for one in page]}
    )


def _spot(call: Call, given: Where, *, neither: tuple[int, str]) -> Spot:
    """Whatever is wrong with the conversation named is one code here."""
    try:
        where = places.spot(
            call,
            call.world.person("me"),
            to_contact=given.to_contact,
            to_channel=given.to_channel,
            neither=neither,
            gone=400,
        )
    except Unknown as error:
        raise Refusal(400, 4100, _INVALID) from error
    except Refusal as refusal:
        if refusal.code == 4130:
            raise Refusal(400, 4100, _INVALID) from refusal
        raise
    if not where.is_member:
        raise Refusal(400, 4100, _INVALID)
    return where


def _only(call: Call, wanted: Listing) -> set[str] | None:
    """The session asked for; None means every one."""
    if wanted.to_contact is None and wanted.to_channel is None:
        return None
    session = _spot(call, wanted, neither=(4100, _INVALID)).session
    return set() if session is None else {session.id}


def _message(call: Call, where: Spot) -> Message:
    message_id = call.path("messageId")
    if not message_id.strip():
        raise Refusal(400, 4104, "`messageId` cannot be blank.")
    message = where.message(call, message_id)
    if message is None:
        raise Refusal(404, 4200, f"Message does not exist: {message_id}.")
    return message


def _due_at(call: Call, order: Order) -> int:
    now = call.instance.clock.now_ms()
    if (order.remind_time is None) == (order.delay_seconds is None):
        raise Refusal(400, 4103, "Give remind_time or delay_seconds, and only one.")
    if order.delay_seconds is not None:
        if not SHORTEST_SECONDS <= order.delay_seconds <= LONGEST_SECONDS:
            raise Refusal(400, 4101, "Invalid field: delay_seconds is 300 to 7776000.")
        return now + order.delay_seconds * 1000
    due_at = dates.stamp(order.remind_time or "")
    if due_at is None:
        raise Refusal(400, 4106, "Invalid field: remind_time is like 2026-01-31T00:00:00Z.")
    if not now < due_at <= now + LATEST_MS:
        raise Refusal(
            400,
            4105,
            "Invalid field: remind_time lies within the next 90 days.",
        )
    return due_at


def _position(reminder: Reminder) -> tuple[int, int]:
    return reminder.due_at, reminder.number


def _row(call: Call, reminder: Reminder) -> dict[str, object]:
    message = call.world.message(reminder.session_id, reminder.message_id)
    row: dict[str, object] = {
        "reminder_note": reminder.note,
        "content": message.text,
        "message_id": message.id,
        "message_timestamp": message.timestamp,
        "create_time": iso(reminder.created_at),
        "remind_time": iso(reminder.due_at),
    }
    if message.reply_to is not None:
        row["main_message_id"], row["main_message_timestamp"] = message.reply_to
    return row


ROUTES = [
    route("createReminderForMessage", create),
    route("deleteReminderForMessage", delete),
    route("listReminders", listed),
]
