"""Mention groups of a channel: what is sent, what comes of it, what is refused beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound, ZoomError
from zoom.operations.mention_groups import MentionGroups

Call = Callable[[MentionGroups], Any]
ALL = "/chat/channels/c/mention_group"
ONE = f"{ALL}/g"
GROUP = {"channel_id": "c", "group_id": "g"}
MANY = [f"m{n}" for n in range(21)]


def reply(status: int = 200, **body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


def asked(wire: Wire) -> tuple[str, str, dict[str, str], Any]:
    """Method, path, query and body of the last request."""
    request = wire.asked[-1]
    body = request.read()
    path = request.url.raw_path.decode().partition("?")[0].removeprefix("/v2")
    return request.method, path, dict(request.url.params), json.loads(body) if body else None


def test_the_groups_of_a_channel(client: ZoomClient, wire: Wire) -> None:
    """On one page, each with its bytes."""
    desk = {"mention_group_id": "g", "mention_group_name": "Desk", "mention_group_description": "Who trades"}
    wire.answer(reply(mention_group_list=[desk]))
    (page,) = client.mention_groups.list(channel_id="c")
    (group,) = page.records
    assert (group.id, group.name, group.description) == ("g", "Desk", "Who trades")
    assert (json.loads(group.raw), page.is_last) == (desk, True)
    assert asked(wire) == ("GET", ALL, {}, None)


def test_a_group_is_made(client: ZoomClient, wire: Wire) -> None:
    """The reply is its id."""
    wire.answer(reply(201, mention_group_id="g"))
    made = client.mention_groups.create(
        channel_id="c", name="Desk", description="", identifiers=("ravi", "m1")
    )
    assert (made.id, made.name) == ("g", None)
    body = {
        "mention_group_name": "Desk",
        "mention_group_description": "",
        "identifiers": ["ravi", "m1"],
    }
    assert asked(wire) == ("POST", ALL, {}, body)


def test_a_group_may_begin_with_nobody(client: ZoomClient, wire: Wire) -> None:
    """Zoom wants the list of members, it may be empty."""
    wire.answer(reply(201, mention_group_id="g"))
    client.mention_groups.create(channel_id="c", name="Desk")
    assert asked(wire)[3] == {"mention_group_name": "Desk", "identifiers": []}


def test_who_is_in_a_group(client: ZoomClient, wire: Wire) -> None:
    """Twenty a page; Zoom's odd spelling of the displayed name is ours no more."""
    olu = {"user_id": "", "member_id": "m", "email": "", "disaplay_name": "Olu", "is_external": True}
    wire.answer(
        reply(mention_group_id="g", members=[olu], next_page_token="t", page_size=20, has_more=True),
        reply(mention_group_id="g", members=[{"user_id": "ravi"}], page_size=20, has_more=False),
    )
    first, last = client.mention_groups.members(**GROUP)
    outsider = first.records[0]
    assert (outsider.display_name, outsider.member_id, outsider.is_external) == ("Olu", "m", True)
    assert last.records[0].user_id == "ravi"
    assert asked(wire) == ("GET", f"{ONE}/members", {"page_size": "20", "next_page_token": "t"}, None)


@pytest.mark.parametrize(
    ("call", "status", "sent"),
    [
        (
            lambda group: group.update(**GROUP, name="Floor"),
            204,
            ("PATCH", ONE, {}, {"mention_group_name": "Floor"}),
        ),
        (
            lambda group: group.update(**GROUP, description=""),
            204,
            ("PATCH", ONE, {}, {"mention_group_description": ""}),
        ),
        (lambda group: group.delete(**GROUP), 204, ("DELETE", ONE, {}, None)),
        (
            lambda group: group.add_members(**GROUP, identifiers=["ravi", "m"]),
            201,
            ("POST", f"{ONE}/members", {}, {"identifiers": ["ravi", "m"]}),
        ),
        (
            lambda group: group.remove_members(**GROUP, identifiers=["ravi", "m"]),
            204,
            ("DELETE", f"{ONE}/members", {"identifiers": "ravi,m"}, None),
        ),
    ],
)
def test_what_has_no_reply(client: ZoomClient, wire: Wire, call: Call, status: int, sent: object) -> None:
    """Success says nothing; an empty description is sent, for it takes the old one away."""
    wire.answer(httpx.Response(status))
    assert call(client.mention_groups) is None
    assert asked(wire) == sent


@pytest.mark.parametrize(
    ("call", "parameter", "bound"),
    [
        (
            lambda group: group.create(channel_id="c", name=""),
            "mention_group_name",
            "at least 1 characters",
        ),
        (
            lambda group: group.create(channel_id="c", name="x" * 41),
            "mention_group_name",
            "at most 40 characters",
        ),
        (
            lambda group: group.create(channel_id="c", name="x", description="x" * 501),
            "mention_group_description",
            "at most 500 characters",
        ),
        (
            lambda group: group.create(channel_id="c", name="x", identifiers=MANY),
            "identifiers",
            "at most 20 entries",
        ),
        (lambda group: group.update(**GROUP, name=""), "mention_group_name", "at least 1 characters"),
        (lambda group: group.update(**GROUP, name="x" * 41), "mention_group_name", "at most 40 characters"),
        (
            lambda group: group.update(**GROUP, description="x" * 501),
            "mention_group_description",
            "at most 500 characters",
        ),
        (lambda group: group.add_members(**GROUP, identifiers=MANY), "identifiers", "at most 20 entries"),
        (lambda group: group.remove_members(**GROUP, identifiers=MANY), "identifiers", "at most 20 entries"),
        (lambda group: group.remove_members(**GROUP, identifiers=[]), "identifiers", "at least 1 entries"),
        (
            lambda group: group.remove_members(**GROUP, identifiers=["a,b"]),
            "identifiers",
            "no comma within a name",
        ),
        (
            lambda group: group.delete(channel_id="c", group_id=""),
            "mentionGroupId",
            "an id cannot be empty, `.` or `..`",
        ),
    ],
)
def test_what_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, call: Call, parameter: str, bound: str
) -> None:
    """The parameter and its bound are named, nothing is sent."""
    with pytest.raises(InvalidParameter) as caught:
        call(client.mention_groups)
    assert (caught.value.parameter, caught.value.bound) == (parameter, bound)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 5508, NotFound),
        (404, 4130, NotFound),
        (403, 200, NotAuthorized),
        (400, 5511, BadRequest),
        (400, 5507, BadRequest),
        (400, 5301, BadRequest),
    ],
)
def test_what_zoom_refuses_has_a_kind(
    client: ZoomClient, wire: Wire, status: int, code: int, kind: type[ZoomError]
) -> None:
    """No such group or channel, not allowed, in the group already, too many, failed."""
    wire.answer(error(status, code))
    with pytest.raises(kind) as caught:
        client.mention_groups.add_members(**GROUP, identifiers=["ravi"])
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_a_dead_token_is_told_as_if_forbidden(client: ZoomClient, wire: Wire) -> None:
    """Of this list Zoom says 403 with code 300: it begins again all the same."""
    page = reply(members=[{"member_id": "m"}], next_page_token="t")
    wire.answer(page, error(403, 300), page, reply(members=[]))
    pages = client.mention_groups.members(**GROUP)
    assert [(page.attempt, page.number) for page in pages] == [(0, 1), (1, 1), (1, 2)]
