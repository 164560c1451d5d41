"""Contacts of the app's user, the directory, invitations and the older way to say something."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, NotAuthorized, NotFound, UnexpectedReply


def asked(wire: Wire) -> tuple[str, str, dict[str, str]]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params)


@pytest.mark.parametrize(("external", "type"), [(False, "company"), (True, "external")])
def test_contacts_of_the_apps_user(client: ZoomClient, wire: Wire, external: bool, type: str) -> None:
    """Fifty a page, inside the account or outside."""
    wire.answer(httpx.Response(200, json={"contacts": [{"id": "", "member_id": "m", "email": "olu@x.test"}]}))
    (page,) = client.contacts.list(external=external)
    assert (page.records[0].id, page.records[0].member_id) == ("", "m")
    assert asked(wire) == ("GET", "/chat/users/me/contacts", {"type": type, "page_size": "50"})


def test_one_contact_with_its_numbers(client: ZoomClient, wire: Wire) -> None:
    """Presence only when it is wanted; the id stays one segment of the path."""
    number = {"code": "+1", "country": "US", "label": "Home", "number": "555", "verified": True}
    wire.answer(
        httpx.Response(
            200,
            json={"id": "o", "phone_numbers": [number], "direct_numbers": ["1"], "presence_status": "Busy"},
        )
    )
    found = client.contacts.get("o/1", presence=True)
    assert (found.phone_numbers[0].label, found.direct_numbers, found.presence_status) == (
        "Home",
        ("1",),
        "Busy",
    )
    assert wire.asked[0].url.raw_path == b"/v2/chat/users/me/contacts/o%2F1?query_presence_status=true"
    client.contacts.get("o")
    assert asked(wire)[2] == {}


def test_an_unknown_contact_is_not_found(client: ZoomClient, wire: Wire) -> None:
    """404 with code 1001."""
    wire.answer(error(404, 1001))
    with pytest.raises(NotFound):
        client.contacts.get("nobody")


def test_the_directory_is_searched_with_all_there_is_to_say(client: ZoomClient, wire: Wire) -> None:
    """Kinds by comma, presence when wanted."""
    wire.answer(httpx.Response(200, json={"contacts": [{"contact_type": 4, "activity": "Active"}]}))
    (page,) = client.contacts.search("support", presence=True, types=[1, 4])
    assert (page.records[0].contact_type, page.records[0].activity) == (4, "Active")
    assert asked(wire)[2] == {
        "search_key": "support",
        "query_presence_status": "true",
        "contact_types": "1,4",
        "page_size": "25",
    }


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"key": ""}, "search_key: at least 1"),
        ({"key": "x", "types": []}, "contact_types: at least 1"),
        ({"key": "x", "types": [9]}, r"contact_types\[0\]: at most 8"),
        ({"key": "x", "types": [4], "active": True}, "user_status: only users"),
    ],
)
def test_a_search_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, given: dict[str, Any], refused: str
) -> None:
    """A key, kinds from 1 to 8, a status only for people."""
    with pytest.raises(InvalidParameter, match=refused):
        client.contacts.search(given.pop("key"), **given)
    assert wire.asked == []


def test_an_invitation_is_sent(client: ZoomClient, wire: Wire) -> None:
    """In words, or without."""
    wire.answer(httpx.Response(204))
    client.invitations.send(user_id="me", email="olu@x.test", message="shall we?")
    assert asked(wire)[:2] == ("POST", "/chat/users/me/invitations")
    assert json.loads(wire.asked[0].read()) == {"email": "olu@x.test", "message": "shall we?"}
    client.invitations.send(user_id="ines", email="olu@x.test")
    assert json.loads(wire.asked[1].read()) == {"email": "olu@x.test"}


@pytest.mark.parametrize("email", ["", "olu", "olu@", "@x.test", "o lu@x.test"])
def test_an_address_that_is_none_costs_nothing(client: ZoomClient, wire: Wire, email: str) -> None:
    """Refused by name, without the address itself."""
    with pytest.raises(InvalidParameter, match="email: it is not an e-mail address") as caught:
        client.invitations.send(user_id="me", email=email)
    assert caught.value.parameter == "email"
    assert wire.asked == []


def test_an_inviter_without_permission_is_told(client: ZoomClient, wire: Wire) -> None:
    """403."""
    wire.answer(error(403, 403))
    with pytest.raises(NotAuthorized):
        client.invitations.send(user_id="me", email="olu@x.test")


def test_something_is_said_the_older_way(client: ZoomClient, wire: Wire) -> None:
    """To whom is in the query, what in the body; the answer is the message's id."""
    wire.answer(httpx.Response(201, json={"id": "7caca3b3-5156-4496-9ec4-7f92e3ca83f2"}))
    said = client.im_chat.send(to="olu@x.test", message="hello")
    assert said == "7caca3b3-5156-4496-9ec4-7f92e3ca83f2"
    assert asked(wire) == ("POST", "/im/users/me/chat/messages", {"chat_user": "olu@x.test"})
    assert json.loads(wire.asked[0].read()) == {"message": "hello"}


def test_a_message_without_an_id_is_odd(client: ZoomClient, wire: Wire) -> None:
    """It may have been sent, so it is not sent again."""
    wire.answer(httpx.Response(201, json={"id": None}))
    with pytest.raises(UnexpectedReply, match="no id"):
        client.im_chat.send(to="olu", message="hello")
    assert len(wire.asked) == 1


def test_a_message_that_was_not_sent_is_named(client: ZoomClient, wire: Wire) -> None:
    """Code 5301: the service could not do it."""
    wire.answer(error(400, 5301))
    with pytest.raises(BadRequest) as caught:
        client.im_chat.send(to="olu", message="hello")
    assert caught.value.code == 5301
