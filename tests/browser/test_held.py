"""Three people are held in under two minutes, at a pretend Zoom too, and the page says what that protects."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from archive.models import Window
from compliance import placing, tallying
from compliance.models import ZoomMatter
from compliance.permissions import Role
from tests.archive.capture.conftest import Town, data, hurry, person, town
from tests.browser.accessibility import faults
from tests.browser.conftest import Picture, sign_in
from tests.compliance import cast

__all__ = ["data", "hurry", "town"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, town: Town) -> Iterator[Page]:
    """Ines, signed in; she, Ravi and Mei said four things at Zoom, and all of it was captured."""
    mei = town.world.add_person(person("Mei"))
    talk = town.world.open_talk(town.ines, mei)
    for text, by in (("the bid for Lisbon", town.ravi), ("send it friday", town.ines), ("agreed", town.olu)):
        town.say(text, by=by, days_ago=2)
    town.world.say(talk, mei, "not before the audit", at=town.ago(days=1))
    town.capture()
    cast.person(Role.COMPLIANCE_OFFICER)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
    context.set_default_timeout(60_000)
    sign_in(context, "ines", at=live_server.url)
    opened = context.new_page()
    opened.goto(f"{live_server.url}/matters/open/")
    yield opened
    context.close()


def work(town: Town) -> None:
    """What the workers do within a minute: the hold is placed at Zoom, and what it preserves is counted."""
    assert placing.work(clock=town.now) == 1
    tallying.plan(now=town.now())
    assert tallying.count_next(clock=town.now)


def said(page: Page) -> str:
    page.wait_for_load_state()
    return " ".join(page.locator("main").inner_text().split())


def test_who_is_held_and_what_is_protected_is_seen(page: Page, town: Town, picture: Picture) -> None:
    """From the empty form to the figures: held at Zoom, preserved here, and what is not here at all."""
    begun, pages = time.monotonic(), [page.url]
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    page.fill("#id_name", "Tender Lisbon")
    page.fill("#id_reason", "Order of the court of 3 November 2026")
    page.click("text=Paste a list")
    page.fill("#pasted", "ines@acme.example\nravi@acme.example\nmei@acme.example")
    page.click("button[value=paste]")
    expect(page.locator("input[name=person]:checked")).to_have_count(3)
    page.click("button[value=preview]")
    page.wait_for_selector("#preview >> text=3 at Zoom too, in 1 matter there")
    first = Window.objects.filter(kind="sessions").earliest("first_day").first_day
    captured = f"what was said before {first.day} {first:%b %Y}, though all days are held"
    assert captured in said(page)
    page.click("text=Open the matter and hold 3 people")
    page.wait_for_selector("text=being placed: 3")
    assert len(pages) <= 4, pages
    work(town)
    page.reload()
    now = said(page)
    assert time.monotonic() - begun < 120
    assert "Held at Zoom 3 all of them" in now
    assert "4 messages and 0 files of 0 bytes cannot be destroyed" in now
    assert captured in now
    assert "None of the 2 sessions in which custodians took part has a gap" in now
    assert faults(page) == []
    picture(page, "matter")
    placed = ZoomMatter.objects.get()
    assert sorted(town.world.matters[placed.zoom_id].person_ids) == sorted(
        one.id for one in town.world.people.values() if not one.external
    )
    page.click("text=By custodian and by session")
    page.wait_for_selector("text=By session")
    assert "Mei 1 1 0 1" in said(page)
    assert faults(page) == []
