"""An investigator's morning: find, tag, save, look for what is new, freeze, prove, compare."""

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from archive.models import Window
from tests.archive import scenes
from tests.browser.accessibility import faults
from tests.browser.conftest import Open
from tests.compliance import world

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def count(page: Page) -> str:
    return page.locator(".count").inner_text()


def tag_three(page: Page, home: str) -> None:
    """With the keyboard: three hits chosen by x, tagged by t."""
    page.goto(home + "/search/?q=plain")
    page.locator("#q").blur()
    for key in "jxjxjx":
        page.keyboard.press(key)
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.id") == "tag-name"
    assert faults(page) == []
    page.select_option("#tag-name", label="mine")
    page.click("text=Tag the chosen")
    page.wait_for_selector("text=Tagged 3 messages.")


def test_the_whole_of_it(visit: Open, archive: dict[str, int], tmp_path: Path) -> None:
    """Every step on the page, the digest by hand."""
    page = visit("/tags/")
    home = page.url.removesuffix("/tags/")
    page.fill("#id_name", "mine")
    page.click("text=Make the tag")
    tag_three(page, home)
    page.goto(home + "/search/?q=tag:mine")
    assert count(page) == "3"
    page.goto(home + "/search/?q=plain")
    before = count(page)
    page.locator("#q").blur()
    page.keyboard.press("s")
    page.keyboard.type("Everything plain")
    page.keyboard.press("Enter")
    page.wait_for_url("**/searches/*/")
    search = page.url.removeprefix(home)
    window = Window.objects.get(session=archive["session"], kind=Window.Kind.MESSAGES)
    world.captured(window, [scenes.said("plain news", id="news", minute=999)])
    world.index()
    page.click("text=Run again")
    page.wait_for_selector("text=1 new since")
    expect(page.locator("[data-hit]")).to_have_count(1)
    assert "plain news" in page.locator("[data-hit]").inner_text()
    assert faults(page) == []
    freeze_and_compare(page, home, search, before, tmp_path)


def freeze_and_compare(page: Page, home: str, search: str, before: str, folder: Path) -> None:
    """The frozen answer has the digest of its file, and lacks one message of a wider search."""
    page.goto(home + "/search/?q=plain NOT news")
    page.click("#freeze > summary")
    page.fill("#freeze-name", "Before the news")
    page.click(f"text=Freeze {before} messages")
    page.wait_for_url("**/lists/*/")
    shown = re.search("[0-9a-f]{64}", page.locator(".proof").inner_text())
    with page.expect_download() as download:
        page.click("text=Take as NDJSON")
    file = folder / "ids"
    download.value.save_as(file)
    assert shown is not None
    assert hashlib.sha256(file.read_bytes()).hexdigest() == shown[0]
    assert file.read_bytes().count(b"\n") == int(before)
    key = page.url.removeprefix(home).strip("/").replace("lists", "list")
    page.goto(f"{home}/compare/?a={search.strip('/').replace('searches', 'search')}&b={key}")
    tabs = page.locator("main .tabs").last.inner_text()
    assert re.findall(r"[0-9]+", tabs) == ["1", before, "0"]
    assert "plain news" in page.locator("[data-hit]").inner_text()


def test_it_works_without_scripts(visit: Open, archive: dict[str, int]) -> None:
    """The menus are details, the boxes belong to a form."""
    page = visit("/search/?q=plain", scripts=False)
    page.locator(".choose").nth(1).check()
    page.click("#tag > summary")
    page.click("text=Take it off them")
    assert "Took the tag off 1 message." in page.locator("main").inner_text()


def test_an_answer_is_put_into_a_matter(visit: Open, archive: dict[str, int]) -> None:
    """Frozen whole, with what the matter does not hold counted; the form can be used without a mouse and is in order."""
    matter = world.matter(User.objects.get(username="ines"))
    page = visit("/search/?q=plain")
    found = count(page)
    page.click("text=Put into a matter…")
    page.wait_for_url("**/search/hand-over/*")
    assert faults(page) == []
    page.select_option("#matter", label=matter.name)
    page.fill("#name", "The board")
    page.get_by_label("a frozen list").check()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/*/")
    assert f"{found} messages" in page.inner_text("main")
    assert matter.name in page.inner_text("main")
    assert faults(page) == []
    page.goto(page.url.partition("/lists/")[0] + f"/matters/{matter.pk}/timeline/")
    page.wait_for_selector("text=put the frozen list “The board” into the matter")
