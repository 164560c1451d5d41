"""Shared spaces: each question as it is sent, each answer as a record, each bound held before sending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound

CHANGED = {
    "successful_operations_count": 1,
    "unsuccessful_operations_count": 1,
    "users": [
        {"user_id": "u", "member_id": "m", "is_external_user": False, "operation_status": "successful"},
        {"user_id": "", "member_id": "n", "is_external_user": True, "operation_status": "unsuccessful"},
    ],
}
Ask = Callable[[ZoomClient], Any]


def reply(**body: object) -> httpx.Response:
    return httpx.Response(200, json=body)


def asked(wire: Wire) -> tuple[str, str, dict[str, str], bytes]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params), request.read()


def test_spaces_are_listed(client: ZoomClient, wire: Wire) -> None:
    """All, page by page, or those of one user."""
    row = {"space_id": "s", "space_name": "N", "space_desc": "d", "space_owner": {"display_name": "Ines"}}
    wire.answer(reply(shared_spaces=[row], next_page_token="t"), reply(shared_spaces=[]))
    first, _ = client.spaces.list()
    assert asked(wire)[:3] == ("GET", "/chat/spaces", {"page_size": "30", "next_page_token": "t"})
    found = first.records[0]
    assert (found.space_id, found.space_name, found.space_desc) == ("s", "N", "d")
    assert found.space_owner is not None
    assert found.space_owner.name == "Ines"
    next(client.spaces.list(user_id="olu@x.test"))
    assert asked(wire)[2] == {"user_id": "olu@x.test", "page_size": "30"}


def test_a_space_is_made_with_its_people(client: ZoomClient, wire: Wire) -> None:
    """Owner first, then administrators and members; settings only as far as given."""
    people = [{"identifier": "o", "role": "owner"}]
    settings = {"allow_to_add_external_users": 0, "add_member_permissions": 2}
    made = {"space_id": "s", "channel_id": "c", "space_name": "N", "space_desc": ""}
    wire.answer(httpx.Response(201, json={**made, "space_members": people, "space_settings": settings}))
    created = client.spaces.create(
        name="N", owner="o", administrators=["a"], members=["m"], external_users=0, adding_members=2
    )
    assert asked(wire) == (
        "POST",
        "/chat/spaces",
        {},
        b'{"space_name":"N","space_members":[{"identifier":"o","role":"owner"},{"identifier":"a","role":"admin"},'
        b'{"identifier":"m","role":"member"}],'
        b'"space_settings":{"allow_to_add_external_users":0,"add_member_permissions":2}}',
    )
    assert (created.space_id, created.channel_id, created.space_members[0].role) == ("s", "c", "owner")
    assert created.space_settings is not None
    assert created.space_settings.allow_to_add_external_users == 0


def test_a_space_can_be_made_of_a_name(client: ZoomClient, wire: Wire) -> None:
    """Nothing else is sent then."""
    wire.answer(httpx.Response(201, json={"space_id": "s"}))
    client.spaces.create(name="N", description="d")
    assert asked(wire)[3] == b'{"space_name":"N","space_desc":"d"}'


@pytest.mark.parametrize("key", ["display_name", "display_name "])
def test_one_space(client: ZoomClient, wire: Wire, key: str) -> None:
    """Its owner's name is read in either of the two spellings."""
    settings = {"create_channels_permission": 1}
    owner = {"member_id": "m", "is_external_user": False, key: "Ines"}
    wire.answer(reply(space_id="s/1", owner=owner, space_settings=settings))
    found = client.spaces.get(space_id="s/1")
    assert found.owner is not None
    assert (found.owner.name, found.owner.is_external_user, found.oddities) == ("Ines", False, ())
    assert wire.asked[0].url.raw_path == b"/v2/chat/spaces/s%2F1"


def test_a_space_is_changed_and_ended(client: ZoomClient, wire: Wire) -> None:
    """Only what is given is sent; success has no body."""
    wire.answer(httpx.Response(204))
    client.spaces.update(space_id="s", description="", creating_channels=1)
    assert asked(wire) == (
        "PATCH",
        "/chat/spaces/s",
        {},
        b'{"space_desc":"","space_settings":{"create_channels_permission":1}}',
    )
    client.spaces.delete(space_id="s")
    assert asked(wire) == ("DELETE", "/chat/spaces/s", {}, b"")


def test_members_of_a_space(client: ZoomClient, wire: Wire) -> None:
    """By role and status when these are named."""
    row = {"member_id": "m", "role": "admin", "status": "inactive", "first_name": "Ravi", "user_id": ""}
    wire.answer(reply(members=[row]))
    (page,) = client.spaces.members(space_id="s", role="admin", status="inactive")
    assert asked(wire)[:3] == (
        "GET",
        "/chat/spaces/s/members",
        {"role": "admin", "status": "inactive", "page_size": "30"},
    )
    found = page.records[0]
    assert (found.member_id, found.role, found.status, found.first_name) == ("m", "admin", "inactive", "Ravi")


@pytest.mark.parametrize(
    ("ask", "method", "path", "query", "body"),
    [
        (
            lambda client: client.spaces.add_members(space_id="s", identifiers=["u", "n"]),
            "POST", "members", {}, b'{"members":[{"identifier":"u"},{"identifier":"n"}]}',
        ),
        (
            lambda client: client.spaces.promote(space_id="s", identifiers=["u", "n"]),
            "POST", "admins", {}, b'{"members":[{"identifier":"u"},{"identifier":"n"}]}',
        ),
        (
            lambda client: client.spaces.remove_members(space_id="s", identifiers=["u", "n"]),
            "DELETE", "members", {"identifiers": "u,n"}, b"",
        ),
        (
            lambda client: client.spaces.demote(space_id="s", identifiers=["u", "n"]),
            "DELETE", "admins", {"identifiers": "u,n"}, b"",
        ),
    ],
)  # fmt: skip
def test_people_are_changed_together(
    client: ZoomClient, wire: Wire, ask: Ask, method: str, path: str, query: dict[str, str], body: bytes
) -> None:
    """The record says what became of each."""
    wire.answer(reply(**CHANGED))
    changed = ask(client)
    assert asked(wire) == (method, f"/chat/spaces/s/{path}", query, body)
    assert (changed.successful_operations_count, changed.unsuccessful_operations_count) == (1, 1)
    assert [one.operation_status for one in changed.users] == ["successful", "unsuccessful"]
    assert (changed.users[1].member_id, changed.users[1].is_external_user) == ("n", True)


def test_a_space_is_handed_over(client: ZoomClient, wire: Wire) -> None:
    """Named in the query."""
    wire.answer(httpx.Response(204))
    client.spaces.hand_over(space_id="s", identifier="u")
    assert asked(wire) == ("PATCH", "/chat/spaces/s/owner", {"identifier": "u"}, b"")


def test_channels_of_a_space(client: ZoomClient, wire: Wire) -> None:
    """Listed, and moved with a word on each."""
    row = {"channel_id": "c", "channel_name": "plans", "space_channel_type": "private", "member_count": 3}
    moved = {
        "space_id": "s",
        "move_direction": "move_out",
        "channels": [{"channel_id": "c", "is_moved": True}],
    }
    wire.answer(reply(channels=[row]), reply(**moved))
    (page,) = client.spaces.channels(space_id="s")
    assert asked(wire)[:3] == ("GET", "/chat/spaces/s/channels", {"page_size": "30"})
    assert (page.records[0].space_channel_type, page.records[0].member_count) == ("private", 3)
    done = client.spaces.move_channels(space_id="s", channel_ids=["c"], direction="move_out")
    assert asked(wire) == (
        "PATCH",
        "/chat/spaces/s/channels",
        {},
        b'{"channel_ids":["c"],"move_direction":"move_out"}',
    )
    assert (done.move_direction, done.channels[0].channel_id, done.channels[0].is_moved) == (
        "move_out",
        "c",
        True,
    )


MANY = [f"p{n}" for n in range(101)]


@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        (lambda spaces: spaces.create(name="N", members=MANY), "space_members: at most 100 entries"),
        (lambda spaces: spaces.create(name="N", members=[""]), r"space_members\[0\].identifier: at least 1"),
        (
            lambda spaces: spaces.create(name="N", external_users=4),
            "space_settings.allow_to_add_external_users: one of 0, 1, 2, 3",
        ),
        (
            lambda spaces: spaces.update(space_id="s", adding_members=0),
            "space_settings.add_member_permissions: one of 1, 2",
        ),
        (
            lambda spaces: spaces.update(space_id="s", creating_channels=3),
            "space_settings.create_channels_permission: one of 1, 2",
        ),
        (
            lambda spaces: spaces.update(space_id="s"),
            "space_name, space_desc, space_settings: give at least one of them",
        ),
        (lambda spaces: spaces.members(space_id="s", role="king"), "role: one of 'all', 'member', 'owner'"),
        (lambda spaces: spaces.members(space_id="s", status="gone"), "status: one of 'all', 'active'"),
        (lambda spaces: spaces.add_members(space_id="s", identifiers=[]), "members: at least 1 entries"),
        (
            lambda spaces: spaces.add_members(space_id="s", identifiers=MANY[:21]),
            "members: at most 20 entries",
        ),
        (
            lambda spaces: spaces.promote(space_id="s", identifiers=["p", "p"]),
            "members: name each person once",
        ),
        (lambda spaces: spaces.promote(space_id="s", identifiers=[]), "members: at least 1 entries"),
        (
            lambda spaces: spaces.demote(space_id="s", identifiers=MANY[:21]),
            "identifiers: at most 20 entries",
        ),
        (
            lambda spaces: spaces.remove_members(space_id="s", identifiers=[]),
            "identifiers: at least 1 entries",
        ),
        (lambda spaces: spaces.hand_over(space_id="s", identifier=""), "identifier: at least 1 characters"),
        (
            lambda spaces: spaces.move_channels(space_id="s", channel_ids=[], direction="move_into"),
            "channel_ids: at least 1 entries",
        ),
        (
            lambda spaces: spaces.move_channels(space_id="s", channel_ids=MANY[:51], direction="move_into"),
            "channel_ids: at most 50 entries",
        ),
        (
            lambda spaces: spaces.move_channels(space_id="s", channel_ids=["c"], direction="up"),
            "move_direction: one of 'move_into', 'move_out'",
        ),
        (lambda spaces: spaces.get(space_id=""), "spaceId: an id cannot be empty"),
    ],
)
def test_what_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, ask: Callable[[Any], Any], refused: str
) -> None:
    """Named by parameter and bound, and nothing is sent."""
    with pytest.raises(InvalidParameter, match=refused):
        ask(client.spaces)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(404, 5407, NotFound), (400, 1001, NotFound), (403, 200, NotAuthorized), (400, 5603, BadRequest)],
)
def test_what_zoom_refuses_has_its_name(
    client: ZoomClient, wire: Wire, status: int, code: int, kind: type[Exception]
) -> None:
    """Whatever the status: a person who is unknown comes as a 400."""
    wire.answer(error(status, code))
    with pytest.raises(kind) as caught:
        client.spaces.remove_members(space_id="s", identifiers=["u"])
    assert type(caught.value) is kind
