"""The matter is deleted at Zoom behind our back: Ines sees red, one word does not heal it, words and deeds do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from compliance import placing
from compliance.models import Finding
from tests.browser.accessibility import faults
from tests.browser.conftest import Picture, sign_in
from tests.compliance.health.conftest import Case, case, data, hurry, town

__all__ = ["case", "data", "hurry", "town"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def said(page: Page) -> str:
    page.wait_for_load_state()
    return page.locator("main").inner_text()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, case: Case) -> Iterator[Page]:
    """Ines, signed in, at the health of her matter."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    sign_in(context, "ines", at=live_server.url)
    opened = context.new_page()
    opened.goto(f"{live_server.url}/matters/{case.matter.pk}/health/")
    yield opened
    context.close()


def test_red_until_dealt_with(page: Page, case: Case, live_server: LiveServer, picture: Picture) -> None:
    """Well; deleted at Zoom and red everywhere; a word is refused; words; placed again; well and on record."""
    assert "Nothing defeats what this matter holds" in said(page)
    assert faults(page) == []
    case.vanish()
    case.look()
    for address in ("/", "/matters/"):
        page.goto(live_server.url + address)
        assert "1 finding" in said(page)
        assert faults(page) == []
    page.click("text=1 finding")
    assert "which held Ravi" in said(page)
    assert "last seen" in said(page)
    assert faults(page) == []
    picture(page, "hold-health")
    page.fill("#id_words", "xxxxxxxxxxxxxxxxxxxxx")
    page.click("text=Write this about the ticked findings")
    assert "Write at least a sentence" in said(page)
    page.fill("#id_words", "Zoom’s activity log names an IT account; it is locked now.")
    page.click("text=Write this about the ticked findings")
    assert "written about, still so" in said(page)
    assert page.locator(".state-alarm").count() > 0
    page.click("button:has-text('Place it at Zoom again')")
    assert "being placed at Zoom again" in said(page)
    assert placing.work(clock=case.town.now) == 1
    case.look()
    page.reload()
    assert "Nothing defeats what this matter holds" in said(page)
    assert "it is locked now" in page.locator("#content >> text=Over").locator("xpath=../..").inner_text()
    assert len(case.town.world.matters) == 1
    assert Finding.objects.get().dealt_with_by == case.ines


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_many_findings_on_a_phone(page: Page, case: Case, theme: str) -> None:
    """Everything at once fits a narrow window, in both palettes, and the keyboard reaches it."""
    case.vanish()
    case.channel.owner_id = case.town.ravi.id
    case.town.world.set_retention(case.channel, custom=True, period="3d")
    case.look(hours=1.1)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.reload()
    assert page.locator(".ailment").count() == 3
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.focus(".ailment input >> nth=0")
    page.keyboard.press("Space")
    assert page.locator(".ailment input:checked").count() == 1
