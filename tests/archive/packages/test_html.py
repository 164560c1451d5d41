"""The reader: what it shows, that strangers' text does nothing in it, and that it is the same every time."""

import json
import re
from html.parser import HTMLParser
from typing import Any

from archive.packages import html
from archive.packages.content import Day, Format
from archive.packages.html import find, postings
from archive.packages.html.markup import Markup, joined, tag
from tests.archive.packages import talks
from tests.archive.packages.talks import INES, OLU, RAVI, Kept

GENERAL = "data/html/c/7/2026-11-03.html"


def written(*days: Day, title: str = "Heliotrope") -> Kept:
    kept = Kept()
    writer = html.Writer(talks.request(Format.HTML, title=title))
    for day in days:
        writer.day(day, kept)
    writer.end(kept)
    return kept


class Seen(HTMLParser):
    """What a browser would see: the text, and every element and attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(name)
        self.attributes += attributes

    def handle_data(self, text: str) -> None:
        self.said.append(text)

    @property
    def text(self) -> str:
        return "".join(self.said)


def loaded(kept: Kept, name: str) -> Any:
    """The data in one file of the search."""
    text = kept.text(f"data/html/find/{name}.js")
    body = re.fullmatch(r"holdfast\.(?:table\(|words\(\d+,|texts\(\d+,)(.*)\);\n", text, re.DOTALL)
    assert body is not None
    return json.loads(body[1])


def test_a_conversation_reads_as_people_saw_it() -> None:
    """Names, replies, reactions, edits as differences, deletions, files, joins and leaves, torn days."""
    page = written(*talks.lively()).text(GENERAL)
    for part in (
        "<del>friday</del><ins>monday</ins>",
        "edited <time",
        "deleted</span></span> <time",
        "is-deleted",
        "Ines, Ravi and 1 not named",
        'href="../../../files/00/' + "00" * 32 + '.txt"',
        "not in this package: gone at Zoom before capture",
        " joined, added by <bdi>Ines</bdi>",
        'class="tear"',
        "A pull broke off. Messages may be missing here.",
        "destroyed under a disposition",
        "leaf 1002, 1003",
    ):
        assert part in page, part
    assert page.index("Agreed") < page.index("ship it")  # a reply stands under what it answers


def test_a_reply_to_another_day_leads_there() -> None:
    """What is on an earlier page of the conversation is linked; what is nowhere near is said to be."""
    page = written(*talks.lively()).text(GENERAL)
    assert '<a href="2026-11-03.html#m1">an earlier message</a>' in page
    lost = written(talks.day([talks.said(1, "yes", reply_to_zoom_id="elsewhere")])).text(GENERAL)
    assert "a message that is not near here" in lost


def test_what_a_browser_would_run_is_not_linked() -> None:
    """An HTML file is named with its place; the text file beside it is linked."""
    seen = Seen(written(*talks.lively()).text(GENERAL))
    assert [value for name, value in seen.attributes if name == "href" and value and "files/" in value] == [
        "../../../files/00/" + "00" * 32 + ".txt"
    ]
    assert "not linked, since a browser would run it" in seen.text


def test_torture_does_nothing() -> None:
    """Wherever a nasty value stands, it adds no element and no attribute, and no character of it turns the line."""
    calm = [Seen(page) for page in _pages(_with(["word"]))]
    elements = set().union(*(seen.elements for seen in calm)) | {"span"}
    names = set().union(*({name for name, _ in seen.attributes} for seen in calm)) | {"title"}
    for page in _pages(_with(talks.torture() or ["<script>alert(1)</script>", "\u202egnp", '" onload="x'])):
        seen = Seen(page)
        assert seen.elements <= elements
        assert {name for name, _ in seen.attributes} <= names
        assert re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", page) is None
        leads = [to for name, to in seen.attributes if name in ("href", "src") and to is not None]
        assert not any(":" in to or to.startswith("//") for to in leads)


def _with(values: list[str]) -> Kept:
    """Messages with each value as text, name, file, reaction, forward; conversations and people called so."""
    bytes_of = talks.lively()[0].messages[4].files[0]
    days = []
    for number, value in enumerate(values, start=1):
        said = talks.said(
            number,
            value,
            by=talks.Person(1, value),
            files=(talks.File(1, "f", value, 1, "text/plain", bytes_of.sha256, bytes_of.path),),
            reactions=(talks.Reaction(value, 2, (value,)),),
            forwards=(value,),
            minutes=1,
        )
        of = talks.Conversation(number, "z", "Group", value, "c", "acme")
        days.append(
            talks.day([said], of=of, participants=(talks.Person(4, value, value),), reason=value, state="gap")
        )
    return written(*days, title=values[-1])


def _pages(kept: Kept) -> list[str]:
    return [kept.text(path) for path in kept.files if path.endswith(".html")]


def test_every_message_is_on_one_page_and_in_the_search_once() -> None:
    """Long days are cut, long months go on over pages, and nothing is left out or doubled."""
    days = [
        talks.day([talks.said(n, f"word{n}", minutes=n // 3) for n in range(1, 2_501)]),
        talks.day([talks.said(n, f"word{n}", minutes=1_500) for n in range(2_501, 3_400)]),
        talks.day([talks.said(n, f"word{n}", minutes=3_000) for n in range(3_400, 3_500)]),
    ]
    kept = written(*days)
    pages = [path for path in kept.files if path.startswith("data/html/c/7/2")]
    shown = [
        int(one)
        for path in pages
        for one in re.findall(r'<article class="[^"]*" id="m(\d+)"', kept.text(path))
    ]
    assert shown == list(range(1, 3_500))
    assert [path.rsplit("/")[-1] for path in pages] == [
        "2026-11-03.html", "2026-11-03-2.html", "2026-11-04.html",
    ]  # fmt: skip
    assert '<a href="2026-11-03-2.html" rel="next">' in kept.text(pages[0])
    table = loaded(kept, "table")
    texts = [line for n in range(len(table["texts"])) for line in loaded(kept, f"texts-{n + 1:05d}")]
    assert [line[0] for line in texts] == shown
    assert table["messages"] == 3_499
    assert [first for first, _ in table["pages"]] == [0, 2_000, 2_500]


def test_a_page_is_of_one_month() -> None:
    """The next month begins a page of its own, and each page leads to the other."""
    november, december = talks.said(1, "old"), talks.said(2, "new", minutes=60 * 24 * 30)
    kept = written(talks.day([november]), talks.day([december]))
    assert "old" in kept.text(GENERAL)
    assert "new" not in Seen(kept.text(GENERAL)).text
    assert '<a href="2026-11-03.html" rel="prev">' in kept.text("data/html/c/7/2026-12-03.html")


def test_the_words_of_the_search() -> None:
    """Folded words, every wording, pairs of scripts without spaces, file names, senders."""
    kept = written(*talks.lively())
    words = dict(loaded(kept, "words-00001"))
    assert words["budget"] == "0,8,1"  # messages 0, 8 and 9
    for word in (
        "friday",
        "monday",
        "brulee",
        "creme",
        "東京",
        "都の",
        "京",
        "minutes",
        "from:ravi",
        "שלומך",
    ):
        assert word in words, word
    assert list(words) == sorted(words, key=lambda word: word.encode("utf-16-be"))


def test_the_search_is_the_same_however_little_memory_it_has() -> None:
    """Words put aside in files come back merged."""
    small, large = Kept(), Kept()
    for memory, kept in ((50, small), (10_000, large)):
        gathered = postings.Postings(in_memory=memory)
        for number in range(300):
            gathered.add(number, sorted({f"w{number % 7}", f"w{number % 11}", "all", "😀", "\uffee"}))
        kept.files["all"] = json.dumps([[word, numbers] for word, numbers in gathered.merged()]).encode()
        gathered.close()
    assert small.files == large.files
    assert json.loads(small.text("all"))[0] == ["all", list(range(300))]


def test_a_word_that_is_everywhere_comes_in_blocks() -> None:
    """No list of numbers is longer than a block, with or without files."""
    for memory in (70_000, 10_000_000):
        with postings.Postings(in_memory=memory) as gathered:
            for number in range(200_000):
                gathered.add(number, ("all",))
            blocks = [numbers for _, numbers in gathered.merged()]
        assert max(map(len, blocks)) <= postings.BLOCK
        assert [number for block in blocks for number in block] == list(range(200_000))


def test_steps_between_numbers() -> None:
    """Rising numbers are written as differences in base 36."""
    assert postings.written([0, 1, 36, 1_000_000]) == "0,1,z,lfks"
    assert int("lfks", 36) == 1_000_000 - 36


def test_twice_the_same_bytes() -> None:
    """No clock and no order of chance is in it."""
    assert written(*talks.lively()).files == written(*talks.lively()).files


def test_markup_escapes_what_it_did_not_make() -> None:
    """Text is escaped once, markup never again, attributes always."""
    assert tag("p", "<b>", tag("i", "&"), title='"<') == '<p title="&quot;&lt;">&lt;b&gt;<i>&amp;</i></p>'
    assert joined(Markup("<br>"), "\u202e") == (
        '<br><span class="control" title="right-to-left override">[U+202E]</span>'
    )


def test_an_export_without_messages_says_so() -> None:
    """There is a first page, and it says what to look at."""
    kept = written()
    assert "No message is in this export." in kept.text("data/html/index.html")
    assert loaded(kept, "table")["messages"] == 0
    assert find.FOLDER + "/table.js" in kept.files


def test_people_are_named_as_they_were() -> None:
    """The name on a message is the one of then; outside people are marked."""
    old = talks.said(1, "hello", by=OLU)
    seen = written(talks.day([old], participants=(INES, RAVI, OLU))).text(GENERAL)
    assert '<bdi>Olu</bdi></h3><span class="tag">outside</span>' in seen
