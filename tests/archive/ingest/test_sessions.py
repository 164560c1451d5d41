"""The list of sessions becomes session rows, members and observations."""

from datetime import UTC, date, datetime

import pytest

from archive import ingest
from archive.models import Leaf, Observation, Person, Session, SessionMember, Unreadable
from tests.archive.scenes import INES, NOW, account, conversation, month_of, page, said, session_list

pytestmark = pytest.mark.django_db
GENERAL = {"id": "g", "type": "Group", "name": "general", "channel_id": "c1", "status": "active"}
DIRECT = {"id": "d", "type": "1:1", "name": "", "member_emails": ["Ines@example.com", "olu@else.org"]}


def test_sessions_and_their_members_are_known_from_the_list() -> None:
    """A group has a channel; a 1:1 has two people, found by their addresses."""
    window = month_of(account())
    counts = ingest.session_page(session_list([GENERAL, DIRECT]), window=window, pull=1, now=NOW)
    group, direct = Session.objects.get(zoom_id="g"), Session.objects.get(zoom_id="d")
    assert counts.session_ids == (group.id, direct.id)
    assert counts.per_day == {date(2026, 11, 1): ingest.DayAccount(archived=2)}
    assert (group.name, group.channel_id, group.status) == ("general", "c1", "active")
    assert set(direct.members.values_list("email", flat=True)) == {"ines@example.com", "olu@else.org"}


def test_the_same_list_again_is_all_duplicates() -> None:
    """The session is seen again; nothing is observed anew."""
    window = month_of(account())
    for pull in (1, 2):
        counts = ingest.session_page(session_list([GENERAL]), window=window, pull=pull, now=NOW)
    assert counts.total == ingest.DayAccount(duplicate=1)
    assert Observation.objects.count() == 1


def test_every_distinct_state_is_an_observation_with_its_leaf() -> None:
    """A renamed, deleted session is shown as it is now; what it was stays."""
    window = month_of(account())
    later = {
        **GENERAL,
        "name": "all hands",
        "status": "deleted",
        "last_message_sent_time": "2026-11-03T10:00:00Z",
    }
    ingest.session_page(session_list([GENERAL]), window=window, pull=1, now=NOW)
    ingest.session_page(session_list([later]), window=window, pull=2, now=NOW)
    session = Session.objects.get()
    assert (session.name, session.status) == ("all hands", "deleted")
    assert session.last_message_at == datetime(2026, 11, 3, 10, tzinfo=UTC)
    assert Leaf.objects.filter(kind=Leaf.Kind.OBSERVATION).count() == Observation.objects.count() == 2


def test_a_session_without_an_id_is_kept_as_unreadable() -> None:
    """It cannot be asked for, but it was offered and is counted."""
    counts = ingest.session_page(
        session_list([{"name": "?"}, b"7", GENERAL]), window=month_of(account()), pull=1, now=NOW
    )
    assert counts.total == ingest.DayAccount(archived=1, failed=2)
    assert Unreadable.objects.count() == 2


def test_a_person_known_by_address_gets_their_member_id_when_they_speak() -> None:
    """The list of 1:1 sessions and the messages speak of the same person."""
    held_by = account()
    ingest.session_page(session_list([DIRECT]), window=month_of(held_by), pull=1, now=NOW)
    ingest.message_page(page([said("hi", id="a")]), window=conversation("x", of=held_by), pull=1, now=NOW)
    ines = Person.objects.get(email="ines@example.com")
    assert (ines.member_id, ines.display_name) == (INES["sender_member_id"], "Ines")
    assert SessionMember.objects.filter(person=ines).count() == 1


def test_an_address_that_passes_to_someone_else_makes_no_one_of_two() -> None:
    """Two member ids are two people, whatever address they use."""
    window = conversation()
    successor = {**INES, "sender_member_id": "m-new", "sender_display_name": "Ina"}
    ingest.message_page(
        page([said("a", id="a"), said("b", id="b", by=successor)]), window=window, pull=1, now=NOW
    )
    assert Person.objects.filter(email="ines@example.com").count() == 2
