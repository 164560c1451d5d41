"""What a package says of itself, read from packages as they are really made: counts, coverage, query, doubts, tools."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from archive import search
from archive.models import Message, Person, Session, SessionMember, Window
from archive.packages import custody
from compliance import lists, periods
from compliance.exports.choosing import Source
from compliance.models import Export, Hold, Matter
from tests.archive import scenes
from tests.compliance import cast, world
from tests.compliance.exports.conftest import NOW, Kind, State, Worker, made, of_matter
from tests.compliance.exports.test_accounted import failed, spans, table
from tests.compliance.exports.test_verifying import unpacked

ONE_DAY = periods.between(date(2026, 11, 2), date(2026, 11, 2), zone="UTC")


def document(bag: Path, name: str) -> Any:
    return json.loads((bag / "data/about" / name).read_text())


def taken(source: Source, worker: Worker, by: User | None, to: Path) -> tuple[Export, Path]:
    """An export that was made, and its package."""
    row = made(source, worker, by)
    assert row.state == State.READY, row.ending or row.last_error
    return row, unpacked(row, to)


@pytest.fixture
def plain(db: None) -> Session:
    """A session of plain messages, of which nothing is missing on the day they were said."""
    session = world.fill(sessions=2, messages=6)[1]
    world.index()
    return session


def test_nothing_missing_is_said_in_words(plain: Session, ines: User, worker: Worker, tmp_path: Path) -> None:
    """The file of exceptions is there, and has one row that says none."""
    _, bag = taken(Source(Kind.SESSION, plain.pk, period=ONE_DAY), worker, ines, tmp_path)
    (row,) = table(bag, "exceptions.csv")
    assert (row["what"], row["reason"]) == ("none", "Nothing is missing, as far as the archive knows.")
    assert spans(bag, plain) == [("2026-11-02", "2026-11-02", "complete")]


def test_everything_in_doubt_is_a_row(
    session: Session, matter: Matter, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """A missing file, a time Zoom did not give, a record that is no message, days that were not read."""
    window = Window.objects.get(session=session)
    world.captured(window, [scenes.said("when was this?", id="when", timestamp=None), b"[7]"])
    failed(session, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31))
    _, bag = taken(of_matter(matter), worker, ines, tmp_path)
    rows = table(bag, "exceptions.csv")
    by_what = {row["what"]: row for row in rows}
    assert set(by_what) == {"file missing", "time doubtful", "record unreadable", "days not complete"}
    assert all(row["session"] == session.zoom_id for row in rows)
    assert by_what["time doubtful"]["message"] == "when"
    assert by_what["record unreadable"]["reason"] != ""
    assert by_what["file missing"]["reason"] == "It had not been fetched from Zoom yet."
    gaps = [(row["at"], row["until"], row["reason"]) for row in rows if row["what"] == "days not complete"]
    assert gaps[0] == ("2026-10-01", "2026-10-31", "gap: Zoom answered 500.")


def test_coverage_has_every_day_of_every_session_once(
    session: Session, matter: Matter, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """Stretch follows stretch from the first day to the last, and they are the days the preflight counted."""
    row, bag = taken(of_matter(matter), worker, ines, tmp_path)
    rows, days = table(bag, "coverage.csv"), 0
    following: dict[str, date] = {}
    for one in rows:
        first, last = date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"])
        assert following.get(one["session"], first) == first
        assert int(one["days"]) == (last - first).days + 1
        following[one["session"]], days = last + timedelta(days=1), days + int(one["days"])
        assert (one["reason"] == "") == (one["state"] == "complete")
    assert row.contents is not None
    assert days == row.contents["days"]
    asked = document(bag, "query.json")
    assert {day - timedelta(days=1) for day in following.values()} == {date.fromisoformat(asked["last_day"])}
    assert min(one["first_day"] for one in rows) == asked["first_day"]


def test_the_query_is_there_in_words_and_as_it_was_read(
    session: Session, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """As it was typed, as it was parsed, what that means, and what the package stands on."""
    kept = lists.freeze(name="Board", query="plain NOT olu", order=search.Order.NEWEST, by=ines, now=NOW)
    row, bag = taken(Source(Kind.LIST, kept.pk), worker, ines, tmp_path)
    asked = document(bag, "query.json")
    query = asked["query"]
    assert query["words"] == "The frozen list “Board”: plain NOT olu"
    assert query["query"] == "plain NOT olu"
    assert query["parsed"] == search.spelled.out(search.parse("plain NOT olu", now=NOW))
    assert "plain" in query["explanation"]
    assert (asked["export"], asked["log_size"]) == (row.pk, row.size)


def test_every_tool_is_named_with_its_version(
    matter: Matter, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """Of what made the package, database and Python included."""
    _, bag = taken(of_matter(matter), worker, ines, tmp_path)
    versions = document(bag, "custody.json")["versions"]
    assert versions == custody.versions()
    assert versions.keys() >= {"holdfast", "python", "postgres", *custody.TOOLS}
    assert all(version[0].isdigit() for tool, version in versions.items() if tool != "holdfast")


def test_a_custodian_is_counted_also_who_said_nothing(
    session: Session, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """What each said, and all that was said in the sessions they were in; nothing is a printed zero."""
    account = session.account
    olu, ravi = Person.objects.get(member_id="m-olu"), Person.objects.get(member_id="m-ravi")
    silent = Person.objects.create(account=account, member_id="m-mei", display_name="Mei")
    absent = Person.objects.create(account=account, member_id="m-tom", display_name="Tom")
    SessionMember.objects.create(
        session=session, person=silent, first_seen_at=scenes.NOW, last_seen_at=scenes.NOW
    )
    theirs = cast.let_into(ines, session)
    for person in (ravi, silent, absent):
        Hold.objects.create(
            matter=theirs, account_id=account.pk, person_id=person.pk, covers_received=True, placed_at=NOW,
            placed_by_name="Ines",
        )  # fmt: skip
    _, bag = taken(of_matter(theirs), worker, ines, tmp_path)
    rows = table(bag, "counts.csv")
    found = {(row["by"], row["id"]): (row["name"], row["messages"]) for row in rows}
    said = str(Message.objects.filter(sender=ravi).count())
    everything = str(Message.objects.count())
    assert found["custodian", str(ravi.pk)] == ("Ravi", said)
    assert found["sessions of custodian", str(ravi.pk)] == ("Ravi", everything)
    assert found["custodian", str(silent.pk)] == ("Mei", "0")
    assert found["sessions of custodian", str(silent.pk)] == ("Mei", everything)
    assert (
        found["custodian", str(absent.pk)] == found["sessions of custodian", str(absent.pk)] == ("Tom", "0")
    )
    assert ("person", str(olu.pk)) in found
    assert ("custodian", str(olu.pk)) not in found
