"""Who joined and left channels, as both tags of channels list it."""

from starlette.responses import Response

from sandbox import channel_access, dates, pages, wire
from sandbox.clock import day_end_ms, day_start_ms
from sandbox.conversations import Activity, Channel
from sandbox.gate import Call
from sandbox.people import as_actor
from sandbox.wire import Refusal


async def of_one(call: Call) -> Response:
    """Who joined and left one channel."""
    return _page(call, channel_access.known(call, code=5306), named=False)


async def of_all(call: Call) -> Response:
    """Who joined and left any channel, or the one named."""
    wanted = call.query("channel_id")
    only = None if wanted is None else channel_access.known(call, channel_id=wanted, code=5306)
    return _page(call, only, named=True)


def _page(call: Call, only: Channel | None, *, named: bool) -> Response:
    parameters = call.request.query_params
    first, last = dates.activity_window(parameters)
    count = pages.size(parameters, maximum=15, minimum=15, default=15)
    if call.query("activity_type") not in (None, "membership"):
        raise Refusal(400, 300, "Invalid field: activity_type must be membership.")
    place = call.place()
    start, end = day_start_ms(first), day_end_ms(last)
    rows = [
        one
        for one in call.world.activities
        if start <= one.at_ms < end and (only is None or one.channel_id == only.id)
    ]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    return wire.reply(
        {
            "channel_activity_logs": [_row(call, one, named=named) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


def _position(activity: Activity) -> tuple[int, int]:
    return activity.at_ms, activity.number


def _row(call: Call, one: Activity, *, named: bool) -> dict[str, object]:
    people = call.world.people
    row: dict[str, object] = {
        "activity_type": "membership",
        "activity_timestamp": one.at_ms,
        "operator": as_actor(people[one.operator_id]),
        "members": {
            "member_status": "joined" if one.joined else "left",
            "member_list": [as_actor(people[member]) for member in one.member_ids[:100]],
        },
    }
    return {"channel_id": one.channel_id, **row} if named else row
