"""Forty channels: Ines plans, one under hold is left alone, Samir approves, all is applied and read back; then drift."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from compliance import approvals
from compliance.models import RetentionItem, RetentionPlan
from compliance.retention import applying
from tests.archive.capture.conftest import Town
from tests.browser.accessibility import faults
from tests.browser.conftest import Picture, sign_in
from tests.compliance.retention.conftest import Desk, data, hurry, town

__all__ = ["data", "hurry", "town"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
As = Callable[[str], Page]


def said(page: Page) -> str:
    page.wait_for_load_state()
    return page.locator("main").inner_text()


@pytest.fixture
def as_person(browser: Browser, live_server: LiveServer) -> Iterator[As]:
    """A browser of their own for each, signed in."""
    contexts = []

    def signed_in(username: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        contexts.append(context)
        sign_in(context, username, at=live_server.url)
        page = context.new_page()
        page.goto(live_server.url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def desks(town: Town) -> Iterator[Desk]:
    """Forty channels, all kept for two years; Ravi, who takes part in `general`, is held. Nothing cools off."""
    made = Desk(town, others=39)
    made.hold(matter=made.matter(made.ines, made.samir))
    made.set_at_zoom("desk-07", "90d")
    made.set_at_zoom("desk-08", "1y")
    made.at_zoom("desk-09").type = 4
    made.pass_by(hours=7)
    made.read()
    with override_settings(HOLDFAST_APPROVAL_TERMS={"change-retention": "7d/0h"}):
        yield made


def test_from_a_rule_to_drift(as_person: As, desks: Desk, live_server: LiveServer, picture: Picture) -> None:
    """Rule, preview, plan, second person, progress, read back; then somebody changes one at Zoom."""
    ines, home = as_person("ines"), live_server.url
    ines.goto(f"{home}/retention/")
    assert "40 channels" in said(ines)
    assert faults(ines) == []
    plan = _planned(ines, picture)
    samir = as_person("samir")
    samir.click(".bell")
    samir.click("text=asks for a second person: Change the retention of 37 channels at Zoom")
    assert "channels get shorter" in said(samir).lower()
    assert "desk-01: 2 years → 1 year, by the rule “Desks”" in said(samir)
    assert faults(samir) == []
    samir.fill("#id_typed", "shorten")
    samir.click("text=Approve these 37 items")
    assert approvals.carry_out_due(clock=desks.town.now) == 1
    ines.reload()
    _applied(ines, plan, desks, picture)
    _drifted(ines, desks, home, picture)


def _planned(ines: Page, picture: Picture) -> RetentionPlan:
    """A rule is looked over and written, and a plan is made of it and asked for."""
    ines.click("text=Write a rule")
    ines.fill("#id_name", "Desks")
    ines.fill("#id_number", "1")
    ines.fill("#id_reason", "SEC 17a-4(b)(4): what is older is in the archive.")
    ines.click("text=See what it covers")
    assert "40 channels" in said(ines)
    assert "stays: held" in said(ines)
    assert faults(ines) == []
    picture(ines, "retention-rule")
    ines.click("text=Write this rule")
    assert faults(ines) == []
    ines.goto(ines.url.partition("/retention/")[0] + "/retention/")
    assert "would get shorter" in said(ines)
    assert faults(ines) == []
    picture(ines, "retention-channels")
    ines.click("text=Plan what the rules would change")
    text = said(ines)
    assert "change from 2 years to 1 year" in text
    assert "1 channel changes from 90 days to 1 year" in text
    assert "1 channel is under a hold and left alone" in text
    assert "1 channel agrees already" in text
    assert "1 channel cannot be read" in text
    assert "Under a hold of “Inquiry 2026-114”: it is never shortened while one stands." in text
    assert faults(ines) == []
    picture(ines, "retention-plan")
    ines.fill("#id_reason", "The law allows it, and the archive has it.")
    ines.click("button:has-text('Ask to change 37 channels')")
    assert "Waits for a second person" in said(ines)
    assert faults(ines) == []
    return RetentionPlan.objects.get()


def _applied(ines: Page, plan: RetentionPlan, desks: Desk, picture: Picture) -> None:
    """The bar moves because rows moved, survives a reload, and all is read back; `general` is as it was."""
    assert "0 of 37 channels" in said(ines)
    for _ in range(12):
        assert applying.carry_out_next(clock=desks.town.now)
    ines.wait_for_selector("text=12 of 37 channels")
    ines.reload()
    assert "12 of 37 channels" in said(ines)
    assert faults(ines) == []
    picture(ines, "retention-applying")
    assert desks.work() == 25
    ines.wait_for_selector("text=37 of 37 channels")
    ines.wait_for_selector("text=Plan everything anew")
    assert "changed and read back" in said(ines)
    assert faults(ines) == []
    assert RetentionItem.objects.filter(plan=plan, state="done", read_back="1y").count() == 37
    kept = {one.name: one.retention_period for one in desks.town.world.channels.values()}
    assert (kept.pop("general"), kept.pop("desk-09")) == ("2y", "2y")
    assert set(kept.values()) == {"1y"}
    ines.click(".bell")
    assert "37 channels changed and read back" in said(ines)


def _drifted(ines: Page, desks: Desk, home: str, picture: Picture) -> None:
    """Somebody changes it at Zoom: Ines is told, sees what it was, and plans it again with one click."""
    desks.set_at_zoom("desk-20", "30d")
    desks.pass_by(hours=7)
    assert desks.read() == 1
    ines.goto(f"{home}/told/")
    ines.click("text=“desk-20” no longer keeps what was applied")
    assert "Somebody changed it at Zoom" in said(ines)
    assert faults(ines) == []
    picture(ines, "retention-drift")
    ines.click("text=Plan it again")
    assert "1 channel changes from 30 days to 1 year" in said(ines)
    ines.click("button:has-text('Lengthen 1 channel at Zoom')")
    assert desks.work() == 1
    ines.goto(f"{home}/retention/?show=drifted")
    assert "0 channels" in said(ines)
    ines.goto(f"{home}/retention/plans/")
    assert faults(ines) == []
    ines.goto(f"{home}/retention/rules/")
    assert faults(ines) == []


@pytest.mark.parametrize(("theme", "width"), [("dark", 1024), ("light", 390)])
def test_every_page_in_both_palettes_and_on_a_phone(
    theme: str, width: int, as_person: As, desks: Desk, live_server: LiveServer
) -> None:
    """Nothing for axe to find, nothing to scroll sideways."""
    desks.rule("1y", name="Short", named="desk-0*")
    rule = desks.rule("7y", name="Long", named="desk-1*")
    plan = desks.plan()
    ines = as_person("ines")
    ines.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    ines.set_viewport_size({"width": width, "height": 900})
    for address in (
        "/retention/",
        f"/retention/channels/{desks.row('general').pk}/",
        "/retention/rules/",
        f"/retention/rules/{rule.pk}/",
        f"/retention/rules/write/?replaces={rule.pk}",
        "/retention/plans/",
        f"/retention/plans/{plan.pk}/",
    ):
        ines.goto(live_server.url + address)
        assert faults(ines) == [], address
        assert not ines.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
