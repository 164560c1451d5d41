"""What an export has to account for is there also where nothing could be chosen: silent sessions, failed days."""

import csv
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive import search
from archive.models import Session, Window
from compliance import lists
from compliance.exports.choosing import Source
from compliance.models import Export, Hold, Matter, MatterMember
from compliance.permissions import Role
from tests.archive import scenes
from tests.compliance import cast
from tests.compliance.exports.conftest import NOW, Kind, State, Worker, made, measured, of_matter
from tests.compliance.exports.test_verifying import unpacked

JANUARY = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}


def failed(session: Session, **days: date) -> None:
    """A window of a session whose every reading broke off."""
    span = days or {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 20)}
    Window.objects.create(
        account=session.account, session=session, kind=Window.Kind.MESSAGES, state=Window.State.GAP,
        not_before=scenes.NOW, last_error="Zoom answered 500.", **span,
    )  # fmt: skip


@pytest.fixture
def silent(session: Session) -> Session:
    """A session of which nothing was ever read."""
    silent = Session.objects.create(
        account=session.account, zoom_id="silent", type="Group", name="silent", first_seen_at=scenes.NOW,
        last_seen_at=scenes.NOW,
    )  # fmt: skip
    failed(silent)
    return silent


def table(bag: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((bag / "data/about" / name).read_text("utf-8-sig").splitlines()))


def spans(bag: Path, session: Session) -> list[tuple[str, str, str]]:
    """First day, last day and state of each stretch of a session in coverage.csv."""
    rows = [row for row in table(bag, "coverage.csv") if row["session"] == session.zoom_id]
    return [(row["first_day"], row["last_day"], row["state"]) for row in rows]


def test_a_held_session_of_which_nothing_was_read_is_accounted_for(
    silent: Session,
    session: Session,
    matter: Matter,
    ines: User,
    worker: Worker,
    tmp_path: Path,
    client: Client,
) -> None:
    """In coverage, among the exceptions, in the figures of the preflight and on its page."""
    row = measured(of_matter(matter), worker, ines)
    assert row.contents is not None
    assert row.contents["open_days"]["gap"] == 20
    client.force_login(ines)
    assert "NOT COMPLETE" in client.get(f"/exports/{row.pk}/").content.decode().upper()
    bag = unpacked(made(of_matter(matter), worker, ines), tmp_path)
    assert ("2026-11-01", "2026-11-20", "gap") in spans(bag, silent)
    gaps = [one for one in table(bag, "exceptions.csv") if one["what"] == "days not complete"]
    assert [one["at"] for one in gaps if one["session"] == "silent"][:1] == ["2026-11-01"]


def test_a_month_that_failed_before_the_first_message_is_accounted_for(
    session: Session, matter: Matter, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """Without a first day the period begins where Zoom was first asked, and it goes on to the checkpoint."""
    failed(session, **JANUARY)
    row = made(of_matter(matter), worker, ines)
    assert row.contents is not None
    assert row.contents["open_days"]["gap"] == 31
    found = spans(unpacked(row, tmp_path), session)
    assert found[0] == ("2026-01-01", "2026-01-31", "gap")
    assert row.stands_at is not None
    assert found[-1][1] == f"{row.stands_at:%Y-%m-%d}"


def test_a_matter_is_about_the_time_that_it_holds(
    session: Session, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """From the first day of its holds to their last, whenever the first message was said."""
    failed(session, **JANUARY)
    theirs = Matter.objects.create(
        account_id=session.account_id, name="Winter", reason="Letter of 2 November", request_key=uuid.uuid4(),
        opened_by_name="Ines", opened_at=NOW,
    )  # fmt: skip
    MatterMember.objects.create(matter=theirs, user=ines, added_at=NOW, added_by_name="Ines")
    Hold.objects.create(
        matter=theirs, account_id=session.account_id, session_id=session.pk, covers_received=True, placed_at=NOW,
        placed_by_name="Ines", since=datetime(2026, 1, 15, tzinfo=UTC), until=datetime(2026, 11, 3, tzinfo=UTC),
    )  # fmt: skip
    found = spans(unpacked(made(of_matter(theirs), worker, ines), tmp_path), session)
    assert (found[0], found[-1][1]) == (("2026-01-15", "2026-01-31", "gap"), "2026-11-02")


def test_a_list_is_about_the_sessions_and_days_its_query_names(
    silent: Session, session: Session, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """Whatever was found in them; of a query that names neither, about the sessions of what was found."""
    failed(session, **JANUARY)
    named = f"plain (in:{session.zoom_id} OR in:silent) after:2026-01-20 before:2026-11-04"
    bag = unpacked(of_list(named, worker, ines), tmp_path / "named")
    assert spans(bag, silent)[-1] == ("2026-11-01", "2026-11-03", "gap")
    assert spans(bag, session)[0] == ("2026-01-21", "2026-01-31", "gap")
    bag = unpacked(of_list("plain", worker, ines), tmp_path / "unnamed")
    assert spans(bag, silent) == []
    assert spans(bag, session)[0] == ("2026-01-01", "2026-01-31", "gap")


def test_whoever_does_not_read_everything_learns_of_no_session_beyond_their_matter(
    silent: Session, session: Session, worker: Worker, tmp_path: Path
) -> None:
    """A query may name one, and the package is silent on it, as the archive is."""
    ravi = cast.person(Role.REVIEWER)
    theirs = cast.let_into(ravi, session)
    row = of_list(f"plain (in:{session.zoom_id} OR in:silent)", worker, ravi, matter=theirs)
    bag = unpacked(row, tmp_path)
    assert spans(bag, silent) == []
    assert len(spans(bag, session)) > 0


def of_list(query: str, worker: Worker, by: User, *, matter: Matter | None = None) -> Export:
    """An export of what a query finds, made."""
    kept = lists.freeze(
        name="Board", query=query, order=search.Order.NEWEST, matter_id=None if matter is None else matter.pk,
        by=by if matter is None else None, now=NOW,
    )  # fmt: skip
    row = made(Source(Kind.LIST, kept.pk), worker, by)
    assert row.state == State.READY, row.ending or row.last_error
    return row
