"""Groups of the directory: each question as it is sent, each answer as a record, each bound held before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound

GROUP = {
    "id": "g",
    "name": "Legal",
    "total_members": 3,
    "search_by_account": True,
    "search_by_domain": False,
    "search_by_ma_account": True,
    "type": "restricted",
}


def reply(status: int = 200, **body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


def asked(wire: Wire) -> tuple[str, str, dict[str, str], bytes]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params), request.read()


def test_groups_are_listed_in_one_page(client: ZoomClient, wire: Wire) -> None:
    """There are no further pages, so no page size is sent."""
    wire.answer(reply(total_records=1, groups=[GROUP]))
    (page,) = client.im_groups.list()
    assert asked(wire) == ("GET", "/im/groups", {}, b"")
    found = page.records[0]
    assert {name: getattr(found, name) for name in GROUP} == GROUP


def test_a_group_is_made_and_read(client: ZoomClient, wire: Wire) -> None:
    """A false flag is sent, a missing one is not."""
    wire.answer(reply(201, **{**GROUP, "type": None}), reply(**GROUP))
    made = client.im_groups.create(name="Legal", type="restricted", search_by_domain=False)
    assert asked(wire) == (
        "POST",
        "/im/groups",
        {},
        b'{"name":"Legal","type":"restricted","search_by_domain":false}',
    )
    assert (made.id, made.total_members, made.type) == ("g", 3, None)
    assert client.im_groups.get(group_id="g/1").type == "restricted"
    assert wire.asked[-1].url.raw_path == b"/v2/im/groups/g%2F1"


def test_a_group_is_changed_and_deleted(client: ZoomClient, wire: Wire) -> None:
    """Success has no body."""
    wire.answer(httpx.Response(204))
    client.im_groups.update(group_id="g", name="Law", search_by_account=True, search_by_ma_account=False)
    assert asked(wire) == (
        "PATCH",
        "/im/groups/g",
        {},
        b'{"name":"Law","search_by_account":true,"search_by_ma_account":false}',
    )
    client.im_groups.delete(group_id="g")
    assert asked(wire) == ("DELETE", "/im/groups/g", {}, b"")


def test_members_are_paged_by_token(client: ZoomClient, wire: Wire) -> None:
    """Three hundred a page; a page number is sent when it is asked for."""
    row = {"id": "u", "email": "olu@x.test", "first_name": "Olu", "last_name": "B", "type": 2}
    wire.answer(reply(members=[row], next_page_token="t", page_number=1), reply(members=[]))
    first, _ = client.im_groups.members(group_id="g")
    assert asked(wire)[:3] == ("GET", "/im/groups/g/members", {"page_size": "300", "next_page_token": "t"})
    assert {name: getattr(first.records[0], name) for name in row} == row
    next(client.im_groups.members(group_id="g", page_number=2))
    assert asked(wire)[2] == {"page_number": "2", "page_size": "300"}


def test_people_come_and_go(client: ZoomClient, wire: Wire) -> None:
    """By user id or by e-mail."""
    wire.answer(reply(201, ids="u,v", added_at="2026-03-25T03:08:12Z"), httpx.Response(204))
    added = client.im_groups.add_members(group_id="g", user_ids=["u"], emails=["olu@x.test"])
    assert asked(wire) == (
        "POST",
        "/im/groups/g/members",
        {},
        b'{"members":[{"id":"u"},{"email":"olu@x.test"}]}',
    )
    assert (added.ids, added.added_at) == ("u,v", "2026-03-25T03:08:12Z")
    client.im_groups.remove_member(group_id="g", member_id="u")
    assert asked(wire) == ("DELETE", "/im/groups/g/members/u", {}, b"")


@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        (lambda groups: groups.create(name="x" * 129), "name: at most 128 characters"),
        (
            lambda groups: groups.create(name="x", type="secret"),
            "type: one of 'normal', 'shared', 'restricted'",
        ),
        (lambda groups: groups.update(group_id="g", name="x" * 129), "name: at most 128 characters"),
        (lambda groups: groups.update(group_id="g", type="secret"), "type: one of 'normal'"),
        (
            lambda groups: groups.add_members(group_id="g", user_ids=["u"] * 6, emails=["e"] * 5),
            "members: at most 10 entries",
        ),
        (lambda groups: groups.members(group_id="g", page_number="two"), "page_number"),
        (lambda groups: groups.remove_member(group_id="g", member_id=".."), "memberId"),
    ],
)
def test_what_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, ask: Callable[[Any], Any], refused: str
) -> None:
    """Named by parameter and bound, and nothing is sent."""
    with pytest.raises(InvalidParameter, match=refused):
        ask(client.im_groups)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 4130, NotFound),
        (410, 4137, NotFound),
        (409, 4132, BadRequest),
        (400, 200, NotAuthorized),
        (200, 200, NotAuthorized),
    ],
)
def test_what_zoom_refuses_has_its_name(
    client: ZoomClient, wire: Wire, status: int, code: int, kind: type[Exception]
) -> None:
    """Also where an account that is not paid is told so with status 200."""
    wire.answer(error(status, code))
    with pytest.raises(kind) as caught:
        client.im_groups.create(name="Legal")
    assert type(caught.value) is kind
