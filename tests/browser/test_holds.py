"""What a matter preserves and why a message is held, in a real browser."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from compliance import tallying
from compliance.models import PreservedCount
from tests.browser.accessibility import faults, flaws
from tests.browser.conftest import Open
from tests.compliance import world

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def count() -> None:
    """What the worker does every minute."""
    tallying.plan(now=timezone.now())
    while tallying.count_next(clock=timezone.now):
        pass


def test_what_is_preserved_is_accessible_in_every_state(visit: Open, archive: dict[str, int]) -> None:
    """Not counted yet, counted, and counted again; nothing for axe to find, nothing to scroll sideways."""
    matter = world.matter(User.objects.get(username="ines"))
    page = visit(f"/matters/{matter.pk}/preserved/")
    found = flaws(page)
    count()
    page.wait_for_selector("#sessions")  # the page looks itself whether the figures are there
    found += flaws(page)
    PreservedCount.objects.update(state="claimed", done=2, total=7)
    page.reload()
    found += flaws(page)
    assert found == []


def test_a_message_says_which_matter_holds_it_and_why(visit: Open, archive: dict[str, int]) -> None:
    """In the drawer beside the conversation, which marks what is held."""
    world.matter(User.objects.get(username="ines"))
    page = visit(f"/sessions/{archive['session']}/?at={archive['message']}")
    assert page.locator(f"#m{archive['message']} .state-held").count() > 0
    page.click(f"#m{archive['message']} a.when")
    page.wait_for_selector("#drawer #holds")
    words = " ".join(page.locator("#holds").inner_text().split())
    assert "Held by 1 matter; it cannot be destroyed while that stands." in words
    assert words.endswith("Inquiry 2026-114 Said by Ines.")
    assert faults(page) == []
    page.click("#holds a:has-text('Inquiry 2026-114')")
    assert page.locator("h1").inner_text() == "Inquiry 2026-114"
