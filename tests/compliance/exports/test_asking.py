"""Asking for an export, and what is measured of it before anything is made."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from archive import search
from archive.models import Leaf, Message, Session
from compliance import lists, periods, saved
from compliance.exports import asking, choosing, reading
from compliance.exports.choosing import Source, Unfit
from compliance.hindrances import Absent
from compliance.models import AuditEvent, Export, Matter, Told
from tests.compliance import cast
from tests.compliance.exports.conftest import NOW, Kind, State, Worker, draft, measured, of_matter

pytestmark = pytest.mark.django_db


def everything() -> int:
    return Message.objects.count()


def test_what_a_matter_holds_is_measured_to_the_message(matter: Matter, ines: User, worker: Worker) -> None:
    """Nothing is made yet; its figures, its digest and where it stands in the log are there."""
    row = measured(of_matter(matter), worker, ines)
    assert row.state == State.MEASURED, row.ending
    assert row.contents["messages"] == everything()
    assert len(row.digest) == 64
    assert 0 < row.size <= Leaf.objects.count()
    assert (row.folder, row.parts, row.matter) == ("", None, matter)


def test_each_step_is_in_the_trail_and_whoever_asked_is_told(
    matter: Matter, ines: User, worker: Worker
) -> None:
    """With the digest, which binds every file to the signed log."""
    row = measured(of_matter(matter), worker, ines)
    events = AuditEvent.objects.filter(subject=f"export/{row.pk}").order_by("pk")
    assert [event.action for event in events] == ["started", "measured"]
    assert events[0].details["reason"] == "Letter of 2 November"
    assert events[1].details["sha256"] == row.digest == row.contents["sha256"]
    assert Told.objects.get(person=ines).link == f"/exports/{row.pk}/"


def test_the_same_key_asks_for_one_export(matter: Matter, ines: User) -> None:
    """A form sent twice, and a program that did not hear the answer."""
    asked = draft(of_matter(matter), request_key=uuid.uuid4())
    first = asking.ask(asked, by=ines, now=NOW)
    assert asking.ask(asked, by=ines, now=NOW) == first
    assert Export.objects.count() == 1


def test_a_list_is_exported_as_it_was_frozen(session: Session, ines: User, worker: Worker) -> None:
    """However the search would answer today."""
    kept = lists.freeze(name="Board", query="plain", order=search.Order.NEWEST, by=ines, now=NOW)
    row = measured(Source(Kind.LIST, kept.pk), worker, ines)
    assert (row.state, row.contents["messages"]) == (State.MEASURED, 6)
    assert row.chosen["query"] == "plain"


def test_a_saved_search_is_frozen_for_its_export(session: Session, ines: User, worker: Worker) -> None:
    """So that what was exported can be looked at, and proven, afterwards."""
    kept = saved.save(name="Plain", query="plain", order=search.Order.NEWEST, by=ines, now=NOW)
    row = measured(Source(Kind.SEARCH, kept.pk), worker, ines)
    assert (row.state, row.contents["messages"]) == (State.MEASURED, 6)
    assert row.list.name == "Plain, for an export"


def test_a_session_is_exported_for_its_days(session: Session, ines: User, worker: Worker) -> None:
    """And for no others."""
    days = periods.read("2026-11", zone="UTC")
    row = measured(Source(Kind.SESSION, session.pk, period=days), worker, ines)
    assert row.contents["messages"] == Message.objects.filter(session=session).count()
    before = periods.read("2025-01", zone="UTC")
    row = measured(Source(Kind.SESSION, session.pk, period=before), worker, ines)
    assert (row.state, row.ending) == (
        State.FAILED,
        "There is no message in it, so there is nothing to export.",
    )


def test_what_is_captured_later_changes_nothing(matter: Matter, ines: User, worker: Worker) -> None:
    """Of two exports over the same beginning of the log."""
    row = measured(of_matter(matter), worker, ines)
    assert choosing.scope_of(row) is choosing.EVERYTHING
    other = measured(of_matter(matter), worker, ines)
    assert row.contents["revisions"] == other.contents["revisions"]


def test_a_reviewer_exports_within_a_matter_only(
    matter: Matter, session: Session, ravi: User, worker: Worker
) -> None:
    """A session as far as the matter holds it, a list of no matter not at all; of others' matters he learns nothing."""
    days = periods.read("2026-11", zone="UTC")
    with pytest.raises(Absent):
        asking.ask(draft(of_matter(matter)), by=ravi, now=NOW)
    mine = cast.let_into(ravi, session)
    with pytest.raises(Unfit, match="Choose the matter"):
        asking.ask(draft(Source(Kind.SESSION, session.pk, period=days)), by=ravi, now=NOW)
    row = measured(Source(Kind.SESSION, session.pk, matter_id=mine.pk, period=days), worker, ravi)
    assert (row.state, row.matter) == (State.MEASURED, mine)
    with pytest.raises(Absent):
        asking.ask(
            draft(Source(Kind.SESSION, session.pk, matter_id=matter.pk, period=days)), by=ravi, now=NOW
        )


def test_an_auditor_exports_the_matter_granted_and_no_other(
    matter: Matter, session: Session, tomas: User, worker: Worker
) -> None:
    """Without reading a message in the console."""
    with pytest.raises(Absent):
        asking.ask(draft(of_matter(matter)), by=tomas, now=NOW)
    granted = cast.let_into(tomas, session)
    row = measured(of_matter(granted), worker, tomas)
    assert row.state == State.MEASURED, row.ending
    with pytest.raises(PermissionDenied):
        asking.ask(draft(Source(Kind.SESSION, session.pk)), by=tomas, now=NOW)


def test_who_may_not_export_is_refused_and_recorded(matter: Matter, ada: User) -> None:
    """Ada administers."""
    with pytest.raises(PermissionDenied, match="export messages"):
        asking.ask(draft(of_matter(matter)), by=ada, now=NOW)
    assert AuditEvent.objects.latest("pk").action == "refused"
    with pytest.raises(PermissionDenied):
        reading.page(by=ada, now=NOW)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"title": "  "}, "title"),
        ({"reason": " "}, "what it is for"),
        ({"part_bytes": 5}, "A part has"),
        ({"zone": "Mars/Base"}, "no time zone"),
    ],
)
def test_what_does_not_fit_is_said(
    columns: dict[str, object], words: str, matter: Matter, ines: User
) -> None:
    """In a sentence, before anything is written."""
    with pytest.raises(Unfit, match=words):
        asking.ask(draft(of_matter(matter), **columns), by=ines, now=NOW)
    assert not Export.objects.exists()


def test_a_right_taken_away_meanwhile_ends_it(matter: Matter, ines: User, worker: Worker) -> None:
    """Ines left the matter between asking and measuring."""
    row = asking.ask(draft(of_matter(matter)), by=ines, now=NOW)
    matter.members.update(removed_at=NOW)
    worker.work()
    row.refresh_from_db()
    assert (row.state, row.ending) == (State.FAILED, "Whoever asked for it may no longer have it.")
