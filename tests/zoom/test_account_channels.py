"""Channels as the administrator has them: what is sent, what comes of it, what is refused beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound
from zoom.operations.channel_settings import ChannelSettings, Kind, Posting

Call = Callable[[ZoomClient], Any]
NOTHING = httpx.Response(204)
OWN = "/chat/users/ines/channels/c"
PLACE = {"user_id": "ines", "channel_id": "c"}
MANY = [f"i{n}@x.test" for n in range(51)]


def reply(status: int = 200, **body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


def asked(wire: Wire, which: int = -1) -> tuple[str, str, dict[str, str], Any]:
    """Method, path, query and body of a request."""
    request = wire.asked[which]
    body = request.read()
    path = request.url.raw_path.decode().partition("?")[0].removeprefix("/v2")
    return request.method, path, dict(request.url.params), json.loads(body) if body else None


def test_a_search_by_words(client: ZoomClient, wire: Wire) -> None:
    """What is searched for, and where; the found ones tell how many they are."""
    found = {"id": "c", "name": "Deals", "type": 3, "channel_url": "https://x.test/c", "member_count": 12}
    wire.answer(reply(channels=[found], page_size=20))
    (page,) = client.account_channels.search(within="public", keywords=["deals", "übung", "हिन्दी"])
    assert (page.records[0].name, page.records[0].member_count) == ("Deals", 12)
    body = {
        "needle": {"search_type": "by_channel_name", "keywords": ["deals", "übung", "हिन्दी"]},
        "haystack": "public",
        "page_size": 20,
    }
    assert asked(wire) == ("POST", "/chat/channels/search", {}, body)


def test_a_search_for_one_users_channel(client: ZoomClient, wire: Wire) -> None:
    """By its whole name, archived ones too."""
    wire.answer(reply(channels=[]))
    list(
        client.account_channels.search(
            within="user_joined", exact_name="hike & bike", user_id="ravi", include_archived=True
        )
    )
    assert asked(wire)[3] == {
        "needle": {"search_type": "by_channel_name_exact_match", "channel_name": "hike & bike"},
        "haystack": "user_joined",
        "user_id": "ravi",
        "include_archived": True,
        "page_size": 20,
    }


def test_a_search_goes_on_in_its_body(client: ZoomClient, wire: Wire) -> None:
    """The token of the next page is in the body, not in the address and not in the note."""
    wire.answer(reply(channels=[{"id": "a"}], next_page_token="t1"), reply(channels=[{"id": "b"}]))
    first, last = client.account_channels.search(within="all", exact_name="Deals")
    assert [first.records[0].id, last.records[0].id] == ["a", "b"]
    assert [(page.number, page.is_last) for page in (first, last)] == [(1, False), (2, True)]
    assert "next_page_token" not in asked(wire, 0)[3]
    method, path, query, body = asked(wire, 1)
    assert (method, path, query, body["next_page_token"]) == ("POST", "/chat/channels/search", {}, "t1")
    assert body["page_size"] == 20
    assert "t1" not in str(last.request)


def test_a_dead_token_in_a_body_starts_the_search_again(client: ZoomClient, wire: Wire) -> None:
    """As with any list; the new attempt has no token."""
    page = reply(channels=[{"id": "a"}], next_page_token="t1")
    wire.answer(page, error(400, 300), page, reply(channels=[]))
    pages = client.account_channels.search(within="all", exact_name="Deals")
    assert [(page.attempt, page.number) for page in pages] == [(0, 1), (1, 1), (1, 2)]
    assert "next_page_token" not in asked(wire, 2)[3]


def test_a_search_may_be_repeated(client: ZoomClient, wire: Wire) -> None:
    """It is a POST that only reads."""
    wire.answer(httpx.ReadTimeout("slow"), reply(channels=[{"id": "a"}]))
    (page,) = client.account_channels.search(within="all", exact_name="Deals")
    assert page.records[0].id == "a"
    assert len(wire.asked) == 2


def test_a_channel_is_changed(client: ZoomClient, wire: Wire) -> None:
    """In the place of somebody who administers it."""
    wire.answer(NOTHING)
    settings = ChannelSettings(posting=Posting.DESIGNATED, posting_member_ids=["m"])
    client.account_channels.update(**PLACE, kind=Kind.PRIVATE, settings=settings)
    rules = {"posting_permissions": 3, "designated_posting_members": [{"member_id": "m"}]}
    assert asked(wire) == ("PATCH", OWN, {}, {"type": 1, "channel_settings": rules})


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        (lambda group: group.delete(**PLACE), ("DELETE", OWN, {}, None)),
        (
            lambda group: group.delete_many(user_id="ines", channel_ids=("c", "d")),
            ("DELETE", "/chat/users/ines/channels", {"channel_ids": "c,d"}, None),
        ),
        (
            lambda group: group.remove_members(**PLACE, identifiers=["ravi", "m"]),
            ("DELETE", f"{OWN}/members", {"identifiers": "ravi,m"}, None),
        ),
        (
            lambda group: group.remove_member(**PLACE, identifier="olu@x.test"),
            ("DELETE", f"{OWN}/members/olu%40x.test", {}, None),
        ),
        (
            lambda group: group.demote(**PLACE, admin_ids=["m"]),
            ("DELETE", f"{OWN}/admins", {"admin_ids": "m", "user_ids": ""}, None),
        ),
        (
            lambda group: group.set_retention(channel_id="c", enabled=True, period="7y"),
            (
                "PATCH",
                "/chat/channels/c/retention",
                {},
                {"cloud_retention": {"enable_custom_retention": True, "retention_period": "7y"}},
            ),
        ),
        (
            lambda group: group.set_retention(channel_id="c", enabled=False),
            (
                "PATCH",
                "/chat/channels/c/retention",
                {},
                {"cloud_retention": {"enable_custom_retention": False}},
            ),
        ),
    ],
)
@pytest.mark.parametrize("status", [202, 204])
def test_what_has_no_reply(
    client: ZoomClient, wire: Wire, call: Callable[[object], object], sent: object, status: int
) -> None:
    """Done, or accepted to be done: nothing is said."""
    wire.answer(httpx.Response(status))
    assert call(client.account_channels) is None
    assert asked(wire) == sent


def test_people_are_invited_and_promoted(client: ZoomClient, wire: Wire) -> None:
    """Invitations by e-mail, promotions by e-mail or member id."""
    wire.answer(reply(201, added_at="2026-03-15T12:00:00Z", ids="ravi", member_ids="m1,m2"))
    added = client.account_channels.invite_members(**PLACE, emails=["ravi@x.test"])
    assert (added.ids, added.member_ids) == ("ravi", "m1,m2")
    assert asked(wire) == ("POST", f"{OWN}/members", {}, {"members": [{"email": "ravi@x.test"}]})
    promoted = client.account_channels.promote(**PLACE, emails=["ravi@x.test"], member_ids=["m2"])
    assert promoted.added_at == "2026-03-15T12:00:00Z"
    admins = [{"email": "ravi@x.test"}, {"member_id": "m2"}]
    assert asked(wire) == ("POST", f"{OWN}/admins", {}, {"admins": admins})


@pytest.mark.parametrize("period", ["1d", "9d", "90d", "1m", "99m", "100m", "120m", "1y", "9y", "10y"])
def test_periods_that_zoom_takes(client: ZoomClient, wire: Wire, period: str) -> None:
    """Days, months or years, each in its range."""
    wire.answer(NOTHING)
    client.account_channels.set_retention(channel_id="c", enabled=True, period=period)
    assert asked(wire)[3]["cloud_retention"]["retention_period"] == period


@pytest.mark.parametrize(
    "period", ["", "0d", "91d", "121m", "130m", "11y", "01d", "1", "d", "1w", "1Y", " 1d", "1d\n", "١d"]
)
def test_periods_that_zoom_refuses(client: ZoomClient, wire: Wire, period: str) -> None:
    """The ranges are named, nothing is sent."""
    with pytest.raises(InvalidParameter) as caught:
        client.account_channels.set_retention(channel_id="c", enabled=True, period=period)
    assert caught.value.parameter == "cloud_retention.retention_period"
    assert caught.value.bound == "1d to 90d, 1m to 120m or 1y to 10y"
    assert wire.asked == []


REFUSED: list[tuple[Call, str, str]] = [
    (
        lambda zoom: zoom.account_channels.set_retention(channel_id="c", enabled=True),
        "cloud_retention.retention_period",
        "it is required with enable_custom_retention",
    ),
    (
        lambda zoom: zoom.account_channels.delete_many(user_id="ines", channel_ids=[]),
        "channel_ids",
        "at least 1 entries",
    ),
    (
        lambda zoom: zoom.account_channels.delete_many(user_id="ines", channel_ids=MANY),
        "channel_ids",
        "at most 50 entries",
    ),
    (lambda zoom: zoom.account_channels.search(within="all"), "needle", "it is required"),
    (
        lambda zoom: zoom.account_channels.search(within="all", keywords=["a"], exact_name="a"),
        "needle.channel_name",
        "there is no such parameter",
    ),
    (
        lambda zoom: zoom.account_channels.search(within="mine", keywords=["a"]),
        "haystack",
        "one of 'user_joined', 'public', 'all'",
    ),
    (
        lambda zoom: zoom.account_channels.search(within="all", keywords=["a", ""]),
        "needle.keywords[1]",
        "at least 1 characters",
    ),
    (
        lambda zoom: zoom.account_channels.search(within="all", keywords=["a"], user_id="ravi"),
        "user_id",
        "only together with the haystack user_joined",
    ),
    (
        lambda zoom: zoom.account_channels.invite_members(**PLACE, emails=MANY[:21]),
        "members",
        "at most 20 entries",
    ),
    (
        lambda zoom: zoom.account_channels.remove_members(**PLACE, identifiers=[]),
        "identifiers",
        "at least 1 entries",
    ),
    (
        lambda zoom: zoom.account_channels.remove_members(**PLACE, identifiers=MANY[:21]),
        "identifiers",
        "at most 20 entries",
    ),
    (lambda zoom: zoom.account_channels.promote(**PLACE), "admins", "at least 1 entries"),
    (
        lambda zoom: zoom.account_channels.promote(**PLACE, emails=MANY[:6], member_ids=MANY[:5]),
        "admins",
        "at most 10 entries",
    ),
    (
        lambda zoom: zoom.account_channels.promote(**PLACE, emails=["olu"]),
        "admins[0].email",
        "Expected `str` matching regex '^.+@.+$'",
    ),
    (lambda zoom: zoom.account_channels.demote(**PLACE), "admin_ids, user_ids", "name somebody"),
    (
        lambda zoom: zoom.account_channels.demote(**PLACE, admin_ids=MANY[:11]),
        "admin_ids",
        "at most 10 entries",
    ),
    (
        lambda zoom: zoom.account_channels.demote(**PLACE, user_ids=MANY[:11]),
        "user_ids",
        "at most 10 entries",
    ),
]


@pytest.mark.parametrize(("call", "parameter", "bound"), REFUSED)
def test_what_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, call: Call, parameter: str, bound: str
) -> None:
    """At once, before a page is asked for; the parameter and its bound are named."""
    with pytest.raises(InvalidParameter) as caught:
        call(client)
    assert (caught.value.parameter, caught.value.bound) == (parameter, bound)
    assert wire.asked == []


@pytest.mark.parametrize("word", ["two words", "a-b", "a_b", "x\u00a0y", "up\u2192", "bell\x07", "🦜"])
def test_keywords_are_words(client: ZoomClient, wire: Wire, word: str) -> None:
    """No white space, symbols or control characters; the word itself is not repeated."""
    with pytest.raises(InvalidParameter, match=r"needle\.keywords: letters and digits only") as caught:
        client.account_channels.search(within="public", keywords=[word])
    assert word not in str(caught.value)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 4400, NotFound),
        (403, 4100, NotAuthorized),
        (403, 4101, NotAuthorized),
        (400, 4302, BadRequest),
    ],
)
def test_a_deletion_that_zoom_refuses(
    client: ZoomClient, wire: Wire, status: int, code: int, kind: type[BadRequest]
) -> None:
    """No such channel, not the caller's, not done."""
    wire.answer(error(status, code))
    with pytest.raises(kind) as caught:
        client.account_channels.delete_many(user_id="ines", channel_ids=["c"])
    assert (type(caught.value), caught.value.code) == (kind, code)
