"""The console in a real browser: nothing for axe to find, nothing for the policy to stop, keys that work."""

import pytest
from django.contrib.auth.models import User

from tests.browser.accessibility import COLOURS, faults
from tests.browser.conftest import Open
from tests.compliance import cast, world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/",
    "/capture/",
    "/sessions/",
    "/sessions/{session}/?at={message}",
    "/sessions/{session}/completeness/",
    "/messages/{message}/",
    "/search/",
    "/search/?q=plain",
    "/search/?q=ship+is:edited+during:2026&order=relevant",
    "/search/?q=plain+form:ines",
    '/search/?q="unfinished',
    "/sessions/{session}/?q=ship&at={message}&hit=0.0",
    "/search/?q=tag:hot",
    "/searches/",
    "/searches/{search}/",
    "/lists/",
    "/lists/{list}/?check",
    "/lists/{list}/progress/",
    "/compare/?a=list/{list}&b=list/{list}&part=both",
    "/tags/",
    "/search/?q=heliotrope",
    "/search/hand-over/?q=plain",
    "/search/unsearched/",
    "/search/unsearched/?show=waiting",
    "/matters/",
    "/matters/open/",
    "/matters/{matter}/",
    "/matters/{matter}/custodians/",
    "/matters/{matter}/conversations/",
    "/sessions/{session}/hold/",
    "/matters/{matter}/rename/",
    "/matters/{matter}/preserved/",
    "/matters/{matter}/search/",
    "/matters/{matter}/search/?q=plain",
    "/matters/{matter}/release/",
    "/matters/{matter}/members/",
    "/matters/{matter}/timeline/?looks=1",
    "/matters/{matter}/exports/",
    "/exports/",
    "/exports/ask/matter/{matter}/",
    "/approvals/",
    "/approvals/?show=open",
    "/approvals/?show=ended",
    "/approvals/{request}/",
    "/told/",
    "/audit/",
    "/audit/{event}/",
    "/system/",
    "/admin/",
    "/admin/archive/session/",
    "/admin/archive/session/{session}/change/",
    "/account/",
    "/account/tokens/",
    "/account/tokens/make/",
    "/accounts/password/",
    "/nothing/here/",
)
WIDTHS = (1024, 720, 390)  # a tablet, 200 % of a 1440 screen, and a phone
HAS_WIDE_BOX = """
[...document.querySelectorAll('input[type=checkbox], input[type=radio]')].some(e => e.offsetWidth > 24)
"""  # a box to tick that is as wide as its form stands above its words, or alone in the middle
FORMS = (
    "/disposition/rules/write/",
    "/disposition/erasures/take/?find=ines",
    "/retention/rules/write/",
    "/reports/reconciliation/plan/",
)


@pytest.fixture
def archive(archive: dict[str, int]) -> dict[str, int]:
    """One of everything, and a matter of Ines."""
    return {**archive, "matter": world.matter(User.objects.get(username="ines")).pk}


@pytest.mark.parametrize("part", range(4))
def test_every_page_is_accessible_fits_and_obeys_the_policy(
    part: int, visit: Open, archive: dict[str, int]
) -> None:
    """In each: axe finds nothing, nothing to scroll sideways, no console error (a stopped script or style is one).

    The palette and the window change while the page is open, as they do for a reader; the dark palette is colours only,
    and they change at once where less motion is asked for.
    """
    page = visit("/")
    home = page.url.rstrip("/")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    problems: dict[str, list[str]] = {}
    for address in PAGES[part::4]:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(home + address.format(**archive))
        found = faults(page)
        if page.evaluate(HAS_WIDE_BOX):
            found.append("a box is as wide as its form")
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {fault}" for fault in faults(page, rules=COLOURS)]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"scrolls sideways at {width}")
        if found:
            problems[address] = found
    assert problems == {}
    assert [error for error in errors if "404" not in error] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_entrance_is_accessible(theme: str, visit: Open) -> None:
    """Before anybody has signed in."""
    assert faults(visit("/accounts/login/", by=None, theme=theme)) == []


def test_people_are_appointed_on_an_accessible_page(visit: Open) -> None:
    """The list, one person, and the form for somebody new."""
    page = visit("/people/", by="ada")
    assert faults(page) == []
    page.click("text=Ines Moreau")
    assert faults(page) == []
    page.click("text=Correct the name or the e-mail")
    assert faults(page) == []
    page.goto(page.url.partition("/people/")[0] + "/people/invite/")
    assert faults(page) == []


def test_every_box_stands_beside_its_words(visit: Open, archive: dict[str, int]) -> None:
    """In the forms that are not among the pages above."""
    page = visit("/")
    home = page.url.rstrip("/")
    wide = []
    for address in FORMS:
        page.goto(home + address.format(**archive))
        if page.evaluate(HAS_WIDE_BOX):
            wide.append(address)
    assert wide == []


def test_keys_go_to_the_search_and_through_its_hits(visit: Open) -> None:
    """/ to search, j and k through the hits with their surroundings, enter to open one."""
    page = visit("/sessions/")
    page.keyboard.press("/")
    page.keyboard.type("plain")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-hit]")
    page.wait_for_load_state()  # what hears the keys comes last
    page.locator("#q").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("[data-hit]").first.get_attribute("aria-current") == "true"
    page.wait_for_selector("#preview .message")
    page.keyboard.press("Enter")
    page.wait_for_selector(".message.is-target")


def test_a_drawer_opens_beside_the_conversation_and_escape_closes_it(
    visit: Open, archive: dict[str, int]
) -> None:
    """Without leaving the page; the focus goes in and comes back."""
    page = visit("/sessions/{session}/?at={message}".format(**archive))
    page.click(f"#m{archive['message']} .when")
    page.wait_for_selector("#drawer h2")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#drawer h2").count() == 0
    assert "when" in str(page.evaluate("document.activeElement.className"))


def test_everything_works_without_scripts(visit: Open, archive: dict[str, int]) -> None:
    """Signing in, searching, opening a hit and a message are links and forms."""
    page = visit("/accounts/login/?next=/search/", by=None, scripts=False)
    page.fill("#id_login", "ines")
    page.fill("#id_password", cast.PASSWORD)
    page.click("button.primary")
    page.fill("#q", "plain")
    page.press("#q", "Enter")
    page.locator("a[data-open]").first.click()
    page.locator(".message.is-target .when").click()
    assert "Message of" in page.locator("h1").inner_text()


def test_what_strangers_wrote_does_not_run(visit: Open, archive: dict[str, int]) -> None:
    """The scripts of the torture texts are words on a page."""
    for address in ("/sessions/{session}/", "/search/?q=window", "/messages/{message}/"):
        page = visit(address.format(**archive))
        assert page.evaluate("window.hurt") is None


def test_times_are_the_readers_own(visit: Open, archive: dict[str, int]) -> None:
    """Noon in UTC is one o'clock in Berlin, from the second page on."""
    page = visit("/accounts/login/", by=None)
    page.fill("#id_login", "ines")
    page.fill("#id_password", cast.PASSWORD)
    page.click("button.primary")
    page.goto(page.url.rstrip("/") + "/sessions/{session}/".format(**archive))
    assert page.locator(".message .when").first.inner_text() == "13:00"


def test_the_dark_palette_can_be_chosen(visit: Open) -> None:
    """And stays chosen."""
    page = visit("/")
    page.click(".menu > summary")
    page.click("button[value=dark]")
    page.goto(page.url)
    assert page.locator("html").get_attribute("data-theme") == "dark"
