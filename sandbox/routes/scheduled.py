"""Tag Chat Messages, scheduled messages: what the app's own user wrote to be sent later, soonest first."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, drafts, message_rows, pages, places, wire
from sandbox.asked import Asked
from sandbox.clock import iso
from sandbox.desk import Draft
from sandbox.gate import Call, route
from sandbox.places import Spot
from sandbox.wire import Refusal


class Named(Asked, frozen=True, kw_only=True):
    """The conversation: one of the two."""

    to_contact: str | None = None
    to_channel: str | None = None


class Listing(Named, frozen=True, kw_only=True):
    """What is to be sent to one conversation."""

    next_page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] = 10


async def listed(call: Call) -> Response:
    """What is still to be sent to a channel or a contact."""
    wanted = asked.query(call, Listing)
    where = _spot(call, wanted)
    place = call.place()
    rows = sorted((one for one in call.world.desk.drafts.values() if _is_for(where, one)), key=_position)
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=_position)
    reply: dict[str, object] = {
        "messages": [_row(call, where, one) for one in page],
        "next_page_token": call.next_token(place, after),
        "page_size": wanted.page_size,
    }
    for name in ("to_channel", "to_contact"):
        if call.query(name) is not None:
            reply[name] = call.query(name)
    return wire.reply(reply)


async def delete(call: Call) -> Response:
    """A scheduled message is not sent after all."""
    places.check_writable(call, failed="Request to delete the scheduled message failed.")
    where = _spot(call, asked.query(call, Named))
    draft = call.world.desk.drafts.get(call.path("draftId"))
    if draft is None or not _is_for(where, draft):
        raise Refusal(400, 5404, f"Invalid draft id: {call.path('draftId')}.")
    drafts.discard(call.world, draft_id=draft.id, at=call.instance.clock.now_ms())
    return Response(status_code=204)


def _spot(call: Call, wanted: Named) -> Spot:
    return places.spot(
        call,
        call.world.person("me"),
        to_contact=wanted.to_contact,
        to_channel=wanted.to_channel,
        neither=(300, "Name to_contact or to_channel."),
    )


def _is_for(where: Spot, draft: Draft) -> bool:
    there = draft.channel_id == where.channel_id and draft.contact_id == where.contact_id
    return there and draft.person_id == where.person.id


def _position(draft: Draft) -> tuple[int, int]:
    return draft.due_at, draft.number


def _row(call: Call, where: Spot, draft: Draft) -> dict[str, object]:
    row: dict[str, object] = {
        "draft_id": draft.id,
        "message": draft.text,
        "create_date": iso(draft.created_at),
        "scheduled_time": iso(draft.due_at),
    }
    if draft.rich_text is not None:
        row["rich_text"] = [{"format_attr": "", **one} for one in draft.rich_text]
    if draft.at_items is not None:
        row["at_items"] = [{"at_contact_member_id": "", **one} for one in draft.at_items]
    if draft.reply_to is not None and where.session is not None:
        main = call.world.message(where.session.id, draft.reply_to)
        row["reply_main_message_id"], row["reply_main_message_timestamp"] = main.id, main.timestamp
    files = message_rows.file_rows(call, draft.file_ids)
    if files:
        row |= {**files[0], "files": files}
    return row


ROUTES = [route("listScheduledMessages", listed), route("deleteScheduleMessage", delete)]
