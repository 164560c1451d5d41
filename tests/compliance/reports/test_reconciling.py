"""Reconciliations: they balance or say by how much not, print unknown as unknown, are kept, planned, and mailed."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from archive.models import Account, DayCount, Session, Window, WindowClosure
from compliance import reconciled, reconciliations, reconciling, told
from compliance.models import AuditEvent, Reconciliation, ReconciliationRun, Told
from compliance.permissions import Role
from tests.archive import scenes
from tests.compliance import cast
from tests.compliance.conftest import As
from tests.compliance.notices.test_mail import Post, post

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 10)
Fates = tuple[int, int, int, int, int]


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def account(db: None) -> Account:
    """An account whose list of November's sessions is proven."""
    made = scenes.account()
    Window.objects.create(
        account=made, kind="sessions", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), state="complete",
        complete_through=NOW, not_before=NOW,
    )  # fmt: skip
    return made


def session(account: Account, name: str, days: dict[int, Fates], **window: Any) -> Session:
    """A session of November read to its end, with what became of each day's records, and the closure that says so."""
    made = Session.objects.create(
        account=account, zoom_id=name, type="Group", name=name, first_seen_at=NOW, last_seen_at=NOW
    )
    of = Window.objects.create(
        account=account, session=made, kind="messages", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30),
        **{"state": "complete", "complete_through": NOW, "not_before": NOW, **window},
    )  # fmt: skip
    names = ("archived", "duplicate", "excluded", "failed", "destroyed")
    told_of = {}
    for day, fates in days.items():
        counts = {"offered": sum(fates), **dict(zip(names, fates, strict=True))}
        told_of[f"2026-11-{day:02}"] = counts
        DayCount.objects.create(session=made, day=date(2026, 11, day), window=of, counted_at=NOW, **counts)
    WindowClosure.objects.create(
        window=of, pull=1, state="complete", account={"days": told_of}, closed_at=NOW, salt=b"0" * 16
    )
    return made


def ask(by: User | None = None, first: date = FIRST, last: date = LAST) -> ReconciliationRun:
    return reconciling.ask(account_ids=None, first=first, last=last, by=by, now=NOW)


def test_an_account_that_balances_says_so_with_its_zeros(account: Account) -> None:
    """Every fate is a number, also none; days without a record are counted as proven, not left out."""
    session(account, "general", {2: (3, 4, 0, 1, 2), 5: (1, 0, 0, 0, 0)})
    session(account, "quiet", {})
    run = ask()
    assert run.figures == {
        "offered": 11, "archived": 4, "duplicate": 4, "excluded": 0, "failed": 1, "destroyed": 2, "difference": 0,
        "unknown_days": 0, "unlisted_days": 0, "silent_days": 18, "sessions": 1, "silent_sessions": 1, "days": 10,
        "accounts": 1,
    }  # fmt: skip
    assert reconciled.sentence(run.figures) == (
        "11 offered = 4 archived + 4 already here + 0 excluded + 1 failed + 2 destroyed; unknown: 0."
    )


def test_one_that_does_not_balance_says_by_how_much(account: Account, ines: User, as_person: As) -> None:
    """A day's working account was changed: the closure in the log still says what was offered, in red."""
    of = session(account, "general", {2: (3, 4, 0, 0, 0), 3: (2, 0, 0, 0, 0)})
    session(account, "another", {2: (5, 0, 0, 0, 0)})
    DayCount.objects.filter(session=of, day=date(2026, 11, 2)).update(offered=5, archived=1)
    DayCount.objects.filter(session=of, day=date(2026, 11, 3)).update(offered=3, archived=3)
    run = ask(by=ines)
    assert run.figures is not None
    assert run.figures["difference"] == 3  # 2 missing on one day, 1 too many on the other: they do not cancel
    page = as_person(ines).get(reconciled.link(run.pk)).content.decode()
    assert "This account does not balance" in page
    assert page.index("general") < page.index("another")
    assert "DOES NOT BALANCE by 3" in reconciled.sentence(run.figures)


def test_what_is_unknown_is_printed_as_unknown_and_never_as_zero(
    account: Account, ines: User, as_person: As
) -> None:
    """A session whose pull broke off: its days have no number, and the account is as far as known."""
    session(account, "general", {2: (3, 0, 0, 0, 0)})
    broken = session(
        account,
        "broken",
        {},
        state="gap",
        complete_through=None,
        last_error="503",
        last_error_code="unavailable",
    )
    run = ask(by=ines)
    assert run.figures is not None
    assert (run.figures["unknown_days"], run.figures["offered"]) == (10, 3)
    client = as_person(ines)
    page = client.get(reconciled.link(run.pk)).content.decode()
    assert "On 10 session-days what Zoom offered is not proven" in page
    assert '<th scope="row">unknown</th><td class="num">unknown</td>' in page
    day = client.get(f"{reconciled.link(run.pk)}sessions/{broken.pk}/").content.decode()
    assert day.count('<td class="num">unknown</td>') == 6


def test_days_without_a_proven_list_of_sessions_are_told(account: Account) -> None:
    """There may be sessions nobody knows of: the account cannot be called complete."""
    session(account, "general", {2: (3, 0, 0, 0, 0)})
    run = ask(first=date(2026, 10, 30), last=FIRST)
    assert run.figures is not None
    assert run.figures["unlisted_days"] == 2
    assert "the list of sessions of 2 days" in reconciled.sentence(run.figures)


def lines(run: ReconciliationRun, by: User | None = None) -> list[dict[str, str]]:
    _, given = reconciled.take(run_id=run.pk, by=by, now=NOW)
    return list(csv.DictReader(io.StringIO(b"".join(given).decode())))


def test_the_csv_adds_up_to_its_total_and_no_cell_is_a_formula(account: Account, ines: User) -> None:
    """Every number of the total is the sum of its lines; what a session is called cannot run in a spreadsheet."""
    session(account, "=cmd|' /C calc'!A0", {2: (3, 4, 0, 1, 0), 4: (1, 0, 0, 0, 0)})
    session(account, "broken", {}, state="gap", complete_through=None, last_error="503", last_error_code="x")
    *of_days, total = lines(ask(), by=ines)
    assert total["account"] == "TOTAL"
    for name in ("offered", "archived", "already_here", "excluded", "failed", "destroyed", "difference"):
        numbers = [int(line[name]) for line in of_days if line[name] != "unknown"]
        assert sum(numbers) == int(total[name]), name
    assert total["unknown"] == "unknown"
    assert {line["offered"] for line in of_days if line["state"] == "gap"} == {"unknown"}
    assert sum(int(line["days"]) for line in of_days) == 20
    assert of_days[0]["title"] == "'=cmd|' /C calc'!A0"
    assert AuditEvent.objects.latest("pk").action == "downloaded"


def test_what_was_made_never_changes(account: Account) -> None:
    """The run, its sessions and their digest: refused by the database, and the CSV has the same bytes later."""
    of = session(account, "general", {2: (3, 4, 0, 0, 0)})
    run = ask()
    DayCount.objects.filter(session=of).update(offered=1, archived=1, duplicate=0)
    assert reconciled.is_intact(ReconciliationRun.objects.get(pk=run.pk))
    for change in (
        "UPDATE compliance_reconciliationrun SET figures = '{}'",
        "DELETE FROM compliance_reconciliationrun",
        "UPDATE compliance_reconciledsession SET offered = 0",
        "DELETE FROM compliance_reconciledsession",
        "INSERT INTO compliance_reconciledsession SELECT 9999, 7, 7, title, rank, offered, archived, duplicate,"
        " excluded, failed, destroyed, difference, unknown_days, silent_days, stretches, reasons, run_id"
        " FROM compliance_reconciledsession",
    ):
        with (
            pytest.raises(DatabaseError, match=r"evidence|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_a_large_one_is_a_job_that_tells_its_owner_and_can_be_cancelled(
    account: Account, ines: User, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits with a bar that moves; done, its owner is told; cancelled, nothing of it is kept."""
    monkeypatch.setattr(reconciling, "AT_ONCE", 5)
    session(account, "general", {2: (3, 4, 0, 0, 0)})
    client = as_person(ines)
    days = {"first": str(FIRST), "last": str(LAST)}
    link = client.post("/reports/reconciliation/run/", days)["Location"]
    assert b"<progress" in client.get(link).content
    reconciling.carry_out_next(clock=lambda: NOW)
    assert b"The account balances" in client.get(link).content
    assert client.get(f"{link}progress/")["HX-Refresh"] == "true"
    assert Told.objects.get(person=ines).link == link
    link = client.post("/reports/reconciliation/run/", days)["Location"]
    client.post(f"{link}cancel/")
    assert not reconciling.carry_out_next(clock=lambda: NOW)
    assert b"nothing of it is kept" in client.get(link).content


def test_a_worker_that_died_is_followed_by_one_that_begins_again(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim lapses; what it had written is replaced, and no session counts twice."""
    session(account, "general", {2: (3, 4, 0, 0, 0)})
    monkeypatch.setattr(reconciling, "AT_ONCE", 5)
    run = ask()
    ReconciliationRun.objects.filter(pk=run.pk).update(
        state="claimed", claimed_at=NOW - timedelta(hours=1), attempts=1
    )
    assert reconciling.carry_out_next(clock=lambda: NOW)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.sessions.count()) == ("done", 2, 1)


def planned(*people: User, by: User, period: str = "day") -> Reconciliation:
    return reconciliations.plan(
        name="Board", period=Reconciliation.Period(period), account_ids=None,
        recipient_ids=[one.pk for one in people], by=by, now=NOW,
    )  # fmt: skip


def work(now: datetime) -> None:
    """What beat does every minute."""
    reconciliations.sweep(now=now)
    while reconciling.carry_out_next(clock=lambda: now):
        pass
    while told.mail_next(clock=lambda: now):
        pass


def test_each_period_is_reconciled_once_mailed_and_compared_with_the_one_before(
    account: Account, ines: User, ravi: User, post: Post
) -> None:
    """A late record of yesterday, and a gap that opened: the next mail says what has changed. No name is in it."""
    of = session(account, "secret plans", {19: (3, 0, 0, 0, 0), 20: (1, 0, 0, 0, 0)})
    planned(ines, ravi, by=ines)
    work(NOW)
    work(NOW)
    assert ReconciliationRun.objects.count() == 1
    assert sorted(post.read(number)["To"] for number in (0, 1)) == ["ines@example.test", "ravi@example.test"]
    assert "2026-11-19 (UTC): 3 offered" in post.read(0)["Subject"]
    DayCount.objects.filter(session=of, day=date(2026, 11, 19)).update(offered=5, archived=5)
    tomorrow = NOW + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=False):
        work(tomorrow)
    body = post.read()
    text = body.get_content().replace("\r", "").replace("\n", " ")
    assert "Of the run before: not accounted for 0 then, 2 now" in text or "archived 3 then, 5 now" in text
    assert "secret" not in text
    assert reconciled.link(ReconciliationRun.objects.latest("pk").pk) in text
    assert ReconciliationRun.objects.latest("pk").previous is not None


def test_a_mail_that_could_not_be_sent_is_visible(
    account: Account, ines: User, as_person: As, post: Post
) -> None:
    """The list says so in red, the account says to whom and why."""
    planned(ines, by=ines)
    post.to_recipients = "550 no such user"
    work(NOW)
    for hours in range(1, 40):
        work(NOW + timedelta(hours=hours) / 4)
    client = as_person(ines)
    assert b"1 mail about reconciliations could not be sent" in client.get("/reports/reconciliation/").content
    page = client.get(reconciled.link(ReconciliationRun.objects.earliest("pk").pk)).content
    assert b"could not be mailed. The mail server did not take it" in page


def test_whoever_may_not_see_it_any_more_is_not_told_and_named(
    account: Account, ines: User, ravi: User
) -> None:
    """Ravi lost his role after he was named: nothing goes to him."""
    planned(ines, ravi, by=ines)
    ravi.groups.clear()
    work(NOW)
    run = ReconciliationRun.objects.get()
    assert run.told == [["Ravi Kapoor (ravi)", "not told: may not see it any more"]]
    assert [line.person for line in Told.objects.filter(link=reconciled.link(run.pk))] == [ines]


def test_only_people_who_may_see_it_can_be_named(account: Account, ines: User) -> None:
    """Nia has no role; she cannot be put on the list of recipients."""
    with pytest.raises(reconciliations.Unfit, match="Only people who may see"):
        planned(cast.person(None), by=ines)


def test_while_paused_nothing_is_made_and_what_passed_is_left_out(account: Account, ines: User) -> None:
    """Resumed after five days, it goes on with the newest day; ended, it is over for good."""
    made = planned(ines, by=ines)
    work(NOW)
    later = NOW + timedelta(days=5)
    change = {"reconciliation_id": made.pk, "by": ines}
    reconciliations.change(to=Reconciliation.State.PAUSED, now=NOW, **change)  # type: ignore[arg-type]
    work(later)
    assert ReconciliationRun.objects.count() == 1
    reconciliations.change(to=Reconciliation.State.ACTIVE, now=later, **change)  # type: ignore[arg-type]
    work(later)
    days = sorted(ReconciliationRun.objects.values_list("first_day", flat=True))
    assert days == [date(2026, 11, 19), date(2026, 11, 24)]
    reconciliations.change(to=Reconciliation.State.ENDED, now=later, **change)  # type: ignore[arg-type]
    work(later + timedelta(days=3))
    assert ReconciliationRun.objects.count() == 2
    with pytest.raises(reconciliations.Unfit, match="ended"):
        reconciliations.change(to=Reconciliation.State.ACTIVE, now=later, **change)  # type: ignore[arg-type]


def test_what_was_missed_while_nothing_ran_is_made_up_for(account: Account, ines: User) -> None:
    """Every day has its account, each once."""
    planned(ines, by=ines)
    work(NOW + timedelta(days=4))
    days = sorted(ReconciliationRun.objects.values_list("first_day", flat=True))
    assert days == [date(2026, 11, 19) + timedelta(days=number) for number in range(5)]


@pytest.mark.parametrize(
    ("period", "now", "first", "last"),
    [
        ("day", datetime(2026, 11, 20, 5, 59, tzinfo=UTC), date(2026, 11, 18), date(2026, 11, 18)),
        ("day", datetime(2026, 11, 20, 6, tzinfo=UTC), date(2026, 11, 19), date(2026, 11, 19)),
        ("week", datetime(2026, 11, 22, 23, tzinfo=UTC), date(2026, 11, 9), date(2026, 11, 15)),
        ("week", datetime(2026, 11, 23, 6, tzinfo=UTC), date(2026, 11, 16), date(2026, 11, 22)),
        ("month", datetime(2026, 12, 1, 5, tzinfo=UTC), date(2026, 10, 1), date(2026, 10, 31)),
        ("month", datetime(2027, 1, 1, 6, tzinfo=UTC), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_ready_at_six_of_the_day_after(
    period: str, now: datetime, first: date, last: date
) -> None:
    """By UTC; weeks begin on Monday."""
    found = reconciliations.last_over(Reconciliation.Period(period), now=now)
    assert (found, reconciliations.last_day(Reconciliation.Period(period), found)) == (first, last)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_plan_may_see(role: Role, account: Account, as_person: As) -> None:
    """The page is there without the buttons, and the deeds are refused and recorded."""
    client = as_person(cast.person(role))
    assert b"Plan a reconciliation" not in client.get("/reports/reconciliation/").content
    assert client.get("/reports/reconciliation/plan/").status_code == 403
    assert client.post("/reports/reconciliation/planned/1/change/", {"to": "paused"}).status_code == 403


def test_planning_on_the_page(account: Account, ines: User, as_person: As) -> None:
    """A name, how often, whom to tell; then it is in the list with its next days, and can be paused there."""
    client = as_person(ines)
    assert b'value="2026-10-01"' in client.get("/reports/reconciliation/").content  # last month is at hand
    assert b"Ines Moreau, ines@example.test" in client.get("/reports/reconciliation/plan/").content
    form = {"name": "Board", "period": "week", "account": "", "people": [str(ines.pk)]}
    assert client.post("/reports/reconciliation/plan/", form)["Location"] == "/reports/reconciliation/"
    page = client.get("/reports/reconciliation/").content.decode()
    assert "every week" in page
    assert "9 Nov 2026 to 15 Nov 2026" in page
    assert (
        "There is one of this name"
        in client.post("/reports/reconciliation/plan/", form, follow=True).content.decode()
    )
    made = Reconciliation.objects.get()
    client.post(f"/reports/reconciliation/planned/{made.pk}/change/", {"to": "paused"})
    assert b"Resume" in client.get("/reports/reconciliation/").content


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [("2026-11-10", "2026-11-01", b"before the first"), ("2027-01-01", "2027-01-02", b"has begun"),
     ("1990-01-01", "2026-01-01", b"ten years"), ("nonsense", "2026-01-01", b"valid date")],
)  # fmt: skip
def test_days_that_cannot_be_reconciled_are_said(
    first: str, last: str, why: bytes, account: Account, ines: User, as_person: As
) -> None:
    """Back on the page, in a sentence."""
    answer = as_person(ines).post("/reports/reconciliation/run/", {"first": first, "last": last}, follow=True)
    assert why in answer.content


@override_settings(EMAIL_HOST="")
def test_pages_cost_the_same_however_much_there_is(account: Account, ines: User, as_person: As) -> None:
    """The list and one account, within their budgets."""
    session(account, "general", {2: (3, 4, 0, 0, 0)})
    planned(ines, by=ines)
    work(NOW)
    run = ask(by=ines)
    client = as_person(ines)
    budgets = {"/reports/reconciliation/": 26, reconciled.link(run.pk): 24}
    few = {address: cost(client, address) for address in budgets}
    for number in range(30):
        session(account, f"more {number}", dict.fromkeys(range(1, 15), (1, 0, 0, 0, 0)))
    more = ask(by=ines)
    for _ in range(20):
        ask(by=ines)
    many = {"/reports/reconciliation/": cost(client, "/reports/reconciliation/")}
    many[reconciled.link(run.pk)] = cost(client, reconciled.link(more.pk))
    assert many == few
    assert {address: n for address, n in few.items() if n > budgets[address]} == {}


def cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)
