"""Tag Chat Channels (Account-level): inventory, search, deletion of many, retention."""

import re
import unicodedata
from typing import Annotated, Literal

from msgspec import Meta, to_builtins
from starlette.responses import Response

from sandbox import asked, channel_access, channel_rows, channel_rules, channels, pages, wire
from sandbox.conversations import GROUP_CHAT, Channel
from sandbox.gate import Call, route
from sandbox.routes import channel_activities, channel_members
from sandbox.routes import channels as of_members
from sandbox.wire import Refusal

_PERIOD = re.compile(r"(\d{1,3})([dmy])")
_LONGEST = {"d": 90, "m": 120, "y": 10}
_AT_ONCE = 50
_DELETING = "Request to delete channels failed."
_RETAINING = "Unable to update channel retention policy."
_NOT_RETAINED = "No permission to see the retention of the channel."
_FORBIDDEN = frozenset("ZCS")  # Unicode's separators, control characters and symbols


class ByKeywords(asked.Asked, frozen=True, kw_only=True, tag_field="search_type", tag="by_channel_name"):
    """Channels whose names have all of these words in them, in any case."""

    keywords: list[Annotated[str, Meta(min_length=1)]]

    def __post_init__(self) -> None:
        if not all(_may_be_sought(character) for one in self.keywords for character in one):
            raise ValueError("Expected letters and digits only - at `$.needle.keywords`")

    def finds(self, channel: Channel) -> bool:
        """Whether it is such a channel."""
        name = channel.name.casefold()
        return all(one.casefold() in name for one in self.keywords)


class ByName(
    asked.Asked, frozen=True, kw_only=True, tag_field="search_type", tag="by_channel_name_exact_match"
):
    """Channels with exactly this name."""

    channel_name: str

    def finds(self, channel: Channel) -> bool:
        """Whether it is such a channel."""
        return channel.name == self.channel_name


class Search(asked.Asked, frozen=True, kw_only=True):
    """What to look for, and among which channels."""

    needle: ByKeywords | ByName
    haystack: Literal["user_joined", "public", "all"]
    user_id: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=20)] = 10
    next_page_token: str | None = None
    include_archived: bool = False

    def __post_init__(self) -> None:
        if self.haystack == "user_joined" and self.user_id is None:
            raise ValueError("Expected the user whose channels are searched - at `$.user_id`")


class CloudRetention(asked.Asked, frozen=True, kw_only=True):
    """How long a channel's messages are to be kept; the period only matters when it is its own."""

    enable_custom_retention: bool
    retention_period: object = None


class Retention(asked.Asked, frozen=True, kw_only=True):
    """The retention policy of a channel."""

    cloud_retention: CloudRetention


async def public(call: Call) -> Response:
    """The account's public channels."""
    count = pages.size(call.request.query_params, maximum=20, default=10)
    rows = [one for one in call.world.channels.values() if one.is_public and one.deleted_at is None]
    return of_members.listing(call, rows, count=count)


async def search(call: Call) -> Response:
    """Channels by name; those someone has joined come in one page, however many there are."""
    wanted = await asked.body(call, Search)
    found = [
        one
        for one in _haystack(call, wanted)
        if one.deleted_at is None
        and (wanted.include_archived or one.archived_at is None)
        and wanted.needle.finds(one)
    ]
    found.sort(key=channel_rows.position)
    given = to_builtins(wanted)
    del given["next_page_token"]  # the rest of the body must stay the same while paging
    query = pages.query_of(call.request.url.path, [("", wire.encode(given).decode())])
    place = call.instance.pages.place(wanted.next_page_token, query=query)
    page, after = pages.cut(found, place=place, count=wanted.page_size, key=channel_rows.position)
    token = ""
    if after is not None and wanted.haystack != "user_joined":
        token = call.instance.pages.token(query=query, after=after, previous=place.after)
    return wire.reply(
        {
            "channels": [channel_rows.found(one) for one in page],
            "next_page_token": token,
            "page_size": wanted.page_size,
        }
    )


async def delete_many(call: Call) -> Response:
    """End up to fifty channels of an owner: all of them or, when one cannot be, none."""
    actor = channel_access.actor(call)
    wanted = [one.strip() for one in (call.query("channel_ids") or "").split(",") if one.strip()]
    if not wanted:
        raise Refusal(400, 4300, "`channel_ids` cannot be empty.")
    if len(wanted) > _AT_ONCE:
        raise Refusal(400, 4301, f"The size of `channel_ids` cannot exceed {_AT_ONCE}.")
    channel_access.check_can_change(call, otherwise=_DELETING)
    found = [channel_access.known(call, channel_id=one, code=4400) for one in dict.fromkeys(wanted)]
    for channel in found:
        if channel_rules.is_default(call.world, channel):
            raise Refusal(400, 4302, _DELETING)
        if not channel_access.owns(call, channel, actor):
            sentence = "No permission to delete the channel"
            raise Refusal(403, 4100, f"{sentence}: {channel.id}.")
    now = call.instance.clock.now_ms()
    for channel in found:
        channels.delete(call.world, channel_id=channel.id, by=actor.id, at=now)
    return Response(status_code=202)


async def retention(call: Call) -> Response:
    """How long the service keeps a channel's messages."""
    found = channel_access.known(call)
    if not _has_retention(found):
        raise Refusal(403, 200, _NOT_RETAINED)
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
    channel_access.check_can_change(call, otherwise=_RETAINING)
    found = channel_access.known(call)
    cloud = (await asked.body(call, Retention)).cloud_retention
    period = cloud.retention_period if cloud.enable_custom_retention else found.retention_period
    if not _has_retention(found) or not isinstance(period, str) or not valid_period(period):
        raise Refusal(400, channel_access.FAILED, _RETAINING)
    call.world.set_retention(found, custom=cloud.enable_custom_retention, period=period)
    return Response(status_code=204)


def valid_period(text: str) -> bool:
    """Whether a period lies in `1d`-`90d`, `1m`-`120m` or `1y`-`10y`."""
    match = _PERIOD.fullmatch(text)
    return match is not None and 1 <= int(match[1]) <= _LONGEST[match[2]]


def _may_be_sought(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return unicodedata.category(character)[0] not in _FORBIDDEN


def _has_retention(channel: Channel) -> bool:
    """Group chats and archived channels have no policy of their own."""
    return channel.type != GROUP_CHAT and channel.archived_at is None


def _haystack(call: Call, wanted: Search) -> list[Channel]:
    every = list(call.world.channels.values())
    if wanted.haystack == "all":
        return every
    if wanted.haystack == "public":
        return [one for one in every if one.is_public]
    person = call.world.person(wanted.user_id or "")
    return [one for one in every if person.id in one.member_ids]


ROUTES = [
    route("getAccountChannels", public),
    route("searchChannels", search),
    route("listChannelActivityLogs", channel_activities.of_one),
    route("getChannelRetention", retention),
    route("updateChannelRetention", set_retention),
    route("getChannel", of_members.show),
    route("updateChannel", of_members.update),
    route("deleteChannel", of_members.delete),
    route("batchDeleteChannelsAccountLevel", delete_many),
    route("listChannelMembers", channel_members.members),
    route("inviteChannelMembers", channel_members.invite_for),
    route("batchRemoveUserChannelMembers", channel_members.remove_many_for),
    route("removeAChannelMember", channel_members.remove),
    route("listChannelAdministrators", channel_members.administrators),
    route("promoteChannelMembersAsAdmin", channel_members.promote),
    route("batchDemoteChannelAdministrators", channel_members.demote),
]
