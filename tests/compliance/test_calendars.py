"""The calendar of completeness as a page: what it says, where it leads, what it costs."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive import completeness
from archive.completeness import DayState
from archive.models import Account, Session, Window
from compliance import calendars
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db
BUDGETS = {
    "/reports/completeness/": 27,
    "/reports/completeness/sessions/{session}/": 31,
    "/reports/completeness/days/2026-11-05/": 29,
    "/reports/completeness/days/2026-11-05/?session={session}": 33,
}


@pytest.fixture(autouse=True)
def _that_day() -> object:
    with time_machine.travel(scenes.NOW, tick=False) as travelled:
        yield travelled


def broken(session: Session, *, since: date | None = None) -> None:
    """The session's next pull broke off."""
    rows = Window.objects.filter(session=session)
    rows.update(state="gap", last_error="Zoom answered 503 <b>.", last_error_code="unavailable")
    if since is None:
        rows.update(complete_through=None)


def test_every_day_leads_to_what_is_missing_of_it(ines: User, as_person: As) -> None:
    """A gap in one of two sessions: the account's days say so, and each leads to the window and its reason."""
    _, other = world.fill(sessions=2)
    client = as_person(ines)
    whole = client.get("/reports/completeness/").content.decode()
    assert "5 Nov 2026: complete" in whole
    broken(other)
    page = client.get("/reports/completeness/").content.decode()
    assert "5 Nov 2026: complete" not in page
    assert 'aria-label="5 Nov 2026: gap"' in page
    assert 'href="/reports/completeness/days/2026-11-05/"' in page
    day = client.get("/reports/completeness/days/2026-11-05/").content.decode()
    assert "1 window leaves this day" in day
    assert "Zoom answered 503 &lt;b&gt;." in day
    assert f"/reports/completeness/sessions/{other.pk}/" in day


def test_a_session_with_a_gap_never_says_that_every_day_is_complete(ines: User, as_person: As) -> None:
    """Neither its year nor the page that was there before, and both say the same of the same days."""
    (session,) = world.fill()
    client = as_person(ines)
    addresses = (f"/reports/completeness/sessions/{session.pk}/", f"/sessions/{session.pk}/completeness/")
    broken(session, since=date(2026, 11, 1))
    year, months = (client.get(address).content.decode() for address in addresses)
    assert "Every day is complete" not in year
    assert 'aria-label="18 Nov 2026: complete"' in year  # settled before the pull that broke off
    assert 'aria-label="19 Nov 2026: gap"' in year
    assert 'title="18 Nov 2026: complete' in months
    assert 'title="19 Nov 2026: gap' in months


def test_days_before_the_first_capture_are_unknown_and_lead_to_why(ines: User, as_person: As) -> None:
    """They are neither complete nor missing from the picture, and no number stands for them."""
    world.fill()
    client = as_person(ines)
    page = client.get("/reports/completeness/").content.decode()
    assert 'aria-label="31 Oct 2026: unknown"' in page
    assert "1 Dec 2025 to 31 Oct 2026" in page
    assert (
        "Nobody asked Zoom about this day"
        in client.get("/reports/completeness/days/2026-10-31/").content.decode()
    )


def test_days_to_come_are_not_in_the_picture(ines: User, as_person: As) -> None:
    """Today is the last; a day that is still to come has a page that says so."""
    world.fill()
    client = as_person(ines)
    assert 'aria-label="21 Nov 2026' not in client.get("/reports/completeness/").content.decode()
    assert b"still to come" in client.get("/reports/completeness/days/2026-11-21/").content


def test_without_an_account_the_page_says_what_to_do(ines: User, as_person: As) -> None:
    """An empty console has no calendar to draw."""
    assert b"No account is connected" in as_person(ines).get("/reports/completeness/").content


def test_a_day_of_which_something_was_destroyed_says_so(ines: User, as_person: As) -> None:
    """It was complete and is not whole any more; a day with a gap besides is a gap first."""
    days = [
        completeness.AccountDay(date(2026, 11, number), state, {}, DayState.COMPLETE, 5)
        for number, state in ((1, DayState.COMPLETE), (2, DayState.GAP), (3, DayState.COMPLETE))
    ]
    gone = {date(2026, 11, 1): 3, date(2026, 11, 2): 1}
    marks = calendars.of_account(days, destroyed=gone)
    assert [mark.state for mark in marks] == ["destroyed", "gap", "complete"]
    assert marks[0].reason == "3 messages destroyed here since, under a disposition."
    assert "1 message destroyed" in marks[1].reason
    assert calendars.year(marks, address=str).not_complete == [("gap", 1), ("destroyed", 1)]


@pytest.mark.parametrize("day", ["2026-13-01", "1", "yesterday"])
def test_what_is_no_day_is_not_there(day: str, ines: User, as_person: As) -> None:
    """A day is written as ISO has it."""
    world.fill()
    assert as_person(ines).get(f"/reports/completeness/days/{day}/").status_code == 404


def cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_no_calendar_costs_more_for_a_larger_archive(ines: User, as_person: As) -> None:
    """The same number of queries for few sessions and for many, within each page's budget."""
    session = world.fill(sessions=2)[0]
    broken(session)
    client = as_person(ines)
    few = {address: cost(client, address.format(session=session.pk)) for address in BUDGETS}
    for number in range(60):
        broken_one = scenes.conversation(f"more{number}", of=Account.objects.get())
        assert broken_one.session is not None
        broken(broken_one.session)
    many = {address: cost(client, address.format(session=session.pk)) for address in BUDGETS}
    assert many == few
    assert {address: n for address, n in few.items() if n > BUDGETS[address]} == {}


def test_a_year_says_it_is_complete_only_when_every_day_is() -> None:
    """One day that is not is enough, and it is in the table of those that are not."""
    first = date(2026, 1, 1)
    marks = [
        calendars.Mark(first + timedelta(days=number), DayState.COMPLETE.value, 1, 0) for number in range(365)
    ]
    assert calendars.year(marks, address=str).is_complete
    for state in DayState:
        if state is not DayState.COMPLETE:
            marks[200] = calendars.Mark(marks[200].day, state.value, None, 1)
            year = calendars.year(marks, address=str)
            assert not year.is_complete
            assert [run.first for run in year.runs] == [marks[200].day]
            assert calendars.WORDS[state.value] != calendars.WORDS["complete"]
            assert calendars.MARKS[state.value] != calendars.MARKS["complete"]


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2026, 11, 27), date(2025, 12, 1)),
        (date(2026, 12, 1), date(2026, 1, 1)),
        (date(2024, 2, 29), date(2023, 3, 1)),
    ],
)
def test_a_year_is_twelve_whole_months(last: date, first: date) -> None:
    """It ends with the month of the day given."""
    begin, end = calendars.months_to(last)
    assert (begin, (end.year, end.month)) == (first, (last.year, last.month))
