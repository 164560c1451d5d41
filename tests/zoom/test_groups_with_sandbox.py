"""The client against the sandbox, over real sockets: spaces and directory groups from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from sandbox.instance import Account
from sandbox.people import Person
from tests.zoom.test_with_sandbox import MORNING_MS, Meeting, meet
from zoom.errors import BadRequest, NotAuthorized, NotFound


@pytest.fixture
def meeting(loopback: None) -> Iterator[Meeting]:
    """Ines, whose app it is, Ravi, and Olu from outside."""
    with meet(Account(rate_limit=False)) as meeting:
        meeting.world.add_person(Person("ravi", "ravi@acme.example", "Ravi", "m-ravi"))
        yield meeting


def members(meeting: Meeting, space_id: str) -> dict[str | None, str | None]:
    """Who is in a space, as what."""
    pages = meeting.client.spaces.members(space_id=space_id)
    return {row.display_name: row.role for page in pages for row in page.records}


def channels(meeting: Meeting, space_id: str) -> dict[str | None, str | None]:
    """The channels of a space by name, as what they are in it."""
    pages = meeting.client.spaces.channels(space_id=space_id)
    return {row.channel_name: row.space_channel_type for page in pages for row in page.records}


def test_a_space_from_beginning_to_end(meeting: Meeting) -> None:
    """Made, changed, peopled, handed over, ended; every reply in its documented types."""
    spaces = meeting.client.spaces
    made = spaces.create(name="Norvik", administrators=["ravi"], members=["m-olu"], external_users=1)
    space_id = made.space_id or ""
    assert [one.identifier for one in made.space_members] == ["ines", "ravi", "m-olu"]
    assert members(meeting, space_id) == {"Ines": "owner", "Ravi": "admin", "Olu": "member"}
    spaces.update(space_id=space_id, description="castings", adding_members=2)
    found = spaces.get(space_id=space_id)
    assert found.owner is not None
    assert found.space_settings is not None
    assert (found.owner.name, found.space_desc, found.space_settings.add_member_permissions) == (
        "Ines",
        "castings",
        2,
    )
    assert [
        one.operation_status for one in spaces.promote(space_id=space_id, identifiers=["m-olu"]).users
    ] == ["successful"]
    assert spaces.demote(space_id=space_id, identifiers=["m-olu", "ravi"]).successful_operations_count == 2
    spaces.hand_over(space_id=space_id, identifier="ravi")
    gone = spaces.remove_members(space_id=space_id, identifiers=["ravi", "m-olu"])
    assert (gone.successful_operations_count, gone.unsuccessful_operations_count) == (1, 1)
    assert members(meeting, space_id) == {"Ines": "member", "Ravi": "owner"}
    back = spaces.add_members(space_id=space_id, identifiers=["m-olu"])
    assert (back.users[0].is_external_user, back.users[0].user_id) == (True, "")
    records = [row for page in spaces.list(user_id="ravi") for row in page.records]
    assert [(row.space_name, row.oddities) for row in records] == [("Norvik", ())]
    assert {one.oddities for one in (made, found, gone, back)} == {()}
    spaces.delete(space_id=space_id)
    assert [row for page in spaces.list() for row in page.records] == []


def test_channels_are_kept_in_a_space(meeting: Meeting) -> None:
    """A private one goes in and out, a public one does not; what is said in the general one is reported."""
    world, spaces = meeting.world, meeting.client.spaces
    plans = world.open_channel("plans", members=[meeting.ines], at=MORNING_MS)
    made = spaces.create(name="Norvik")
    space_id, public_id = made.space_id or "", meeting.general.channel_id or ""
    moved = spaces.move_channels(space_id=space_id, channel_ids=[plans.id, public_id], direction="move_into")
    assert [one.is_moved for one in moved.channels] == [True, False]
    assert channels(meeting, space_id) == {"General": "general", "plans": "private"}
    spaces.move_channels(space_id=space_id, channel_ids=[plans.id], direction="move_out")
    assert channels(meeting, space_id) == {"General": "general"}
    session = world.sessions[world.channels[made.channel_id or ""].session_id]
    world.say(session, meeting.ines, "hello", at=MORNING_MS)
    today = {"start": date(2026, 5, 20), "end": date(2026, 5, 20)}
    pages = meeting.client.reports.messages(session_id=session.id, **today)
    assert [row.message for page in pages for row in page.sent] == ["hello"]


def test_a_long_list_of_members_is_read_whole(meeting: Meeting) -> None:
    """Seventy people, thirty a page, a dead token in between."""
    people = [f"p{n}" for n in range(70)]
    for one in people:
        meeting.world.add_person(Person(one, f"{one}@acme.example", one, f"m-{one}"))
    space_id = meeting.client.spaces.create(name="All", members=people).space_id or ""
    assert set(members(meeting, space_id)) == {"Ines", *people}
    meeting.misbehave("dead_page_token:nth=1")
    assert set(members(meeting, space_id)) == {"Ines", *people}


def test_refusals_of_spaces_are_understood(meeting: Meeting) -> None:
    """A name twice, no such space, no such person, a stranger as owner, channels of others."""
    spaces = meeting.client.spaces
    space_id = spaces.create(name="Norvik", owner="ravi").space_id or ""
    with pytest.raises(BadRequest, match="5603"):
        spaces.create(name="Norvik")
    with pytest.raises(NotFound, match="5407"):
        spaces.get(space_id="none")
    with pytest.raises(NotFound, match="1001"):
        spaces.remove_members(space_id=space_id, identifiers=["nobody"])
    with pytest.raises(BadRequest, match="5301"):
        spaces.hand_over(space_id=space_id, identifier="m-olu")
    with pytest.raises(NotAuthorized, match="403"):
        spaces.move_channels(space_id=space_id, channel_ids=["c"], direction="move_into")


def test_a_group_from_beginning_to_end(meeting: Meeting) -> None:
    """Made, filled, changed, emptied, deleted."""
    groups = meeting.client.im_groups
    made = groups.create(name="Legal", type="restricted", search_by_domain=False)
    group_id = made.id or ""
    added = groups.add_members(group_id=group_id, user_ids=["ines"], emails=["ravi@acme.example"])
    assert added.ids == "ines,ravi"
    groups.update(group_id=group_id, name="Law", search_by_account=False)
    found = groups.get(group_id=group_id)
    assert (found.name, found.type, found.total_members, found.oddities) == ("Law", "restricted", 2, ())
    assert (found.search_by_account, found.search_by_domain) == (False, False)
    (page,) = groups.list()
    assert [row.id for row in page.records] == [group_id]
    groups.remove_member(group_id=group_id, member_id="ravi")
    rows = [row for page in groups.members(group_id=group_id) for row in page.records]
    assert [(row.id, row.email, row.type) for row in rows] == [("ines", "ines@acme.example", 2)]
    groups.delete(group_id=group_id)
    with pytest.raises(NotFound, match="4130"):
        groups.get(group_id=group_id)


def test_members_of_a_large_group_are_read_whole(meeting: Meeting) -> None:
    """Three hundred a page; a later page by its number, and on from there by token."""
    groups = meeting.client.im_groups
    group_id = groups.create(name="All").id or ""
    people = [f"p{n}" for n in range(700)]
    for one in people:
        meeting.world.add_person(Person(one, f"{one}@acme.example", one, f"m-{one}"))
    meeting.world.im_groups[group_id].member_ids = list(people)
    pages = list(groups.members(group_id=group_id))
    assert [len(page.records) for page in pages] == [300, 300, 100]
    assert {row.id for page in pages for row in page.records} == set(people)
    assert [len(page.records) for page in groups.members(group_id=group_id, page_number=2)] == [300, 100]


def test_refusals_of_groups_are_understood(meeting: Meeting) -> None:
    """A name twice, a stranger, and both kinds of a missing thing."""
    groups = meeting.client.im_groups
    group_id = groups.create(name="Legal").id or ""
    with pytest.raises(BadRequest, match="4132"):
        groups.create(name="Legal")
    with pytest.raises(NotFound, match="1001"):
        groups.add_members(group_id=group_id, user_ids=["olu"])
    with pytest.raises(NotFound, match="4130"):
        next(groups.members(group_id="none"))
