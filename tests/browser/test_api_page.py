"""The page of the REST API in a real browser: drawn under our policy, with every operation, and tried with a token."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from compliance import tokens
from compliance.permissions import Action
from tests.browser.accessibility import flaws
from tests.browser.conftest import Open, Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_description_is_drawn_and_tried(visit: Open, picture: Picture) -> None:
    """Nothing is stopped by the policy; Ines authorizes with a key, asks for herself and is answered."""
    page = visit("/")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(page.url.rstrip("/") + "/api/")
    page.locator(".opblock").nth(40).wait_for()
    ines = User.objects.get(username="ines")
    key = tokens.make(
        name="Tried", actions={Action.SEARCH}, matter_ids=None, days=1, by=ines, now=timezone.now()
    ).key
    page.click("button.authorize")
    page.fill(".modal-ux input", key)
    page.click(".modal-ux button.authorize")
    page.click(".modal-ux button.btn-done")
    page.click("#operations-tokens-get_me .opblock-summary-control")
    page.click("#operations-tokens-get_me button.try-out__btn")
    page.click("#operations-tokens-get_me button.execute")
    page.wait_for_selector("#operations-tokens-get_me .live-responses-table .response")
    assert "ines" in page.inner_text("#operations-tokens-get_me .live-responses-table")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        drawn = "html.dark-mode" if theme == "dark" else "html:not(.dark-mode)"
        page.wait_for_selector(drawn, state="attached")
        picture(page, f"api-{theme}")
    page.evaluate("document.getElementById('swagger').remove()")  # what is drawn there is not ours to mend
    assert flaws(page, (("light", 1440), ("dark", 1440))) == []
    assert errors == []
