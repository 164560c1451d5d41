"""Completeness by day, reconciliation and transcripts in a real browser: readable by everybody, printable, exact."""

from datetime import date

import pytest
from django.utils import timezone

from archive.capture import spans
from archive.models import Account, Session, Window
from tests.browser.conftest import Open, Picture
from tests.browser.test_console import faults

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
    page.click(".crumbs a")
    page.wait_for_selector(".yearly")
    assert problems == {}
