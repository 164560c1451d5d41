"""Channels as a member has them: what is sent, what is made of the answer, what is refused beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound, Unavailable, UnexpectedReply
from zoom.operations.channel_settings import Adding, ChannelSettings, Kind, MentioningAll, Posting
from zoom.records.channels import MemberGroup, NotMoved, Poster

Call = Callable[[ZoomClient], Any]
NOTHING = httpx.Response(204)
OWN = "/chat/channels/c"
PEOPLE = [f"p{n}@x.test" for n in range(21)]


def reply(status: int = 200, **body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


def asked(wire: Wire) -> tuple[str, str, dict[str, str], Any]:
    """Method, path, query and body of the last request."""
    request = wire.asked[-1]
    body = request.read()
    path = request.url.raw_path.decode().partition("?")[0].removeprefix("/v2")
    return request.method, path, dict(request.url.params), json.loads(body) if body else None


def test_a_users_channels(client: ZoomClient, wire: Wire) -> None:
    """A thousand a page, with their settings."""
    wire.answer(reply(channels=[{"id": "c", "channel_settings": {"allow_to_add_external_users": 2}}]))
    (page,) = client.channels.list(user_id="me")
    assert page.records[0].channel_settings is not None
    assert page.records[0].channel_settings.allow_to_add_external_users == 2
    assert asked(wire) == ("GET", "/chat/users/me/channels", {"page_size": "1000"}, None)


def test_a_channel_names_who_may_post(client: ZoomClient, wire: Wire) -> None:
    """By user id or, from outside, by member id only."""
    posters = [{"user_id": "ravi", "member_id": "m1"}, {"user_id": "", "member_id": "m2"}]
    settings = {"posting_permissions": 3, "designated_posting_members": posters}
    wire.answer(reply(id="c", jid="c@x.test", type=3, channel_settings=settings))
    channel = client.channels.get(channel_id="c")
    assert channel.channel_settings is not None
    assert channel.channel_settings.designated_posting_members == (
        Poster(user_id="ravi", member_id="m1"),
        Poster(user_id="", member_id="m2"),
    )
    assert (channel.type, channel.oddities) == (3, ())
    assert asked(wire) == ("GET", OWN, {}, None)


def test_a_channel_is_made_with_people_and_rules(client: ZoomClient, wire: Wire) -> None:
    """Names stand for Zoom's numbers, what is not given is not sent."""
    wire.answer(reply(201, id="c", name="Deals", type=2))
    made = client.channels.create(
        user_id="ines",
        name="Deals",
        kind=Kind.PRIVATE_TO_ACCOUNT,
        settings=ChannelSettings(posting=Posting.ADMINISTRATORS, shows_past=False),
        emails=["ravi@x.test"],
        space_id="s",
        space_channel_type="public_for_members",
    )
    assert (made.id, made.type) == ("c", Kind.PRIVATE_TO_ACCOUNT)
    body = {
        "name": "Deals",
        "type": 2,
        "channel_settings": {
            "posting_permissions": 2,
            "new_members_can_see_previous_messages_files": False,
        },
        "members": [{"email": "ravi@x.test"}],
        "shared_space": {"space_id": "s", "space_channel_type": "public_for_members"},
    }
    assert asked(wire) == ("POST", "/chat/users/ines/channels", {}, body)


def test_a_channel_can_be_made_of_nothing(client: ZoomClient, wire: Wire) -> None:
    """Zoom requires none of the fields."""
    wire.answer(reply(201, id="c"))
    client.channels.create(user_id="me")
    assert asked(wire)[3] == {}


def test_a_creation_is_not_repeated(client: ZoomClient, wire: Wire) -> None:
    """Its outcome is unknown: a second channel could be made."""
    wire.answer(httpx.ReadTimeout("slow"), reply(201, id="c"))
    with pytest.raises(Unavailable):
        client.channels.create(user_id="me", name="Deals")
    assert len(wire.asked) == 1


def test_a_channel_is_changed(client: ZoomClient, wire: Wire) -> None:
    """Name, kind and every setting, with those who may post."""
    wire.answer(NOTHING)
    settings = ChannelSettings(
        adding=Adding.ADMINISTRATORS,
        posting=Posting.DESIGNATED,
        mentioning_all=MentioningAll.NOBODY,
        shows_past=True,
        posting_user_ids=["ravi"],
        posting_member_ids=["olu-outside"],
    )
    client.channels.update(channel_id="c", name="Deals", kind=Kind.PUBLIC, settings=settings)
    body = {
        "name": "Deals",
        "type": 5,
        "channel_settings": {
            "add_member_permissions": 2,
            "posting_permissions": 3,
            "mention_all_permissions": 3,
            "new_members_can_see_previous_messages_files": True,
            "designated_posting_members": [{"user_id": "ravi"}, {"member_id": "olu-outside"}],
        },
    }
    assert asked(wire) == ("PATCH", OWN, {}, body)


def test_nobody_can_be_named_for_posting(client: ZoomClient, wire: Wire) -> None:
    """An empty list is given, None is not."""
    wire.answer(NOTHING)
    nobody = ChannelSettings(posting=Posting.DESIGNATED, posting_user_ids=())
    client.channels.update(channel_id="c", settings=nobody)
    assert asked(wire)[3] == {
        "channel_settings": {"posting_permissions": 3, "designated_posting_members": []}
    }


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        (lambda zoom: zoom.channels.delete(channel_id="c"), ("DELETE", OWN, {}, None)),
        (
            lambda zoom: zoom.channels.remove_members(channel_id="c", user_ids=["ravi", "m1"]),
            ("DELETE", f"{OWN}/members", {"member_ids": "", "user_ids": "ravi,m1"}, None),
        ),
        (
            lambda zoom: zoom.channels.remove_member(channel_id="c", identifier="olu@x.test"),
            ("DELETE", f"{OWN}/members/olu%40x.test", {}, None),
        ),
        (
            lambda zoom: zoom.channels.remove_group(channel_id="c", group_id="g/1"),
            ("DELETE", f"{OWN}/members/groups/g%2F1", {}, None),
        ),
        (lambda zoom: zoom.channels.leave(channel_id="c"), ("DELETE", f"{OWN}/members/me", {}, None)),
    ],
)
def test_what_is_undone_has_no_reply(client: ZoomClient, wire: Wire, call: Call, sent: object) -> None:
    """204 without a body; of two lists that Zoom requires one may be empty."""
    wire.answer(NOTHING)
    assert call(client) is None
    assert asked(wire) == sent


def test_members_come_and_are_invited(client: ZoomClient, wire: Wire) -> None:
    """A hundred a page; who was added is told by ids."""
    wire.answer(
        reply(members=[{"id": "ravi", "role": "owner", "is_external": False}]),
        reply(201, added_at="2026-03-15T12:00:00Z", ids="ravi", member_ids="m1,m2"),
    )
    (page,) = client.channels.members(channel_id="c")
    assert (page.records[0].role, page.records[0].is_external) == ("owner", False)
    assert asked(wire) == ("GET", f"{OWN}/members", {"page_size": "100"}, None)
    added = client.channels.invite_members(channel_id="c", emails=PEOPLE[:2])
    assert (added.added_at, added.ids, added.member_ids) == ("2026-03-15T12:00:00Z", "ravi", "m1,m2")
    people = {"members": [{"email": "p0@x.test"}, {"email": "p1@x.test"}]}
    assert asked(wire) == ("POST", f"{OWN}/members", {}, people)


def test_groups_are_members_too(client: ZoomClient, wire: Wire) -> None:
    """Those in the channel, and those just added."""
    group = {"group_id": "g", "group_name": "Desk"}
    wire.answer(
        reply(channel_id="c", groups=[group]), reply(201, added_at="2026-03-15T12:00:00Z", groups=[group])
    )
    there = client.channels.groups(channel_id="c")
    assert (there.channel_id, there.added_at) == ("c", None)
    assert there.groups == (MemberGroup(group_id="g", group_name="Desk"),)
    assert asked(wire) == ("GET", f"{OWN}/members/groups", {}, None)
    added = client.channels.add_groups(channel_id="c", group_ids=["g"])
    assert (added.added_at, added.groups) == ("2026-03-15T12:00:00Z", there.groups)
    assert asked(wire) == ("POST", f"{OWN}/members/groups", {}, {"groups": [{"group_id": "g"}]})


def test_the_apps_user_joins(client: ZoomClient, wire: Wire) -> None:
    """No body is sent; the new member is told."""
    wire.answer(reply(201, added_at="2026-03-15T12:00:00Z", id="ines", member_id="m"))
    joined = client.channels.join(channel_id="c")
    assert (joined.id, joined.member_id, joined.added_at) == ("ines", "m", "2026-03-15T12:00:00Z")
    assert asked(wire) == ("POST", f"{OWN}/members/me", {}, None)


@pytest.mark.parametrize(("archived", "method"), [(True, "archive"), (False, "unarchive")])
def test_channels_are_archived_and_failures_told(
    client: ZoomClient, wire: Wire, archived: bool, method: str
) -> None:
    """A call can work for some channels only."""
    failed = {"channel_id": "d", "reason": "No Permission", "error_code": "200"}
    wire.answer(reply(failed_channels=[failed]))
    event = client.channels.set_archived(channel_ids=("c", "d"), archived=archived)
    assert event.failed_channels == (NotMoved(channel_id="d", reason="No Permission", error_code="200"),)
    body = {"method": method, "channel_ids": ["c", "d"]}
    assert asked(wire) == ("PATCH", "/chat/channels/events", {}, body)


@pytest.mark.parametrize("body", [b"{}", b' {"failed_channels": []}'])
def test_when_nothing_failed_nothing_need_be_said(client: ZoomClient, wire: Wire, body: bytes) -> None:
    """An empty object is a good reply, with its bytes."""
    wire.answer(httpx.Response(200, content=body))
    event = client.channels.set_archived(channel_ids=["c"], archived=True)
    assert (event.failed_channels, event.raw) == ((), body)


def test_another_reply_to_archiving_is_not_believed(client: ZoomClient, wire: Wire) -> None:
    """That nothing failed must not be read out of something else."""
    wire.answer(reply(status_of_it="ok"))
    with pytest.raises(UnexpectedReply):
        client.channels.set_archived(channel_ids=["c"], archived=True)


REFUSED: list[tuple[Call, str, str]] = [
    (
        lambda zoom: zoom.channels.set_archived(channel_ids=[], archived=True),
        "channel_ids",
        "at least 1 entries",
    ),
    (
        lambda zoom: zoom.channels.set_archived(channel_ids=PEOPLE[:11], archived=True),
        "channel_ids",
        "at most 10 entries",
    ),
    (
        lambda zoom: zoom.channels.set_archived(channel_ids=["c", "c"], archived=True),
        "channel_ids",
        "name each channel once",
    ),
    (lambda zoom: zoom.channels.create(user_id="me", name="x" * 257), "name", "at most 256 characters"),
    (lambda zoom: zoom.channels.create(user_id="me", kind=Kind.PUBLIC), "type", "one of 1, 2, 3, 4"),
    (lambda zoom: zoom.channels.create(user_id="me", emails=PEOPLE), "members", "at most 20 entries"),
    (
        lambda zoom: zoom.channels.create(user_id="me", emails=["olu"]),
        "members[0].email",
        "Expected `str` matching regex '^.+@.+$'",
    ),
    (
        lambda zoom: zoom.channels.create(user_id="me", kind=Kind.PUBLIC_TO_ACCOUNT, space_id="s"),
        "type",
        "a channel in a shared space is private (1 or 2)",
    ),
    (
        lambda zoom: zoom.channels.create(user_id="me", space_channel_type="private"),
        "shared_space.space_id",
        "it is required",
    ),
    (
        lambda zoom: zoom.channels.create(
            user_id="me", settings=ChannelSettings(posting=Posting.DESIGNATED, posting_user_ids=["ravi"])
        ),
        "channel_settings.designated_posting_members",
        "there is no such parameter",
    ),
    (
        lambda zoom: zoom.channels.update(channel_id="c", kind=Kind.GROUP_CHAT),
        "type",
        "one of 1, 2, 3, 5",
    ),
    (
        lambda zoom: zoom.channels.update(
            channel_id="c", settings=ChannelSettings(posting_member_ids=["olu"])
        ),
        "channel_settings.designated_posting_members",
        "only together with posting_permissions 3",
    ),
    (
        lambda zoom: zoom.channels.invite_members(channel_id="c", emails=[]),
        "members",
        "at least 1 entries",
    ),
    (
        lambda zoom: zoom.channels.invite_members(channel_id="c", emails=PEOPLE[:6]),
        "members",
        "at most 5 entries",
    ),
    (
        lambda zoom: zoom.channels.remove_members(channel_id="c", member_ids=PEOPLE),
        "member_ids",
        "at most 20 entries",
    ),
    (
        lambda zoom: zoom.channels.remove_members(channel_id="c", user_ids=PEOPLE),
        "user_ids",
        "at most 20 entries",
    ),
    (
        lambda zoom: zoom.channels.remove_members(channel_id="c"),
        "member_ids, user_ids",
        "name somebody",
    ),
    (lambda zoom: zoom.channels.add_groups(channel_id="c", group_ids=[]), "groups", "at least 1 entries"),
    (
        lambda zoom: zoom.channels.add_groups(channel_id="c", group_ids=PEOPLE[:6]),
        "groups",
        "at most 5 entries",
    ),
]


@pytest.mark.parametrize(("call", "parameter", "bound"), REFUSED)
def test_what_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, call: Call, parameter: str, bound: str
) -> None:
    """The parameter and its bound are named, nothing is sent."""
    with pytest.raises(InvalidParameter) as caught:
        call(client)
    assert (caught.value.parameter, caught.value.bound) == (parameter, bound)
    assert wire.asked == []


@pytest.mark.parametrize("number", [0, 4])
def test_settings_are_numbers_of_zooms(client: ZoomClient, wire: Wire, number: int) -> None:
    """Types do not stop a number at run time, the bounds do."""
    settings = ChannelSettings(mentioning_all=number)  # type: ignore[arg-type]
    with pytest.raises(InvalidParameter, match=r"channel_settings\.mention_all_permissions: one of 1, 2, 3"):
        client.channels.update(channel_id="c", settings=settings)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 200, NotAuthorized),
        (400, 300, BadRequest),
        (404, 5407, NotFound),
        (404, 1001, NotFound),
        (400, 4130, NotFound),
    ],
)
def test_what_zoom_refuses_has_a_kind(
    client: ZoomClient, wire: Wire, status: int, code: int, kind: type[BadRequest]
) -> None:
    """The code tells more than the status."""
    wire.answer(error(status, code))
    with pytest.raises(kind) as caught:
        client.channels.create(user_id="me", name="Deals")
    assert caught.value.code == code
