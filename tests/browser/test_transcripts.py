"""A transcript in a real browser: chosen, read, printed and taken, and the file it makes opened with nothing else."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS = "during=2026-11-01..2026-11-24&zone=Europe/Berlin"


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_transcript_is_read_printed_and_taken(
    theme: str, width: int, visit: Open, archive: dict[str, int], picture: Picture, tmp_path: Path
) -> None:
    """From the session by the counts to the page; printed, it is a document; taken, it verifies and opens alone."""
    page = visit(f"/sessions/{archive['session']}/", theme=theme, width=width)
    page.click("text=Transcript…")
    page.goto(page.url.partition("?")[0] + f"?{DAYS}")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    picture(page, f"transcript-{theme}-{width}")
    with page.expect_download() as taken:
        page.click("text=Take as HTML")
    file = tmp_path / "transcript.html"
    taken.value.save_as(file)
    verifies(file.read_bytes())
    page.click("text=Read and print")
    page.wait_for_selector(".message")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert page.locator(".tear").count() > 0  # days after the newest capture are not proven
    printed = page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert printed.startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert (
        page.locator(".pages > thead").evaluate("one => getComputedStyle(one).display")
        == "table-header-group"
    )
    assert not page.locator(".rail").is_visible()
    opens_alone(page, file)


def verifies(data: bytes) -> None:
    """The digest in the last line is that of all before it."""
    body = data.rsplit(b"\n", 2)[0] + b"\n"
    assert re.findall(rb"[0-9a-f]{64}", data)[-1].decode() == hashlib.sha256(body).hexdigest()


def opens_alone(page: Page, file: Path) -> None:
    """Offline, as a file: it is readable and accessible, asks for nothing, and nothing in it acts."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.emulate_media(media="screen")
    page.set_content(file.read_text())
    assert "ship it" in page.locator("body").inner_text()
    assert page.evaluate("window.hurt") is None
    assert asked == []
    assert page.pdf(format="A4").count(b"/Type /Page") > 1
