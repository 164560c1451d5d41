"""Tag Chat Channels (Account-level): inventory, members, administrators, activity, retention."""

import re

from starlette.responses import Response

from sandbox import dates, pages, wire
from sandbox.clock import day_end_ms, day_start_ms
from sandbox.conversations import Activity, Channel
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.people import as_actor, as_member
from sandbox.routes.legal_hold import body_of
from sandbox.wire import Refusal

_PUBLIC = frozenset({3, 5})
_PERIOD = re.compile(r"(\d{1,3})([dmy])")
_LONGEST = {"d": 90, "m": 120, "y": 10}


async def public(call: Call) -> Response:
    """The account's public channels."""
    count = pages.size(call.request.query_params, maximum=20, default=10)
    place = call.place()
    rows = [one for one in call.world.channels.values() if one.type in _PUBLIC and one.deleted_at is None]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    return wire.reply(
        {
            "channels": [_row(one) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
            "total_records": len(rows),
        }
    )


async def channel(call: Call) -> Response:
    """One channel, asked for on behalf of a user."""
    return wire.reply(_row(_of_user(call)))


async def members(call: Call) -> Response:
    """Everybody in a channel."""
    return _people(call, "members", maximum=100, default=30, only_admins=False)


async def administrators(call: Call) -> Response:
    """A channel's owner and administrators."""
    return _people(call, "admins", maximum=50, default=10, only_admins=True)


async def activities(call: Call) -> Response:
    """Who joined and left one channel."""
    return _activities(call, _known(call, call.path("channelId"), code=5306), named=False)


async def all_activities(call: Call) -> Response:
    """Who joined and left any channel, or the one named."""
    wanted = call.query("channel_id")
    only = None if wanted is None else _known(call, wanted, code=5306)
    return _activities(call, only, named=True)


async def retention(call: Call) -> Response:
    """How long the service keeps a channel's messages."""
    found = _known(call, call.path("channelId"), code=4130)
    return wire.reply(
        {
            "channel_id": found.id,
            "cloud_retention": {
                "enable_custom_retention": found.custom_retention,
                "retention_period": found.retention_period,
            },
        }
    )


async def set_retention(call: Call) -> Response:
    """Change how long the service keeps a channel's messages."""
    found = _known(call, call.path("channelId"), code=4130)
    cloud = (await body_of(call)).get("cloud_retention")
    if not isinstance(cloud, dict) or not isinstance(cloud.get("enable_custom_retention"), bool):
        raise Refusal(400, 300, "Invalid field: cloud_retention.enable_custom_retention is required.")
    period = cloud.get("retention_period")
    if cloud["enable_custom_retention"]:
        if not isinstance(period, str) or not valid_period(period):
            raise Refusal(400, 5301, "Unable to update channel retention policy.")
    else:
        period = found.retention_period
    call.world.set_retention(found, custom=cloud["enable_custom_retention"], period=period)
    return Response(status_code=204)


def valid_period(text: str) -> bool:
    """Whether a period lies in `1d`-`90d`, `1m`-`120m` or `1y`-`10y`."""
    match = _PERIOD.fullmatch(text)
    return match is not None and 1 <= int(match[1]) <= _LONGEST[match[2]]


def _people(call: Call, name: str, *, maximum: int, default: int, only_admins: bool) -> Response:
    found = _of_user(call)
    count = pages.size(call.request.query_params, maximum=maximum, default=default)
    place = call.place()
    people = [call.world.people[one] for one in found.member_ids]
    rows = [as_member(one, role=_role(found, one.id)) for one in people]
    if only_admins:
        rows = [row for row in rows if row["role"] != "member"]
    numbered = list(enumerate(rows))
    page, after = pages.cut(numbered, place=place, count=count, key=lambda pair: (pair[0], 0))
    return wire.reply(
        {
            name: [row for _, row in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
            "total_records": len(rows),
        }
    )


def _activities(call: Call, only: Channel | None, *, named: bool) -> Response:
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
    rows.sort(key=lambda one: (one.at_ms, one.number))
    page, after = pages.cut(rows, place=place, count=count, key=lambda one: (one.at_ms, one.number))
    return wire.reply(
        {
            "channel_activity_logs": [_activity(call, one, named=named) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


def _activity(call: Call, one: Activity, *, named: bool) -> dict[str, object]:
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


def _known(call: Call, channel_id: str, *, code: int) -> Channel:
    found = call.world.channels.get(channel_id)
    if found is None or found.deleted_at is not None:
        raise Refusal(404, code, f"Channel does not exist: {channel_id}.")
    return found


def _of_user(call: Call) -> Channel:
    found = _known(call, call.path("channelId"), code=4130)
    person = call.world.person(call.path("userId"))
    if person.id not in found.member_ids and person.id != call.world.own_user_id:
        raise Refusal(
            400,
            200,
            "Unauthorized request. You do not have permission to access this user's channel information.",
        )
    return found


def _role(channel: Channel, person_id: str) -> str:
    if person_id == channel.owner_id:
        return "owner"
    return "admin" if person_id in channel.admin_ids else "member"


def _position(channel: Channel) -> tuple[int, int]:
    return channel.created_at, number(channel.id) >> 2


def _row(channel: Channel) -> dict[str, object]:
    return {
        "id": channel.id,
        "jid": f"{channel.id}@conference.xmpp.zoom.us",
        "name": channel.name,
        "type": channel.type,
        "channel_url": f"https://zoom.example/launch/chat/v2/{channel.id}",
        "channel_settings": {
            "add_member_permissions": 1,
            "new_members_can_see_previous_messages_files": True,
            "posting_permissions": 1,
            "mention_all_permissions": 1,
            "allow_to_add_external_users": 1 if channel.type in (1, 5) else 0,
        },
    }


ROUTES = [
    route("getAccountChannels", public),
    route("getChannel", channel),
    route("listChannelMembers", members),
    route("listChannelAdministrators", administrators),
    route("listChannelActivityLogs", activities),
    route("getChannelRetention", retention),
    route("updateChannelRetention", set_retention),
]
