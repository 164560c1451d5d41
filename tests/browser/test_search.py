"""Searching with a keyboard, on a phone and without scripts, in a real browser."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import faults
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def query(page: Page) -> str:
    return page.locator("#q").input_value()


def test_n_and_p_go_through_the_hits_of_a_search(visit: Open) -> None:
    """From conversation to conversation, with each hit in sight; and back to the hits where one was."""
    page = visit("/search/?q=plain&order=oldest")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps >> text=Hit 1 of 36")
    page.wait_for_load_state()  # what hears the keys comes last
    for key, place in (("n", 2), ("n", 3), ("p", 2)):
        page.keyboard.press(key)
        page.wait_for_selector(f".steps >> text=Hit {place} of 36")
        page.wait_for_selector(".message.is-target mark >> text=plain")
        page.wait_for_load_state()
        assert page.locator(".message.is-target").bounding_box() is not None
    for selector in (".steps", ".message.is-target"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900
    page.click("text=Back to the hits")
    assert query(page) == "plain"
    assert "hits 2–36 of 36" in page.locator(".count-line").inner_text()


def test_everything_around_a_hit_is_dimmed(visit: Open) -> None:
    """In the preview the hit is in sight and stands out."""
    page = visit("/search/?q=plain")
    page.keyboard.press("j")
    page.wait_for_selector("#preview .message.is-target")
    colours = page.eval_on_selector_all(
        "#preview .message > .body > .said", "said => said.map(one => getComputedStyle(one).color)"
    )
    hit = page.eval_on_selector("#preview .is-target > .body > .said", "one => getComputedStyle(one).color")
    assert colours.count(hit) == 1
    assert len(colours) > 3
    frame, target = (page.locator(name).bounding_box() for name in (".preview", "#preview .is-target"))
    assert frame is not None
    assert target is not None
    assert frame["y"] <= target["y"] <= frame["y"] + frame["height"]


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (1440, False), (390, True), (390, False)])
def test_facets_narrow_and_widen(width: int, scripts: bool, visit: Open) -> None:
    """Beside the hits where there is room, behind one line on a phone; by links alone."""
    page = visit("/search/?q=plain", width=width, scripts=scripts)
    facet = page.locator(".facets a >> text=Ravi").first
    if width == 390:
        assert not facet.is_visible()
        page.click("text=Narrow the 36 hits")
    facet.click()
    assert page.locator(".count").inner_text() == "18"
    assert query(page).startswith("plain from:person/")
    page.locator(".chip").click()
    assert (query(page), page.locator(".count").inner_text()) == ("plain", "36")


def test_open_facets_and_numbers_are_accessible(visit: Open) -> None:
    """On a phone, with everything unfolded."""
    page = visit("/search/?q=plain+is:external+OR+ship", width=390)
    for summary in page.locator("main summary").all():
        summary.press("Enter")  # an open menu lies above the next one
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_a_bar_of_the_timeline_leads_to_its_day(visit: Open) -> None:
    """Anywhere above it will do, however low it is."""
    page = visit("/search/?q=plain")
    page.locator(".timeline a .bar-room").first.click(position={"x": 2, "y": 2})
    assert query(page).startswith("plain on:2026-11-")


def test_a_misspelled_operator_is_put_right_with_a_click(visit: Open) -> None:
    """The place is underlined; the correction is a link."""
    page = visit("/search/?q=plain+form:ravi")
    assert page.locator(".culprit").inner_text().endswith("form:")
    page.click("text=plain from:ravi")
    assert page.locator(".count").inner_text() == "18"
