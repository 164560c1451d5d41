"""What the 54 events say: each against the vendor's schema where that is at hand, and what deeds cause them."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sandbox import identity
from sandbox.conversations import CustomEmoji, Message
from sandbox.files import Held
from sandbox.people import Person
from sandbox.webhooks.table import EVENTS
from tests.sandbox.conftest import Cast, Client
from tests.sandbox.subscriber import Subscriber
from tests.sandbox.test_webhooks import settled, state, subscribe

PRIMITIVES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}
FORMATS = {"email": r"(\S+@\S+)?", "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}


@cache
def published() -> dict[str, Any] | None:
    """The vendor's schemas by event, where a `shared` folder is beside the checkout or above it."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "zoom" / "team-chat-webhooks.openapi.json"
        if found.exists():
            paths = json.loads(found.read_text())["paths"]
            return {
                name: one["post"]["requestBody"]["content"]["application/json"]["schema"]
                for name, one in paths.items()
            }
    return None


def check(event: dict[str, Any]) -> None:
    """Hold an event against its schema, where that is at hand."""
    known = published()
    if known is not None:
        assert faults(event, known[event["event"]]) == []


def faults(value: Any, schema: Any, where: str = "event") -> list[str]:
    """How a value departs from a schema: its type, what is missing, what nobody knows."""
    if "anyOf" in schema:
        return min((faults(value, one, where) for one in schema["anyOf"]), key=len)
    kind = schema.get("type", "object")
    if not isinstance(value, PRIMITIVES[kind]) or (kind == "integer" and isinstance(value, bool)):
        return [f"{where}: not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: none of the values"]
    if kind == "string" and re.fullmatch(FORMATS.get(schema.get("format", ""), r"(?s).*"), value) is None:
        return [f"{where}: not like {schema['format']}"]
    if kind == "array":
        return [one for item in value for one in faults(item, schema["items"], f"{where}[]")]
    if kind != "object":
        return []
    known = {name: one for name, one in schema.get("properties", {}).items() if isinstance(one, dict)}
    # five of the schemas require a name that they forbid: nothing can satisfy that
    required = [name for name in schema.get("required", []) if name in known]
    found = [f"{where}.{name}: missing" for name in required if name not in value]
    found += [f"{where}.{name}: unknown" for name in value if name not in known]
    for name, inner in known.items():
        if name in value:
            found += faults(value[name], inner, f"{where}.{name}")
    return found


@pytest.fixture
def bot(cast: Cast) -> Person:
    """An app that can be put into a channel."""
    return cast.world.add_person(Person("bot", "", "Builder", "bot-member", bot=True))


@pytest.fixture
def said(cast: Cast, bot: Person) -> Message:
    """A message with a file and an answer, one between two people, and an emoji of the account's own."""
    world = cast.world
    stored = world.upload("plan.png", Held(b"abc"), at=world.clock.now_ms() - 5000)
    message = world.say(cast.general, cast.ines, "the plan", files=[stored], at=world.clock.now_ms() - 4000)
    message.rich_text = [{"start_position": 0, "end_position": 2, "format_type": "Bold"}]
    world.say(cast.general, cast.olu, "seen", reply_to=message, at=world.clock.now_ms() - 3000)
    world.say(cast.talk, cast.olu, "hello", at=world.clock.now_ms() - 2000)
    world.emoji["ship-it"] = CustomEmoji(identity.short("emoji"), "ship-it", cast.ines.id, 0)
    return message


# -- on order --------------------------------------------------------------------------------------------


def test_there_are_54_events() -> None:
    """And no two of them are one."""
    assert len(EVENTS) == 54


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_can_be_had(
    client: Client, cast: Cast, said: Message, subscriber: Subscriber, name: str
) -> None:
    """By its name alone; it comes as it was made, as published, and tells of things that exist."""
    subscribe(client, subscriber)
    made = client.control("webhooks/emit", {"event": name})
    assert made["queued"]
    settled(client)
    (delivery,) = subscriber.deliveries
    assert delivery.event == made["event"]
    assert int(made["event"]["event_ts"]) == cast.world.clock.now_ms()
    check(delivery.event)
    found = made["event"]["payload"]["object"]
    assert found.get("channel_id") in (None, "", cast.channel.id)
    assert made["event"]["payload"].get("operator_id", "") in {"", *cast.world.people}


def test_every_published_event_is_there() -> None:
    """The same 54."""
    found = published()
    if found is None:
        pytest.skip("the vendor's description of its webhooks is not beside this checkout")
    assert set(EVENTS) == set(found)


@pytest.mark.parametrize("name", [one for one in EVENTS if EVENTS[one].actor.value])
def test_who_is_outside_is_known_by_member_id_alone(
    client: Client, cast: Cast, said: Message, name: str
) -> None:
    """Account, e-mail and user id are empty, and the event is as published nevertheless."""
    event = client.control("webhooks/emit", {"event": name, "by": cast.olu.member_id})["event"]
    check(event)
    payload = event["payload"]
    assert [payload[one] for one in ("account_id", "operator", "operator_id")] == ["", "", ""]
    assert payload.get("operator_member_id", cast.olu.member_id) == cast.olu.member_id
    assert payload.get("by_external_user", True) is True


def test_an_order_says_what_it_wants_told(client: Client, cast: Cast, said: Message) -> None:
    """Who, when, where, of what kind."""
    order = {
        "event": "team_chat.channel_invitation_approval_requested",
        "at": 1_700_000_000_000,
        "channel_id": cast.channel.id,
        "contact": cast.olu.member_id,
        "people": ["ravi@acme.example"],
        "invited_at": 1_600_000_000_000,
        "type": "to_invitee",
    }
    event = client.control("webhooks/emit", order)["event"]
    found = event["payload"]["object"]
    assert event["event_ts"] == found["timestamp"] == 1_700_000_000_000
    assert found["organization"]["org_name"] == "Acme"
    assert found["channel"] == {"channel_id": cast.channel.id, "channel_name": "general", "type": 3}
    assert (found["invitee"]["display_name"], found["invitee"]["user_email"]) == ("Olu", "")
    assert found["inviters"][0]["user_id"] == cast.ravi.id
    assert found["inviters"][0]["date_created"] == "2020-09-13T12:26:40Z"
    assert found["type"] == "to_invitee"


def test_a_channel_from_outside_is_not_shown(client: Client, cast: Cast, said: Message) -> None:
    """Neither it nor the organisation it belongs to."""
    cast.channel.owner_id = cast.olu.id
    found = client.control("webhooks/emit", {"event": "team_chat.channel_join_requested"})
    assert not {"organization", "channel"} & set(found["event"]["payload"]["object"])


@pytest.mark.parametrize(
    "order",
    [
        {"event": "chat_message.sung"},
        {},
        {"event": "chat_message.sent", "message_id": "none"},
        {"event": "chat_message.sent", "message_id": "none", "session_id": "none"},
        {"event": "chat_channel.updated", "channel_id": "none"},
        {"event": "chat_channel.updated", "by": "nobody@acme.example"},
        {"event": "chat_channel.updated", "colour": "red"},
        {"event": "team_chat.file_uploaded"},
    ],
)
def test_an_order_for_what_is_not_there_is_refused(client: Client, order: dict[str, object]) -> None:
    """In a world where nothing was said, with a sentence."""
    answer = client.http.post("/_sandbox/webhooks/emit", json=order)
    assert answer.status_code == 400
    assert answer.json()["message"]


# -- by deeds --------------------------------------------------------------------------------------------


def attach(cast: Cast) -> None:
    """A file put on a message afterwards."""
    message = cast.world.say(cast.talk, cast.ines, "")
    cast.world.attach(message, cast.world.upload("a.txt", Held(b"abc")))


def forward(cast: Cast) -> None:
    """A message passed on into a talk."""
    cast.world.forward(cast.general.messages[0], cast.talk, cast.ines)


DM, CH = "team_chat.dm_", "team_chat.channel_"
DEEDS: list[tuple[Callable[[Cast], object], list[str]]] = [
    (
        lambda cast: cast.world.say(cast.general, cast.ravi, "hi"),
        ["chat_message.sent", f"{CH}message_posted"],
    ),
    (lambda cast: cast.world.say(cast.talk, cast.olu, "hi"), ["chat_message.sent", f"{DM}message_posted"]),
    (
        lambda cast: cast.world.say(cast.general, cast.ravi, "hi", reply_to=cast.general.messages[0]),
        ["chat_message.replied", f"{CH}message_posted"],
    ),
    (
        lambda cast: cast.world.say(cast.talk, cast.ines, "", files=list(cast.world.files.values())),
        ["chat_message.sent", f"{DM}message_posted", "team_chat.file_uploaded", "team_chat.file_shared"],
    ),
    (
        attach,
        ["chat_message.sent", f"{DM}message_posted", "team_chat.file_uploaded", "team_chat.file_shared"],
    ),
    (forward, ["chat_message.sent", f"{DM}message_posted"]),
    (
        lambda cast: cast.world.edit(cast.general.messages[0], "new"),
        ["chat_message.updated", f"{CH}message_updated"],
    ),
    (
        lambda cast: cast.world.edit(cast.talk.messages[0], "new"),
        ["chat_message.updated", f"{DM}message_updated"],
    ),
    (
        lambda cast: cast.world.delete(cast.general.messages[0]),
        ["chat_message.deleted", f"{CH}message_deleted"],
    ),
    (
        lambda cast: cast.world.delete(cast.talk.messages[0]),
        ["chat_message.deleted", f"{DM}message_deleted"],
    ),
    (lambda cast: cast.world.react(cast.general.messages[0], cast.ravi, "U+1F44D"), [f"{CH}reaction_added"]),
    (lambda cast: cast.world.react(cast.talk.messages[0], cast.ines, "ship-it"), [f"{DM}reaction_added"]),
    (lambda cast: cast.world.leave(cast.channel, cast.ravi), ["chat_channel.member_left"]),
    (lambda cast: cast.world.join(cast.channel, cast.ravi), ["chat_channel.member_joined"]),
    (
        lambda cast: cast.world.set_retention(cast.channel, custom=True, period="30d"),
        ["chat_channel.updated"],
    ),
    (lambda cast: cast.world.upload("a.txt", Held(b"abc")), []),
]


@pytest.mark.parametrize(("do", "names"), DEEDS)
def test_a_deed_is_its_events(
    client: Client,
    cast: Cast,
    said: Message,
    subscriber: Subscriber,
    do: Callable[[Cast], object],
    names: list[str],
) -> None:
    """Each of them, in that order, as published, and nothing that could not be told."""
    subscribe(client, subscriber)
    do(cast)
    assert settled(client).get("untold", 0) == 0
    assert subscriber.names == names
    for delivery in subscriber.deliveries:
        check(delivery.event)


def test_what_is_said_is_told_with_all_that_was_said(
    client: Client, cast: Cast, said: Message, subscriber: Subscriber
) -> None:
    """The reply's main message, its files, the other one of two; of a deletion no word."""
    subscribe(client, subscriber, events=["team_chat.*"])
    main = cast.talk.messages[0]
    stored = cast.world.upload("notes", Held(b"abcd"))
    reply = cast.world.say(cast.talk, cast.ines, "here", files=[stored], reply_to=main)
    cast.world.delete(reply)
    settled(client)
    posted, uploaded, shared, deleted = (one.event["payload"] for one in subscriber.deliveries)
    found = posted["object"]
    assert (posted["operator"], posted["by_external_user"]) == ("ines@acme.example", False)
    assert (found["message"], found["reply_main_message_id"]) == ("here", main.id)
    assert (found["session_id"], found["contact_id"], found["contact_member_id"]) == (
        cast.talk.id,
        "",
        cast.olu.member_id,
    )
    row = {"file_id": stored.id, "file_name": "notes", "file_size": 4, "OS_file_type": ""}
    assert found["files"] == [{**row, "file_message_type": "file"}]
    assert uploaded["object"] == {"files": [row]}
    assert (shared["object"]["type"], shared["object"]["is_external_user"]) == ("to_contact", True)
    assert deleted["object"]["message_id"] == reply.id
    assert not {"message", "files"} & set(deleted["object"])


def test_a_restart_does_not_tell_again_what_it_remembers(client: Client, cast: Cast) -> None:
    """Only what is done from then on is told: nobody listens before the sandbox runs."""
    assert len(cast.world.listeners) == 1
    cast.world.say(cast.general, cast.ines, "nobody is subscribed")
    assert state(client)["total"]["made"] == 0


def test_a_deed_that_cannot_be_told_still_is_done(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """It is counted, and nobody is the worse for it."""
    subscribe(client, subscriber)
    cast.world.tell("edit", session_id="none", message_id="none")
    assert state(client)["by_event"]["edit"]["untold"] == 1
    cast.world.say(cast.general, cast.ines, "going on")
    assert settled(client)["delivered"] == 2
