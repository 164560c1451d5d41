"""Completeness by day, reconciliation and transcripts in a real browser: readable by everybody, printable, exact."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from archive.capture import spans
from archive.models import Account, DayCount, Session, Window, WindowClosure
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def a_year(session: Session) -> None:
    """A year of windows that end today: most are whole, one broke off, one was never read, one is lost."""
    today = timezone.now().date()
    begin = date(today.year - 1, today.month, 1)
    for number, month in enumerate(spans.months(spans.Span(begin, spans.month_of(today).last))):
        if number < 3:
            continue
        for kind, of in (("sessions", None), ("messages", session)):
            state = {5: "gap", 8: "due", 4: "gap"}.get(number, "complete") if of else "complete"
            Window.objects.update_or_create(
                account=Account.objects.get(),
                session=of,
                kind=kind,
                first_day=month.first,
                defaults={
                    "last_day": month.last,
                    "state": state,
                    "not_before": timezone.now(),
                    "last_error": "Zoom answered 503." if state == "gap" else "",
                    "last_error_code": "unavailable" if state == "gap" else "",
                    "complete_through": None if state != "complete" else timezone.now(),
                },
            )


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390), ("light", 1024)])
def test_the_calendar_is_accessible_and_leads_to_what_is_missing(
    theme: str, width: int, visit: Open, archive: dict[str, int], picture: Picture
) -> None:
    """Nothing for axe to find, nothing to scroll sideways; from the year by a day to the window, and back."""
    a_year(Session.objects.get(pk=archive["session"]))
    page = visit("/reports/completeness/", theme=theme, width=width)
    picture(page, f"completeness-year-{theme}-{width}")
    home = page.url.partition("/reports/")[0]
    problems: dict[str, list[str]] = {}
    for address in ("/reports/completeness/", f"/reports/completeness/sessions/{archive['session']}/"):
        page.goto(home + address)
        if found := faults(page):
            problems[address] = found
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
    page.locator("a.cell-gap").first.click()
    page.wait_for_selector("text=leaves this day")
    assert faults(page) == []
    assert "Zoom answered 503." in page.locator("main").inner_text()
    page.locator(".crumbs a").last.click()
    page.wait_for_selector(".yearly")
    assert problems == {}


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_reconciliation_is_made_planned_and_printed(
    theme: str, width: int, visit: Open, archive: dict[str, int], picture: Picture, tmp_path: Path
) -> None:
    """Ines reconciles some days, reads the account and a session, plans a daily one, and prints."""
    session = Session.objects.get(pk=archive["session"])
    counted(session)
    page = visit("/reports/reconciliation/", theme=theme, width=width)
    home = page.url.partition("/reports/")[0]
    assert faults(page) == []
    page.fill("#id_first", "2026-11-01")
    page.fill("#id_last", "2026-11-19")
    page.click("text=Reconcile these days")
    page.wait_for_selector(".ledger")
    picture(page, f"reconciliation-{theme}-{width}")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert "7" in page.locator(".ledger .first td").inner_text()
    page.click("text=Check it now")
    page.wait_for_selector("text=the account still gives it")
    with page.expect_download() as taken:
        page.click("text=Take as CSV")
    taken.value.save_as(tmp_path / "account.csv")
    assert "TOTAL" in (tmp_path / "account.csv").read_text()
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.click("td .rowlink")
    page.wait_for_selector("text=more days nothing was said")
    assert faults(page) == []
    page.goto(f"{home}/reports/reconciliation/plan/")
    assert faults(page) == []
    page.fill("#id_name", "Board")
    page.locator("input[name=people]").first.check()
    page.click("text=Plan it and make the first")
    page.wait_for_selector("text=is planned")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    picture(page, f"reconciliations-{theme}-{width}")
    page.click("td >> text=Pause")
    page.wait_for_selector("td >> text=Resume")


def counted(session: Session) -> None:
    """Seven records of the session's second of November, as a capture would leave them."""
    window = Window.objects.get(session=session, kind="messages", first_day=date(2026, 11, 1))
    at, counts = (
        timezone.now(),
        {"offered": 7, "archived": 3, "duplicate": 4, "excluded": 0, "failed": 0, "destroyed": 0},
    )
    DayCount.objects.create(session=session, day=date(2026, 11, 2), window=window, counted_at=at, **counts)
    WindowClosure.objects.create(
        window=window,
        pull=1,
        state="complete",
        account={"days": {"2026-11-02": counts}},
        closed_at=at,
        salt=b"0" * 16,
    )
