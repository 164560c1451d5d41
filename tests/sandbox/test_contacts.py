"""Contacts of the app's user, invitations, the directory, and the older way to say something."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import contacts, talks
from sandbox.clock import Clock
from sandbox.groups import ImGroup
from sandbox.journal import Journal
from sandbox.world import World
from tests.sandbox.conftest import NOON, Cast, Client, person

CONTACTS = "/chat/users/me/contacts"


def refused(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


def listed(client: Client, **query: object) -> list[dict[str, Any]]:
    return client.all_pages(CONTACTS, "contacts", **query)


def invite(client: Client, who: str = "me", **body: object) -> httpx.Response:
    given = {"email": "zoe@other.example", **body}
    return client.ask("POST", f"/chat/users/{who}/invitations", json=given)


def say(client: Client, to: str | None, text: str | None = "hello") -> httpx.Response:
    query = {} if to is None else {"chat_user": to}
    body = {} if text is None else {"message": text}
    return client.ask("POST", "/im/users/me/chat/messages", params=query, json=body)


def test_company_contacts_are_everybody_else(client: Client, cast: Cast) -> None:
    """Each once over all pages, without the deactivated and the bots."""
    for number in range(12):
        cast.world.add_person(person(f"Colleague{number}"))
    gone, bot = cast.world.add_person(person("Gone")), cast.world.add_person(person("Bot"))
    gone.active, bot.bot = False, True
    rows = listed(client, page_size=5)
    assert sorted(row["first_name"] for row in rows) == sorted(
        ["Ravi", *(f"Colleague{number}" for number in range(12))]
    )
    assert rows == listed(client, type="company")
    ravi = next(row for row in rows if row["first_name"] == "Ravi")
    assert (ravi["id"], ravi["member_id"], ravi["email"]) == (
        cast.ravi.id,
        cast.ravi.member_id,
        "ravi@acme.example",
    )


def test_external_contacts_are_whom_one_talks_to(client: Client, cast: Cast) -> None:
    """Not everybody outside; without a user id, with their address."""
    cast.world.add_person(person("Stranger", external=True))
    (row,) = listed(client, type="external")
    assert (row["id"], row["member_id"], row["email"]) == ("", cast.olu.member_id, "olu@acme.example")


@pytest.mark.parametrize("identifier", ["{id}", "{member_id}", "OLU@acme.example"])
def test_a_contact_is_found_by_any_of_its_names(client: Client, cast: Cast, identifier: str) -> None:
    """User id, member id, e-mail."""
    name = identifier.format(id=cast.olu.id, member_id=cast.olu.member_id)
    row = client.get(f"{CONTACTS}/{name}").json()
    assert (row["member_id"], row["first_name"]) == (cast.olu.member_id, "Olu")
    assert "presence_status" not in row


def test_presence_is_by_when_somebody_last_spoke(client: Client, cast: Cast) -> None:
    """Just now, today, long ago, not any more."""

    def presence() -> str:
        return str(
            client.get(f"{CONTACTS}/{cast.ravi.id}", query_presence_status="true").json()["presence_status"]
        )

    assert presence() == "Offline"
    cast.world.say(cast.general, cast.ravi, "here")
    assert presence() == "Available"
    cast.world.clock.advance(seconds=3000)
    assert presence() == "Away"
    found = client.get("/contacts", search_key="ravi", query_presence_status="true").json()["contacts"]
    assert found[0]["presence_status"] == "Away"
    cast.world.clock.advance(seconds=86_400)
    client.token = client.fetch_token()
    assert presence() == "Offline"
    cast.world.say(cast.general, cast.ravi, "bye")
    cast.ravi.active = False
    assert presence() == "Offline"


@pytest.mark.parametrize(
    ("path", "query", "answer"),
    [
        (CONTACTS, {"type": "friends"}, (400, 300)),
        (CONTACTS, {"page_size": 51}, (400, 300)),
        (CONTACTS, {"next_page_token": "x"}, (400, 300)),
        (f"{CONTACTS}/nobody", {}, (404, 1001)),
        (f"{CONTACTS}/stranger@acme.example", {}, (404, 1001)),
        ("/contacts", {}, (400, 300)),
        ("/contacts", {"search_key": "x", "contact_types": "9"}, (400, 300)),
        ("/contacts", {"search_key": "x", "user_status": "away"}, (400, 300)),
        ("/contacts", {"search_key": "x", "page_size": 26}, (400, 300)),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    client: Client, cast: Cast, path: str, query: dict[str, object], answer: tuple[int, int]
) -> None:
    """Another kind, too many, a forged token, people who are no contacts."""
    cast.world.add_person(person("Stranger", external=True))
    assert refused(client.get(path, **query)) == answer


@pytest.mark.parametrize(("kinds", "count"), [("1", 1), ("2,1", 1), ("4", 0)])
def test_the_directory_has_people_only(client: Client, kinds: str, count: int) -> None:
    """Whoever asks for telephones alone gets none."""
    found = client.get("/contacts", search_key="ravi", contact_types=kinds).json()
    assert len(found["contacts"]) == count


def test_the_directory_names_somebodys_group(client: Client, cast: Cast) -> None:
    """Of who is in one; of others it says nothing."""
    cast.world.im_groups["g"] = ImGroup("g", "Legal", member_ids=[cast.ravi.id])
    (ravi,) = client.get("/contacts", search_key="ravi").json()["contacts"]
    (ines,) = client.get("/contacts", search_key="ines").json()["contacts"]
    assert (ravi["im_group_id"], ravi["im_group_name"]) == ("g", "Legal")
    assert "im_group_id" not in ines


def test_an_invitation_makes_a_contact(client: Client, cast: Cast) -> None:
    """Somebody nobody knew, and somebody the world knew; asking again changes nothing."""
    cast.world.add_person(person("Stranger", external=True))
    for _ in range(2):
        assert invite(client, message="shall we?").status_code == 204
        assert invite(client, email="Stranger@acme.example").status_code == 204
    rows = listed(client, type="external")
    assert sorted(row["email"] for row in rows) == [
        "olu@acme.example",
        "stranger@acme.example",
        "zoe@other.example",
    ]
    assert client.get(f"{CONTACTS}/zoe@other.example").json()["id"] == ""
    assert [one.message for one in cast.world.invitations] == ["shall we?", None] * 2


def test_an_invitation_is_its_senders(client: Client, cast: Cast) -> None:
    """Ravi's contact is not Ines's."""
    assert invite(client, who=cast.ravi.id).status_code == 204
    assert [row["email"] for row in listed(client, type="external")] == ["olu@acme.example"]
    assert [one.email for one in contacts.external(cast.world, cast.ravi)] == ["zoe@other.example"]


@pytest.mark.parametrize(
    ("who", "body", "answer"),
    [
        ("me", {"email": "zoe"}, (400, 300)),
        ("me", {"email": None}, (400, 300)),
        ("me", {"email": "ravi@acme.example"}, (403, 403)),
        ("me", {"email": "ines@acme.example"}, (403, 403)),
        ("nobody", {}, (404, 1001)),
        ("olu@acme.example", {}, (404, 1001)),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    client: Client, cast: Cast, who: str, body: dict[str, object], answer: tuple[int, int]
) -> None:
    """No address, a colleague, oneself, an inviter who is none of the account's."""
    assert refused(invite(client, who, **body)) == answer
    assert (len(cast.world.people), cast.world.invitations) == (3, [])


def test_something_said_the_older_way_is_reported(client: Client, cast: Cast) -> None:
    """In the one session of the two, with the id that was answered."""
    answer = say(client, "ravi@acme.example")
    assert answer.status_code == 201
    assert say(client, cast.ravi.id, "again").status_code == 201
    assert say(client, "olu@acme.example", "to Olu").status_code == 201
    sessions = {tuple(sorted(row["member_emails"])): row["id"] for row in client.sessions()}
    assert len(sessions) == 2
    found = client.messages(sessions["ines@acme.example", "ravi@acme.example"])["messages"]
    assert [(one["message"], one["sender"], one["receiver"]) for one in found] == [
        ("hello", "ines@acme.example", "ravi@acme.example"),
        ("again", "ines@acme.example", "ravi@acme.example"),
    ]
    assert answer.json() == {"id": found[0]["id"]}
    assert [one["message"] for one in client.messages(cast.talk.id)["messages"]] == ["to Olu"]


def test_an_invited_contact_can_be_talked_to(client: Client) -> None:
    """Before, the sending fails."""
    invited = invite(client, who="ravi@acme.example")
    assert invited.status_code == 204
    assert refused(say(client, "zoe@other.example")) == (400, 5301)
    invite(client)
    assert say(client, "zoe@other.example").status_code == 201


@pytest.mark.parametrize(
    ("to", "text", "answer"),
    [
        (None, "hello", (400, 300)),
        ("nobody", "hello", (404, 1001)),
        ("ravi@acme.example", "", (400, 5301)),
        ("ravi@acme.example", None, (400, 5301)),
    ],
)
def test_what_cannot_be_said_is_refused(
    client: Client, cast: Cast, to: str | None, text: str | None, answer: tuple[int, int]
) -> None:
    """To nobody, to somebody unknown, nothing."""
    assert refused(say(client, to, text)) == answer
    assert len(cast.world.sessions) == 2


def remembered(state: Path) -> World:
    """Ines and Ravi, and what happened since."""
    world = World(Clock(start=NOON, speed=0))
    for name in ("Ines", "Ravi"):
        world.add_person(person(name))
    Journal(state, title="x", now_ms=0).replay(world)
    return world


def test_a_restart_remembers_contacts_and_words(tmp_path: Path) -> None:
    """The same person behind the invitation, the same conversation."""
    state = tmp_path / "state"
    world = remembered(state)
    ines, ravi = world.people
    contacts.invite(world, inviter_id=ines, email="zoe@other.example", message=None, at=5)
    talks.say(world, by=ines, to=ravi, text="hello", at=6)
    again = remembered(state)
    assert (again.people, again.invitations, again.sessions) == (
        world.people,
        world.invitations,
        world.sessions,
    )
    assert again.number() == world.number()
