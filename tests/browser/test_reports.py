"""The month's external conversations found, printed and taken away; and every report for eye, ear and paper."""

import csv
import hashlib
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page

from archive.models import Person, Session
from compliance.models import AuditEvent
from tests.archive.reporting import chatter
from tests.browser.accessibility import faults
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOVEMBER = "during=2026-11&zone=UTC"
REPORTS = [
    f"/reports/{name}/?{NOVEMBER}" for name in ("sessions", "activity", "outside", "content", "months")
]


@pytest.fixture
def counted(archive: dict[str, int]) -> dict[str, int]:
    """The archive with its counts; Olu is outside, and the session she speaks in has an outsider as a member."""
    chatter.count()
    Person.objects.update(is_external=False)
    olu = Person.objects.get(member_id="m-olu")
    Person.objects.filter(pk=olu.pk).update(is_external=True)
    Session.objects.filter(messages__sender=olu).update(has_external_member=True)
    return {**archive, "olu": olu.pk}


def printed(page: Page, to: Path) -> str:
    """The text of a page as it comes out on paper: all of it, for a click is over when the next page has but begun."""
    page.wait_for_load_state()
    page.pdf(path=str(to), print_background=True)
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(to).pages)


def test_the_months_external_conversations_are_found_printed_and_taken(
    visit: Open, counted: dict[str, int], tmp_path: Path
) -> None:
    """Ines goes from the rail to the report, narrows it, prints it, and takes it as a file whose digest is recorded."""
    page = visit("/")
    page.click("nav.rail >> text=Reports")
    page.fill("#id_from", "2026-11-01")
    page.fill("#id_to", "2026-11-30")
    page.fill("#id_zone", "UTC")
    page.click("text=Show these days")
    assert "Sessions in November 2026" in page.locator("h1").inner_text()
    page.wait_for_load_state()  # what sends the choice comes last
    page.select_option("#id_external", "yes")
    page.wait_for_url("**external=yes**")
    assert page.locator(".total strong").inner_text() == "1 session"
    with page.expect_download() as download:
        page.click("text=Take as CSV")
    file = Path(download.value.path())
    assert download.value.suggested_filename == "sessions-2026-11.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["external"], row["messages"]) for row in rows] == [
        ("yes", page.locator("tbody td.num").nth(2).inner_text())
    ]
    assert AuditEvent.objects.latest("pk").details["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    page.click("text=All on one page, to print")
    paper = printed(page, tmp_path / "report.pdf")
    assert "Sessions in November 2026" in paper
    assert "outsiders: yes" in paper
    assert "Printed" in paper
    assert "Show these days" not in paper
    page.click("nav.tabs >> text=External contacts")
    page.click("text=Olu (guest)")
    assert "Ines" in page.locator("main table").inner_text()


def test_charts_are_printed_with_their_numbers(visit: Open, counted: dict[str, int], tmp_path: Path) -> None:
    """What is folded away on the screen stands on the paper: every day and its number."""
    page = visit(f"/reports/activity/?{NOVEMBER}")
    assert not page.locator("text=Day (UTC)").is_visible()
    paper = printed(page, tmp_path / "activity.pdf")
    assert "Day (UTC)" in paper
    assert "2 Nov 2026" in paper


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reports_are_accessible_in_both_palettes(theme: str, visit: Open, counted: dict[str, int]) -> None:
    """axe finds nothing on any of them, and no script or style is stopped."""
    page = visit("/", theme=theme)
    home = page.url.rstrip("/")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    problems = {}
    for address in (*REPORTS, f"/reports/outside/{counted['olu']}/?{NOVEMBER}", f"{REPORTS[0]}&page=print"):
        page.goto(home + address)
        if found := faults(page):
            problems[address] = found
    assert (problems, errors) == ({}, [])


def test_bars_can_be_told_from_their_ground_in_forced_colours_and_in_the_dark(
    visit: Open, counted: dict[str, int]
) -> None:
    """A bar is never drawn in the colour behind it, whatever palette the reader has."""
    page = visit(f"/reports/activity/?{NOVEMBER}")
    colours = """() => [getComputedStyle(document.querySelector('.bar-mark')).fill,
        getComputedStyle(document.body).backgroundColor]"""
    seen = []
    for media in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**media)  # type: ignore[arg-type]
        bar, ground = page.evaluate(colours)
        assert bar != ground
        seen.append(ground)
    assert len(set(seen)) >= 2


@pytest.mark.parametrize("width", [390, 720, 1024])
def test_no_report_scrolls_sideways(width: int, visit: Open, counted: dict[str, int]) -> None:
    """Tables and charts scroll in themselves."""
    page = visit("/", width=width)
    home = page.url.rstrip("/")
    for address in REPORTS:
        page.goto(home + address)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
