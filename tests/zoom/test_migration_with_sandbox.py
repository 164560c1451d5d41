"""Client and sandbox together: what is migrated, said and asked by one is true in the other's world."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import migration as there
from sandbox.files import Held
from sandbox.instance import Account
from sandbox.people import Person
from tests.zoom.test_with_sandbox import MONTH, Meeting, meet
from zoom.errors import BadRequest, NotAuthorized, NotFound
from zoom.operations.migration import PastMessage, PastReactions
from zoom.records.messages import MessageRecord

CREATED = datetime(2026, 4, 25, 8, 0, 0, 7000, tzinfo=UTC)
MORNING = datetime(2026, 5, 4, 8, 0, 0, 541_000, tzinfo=UTC)


@pytest.fixture
def meeting(loopback: None) -> Iterator[Meeting]:
    with meet(Account(rate_limit=False)) as meeting:
        meeting.world.add_person(Person("ravi", "ravi@acme.example", "Ravi", "m-ravi"))
        yield meeting


def reported(meeting: Meeting, **where: str) -> list[MessageRecord]:
    """What the reports say of the one session of a kind."""
    sessions = [one for page in meeting.client.reports.sessions(**MONTH) for one in page.sessions]
    (session,) = (
        one for one in sessions if all(getattr(one, name) == value for name, value in where.items())
    )
    pages = meeting.client.reports.messages(session_id=session.id or "", **MONTH)
    return [one for page in pages for one in page.sent]


def test_a_channel_comes_along_with_all_that_was_said(meeting: Meeting) -> None:
    """Its people, words, moments, files, replies, reactions and stars, and its old id."""
    migrate = meeting.client.migration
    plan = meeting.world.upload("plan.txt", Held(b"the plan"))
    channel_id = migrate.create_channel(
        owner="ines", name="old", type=3, created_at=CREATED, administrators=["ravi@acme.example"]
    )
    migrate.add_members(channel_id=channel_id, members=["m-olu"])
    later = MORNING + timedelta(minutes=5)
    made = migrate.add_messages(
        [
            PastMessage(
                sender="ines", sent_at=MORNING, text="the plan", to_channel=channel_id, file_ids=[plan.id]
            ),
            PastMessage(
                sender="m-olu", sent_at=later, text="seen", to_channel=channel_id, reply_to_sent_at=MORNING
            ),
        ]
    )
    reaction = PastReactions(
        message_id=made.ids[0], sent_at=MORNING, emoji={"U+1F44D": ["ravi", "m-olu"]}, to_channel=channel_id
    )
    migrate.add_reactions([reaction])
    migrate.star(user_id="ines", channel_id=channel_id)

    main, reply = reported(meeting, channel_id=channel_id)
    assert (main.id, reply.id) == made.ids
    assert main.timestamp_ms == round(MORNING.timestamp() * 1000)
    assert [file.file_name for file in main.files] == ["plan.txt"]
    assert [(one.emoji, one.user_ids, one.member_ids) for one in main.reactions] == [
        ("U+1F44D", ("ravi",), ("m-ravi", "m-olu"))
    ]
    assert (reply.sender, reply.sender_member_id) == ("", "m-olu")
    assert (reply.reply_main_message_id, reply.reply_main_message_timestamp_ms) == (
        main.id,
        main.timestamp_ms,
    )
    members = meeting.client.account_channels.members(user_id="ines", channel_id=channel_id)
    assert [(one.name, one.role) for page in members for one in page.records] == [
        ("Ines", "owner"),
        ("Ravi", "admin"),
        ("Olu", "member"),
    ]

    team = there.workspace_id(meeting.world)
    (origin,) = meeting.world.migrated.workspaces[team].channels
    found = migrate.channels(team_id=team, origin_ids=[origin, "C0"])
    assert [(one.origin_channel_id, one.channel_id) for one in found.mappings] == [(origin, channel_id)]
    assert (found.mappings_found, found.mappings_not_found) == (1, 1)
    people = migrate.users(origin_ids=list(meeting.world.migrated.workspaces[team].people))
    assert sorted(one.user_id or "" for one in people.mappings) == ["ines", "ravi"]


def test_a_migration_is_not_done_twice(meeting: Meeting) -> None:
    """The second time is refused, and the first stands alone."""
    migrate = meeting.client.migration
    channel = {"owner": "ines", "name": "old", "created_at": CREATED}
    channel_id = migrate.create_channel(type=2, **channel)
    with pytest.raises(BadRequest) as caught:
        migrate.create_channel(type=2, **channel)
    assert caught.value.code == 5301
    said = PastMessage(sender="ines", sent_at=MORNING, text="hello", to_channel=channel_id)
    migrate.add_messages([said])
    with pytest.raises(BadRequest):
        migrate.add_messages([said])
    assert len(reported(meeting, channel_id=channel_id)) == 1


def test_what_is_not_there_is_named(meeting: Meeting) -> None:
    """A person, a channel, a message, a workspace; a channel that is not open to migration."""
    migrate = meeting.client.migration
    general = meeting.general.channel_id or ""
    said = {"sent_at": MORNING, "text": "hello"}
    with pytest.raises(NotFound):
        migrate.create_channel(owner="nobody", name="old", type=2, created_at=CREATED)
    with pytest.raises(NotFound):
        migrate.add_members(channel_id="none", members=["ravi"])
    with pytest.raises(NotAuthorized):
        migrate.add_messages([PastMessage(sender="ines", to_channel=general, **said)])
    with pytest.raises(NotFound) as caught:
        migrate.add_reactions(
            [PastReactions(message_id="m", sent_at=MORNING, emoji={"U+1": []}, to_channel=general)]
        )
    assert (caught.value.status, caught.value.code) == (400, 5401)
    with pytest.raises(NotFound):
        migrate.channels(team_id="T0", origin_ids=["C1"])


def test_contacts_are_made_and_talked_to(meeting: Meeting) -> None:
    """An invitation makes one, and what is said to one is reported."""
    client = meeting.client
    assert [one.id for page in client.contacts.list() for one in page.records] == ["ravi"]
    client.invitations.send(user_id="me", email="zoe@other.example", message="shall we?")
    (page,) = client.contacts.list(external=True)
    assert [one.email for one in page.records] == ["zoe@other.example"]
    said = client.im_chat.send(to="zoe@other.example", message="hello Zoe")
    (found,) = reported(meeting, type="1:1")
    assert (found.id, found.message, found.sender) == (said, "hello Zoe", "ines@acme.example")
    details = client.contacts.get("ZOE@other.example", presence=True)
    assert (details.first_name, details.presence_status) == ("zoe", "Offline")
    assert client.contacts.get("ines", presence=True).presence_status == "Available"
    with pytest.raises(NotAuthorized):
        client.invitations.send(user_id="me", email="ravi@acme.example")
    with pytest.raises(NotFound):
        client.contacts.get("nobody")


def test_a_hold_gathers_what_is_said_later(meeting: Meeting, tmp_path: Path) -> None:
    """Listed month by month; a month that is over is fetched whole."""
    holds = meeting.client.legal_hold
    matter = holds.create(name="Case 7", identifiers=["ines"])
    meeting.world.say(meeting.general, meeting.ines, "after the hold began")

    def listed() -> list[tuple[str | None, bool | None]]:
        pages = holds.files(matter_id=matter, identifier="ines@acme.example")
        return [(one.file_start_date, one.ready_for_download) for page in pages for one in page.records]

    assert listed() == [("2026-05-20", False)]
    meeting.world.clock.advance(seconds=15 * 86_400)
    assert listed() == [("2026-05-20", True), ("2026-06-01", False)]
    (page,) = holds.files(matter_id=matter, identifier="ines")
    zipped = page.records[0]
    assert (zipped.file_end_date, zipped.file_count) == (str(date(2026, 5, 31)), 1)
    got = holds.download(matter_id=matter, file_key=zipped.file_key or "", to=tmp_path / "a")
    text = zipfile.ZipFile(got.path).read("chat_messages.csv").decode()
    assert [row["message"] for row in csv.DictReader(io.StringIO(text))] == ["after the hold began"]
    (matters,) = holds.matters()
    assert [(one.user_id, one.email) for one in matters.records[0].matter_users] == [
        ("ines", "ines@acme.example")
    ]
