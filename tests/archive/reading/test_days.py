"""Days of a session and of an account against an oracle that knows nothing of how they are worked out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import completeness
from archive.capture import windows
from archive.completeness import DayState
from archive.models import Account, Session, Window
from archive.reporting import proven
from tests.archive import scenes

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
TODAY = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=number) for number in range((TODAY.date() - FIRST).days + 1)]
Drawn = dict[str, Any]


@st.composite
def windows_of(draw: st.DrawFn) -> list[Drawn]:
    """Windows as a capture may leave them: of lists, of two sessions and their sweeps; whole, broken, waiting."""
    found: list[Drawn] = []
    taken: set[tuple[str, int | None, date]] = set()
    for _ in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(["sessions", "messages", "messages", "modifications"]))
        session = None if kind == "sessions" else draw(st.sampled_from([0, 1]))
        first = FIRST + timedelta(days=draw(st.sampled_from([0, 30, 61]) | st.integers(0, 85)))
        if (kind, session, first) in taken:
            continue
        taken.add((kind, session, first))
        last = first + timedelta(days=draw(st.integers(0, 30)))
        hours = draw(st.none() | st.integers(0, 24 * 82))
        state = draw(st.sampled_from(["due", "claimed", "complete", "gap"]))
        if state == "complete" and hours is None:
            state = "due"
        code = draw(st.sampled_from(["", "unavailable"])) if state in ("due", "claimed") else ""
        if state == "gap":
            code = draw(st.sampled_from(["unavailable", "fell_off"]))
        found.append(
            {
                "kind": kind,
                "session": session,
                "first_day": first,
                "last_day": last,
                "state": state,
                "last_error_code": code,
                "last_error": "Zoom answered 503." if code else "",
                "complete_through": None
                if hours is None
                else datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=hours),
                "not_before": windows.NEVER if code == "fell_off" else TODAY,
            }
        )
    return found


def place(drawn: list[Drawn], settle_days: int) -> tuple[Account, list[Session]]:
    account = scenes.account(f"acme-{Account.objects.count()}")
    Account.objects.filter(pk=account.pk).update(settle_days=settle_days)
    sessions = [
        Session.objects.create(
            account=account,
            zoom_id=f"s{n}",
            type="Group",
            name=f"s{n}",
            first_seen_at=TODAY,
            last_seen_at=TODAY,
        )
        for n in (0, 1)
    ]
    for one in drawn:
        of = None if one["session"] is None else sessions[one["session"]]
        Window.objects.create(account=account, **{**one, "session": of})
    return account, sessions


def may_be_complete(drawn: list[Drawn], session: int, day: date, settle_days: int) -> bool:
    """The oracle: written from the promise, moment by moment, not from the code."""
    over = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    own = [w for w in drawn if w["session"] == session and w["first_day"] <= day <= w["last_day"]]
    lists = [w for w in drawn if w["kind"] == "sessions" and w["first_day"] <= day <= w["last_day"]]
    proving = [w for w in own if w["kind"] == "messages"]
    for window in own + ([] if proving else lists):
        broke = window["state"] == "gap" or window["last_error_code"] != ""
        if broke and asks_for(window, day, settle_days):
            return False
    proofs = proving or lists
    return any(w["complete_through"] is not None and w["complete_through"] >= over for w in proofs)


def asks_for(window: Drawn, day: date, settle_days: int) -> bool:
    """Whether the pull that broke off asked for a day: every day that had not settled at the last whole pull."""
    if window["complete_through"] is None:
        return True
    age = (window["complete_through"].date() - day).days
    return age < max(settle_days, 1) or day == window["last_day"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=windows_of(), settle_days=st.integers(0, 4))
def test_no_day_of_a_gap_is_shown_as_complete(drawn: list[Drawn], settle_days: int, db: None) -> None:
    """What a session's calendar calls complete the oracle does too; and the account's only what all sessions' do."""
    account, sessions = place(drawn, settle_days)
    whole = completeness.of_account(account.pk, first=FIRST, last=LAST, now=TODAY)
    assert [one.day for one in whole] == DAYS
    for number, session in enumerate(sessions):
        shown = completeness.days(session.pk, first=FIRST, last=LAST, now=TODAY)
        assert [one.day for one in shown] == DAYS
        for one, of_all in zip(shown, whole, strict=True):
            expected = may_be_complete(drawn, number, one.day, settle_days)
            assert (one.state is DayState.COMPLETE) == expected, one
            assert of_all.state is not DayState.COMPLETE or expected, of_all
            assert (one.offered is None) == (one.state not in (DayState.COMPLETE, DayState.PARTIAL))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=windows_of(), settle_days=st.integers(0, 4))
def test_a_session_with_an_open_gap_is_never_complete_as_a_whole(
    drawn: list[Drawn], settle_days: int, db: None
) -> None:
    """Of every window that broke off, its calendar shows at least one day that is not complete, and says why."""
    _, sessions = place(drawn, settle_days)
    for number, session in enumerate(sessions):
        broken = [w for w in drawn if w["session"] == number and w["state"] == "gap"]
        for window in broken:
            last = min(window["last_day"], TODAY.date())
            if window["first_day"] > last or last < window["last_day"]:
                continue
            shown = completeness.days(session.pk, first=window["first_day"], last=last, now=TODAY)
            assert any(one.state in (DayState.GAP, DayState.LOST) and one.reason for one in shown)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=windows_of(), settle_days=st.integers(0, 4), offset=st.integers(0, 80))
def test_each_day_leads_to_what_leaves_it_open(
    drawn: list[Drawn], settle_days: int, offset: int, db: None
) -> None:
    """The list of a day has the same windows as its count, each with a state that is not complete, page by page."""
    account, _ = place(drawn, settle_days)
    day = DAYS[min(offset, len(DAYS) - 1)]
    (whole,) = completeness.of_account(account.pk, first=day, last=day, now=TODAY)
    seen, after = [], None
    while True:
        page = completeness.open_on(account.pk, day, after=after, limit=2)
        seen += page.lines
        after = page.next
        if after is None:
            break
    assert len({one.window_id for one in seen}) == len(seen) == page.count
    assert all(one.state is not DayState.COMPLETE for one in seen)
    assert sum(one.kind != "sessions" for one in seen) == whole.not_complete
    if whole.state is DayState.COMPLETE:
        assert [one for one in seen if one.kind != "sessions"] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=windows_of(), settle_days=st.integers(0, 4), offset=st.integers(0, 80))
def test_reports_call_a_day_open_where_the_calendar_does(
    drawn: list[Drawn], settle_days: int, offset: int, db: None
) -> None:
    """The days of each session that are over, and the days of a chart, whatever broke off and wherever a period begins."""
    with transaction.atomic():  # and undone, since a chart is about the accounts of all examples
        account, sessions = place(drawn, settle_days)
        first = DAYS[min(offset, len(DAYS) - 1)]
        found = proven.of_sessions([one.pk for one in sessions], first=first, last=LAST, now=TODAY)
        for session in sessions:
            shown = completeness.days(session.pk, first=first, last=LAST, now=TODAY)[:-1]  # today is not over
            not_complete = sum(one.state is not DayState.COMPLETE for one in shown)
            assert found[session.pk] == proven.Proof(len(shown), not_complete)
        whole = completeness.of_account(account.pk, first=first, last=LAST, now=TODAY)
        unasked = proven.never_asked(first=first, last=LAST)
        open_days = completeness.open_days(first, LAST, now=TODAY)
        assert all(count > 0 for count in open_days.values())
        for one in whole:
            assert (one.day in open_days or one.day in unasked) == (one.state is not DayState.COMPLETE), one
        transaction.set_rollback(True)


def test_a_day_with_nothing_known_of_it_is_unknown_and_not_zero(db: None) -> None:
    """Nobody asked Zoom: the account's day and the session's say so, with no number."""
    account, (session, _) = place([], 2)
    (whole,) = completeness.of_account(account.pk, first=FIRST, last=FIRST, now=TODAY)
    (one,) = completeness.days(session.pk, first=FIRST, last=FIRST, now=TODAY)
    assert (whole.state, whole.offered) == (DayState.UNKNOWN, None)
    assert (one.state, one.offered) == (DayState.UNKNOWN, None)
