"""The reader of a package in a real browser, opened from disk with nothing else: read, searched, by keyboard, inert."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.packages import html
from archive.packages.content import Day, Format
from archive.search import analysis
from tests.archive.packages import talks
from tests.browser.accessibility import violations
from tests.browser.conftest import Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def made(folder: Path, *days: Day) -> Path:
    """The reader on the disk; the folder of its first page."""
    kept = talks.Kept()
    writer = html.Writer(talks.request(Format.HTML))
    for day in days:
        writer.day(day, kept)
    writer.end(kept)
    kept.save(folder)
    return folder / "data/html"


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    nasty = talks.Conversation(11, "nasty", "Group", "nasty", "c", "acme")
    torture = [talks.said(100 + n, text, minutes=n) for n, text in enumerate(talks.torture())]
    days = [talks.day(torture, of=nasty)] if torture else []
    return made(tmp_path, *talks.lively(), *days)


@pytest.fixture
def read(browser: Browser, reader: Path) -> Iterator[Open]:
    """Open a page of the reader; whatever it asks for beside its own files, or cannot do, fails the test at the end."""
    asked: list[str] = []
    wrong: list[str] = []
    contexts = []

    def opened(page_of: str, *, theme: str = "light", width: int = 1440) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light"
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text))
        page.goto(f"{reader.as_uri()}/{page_of}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(reader.as_uri() + "/")] == []
    assert wrong == []


def faults(page: Page) -> list[str]:
    """What axe finds. It fetches style sheets to look for rotated text, which the policy refuses, and says so."""
    return violations(page, {"preload": False})


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_nothing_for_axe_to_find(theme: str, width: int, read: Open, picture: Picture) -> None:
    """Every kind of page, light and dark, wide and narrow: accessible and never wider than the window."""
    pages = {
        "index": "index.html",
        "conversation": "c/7/2026-11-03.html",
        "days": "c/7/index.html",
        "answers": "search.html#q=budget",
        "answer": "c/7/2026-11-03.html?q=budget#m1",
        "nasty": "c/11/2026-11-03.html",
        "nothing": "search.html#q=zebra",
    }
    if (theme, width) in (("light", 390), ("dark", 1440)):
        del pages["nasty"]  # long to look through
    for name, address in pages.items():
        page = read(address, theme=theme, width=width)
        if name == "answers":
            page.wait_for_selector(".hit")
        assert faults(page) == [], name
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), name
        if name in ("index", "conversation", "answers"):
            picture(page, f"reader-{name}-{theme}-{width}")
        page.context.close()


def test_a_search_by_keyboard(read: Open) -> None:
    """From the first page: / goes to the field, j and k move between answers, Enter opens one at its message, marked."""
    page = read("index.html")
    page.keyboard.press("/")
    page.keyboard.type("BÚDGET")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    assert page.locator("#count").inner_text() == "3 messages of " + total(page)
    assert page.locator(".hit mark").all_inner_texts() == ["budget"] * 3
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "Back again" in page.locator(".hit[aria-current]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector(".message[aria-current] mark")
    assert page.url.endswith("#m20")
    page.keyboard.press("k")
    assert page.locator(".message[aria-current]").get_attribute("id") == "m1"
    page.click("text=Back to all answers")
    page.wait_for_selector(".hit")


def total(page: Page) -> str:
    return page.locator("#count").inner_text().rpartition(" ")[2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("budget", ["m1", "m20", "m30"]),
        ("budget friday", ["m1"]),
        ("from:olu budget", ["m30"]),
        ('"the budget"', ["m30"]),
        ('"budget the"', []),
        ("budg*", ["m1", "m20", "m30"]),
        ("friday", ["m1", "m2"]),  # also in a wording that was edited away
        ("creme brulee", ["m8"]),
        ("東京", ["m8"]),
        ("京都の予", ["m8"]),
        ("東都", []),
        ("minutes.txt", []),
        ("minutes", ["m7"]),
        ("page.html", ["m7"]),
        ("שלומך", ["m8"]),
        ("script", ["m9"]),
        ("fri", []),
        ("bud* heliotrope", ["m1"]),
        ("...", []),
    ],
)
def test_what_is_found(query: str, found: list[str], read: Open) -> None:
    """Exact on words and whatever their case and accents; phrases; scripts without spaces inside; every wording."""
    page = read("search.html")
    page.fill("#find", query)
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text(re.compile("^[0-9,]+ messages? of|no word"))
    if not page.locator("#count").inner_text().startswith(("0 ", "There")):
        page.wait_for_selector(".hit")
    links = page.locator(".hit a[data-open]").evaluate_all("all => all.map(one => one.hash.slice(1))")
    mine = [link for link in links if int(link[1:]) < 100]
    assert mine == found


def test_strangers_do_nothing(read: Open) -> None:
    """Markup, scripts and controls are text on the page and among the answers."""
    page = read("search.html#q=script")
    page.wait_for_selector(".hit")
    assert "<script>window.hurt = 1</script>" in page.locator("#hits").inner_text()
    assert "[U+202E]" in page.locator("#hits").inner_text()
    assert page.evaluate("window.hurt") is None
    page.click(".hit a >> nth=0")
    page.wait_for_selector(".message mark")
    assert page.evaluate("window.hurt") is None


def test_it_prints(read: Open, tmp_path: Path) -> None:
    """On paper there is no search bar, and the leaves are named."""
    page = read("c/7/2026-11-03.html", width=390)
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert page.locator(".leaf").first.is_visible()
    assert page.pdf(path=tmp_path / "page.pdf", format="A4").startswith(b"%PDF-")


def test_a_damaged_search_says_so(browser: Browser, reader: Path) -> None:
    """A file of the search that is missing or broken is named; nothing pretends to be complete."""
    (reader / "find/words-00001.js").write_text("holdfast.words(")
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{reader.as_uri()}/search.html#q=budget")
    expect(page.locator("#count")).to_contain_text("find/words-00001.js of this reader is missing or damaged")
    page.close()


def test_both_know_the_same_words(read: Open) -> None:
    """Every character, alone and between letters, is cut and folded in the browser as it was for the index."""
    page = read("search.html")
    known = [
        char
        for char in map(chr, range(0x20, 0x323B0))
        if unicodedata.category(char) not in ("Cn", "Cs", "Co")
    ]
    texts = [*talks.torture(), *(f"{char} a{char}b" for char in known)]
    cut = "given => JSON.stringify(JSON.parse(given).map(text => holdfast.atoms(text).map(one => [one.text, one.glue])))"
    theirs = json.loads(page.evaluate(cut, json.dumps(texts)))
    ours = [[[atom.text, atom.glue] for atom in analysis.atoms(text)] for text in texts]
    wrong = [one for one in zip(texts, ours, theirs, strict=True) if one[1] != one[2]]
    assert wrong[:20] == []


def test_a_hundred_thousand_messages(browser: Browser, tmp_path: Path) -> None:
    """Common words, a phrase and runs of Han among a hundred thousand: exact counts, and never a long stillness."""
    words = ("plan", "budget", "ship", "heliotrope", "friday", "review", "東京都", "the draft")
    texts = {n: f"{words[n % 8]} {words[n // 8 % 8]} number{n}" for n in range(1, 100_001)}
    days = (
        talks.day(
            [talks.said(n, texts[n], minutes=n // 200) for n in range(start, start + 5_000)],
            part=part,
            parts=20,
        )
        for part, start in enumerate(range(1, 100_001, 5_000), start=1)
    )
    folder = made(tmp_path, *days)
    # A machine that stands still makes a page stand still, too; a search that does so does it every time.
    assert any(longest_stillness(browser, folder, texts) < 1_000 for _ in range(4))


def longest_stillness(browser: Browser, folder: Path, texts: dict[int, str]) -> float:
    """Milliseconds in which the page could do nothing else, while it found all that there is and nothing else."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{folder.as_uri()}/search.html")
    page.evaluate(
        """() => { window.longest = 0; let last = performance.now(); setInterval(() => {
        const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 5); }"""
    )
    for query, phrase in (
        ("heliotrope", "heliotrope"), ("number77777", "number77777"), ('"budget plan"', "budget plan"), ("東京都", "東京都"),
    ):  # fmt: skip
        count = sum(1 for text in texts.values() if phrase in text)
        page.fill("#find", query)
        page.keyboard.press("Enter")
        expect(page.locator("#count")).to_contain_text(re.compile(f"^{count:,} message"), timeout=60_000)
        page.wait_for_selector(".hit")
    longest = float(page.evaluate("longest"))
    page.close()
    return longest
