"""Conversations held themselves, in a real browser: with the matter, one more later, and one let go by two people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from archive.models import Session
from compliance import approvals, places, releasing
from compliance.approvals import kinds
from compliance.models import Matter
from tests.archive import scenes
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def rooms(archive: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """Two channels by name, in the first of which things were said; the kinds of request that matters have."""
    for kind in releasing.KINDS:
        monkeypatch.setitem(kinds._KINDS, kind.key, kind)
    board = Session.objects.get(pk=archive["session"])
    Session.objects.filter(pk=board.pk).update(name="board")
    board.refresh_from_db()
    desk = Session.objects.create(
        account=board.account,
        zoom_id="desk",
        name="trading desk",
        type="Group",
        first_seen_at=scenes.NOW,
        last_seen_at=scenes.NOW,
    )
    return [board, desk]


def test_conversations_are_held_and_let_go(visit: Open, rooms: list[Session], picture: Picture) -> None:
    """Every step as a person takes it, with what axe and the policy say on the way."""
    page = visit("/matters/open/")
    home = page.url.partition("/matters/")[0]
    page.fill("#id_name", "Tender Lisbon")
    page.fill("#id_reason", "Order of the court of 3 November 2026")
    page.fill("#find-people", "ravi")
    page.wait_for_selector("#people-found >> text=Ravi")
    page.locator("#people-found input[name=person]").first.check()
    page.fill("#find-places", "board")
    page.locator("#places-found input[name=session]").check()
    assert faults(page) == []
    page.click("button[value=preview]")
    page.wait_for_selector("#preview >> text=1 conversation, whoever speaks there: board")
    assert faults(page) == []
    page.click("text=Open the matter and hold 1 person and 1 conversation")
    page.wait_for_selector("text=anybody said in 1 conversation")
    assert faults(page) == []
    matter = Matter.objects.get(name="Tender Lisbon")
    assert [one.session_id for one in places.held(matter)] == [rooms[0].pk]

    page.click("text=which they are")
    page.wait_for_load_state()  # what looks for names comes last
    page.fill("#find-places", "nowhere")
    page.wait_for_selector("text=No conversation is called “nowhere”")
    page.fill("#find-places", "trading")
    page.locator("#places-found input[name=session]").check()
    page.click("text=Other days than the matter’s")
    page.check("#id_own_days")
    page.fill("#id_place_since", "2026-11-02")
    page.click("text=Hold the ticked conversations")
    page.wait_for_selector("tbody >> text=trading desk")
    page.wait_for_selector("text=since 2 Nov 2026")
    picture(page, "matter-conversations")
    assert faults(page) == []

    page.click("text=Drop conversations, or release the matter…")
    page.fill("#reason", "Not about the tender")
    page.locator("label:has-text('board') input[name=hold]").check()
    page.click("button[value=foresee-places]")
    page.wait_for_selector("#foreseen >> text=If 1 conversation were dropped")
    assert page.locator("label:has-text('board') input[name=hold]").is_checked()
    assert faults(page) == []
    page.click("text=Ask to drop the ticked conversations…")
    page.wait_for_selector("text=so somebody else has to decide it")
    request = page.url

    samir = User.objects.get(username="samir")
    page.goto(f"{home}/matters/{matter.pk}/members/")
    page.select_option("#user", label=samir.get_full_name())
    page.click("text=Make them a member")
    page.wait_for_selector("tbody >> text=samir")
    other = visit(request.removeprefix(home), by="samir")
    other.wait_for_selector("text=The conversation “board”, at any time")
    assert faults(other) == []
    other.fill("[name=typed]", "drop")
    other.click("text=Approve this item")
    other.wait_for_selector("text=cooling off")
    approvals.carry_out_due(clock=lambda: timezone.now() + timedelta(days=2))
    page.goto(f"{home}/matters/{matter.pk}/conversations/")
    page.locator("tr:has-text('board') >> text=dropped").wait_for()
    assert [one.session_id for one in places.held(matter)] == [rooms[1].pk]
    page.goto(f"{home}/matters/{matter.pk}/timeline/")
    page.wait_for_selector("text=dropped the conversation “board”")


def test_it_works_without_a_script(visit: Open, rooms: list[Session]) -> None:
    """Conversations are found by a button, and nothing chosen is lost on the way."""
    page = visit("/matters/open/", scripts=False)
    page.fill("#id_name", "Quiet")
    page.fill("#id_reason", "Letter")
    page.fill("#find-places", "desk")
    page.click("button[value=find-places]")
    page.locator("#places-found input[name=session]").check()
    page.click("button[value=preview]")
    page.click("text=Open the matter and hold 1 conversation")
    page.wait_for_selector("text=anybody said in 1 conversation")
    assert Matter.objects.filter(name="Quiet").count() == 1
