"""The client against the sandbox, over real sockets: channels, their people and their mention groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from sandbox.groups import ImGroup
from sandbox.instance import Account
from sandbox.people import Person
from tests.zoom.test_with_sandbox import MONTH, MORNING_MS, Meeting, meet
from zoom.errors import BadRequest, NotAuthorized, NotFound
from zoom.operations.channel_settings import Adding, ChannelSettings, Kind, MentioningAll, Posting

TODAY = {"start": date(2026, 5, 20), "end": date(2026, 5, 20)}


@pytest.fixture
def meeting(loopback: None) -> Iterator[Meeting]:
    """Ines, whose app it is, Ravi, and Olu from outside."""
    with meet(Account(rate_limit=False)) as meeting:
        meeting.world.add_person(Person("ravi", "ravi@acme.example", "Ravi", "m-ravi"))
        yield meeting


def made(meeting: Meeting, name: str = "plans", kind: Kind = Kind.PRIVATE, *emails: str) -> str:
    """The id of a channel of Ines's."""
    settings = ChannelSettings(posting=Posting.ADMINISTRATORS, shows_past=False)
    record = meeting.client.channels.create(
        user_id="me", name=name, kind=kind, settings=settings, emails=emails
    )
    assert (record.name, record.type, record.oddities) == (name, kind, ())
    return record.id or ""


def roles(meeting: Meeting, channel_id: str) -> dict[str | None, str | None]:
    """Who is in a channel, as what; the same through both tags."""
    pages = meeting.client.channels.members(channel_id=channel_id)
    found = {row.name: row.role for page in pages for row in page.records}
    again = meeting.client.account_channels.members(user_id="me", channel_id=channel_id)
    assert {row.name: row.role for page in again for row in page.records} == found
    return found


def test_a_channel_from_beginning_to_end(meeting: Meeting) -> None:
    """Made, changed, spoken in, archived, brought back, deleted; the reports go on naming it."""
    channels, world = meeting.client.channels, meeting.world
    channel_id = made(meeting, "plans", Kind.PRIVATE, "ravi@acme.example")
    settings = ChannelSettings(
        adding=Adding.ADMINISTRATORS,
        mentioning_all=MentioningAll.NOBODY,
        posting=Posting.DESIGNATED,
        posting_user_ids=["ravi"],
    )
    channels.update(channel_id=channel_id, name="renamed", settings=settings)
    found = channels.get(channel_id=channel_id)
    assert found.channel_settings is not None
    shown = found.channel_settings
    assert (found.name, shown.add_member_permissions, shown.posting_permissions) == ("renamed", 2, 3)
    assert (shown.mention_all_permissions, shown.new_members_can_see_previous_messages_files) == (3, False)
    assert [one.member_id for one in shown.designated_posting_members] == ["m-ravi"]
    assert meeting.client.account_channels.get(user_id="ravi", channel_id=channel_id) == found
    assert [row.id for page in channels.list(user_id="ravi") for row in page.records] == [channel_id]
    session = world.sessions[world.channels[channel_id].session_id]
    world.say(session, meeting.ines, "hello", at=MORNING_MS)
    assert (
        channels.set_archived(channel_ids=[channel_id, "none"], archived=True).failed_channels[0].error_code
        == "4130"
    )
    with pytest.raises(BadRequest, match="5301"):
        channels.update(channel_id=channel_id, name="again")
    assert channels.set_archived(channel_ids=[channel_id], archived=False).failed_channels == ()
    channels.delete(channel_id=channel_id)
    with pytest.raises(NotFound, match="4130"):
        channels.get(channel_id=channel_id)
    rows = [row for page in meeting.client.reports.sessions(**MONTH) for row in page.sessions]
    assert [(row.id, row.name, row.status) for row in rows] == [(session.id, "renamed", "deleted")]


def test_people_come_and_go(meeting: Meeting) -> None:
    """Invited, promoted, demoted, removed, through either tag; the log tells it in order."""
    channels, account = meeting.client.channels, meeting.client.account_channels
    channel_id = made(meeting)
    me = {"user_id": "me", "channel_id": channel_id}
    added = channels.invite_members(channel_id=channel_id, emails=["ravi@acme.example", "olu@other.example"])
    assert (added.ids, added.member_ids, added.added_at) == ("ravi", "m-ravi,m-olu", "2026-05-20T12:00:00Z")
    assert account.promote(**me, emails=["ravi@acme.example"], member_ids=["m-olu"]).ids == "ravi"
    assert roles(meeting, channel_id) == {"Ines": "owner", "Ravi": "admin", "Olu": "admin"}
    account.demote(**me, admin_ids=["m-olu"])
    admins = [row.name for page in account.administrators(**me) for row in page.records]
    assert sorted(filter(None, admins)) == ["Ines", "Ravi"]
    channels.remove_members(channel_id=channel_id, user_ids=["m-olu"])
    account.remove_members(**me, identifiers=["ravi"])
    assert account.invite_members(**me, emails=["ravi@acme.example"]).ids == "ravi"
    account.remove_member(**me, identifier="ravi@acme.example")
    log = [row for page in account.activities(channel_id=channel_id, **TODAY) for row in page.records]
    states = [row.members.member_status for row in log if row.members is not None]
    assert states == ["joined", "joined", "left", "left", "joined", "left"]
    assert roles(meeting, channel_id) == {"Ines": "owner"}


def test_a_public_channel_is_joined_and_left(meeting: Meeting) -> None:
    """And found among the public ones; a private one is not joined."""
    channels, account = meeting.client.channels, meeting.client.account_channels
    theirs = channels.create(user_id="ravi", name="open", kind=Kind.PUBLIC_TO_ACCOUNT).id or ""
    assert channels.join(channel_id=theirs).id == "ines"
    channels.leave(channel_id=theirs)
    assert roles(meeting, theirs) == {"Ravi": "owner"}
    assert theirs in [row.id for page in account.list() for row in page.records]
    secret = channels.create(user_id="ravi", name="secret", kind=Kind.PRIVATE).id or ""
    with pytest.raises(BadRequest, match="5301"):
        channels.join(channel_id=secret)
    account.delete_many(user_id="ravi", channel_ids=[theirs, secret])
    assert [row for page in channels.list(user_id="ravi") for row in page.records] == []


def test_channels_are_searched_through(meeting: Meeting) -> None:
    """Forty-five, twenty a page; an exact name; archived ones when asked for."""
    account = meeting.client.account_channels
    for number in range(45):
        meeting.world.open_channel(f"plan {number}", members=[meeting.ines], type=1)
    found = [row for page in account.search(within="all", keywords=["plan"]) for row in page.records]
    assert len({row.id for row in found}) == len(found) == 45
    (exact,) = account.search(within="user_joined", user_id="ines", exact_name="plan 7")
    assert [(row.name, row.member_count, row.oddities) for row in exact.records] == [("plan 7", 1, ())]
    meeting.client.channels.set_archived(channel_ids=[exact.records[0].id or ""], archived=True)
    for archived, count in ((False, 0), (True, 1)):
        pages = account.search(within="all", exact_name="plan 7", include_archived=archived)
        assert len([row for page in pages for row in page.records]) == count


def test_a_group_of_the_directory_is_in_a_channel(meeting: Meeting) -> None:
    """With its people, until it is taken out."""
    channels = meeting.client.channels
    meeting.world.im_groups["g"] = ImGroup("g", "Legal", member_ids=["ravi"])
    channel_id = made(meeting)
    (group,) = channels.add_groups(channel_id=channel_id, group_ids=["g"]).groups
    assert (group.group_id, group.group_name) == ("g", "Legal")
    assert channels.groups(channel_id=channel_id).groups == (group,)
    assert roles(meeting, channel_id) == {"Ines": "owner", "Ravi": "member"}
    channels.remove_group(channel_id=channel_id, group_id="g")
    assert roles(meeting, channel_id) == {"Ines": "owner"}
    with pytest.raises(NotFound, match="4130"):
        channels.add_groups(channel_id=channel_id, group_ids=["none"])


def test_mention_groups_from_beginning_to_end(meeting: Meeting) -> None:
    """Made, peopled, renamed, deleted; a token that dies is begun again."""
    groups = meeting.client.mention_groups
    people = [
        meeting.world.add_person(Person(f"p{n}", f"p{n}@acme.example", f"p{n}", f"m-p{n}")) for n in range(45)
    ]
    channel = meeting.world.open_channel("wide", members=[meeting.ines, *people], type=1)
    group_id = (
        groups.create(channel_id=channel.id, name="team", identifiers=["p0"], description="us").id or ""
    )
    where = {"channel_id": channel.id, "group_id": group_id}
    for start, end in ((1, 21), (21, 41), (41, 45)):
        groups.add_members(**where, identifiers=[one.id for one in people[start:end]])
    meeting.misbehave("dead_page_token:nth=1")
    rows = list(groups.members(**where))
    last = [row.user_id for page in rows if page.attempt == rows[-1].attempt for row in page.records]
    assert sorted(filter(None, last)) == sorted(one.id for one in people)
    groups.remove_members(**where, identifiers=["p0", "m-p1"])
    groups.update(**where, name="crew", description="")
    (page,) = groups.list(channel_id=channel.id)
    assert [(row.id, row.name, row.description) for row in page.records] == [(group_id, "crew", None)]
    with pytest.raises(NotAuthorized, match="200"):
        groups.add_members(**where, identifiers=["ravi"])
    groups.delete(**where)
    with pytest.raises(NotFound, match="5508"):
        list(groups.members(**where))


def test_retention_is_kept(meeting: Meeting) -> None:
    """What was set is what is read."""
    channel_id = made(meeting)
    account = meeting.client.account_channels
    account.set_retention(channel_id=channel_id, enabled=True, period="30d")
    kept = account.retention(channel_id=channel_id).cloud_retention
    assert kept is not None
    assert (kept.enable_custom_retention, kept.retention_period) == (True, "30d")
