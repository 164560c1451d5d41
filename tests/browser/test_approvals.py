"""Two people in two browsers: one asked, the other decides, and what changed meanwhile is not approved."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from compliance import approvals
from compliance.approvals import kinds
from compliance.models import Request
from tests.browser.accessibility import faults
from tests.browser.conftest import Open
from tests.compliance.approvals.shelf import DAY, Shelf

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def said(page: Page) -> str:
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def test_one_asks_another_approves_and_it_is_done(visit: Open, archive: dict[str, int]) -> None:
    """Ines is told that Samir asks, reads what exactly, types the word; a day later it is done, and both know."""
    ines = visit("/")
    assert ines.locator(".rail .counter").text_content() == ", 1 waiting for you"
    ines.click(".bell")
    ines.click("text=Samir Haddad (samir) asks for a second person")
    assert "Approve these 2 items" in said(ines)
    assert faults(ines) == []
    ines.fill("#id_typed", "no")
    ines.click("text=Approve these 2 items")
    assert "Nothing is approved: type “retire” to confirm." in said(ines)
    ines.fill("#id_typed", "retire")
    ines.click("text=Approve these 2 items")
    assert "Approved. It runs after" in said(ines)
    assert "approved, cooling off" in said(ines)
    assert faults(ines) == []
    assert approvals.carry_out_due(clock=lambda: timezone.now() + DAY) == 1
    samir = visit("/told/", by="samir")
    samir.click("text=A request was carried out")
    assert "carried out it" in said(samir)
    assert "Withdraw the request" not in said(samir)
    assert faults(samir) == []


def test_what_changed_is_seen_and_a_refusal_is_read(visit: Open, archive: dict[str, int]) -> None:
    """Something new on the shelf: no button approves it, and the reason of the refusal reaches Samir."""
    Shelf().put("oldest")
    ines = visit(f"/approvals/{archive['request']}/")
    assert "added: oldest" in said(ines)
    assert ines.locator("text=Approve these").count() == 0
    assert faults(ines) == []
    ines.fill("#refuse_reason", "The oldest is needed.")
    ines.click("text=Refuse, and tell")
    samir = visit("/approvals/?show=ended", by="samir", theme="dark")
    samir.click("text=Retire what stands on the shelf")
    assert "The oldest is needed." in said(samir)


def test_who_asked_can_only_withdraw(visit: Open, archive: dict[str, int]) -> None:
    """On a phone, with the keyboard, without scripts."""
    samir = visit(f"/approvals/{archive['request']}/", by="samir", width=390, scripts=False)
    assert "somebody else has to decide it" in said(samir)
    samir.focus("#withdraw_reason")
    samir.keyboard.type("Asked too early.")
    samir.keyboard.press("Tab")
    samir.keyboard.press("Enter")
    samir.wait_for_selector("text=Withdrawn. Nothing was done.")
    assert Request.objects.get(pk=archive["request"]).ending == "Asked too early."


def test_counting_is_stopped_and_begun_anew(
    visit: Open, archive: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ines stops what takes too long and reads that nobody can approve; later the page itself brings the button.

    Not over a reason that she has begun to write.
    """
    monkeypatch.setitem(kinds._KINDS, "retire", Shelf().kind(count=lambda *_: {"messages would go": 7}))
    ines = visit(f"/approvals/{archive['request']}/")
    assert "The figures are waiting to be counted." in said(ines)
    assert faults(ines) == []
    ines.click("text=Stop counting")
    assert "Counting the figures was stopped. Nobody can approve it before." in " ".join(said(ines).split())
    assert "stopped counting its figures" in said(ines)
    assert ines.locator("#awaited[hx-get]").count() == 0
    assert faults(ines) == []
    assert not approvals.count_next(clock=timezone.now)
    ines.focus("#counting")
    ines.keyboard.press("Enter")
    ines.wait_for_selector("text=Stop counting")
    ines.fill("#refuse_reason", "The oldest is")
    assert approvals.count_next(clock=timezone.now)
    ines.wait_for_selector("text=There is news.")
    assert ines.input_value("#refuse_reason") == "The oldest is"
    assert ines.locator("text=Approve these 2 items").count() == 0
    assert faults(ines) == []
    ines.fill("#refuse_reason", "")
    ines.wait_for_selector("text=Approve these 2 items")
    expect(ines.locator("#news")).to_be_hidden()
    assert "Messages would go" in said(ines)
    assert faults(ines) == []
