"""What came from another platform is here as it was: channels, people, words with their moments, reactions."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import backlog, keepsakes, migration
from sandbox.clock import Clock
from sandbox.files import Held
from sandbox.journal import Journal
from sandbox.world import World
from tests.sandbox.conftest import NOON, Cast, Client, ms, person

MIGRATION = "/chat/migration"
CREATED = "2026-04-02T08:00:00.541Z"
MORNING = ms("2026-05-04T08:00")


def refused(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


def make(client: Client, cast: Cast, **fields: Any) -> httpx.Response:
    """Ines's public channel with Ravi, unless the test wants it otherwise."""
    body = {
        "members": [{"identifier": cast.ravi.id}],
        "type": 3,
        "name": "old-general",
        "created_time": CREATED,
        **fields,
    }
    owner = body.pop("owner", cast.ines.id)
    return client.ask("POST", f"{MIGRATION}/users/{owner}/channels", json=body)


@pytest.fixture
def channel_id(client: Client, cast: Cast) -> str:
    answer = make(client, cast)
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"id"}
    return str(answer.json()["id"])


def said(channel_id: str, at: int = MORNING, **fields: Any) -> dict[str, Any]:
    """Ines says hello, unless the test wants it otherwise."""
    given = {"message_timestamp": at, "sender": "ines@acme.example", "message": "hello", **fields}
    return given if "to_contact" in given else {"to_channel": channel_id, **given}


def say(client: Client, *messages: dict[str, Any]) -> httpx.Response:
    return client.ask("POST", f"{MIGRATION}/messages", json={"messages": list(messages)})


def spoken(client: Client, *messages: dict[str, Any]) -> list[str]:
    answer = say(client, *messages)
    assert answer.status_code == 201, answer.text
    return list(answer.json()["ids"])


def react(client: Client, **fields: Any) -> httpx.Response:
    """Ravi likes it."""
    emojis = [{"emoji": "U+1F44D", "user_identifier": ["ravi@acme.example"]}]
    body = {"reactions": [{"emojis": emojis, "message_timestamp": MORNING, **fields}]}
    return client.ask("POST", f"{MIGRATION}/emoji_reactions", json=body)


def star(client: Client, target_id: str, type: str = "channel", who: str = "ines@acme.example") -> Any:
    body = {"method": "star", "params": [{"target_id": target_id, "target_type": type}]}
    return client.ask("POST", f"{MIGRATION}/users/{who}/events", json=body)


def test_a_migrated_channel_is_a_channel(client: Client, cast: Cast, channel_id: str) -> None:
    """With its own moment, its people and their roles, found like any other."""
    make(client, cast, name="led", members=[{"identifier": cast.ravi.member_id, "role": "admin"}])
    assert client.get(f"/chat/users/me/channels/{channel_id}").json()["name"] == "old-general"
    led = next(one for one in cast.world.channels.values() if one.name == "led")
    rows = client.get(f"/chat/users/me/channels/{led.id}/members").json()["members"]
    assert [(row["email"], row["role"]) for row in rows] == [
        ("ines@acme.example", "owner"),
        ("ravi@acme.example", "admin"),
    ]
    found = client.get(
        f"/chat/channels/{channel_id}/activities", start_date="2026-04-02", end_date="2026-04-02"
    ).json()["channel_activity_logs"]
    assert [row["activity_timestamp"] for row in found] == [ms("2026-04-02T08:00:00.541")]


def test_migrated_messages_are_reported_as_they_were(client: Client, cast: Cast, channel_id: str) -> None:
    """Sender, moment, files, replies and reactions, also of a reply that came before its main message."""
    stored = cast.world.upload("plan.txt", Held(b"the plan"))
    reply = said(
        channel_id,
        MORNING + 60_000,
        sender=cast.ravi.member_id,
        message="seen",
        reply_main_message_timestamp=MORNING,
    )
    ids = spoken(client, reply, said(channel_id, file_ids=[stored.id]))
    assert react(client, to_channel=channel_id, message_id=ids[1]).status_code == 204
    session_id = cast.world.channels[channel_id].session_id
    main, answer = client.messages(session_id)["messages"]
    assert (main["id"], answer["id"]) == (ids[1], ids[0])
    assert (main["sender"], main["timestamp"], main["date_time"]) == (
        "ines@acme.example",
        MORNING,
        "2026-05-04T08:00:00Z",
    )
    assert main["files"][0]["file_name"] == "plan.txt"
    assert main["reactions"] == [
        {
            "emoji": "U+1F44D",
            "total_count": 1,
            "user_ids": [cast.ravi.id],
            "member_ids": [cast.ravi.member_id],
        }
    ]
    assert (answer["sender"], answer["message"]) == ("ravi@acme.example", "seen")
    assert (answer["reply_main_message_id"], answer["reply_main_message_timestamp"]) == (ids[1], MORNING)
    row = next(row for row in client.sessions() if row["id"] == session_id)
    assert (row["name"], row["type"], row["channel_id"]) == ("old-general", "Group", channel_id)


def test_a_later_bundle_replies_by_id(client: Client, cast: Cast, channel_id: str) -> None:
    """To what is here already."""
    (main_id,) = spoken(client, said(channel_id))
    spoken(client, said(channel_id, MORNING + 1, message="later", reply_main_message_id=main_id))
    found = client.messages(cast.world.channels[channel_id].session_id)["messages"]
    assert found[1]["reply_main_message_id"] == main_id


def test_a_conversation_of_two_is_migrated(client: Client, cast: Cast) -> None:
    """Into the one session of the two, whoever is named first; it is opened when there is none."""
    spoken(
        client,
        said("", to_contact="ravi@acme.example", message="from Ines"),
        said("", MORNING + 1, sender="ravi@acme.example", to_contact=cast.ines.id, message="from Ravi"),
    )
    (row,) = client.sessions()
    assert (row["type"], sorted(row["member_emails"])) == ("1:1", ["ines@acme.example", "ravi@acme.example"])
    found = client.messages(row["id"])["messages"]
    assert [(one["message"], one["receiver"]) for one in found] == [
        ("from Ines", "ravi@acme.example"),
        ("from Ravi", "ines@acme.example"),
    ]
    emojis = [{"emoji": "+U1F400", "user_identifier": [cast.ines.id]}]
    answer = react(
        client,
        to_contact=cast.ines.id,
        message_id=found[1]["id"],
        message_timestamp=MORNING + 1,
        emojis=emojis,
    )
    assert answer.status_code == 204
    assert client.messages(row["id"])["messages"][1]["reactions"][0]["emoji"] == "U+1F400"


def test_people_are_added_to_a_migrated_channel(client: Client, cast: Cast) -> None:
    """From now on, and the activity log says so."""
    channel_id = make(client, cast, members=[]).json()["id"]
    path = f"{MIGRATION}/channels/{channel_id}/members"
    body = {
        "members": [{"identifier": "ravi@acme.example", "role": "admin"}, {"identifier": cast.olu.member_id}]
    }
    assert client.ask("POST", path, json=body).status_code == 204
    rows = client.get(f"/chat/users/me/channels/{channel_id}/members").json()["members"]
    assert [(row["name"], row["role"]) for row in rows] == [
        ("Ines", "owner"),
        ("Ravi", "admin"),
        ("Olu", "member"),
    ]
    assert [one.at_ms for one in cast.world.activities[-2:]] == [cast.world.clock.now_ms()] * 2
    assert refused(client.ask("POST", path, json=body)) == (400, 5301)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"owner": "nobody"}, (404, 1001)),
        ({"owner": "olu@acme.example"}, (404, 1001)),
        ({"members": [{"identifier": "nobody@acme.example"}]}, (404, 1001)),
        ({"members": [{"identifier": "ines@acme.example"}]}, (400, 5301)),
        ({"members": [{"identifier": "olu@acme.example"}], "type": 2}, (400, 5301)),
        ({"created_time": "2026-05-20T12:00:01Z"}, (400, 5301)),
        ({}, (400, 5301)),
        ({"members": [{"identifier": "ravi@acme.example"}] * 2}, (400, 300)),
        ({"members": [{"identifier": str(n)} for n in range(21)]}, (400, 300)),
        ({"members": [{"identifier": "ravi@acme.example", "role": "owner"}]}, (400, 300)),
        ({"name": ""}, (400, 300)),
        ({"name": "x" * 129}, (400, 300)),
        ({"type": 1}, (400, 300)),
        ({"created_time": "yesterday"}, (400, 300)),
        ({"created_time": "2026-04-02T08:00:00"}, (400, 300)),
    ],
)
def test_a_channel_that_cannot_be_is_refused(
    client: Client, cast: Cast, channel_id: str, fields: dict[str, Any], answer: tuple[int, int]
) -> None:
    """And nothing of it is there: no channel, no session, nobody's join."""
    before = len(cast.world.channels), len(cast.world.sessions), len(cast.world.activities)
    assert refused(make(client, cast, **fields)) == answer
    assert (len(cast.world.channels), len(cast.world.sessions), len(cast.world.activities)) == before


@pytest.mark.parametrize(
    ("channel", "identifiers", "answer"),
    [
        ("unknown", ["ravi@acme.example"], (404, 4130)),
        ("general", ["ravi@acme.example"], (403, 403)),
        ("migrated", ["nobody"], (404, 1001)),
        ("migrated", ["ravi@acme.example"], (400, 5301)),
        ("migrated", ["olu@acme.example", "{olu}"], (400, 5301)),
        ("migrated", [], (400, 300)),
        ("migrated", ["olu@acme.example"] * 2, (400, 300)),
        ("migrated", [str(n) for n in range(21)], (400, 300)),
    ],
)
def test_members_who_cannot_enter_are_refused(
    client: Client, cast: Cast, channel_id: str, channel: str, identifiers: list[str], answer: tuple[int, int]
) -> None:
    """An unknown channel, one that was not migrated, people who are in already or named twice."""
    where = {"general": cast.channel.id, "migrated": channel_id}.get(channel, channel)
    members = [{"identifier": one.format(olu=cast.olu.id)} for one in identifiers]
    path = f"{MIGRATION}/channels/{where}/members"
    assert refused(client.ask("POST", path, json={"members": members})) == answer
    assert cast.olu.id not in cast.world.channels[channel_id].member_ids


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"sender": "nobody"}, (404, 1001)),
        ({"to_channel": "unknown"}, (404, 4130)),
        ({"to_contact": "nobody"}, (404, 1001)),
        ({"to_channel": "{general}"}, (403, 403)),
        ({"sender": "olu@acme.example"}, (403, 403)),
        ({"sender": "ravi@acme.example", "to_contact": "olu@acme.example"}, (403, 403)),
        ({"message_timestamp": MORNING}, (400, 5301)),
        ({"message_timestamp": ms("2026-05-20T12:00:01")}, (400, 5301)),
        ({"file_ids": ["unknown"]}, (400, 5301)),
        ({"reply_main_message_id": "unknown"}, (400, 5301)),
        ({"reply_main_message_timestamp": MORNING}, (400, 5301)),
        ({"message": "x" * 4097}, (400, 300)),
        ({"file_ids": ["f"] * 7}, (400, 300)),
        ({"message_timestamp": "soon"}, (400, 300)),
        ({"to_channel": "c", "to_contact": "olu@acme.example"}, (400, 300)),
    ],
)
def test_a_bundle_with_one_bad_message_is_refused_whole(
    client: Client, cast: Cast, channel_id: str, fields: dict[str, Any], answer: tuple[int, int]
) -> None:
    """Unknown people and places, foreign places, a moment that is taken or to come, no such file or main message."""
    spoken(client, said(channel_id))
    shown = {
        name: one.format(general=cast.channel.id) if isinstance(one, str) else one
        for name, one in fields.items()
    }
    good, bad = said(channel_id, MORNING + 1), said(channel_id, MORNING + 2, **shown)
    assert refused(say(client, good, bad)) == answer
    assert len(client.messages(cast.world.channels[channel_id].session_id)["messages"]) == 1
    assert len(cast.world.sessions) == 3


@pytest.mark.parametrize("count", [0, 21])
def test_a_bundle_has_one_to_twenty_messages(client: Client, channel_id: str, count: int) -> None:
    """Neither none nor more; and the same one not twice."""
    assert refused(say(client, *(said(channel_id, MORNING + n) for n in range(count)))) == (400, 300)
    assert refused(say(client, said(channel_id), said(channel_id))) == (400, 300)
    assert len(spoken(client, *(said(channel_id, MORNING + n) for n in range(20)))) == 20


def test_a_reply_has_no_replies(client: Client, channel_id: str) -> None:
    """Threads are one level deep, and a main message is older than its replies."""
    main, reply = spoken(
        client, said(channel_id), said(channel_id, MORNING + 1, reply_main_message_timestamp=MORNING)
    )
    late = said(channel_id, MORNING + 2, reply_main_message_id=reply)
    assert refused(say(client, late)) == (400, 5301)
    early = said(channel_id, MORNING - 1, reply_main_message_id=main)
    assert refused(say(client, early)) == (400, 5301)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"message_id": "unknown"}, (400, 5401)),
        ({"message_timestamp": MORNING + 1}, (400, 5401)),
        ({"to_channel": "unknown"}, (404, 4130)),
        ({"emojis": [{"emoji": "U+1F44D", "user_identifier": ["nobody"]}]}, (404, 1001)),
        ({"emojis": [{"emoji": "U+1F44D", "user_identifier": ["olu@acme.example"]}]}, (403, 403)),
        ({"emojis": [{"emoji": "thumbs", "user_identifier": []}]}, (400, 5301)),
        ({}, (400, 5301)),
        ({"emojis": []}, (400, 300)),
        ({"emojis": [{"emoji": "U+1F44D", "user_identifier": []}] * 11}, (400, 300)),
        ({"emojis": [{"emoji": "U+1F44D", "user_identifier": ["x"] * 11}]}, (400, 300)),
        ({"to_contact": "olu@acme.example"}, (400, 300)),
    ],
)
def test_reactions_that_cannot_be_are_refused(
    client: Client, cast: Cast, channel_id: str, fields: dict[str, Any], answer: tuple[int, int]
) -> None:
    """No such message, people who are not there, an emoji that is none, one that was chosen before."""
    (message_id,) = spoken(client, said(channel_id))
    assert react(client, to_channel=channel_id, message_id=message_id).status_code == 204
    assert refused(react(client, **{"to_channel": channel_id, "message_id": message_id, **fields})) == answer
    session = cast.world.sessions[cast.world.channels[channel_id].session_id]
    assert session.messages[0].reactions == {"U+1F44D": [cast.ravi.id]}


def test_reactions_are_for_what_was_migrated(client: Client, cast: Cast) -> None:
    """Not for what was said here."""
    here = cast.world.say(cast.general, cast.ines, "said here", at=MORNING)
    assert refused(react(client, to_channel=cast.channel.id, message_id=here.id)) == (403, 403)


def test_migrated_conversations_are_starred(client: Client, cast: Cast, channel_id: str) -> None:
    """A channel and a contact; twice is once."""
    spoken(client, said("", to_contact="ravi@acme.example"))
    for target, type in ((channel_id, "channel"), (cast.ravi.member_id, "contact"), (channel_id, "channel")):
        assert star(client, target, type).status_code == 204
    kept = [(person_id, one.kind, one.target_id) for (person_id, _), one in cast.world.desk.stars.items()]
    assert kept == [
        (cast.ines.id, "channel", channel_id),
        (cast.ines.id, "contact", cast.ravi.id),
    ]


def test_a_star_that_cannot_be_is_refused(client: Client, cast: Cast, channel_id: str) -> None:
    """Unknown, not migrated, not one's own, two at once, another method."""
    target = {"target_id": channel_id, "target_type": "channel"}
    path = f"{MIGRATION}/users/{cast.ines.id}/events"
    assert refused(star(client, "unknown")) == (404, 4130)
    assert refused(star(client, "nobody", "contact")) == (404, 1001)
    assert refused(star(client, channel_id, who="nobody")) == (404, 1001)
    assert refused(star(client, cast.channel.id)) == (403, 403)
    assert refused(star(client, "olu@acme.example", "contact")) == (403, 403)
    assert refused(client.ask("POST", path, json={"method": "star", "params": [target] * 2})) == (400, 5301)
    assert refused(client.ask("POST", path, json={"method": "star", "params": [target] * 11})) == (400, 300)
    assert refused(client.ask("POST", path, json={"method": "unstar", "params": [target]})) == (400, 300)
    assert cast.world.desk.stars == {}


def mapped(client: Client, kind: str, ids: str, team: str | None = None) -> httpx.Response:
    query = {"origin_platform": "slack", f"origin_{kind}_ids": ids}
    return client.get(
        f"{MIGRATION}/mappings/{kind}s", **query, **({} if team is None else {"origin_team_id": team})
    )


def test_what_was_migrated_is_found_by_its_old_ids(client: Client, cast: Cast, channel_id: str) -> None:
    """The channel and those who take part, in a workspace of their own; what is unknown is counted."""
    ((team, ids),) = client.control("migration")["teams"].items()
    ((origin, found),) = ids["channels"].items()
    assert found == channel_id
    assert mapped(client, "channel", f"{origin},C0,{origin}", team).json() == {
        "mappings_found": 1,
        "mappings_not_found": 1,
        "mappings": [{"origin_channel_id": origin, "zm_channel_id": channel_id}],
    }
    people = mapped(client, "user", ",".join(ids["users"])).json()
    assert people["mappings_not_found"] == 0
    assert {one["zm_user_id"] for one in people["mappings"]} == {cast.ines.id, cast.ravi.id}


def test_the_migration_app_tells_its_ids(client: Client, cast: Cast) -> None:
    """Whole or not at all: then they are found, in their workspace, and the channel is open to migration."""
    told: dict[str, object] = {
        "team_id": "T1",
        "channels": {"C1": cast.channel.id},
        "users": {"U1": "ravi@acme.example"},
    }
    wrong = {**told, "users": {"U1": "nobody"}}
    assert client.control("migration", wrong)["code"] == 400
    assert client.control("migration")["teams"] == {}
    client.control("migration", told)
    assert mapped(client, "channel", "C1", "T1").json()["mappings"][0]["zm_channel_id"] == cast.channel.id
    assert mapped(client, "user", "U1", "T1").json()["mappings"][0]["zm_user_id"] == cast.ravi.id
    assert mapped(client, "user", "U1", "T2").json()["mappings_found"] == 0
    assert len(spoken(client, said(cast.channel.id))) == 1


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"origin_team_id": "T0"}, (404, 5801)),
        ({"origin_platform": "teams"}, (400, 300)),
        ({"origin_team_id": ""}, (400, 300)),
        ({"origin_channel_ids": ""}, (400, 300)),
        ({"origin_channel_ids": ",".join(map(str, range(21)))}, (400, 300)),
    ],
)
def test_a_look_up_that_cannot_be_is_refused(
    client: Client, query: dict[str, str], answer: tuple[int, int]
) -> None:
    """An unknown workspace, another platform, no ids or too many."""
    client.control("migration", {"team_id": "T1"})
    given = {"origin_platform": "slack", "origin_team_id": "T1", "origin_channel_ids": "C1", **query}
    assert refused(client.get(f"{MIGRATION}/mappings/channels", **given)) == answer


def remembered(state: Path) -> World:
    """Ines and Ravi, and all that was migrated since."""
    world = World(Clock(start=NOON, speed=0))
    for name in ("Ines", "Ravi"):
        world.add_person(person(name))
    Journal(state, title="x", now_ms=0).replay(world)
    return world


def test_a_restart_remembers_what_was_migrated(tmp_path: Path) -> None:
    """The same channels, ids, words, stars and mappings, and what comes next has the same ids."""
    state = tmp_path / "state"
    world = remembered(state)
    ines, ravi = world.people
    alone: dict[str, Any] = {"member_ids": [], "admin_ids": [], "created_at": MORNING, "at": MORNING}
    channel_id = migration.make_channel(world, owner_id=ines, name="old", type=2, **alone)
    both: dict[str, Any] = {"member_ids": [ravi], "admin_ids": [ravi], "at": MORNING}
    migration.add_members(world, channel_id=channel_id, **both)
    main = {"sender_id": ines, "at_ms": MORNING, "text": "\ud83d", "channel_id": channel_id}
    reply = {**main, "sender_id": ravi, "at_ms": MORNING + 1, "main_at": MORNING}
    aside = {"sender_id": ines, "at_ms": MORNING, "text": "aside", "contact_id": ravi}
    ids = backlog.say(world, messages=[reply, main, aside], at=MORNING + 2)
    given = {"session_id": world.channels[channel_id].session_id, "message_id": ids[0]}
    backlog.react(world, reactions=[{**given, "emoji": "U+1F44D", "person_ids": [ines]}], at=MORNING + 2)
    keepsakes.star(world, by=ines, kind="channel", target_id=channel_id, at=MORNING)
    migration.record(world, team_id="T1", channels={"C1": channel_id}, people={"U1": ines})
    again = remembered(state)
    assert (again.migrated, again.channels, again.sessions) == (
        world.migrated,
        world.channels,
        world.sessions,
    )
    assert len(again.sessions) == 2
    assert again.number() == world.number()
