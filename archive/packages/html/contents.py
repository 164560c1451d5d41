"""The lists of the reader: all conversations, the days of one, and the page of answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from archive.packages.content import Request
from archive.packages.html import frame, words
from archive.packages.html.markup import EMPTY, Markup, joined, name, tag
from archive.packages.html.pages import DayCount

_ROWS = 500
"""Conversations on one page of the list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in the list; `href` leads to where its reading begins."""

    title: str
    type: str
    href: str
    first: date
    last: date
    days: int
    open_days: int
    messages: int
    files: int
    missing: int


def conversation(title: str, days: Sequence[DayCount], *, made: str) -> Markup:
    """The days of one conversation with their counts, and where each begins."""
    rows = []
    for one in days:
        state = (
            words.state("complete", "complete") if one.state == "complete" else words.state("gap", one.state)
        )
        rows.append(
            tag(
                "tr",
                tag("th", tag("a", words.day(one.day), href=one.page), scope="row"),
                tag("td", words.count(one.messages), class_="num"),
                tag("td", words.count(one.files), class_="num"),
                tag("td", state),
            )
        )
    head = _head_row(("Day (UTC)", ""), ("Messages", "num"), ("Files", "num"), ("In the archive", ""))
    return joined(
        frame.head(
            title=title or "Days",
            to_root="../../",
            crumbs=frame.crumbs(("Conversations", "../../index.html")),
        ),
        tag("h1", name(title, missing="conversation without a name")),
        _table("Days of this conversation with messages in this export", head, rows),
        frame.foot(made),
    )


def conversations(listed: Sequence[Listed], request: Request, *, made: str) -> Iterator[tuple[str, Markup]]:
    """The list of conversations, file by file, the first of which is where the reader begins."""
    pages = max(1, -(-len(listed) // _ROWS))
    for number in range(pages):
        some = listed[number * _ROWS : (number + 1) * _ROWS]
        yield (
            _file(number),
            joined(
                frame.head(title=request.title, to_root="", crumbs=EMPTY),
                tag("h1", name(request.title, missing="Export")),
                tag("p", made, class_="lede"),
                _facts(listed) if number == 0 else EMPTY,
                _list(some, number, pages),
                _about() if number == 0 else EMPTY,
                frame.foot(made),
            ),
        )


def answers(request: Request, *, made: str) -> Markup:
    """The page that the reader's script fills with what was found."""
    return joined(
        frame.head(
            title=f"Search: {request.title}",
            to_root="",
            crumbs=frame.crumbs(("Conversations", "index.html")),
            scripts=("search.js", "find/table.js"),
        ),
        tag("h1", "Search"),
        tag(
            "noscript",
            tag("p", "Searching needs JavaScript. Every conversation can be read without.", class_="warn"),
        ),
        tag("p", class_="count-line", id="count", role="status", aria_live="polite"),
        tag(
            "div",
            tag("nav", class_="facets", id="facets", aria_label="Conversations with answers"),
            tag("div", tag("ol", class_="hits", id="hits"), tag("p", id="more", class_="pager")),
            class_="findings",
        ),
        _help(),
        frame.foot(made),
    )


def _facts(listed: Sequence[Listed]) -> Markup:
    open_days = sum(one.open_days for one in listed)
    files = sum(one.files for one in listed)
    missing = sum(one.missing for one in listed)
    period = "nothing was said"
    if len(listed) > 0:
        first, last = min(one.first for one in listed), max(one.last for one in listed)
        period = _period(first, last)
    proven = (
        "every day that is here is proven complete"
        if open_days == 0
        else "drawn as torn paper where they are"
    )
    return tag(
        "dl",
        _fact("Messages", words.count(sum(one.messages for one in listed)), period),
        _fact("Conversations", words.count(len(listed)), "listed below"),
        _fact("Files", words.count(files), f"{words.count(missing)} of them not in this package"),
        _fact("Days not proven", words.count(open_days), proven, is_bad=open_days > 0),
        class_="facts",
    )


def _period(first: date, last: date) -> str:
    return words.day(first) if first == last else f"{words.day(first)} to {words.day(last)}"


def _fact(title: str, figure: str, about: str, *, is_bad: bool = False) -> Markup:
    inside = (tag("dt", title), tag("dd", figure, class_="figure"), tag("dd", about, class_="about"))
    return tag("div", *inside, class_="fact bad" if is_bad else "fact")


def _list(listed: Sequence[Listed], number: int, pages: int) -> Markup:
    if len(listed) == 0:
        empty = tag("strong", "No message is in this export.")
        return tag("div", empty, "What was asked for is in data/about/query.json.", class_="empty")
    rows = [
        tag(
            "tr",
            tag(
                "th",
                tag("a", name(one.title, missing="conversation without a name"), href=one.href),
                scope="row",
            ),
            tag("td", one.type or "unknown", class_="lesser"),
            tag("td", words.count(one.messages), class_="num"),
            tag("td", words.count(one.files), class_="num lesser"),
            tag("td", words.count(one.days), class_="num lesser"),
            tag("td", _period(one.first, one.last), class_="lesser"),
            tag("td", words.state("gap", words.count(one.open_days, "day")) if one.open_days else "none"),
        )
        for one in listed
    ]
    head = _head_row(
        ("Conversation", ""), ("Type", "lesser"), ("Messages", "num"), ("Files", "num lesser"), ("Days", "num lesser"),
        ("From and to (UTC)", "lesser"), ("Not proven", ""),
    )  # fmt: skip
    ways = [
        tag("a", f"Page {other + 1}", href=_file(other), aria_current="page" if other == number else None)
        for other in range(pages)
    ]
    pager = tag("nav", *_spaced(ways), class_="pager", aria_label="Pages of the list") if pages > 1 else EMPTY
    return joined(_table("Conversations with messages in this export", head, rows), pager)


def _about() -> Markup:
    return tag(
        "section",
        tag("h2", "What this is"),
        tag(
            "p",
            "This folder is read with nothing but a browser, and sends nothing anywhere. It is a copy for reading. "
            "The evidence is in data/records of the package: each message here names its leaves in the log, and ",
            tag("code", "python3 verify.py"),
            " in the package’s folder checks all of them. What is missing, and why, is in data/about/exceptions.csv.",
        ),
        class_="section prose",
    )


def _help() -> Markup:
    lines = (
        ("budget plan", "messages with both words, in any order"),
        ('"budget plan"', "the words next to each other"),
        ("budg*", "words that begin so"),
        ("from:olu", "by a sender with this word in the name"),
        ("東京", "scripts without spaces are found inside longer runs"),
    )
    rows = [tag("tr", tag("td", tag("code", sign)), tag("td", meaning)) for sign, meaning in lines]
    return tag(
        "details",
        tag("summary", "What can be asked"),
        tag(
            "p",
            "Every wording of a message is searched, and the names of its files. Case and accents do not matter. ",
            tag("kbd", "/"), " goes to the search, ", tag("kbd", "j"), " and ", tag("kbd", "k"),
            " move between answers, ", tag("kbd", "Enter"), " opens one.",
        ),
        tag("table", tag("tbody", *rows)),
        class_="help",
    )  # fmt: skip


def _table(caption: str, head: Markup, rows: Sequence[Markup]) -> Markup:
    body = joined(tag("caption", caption, class_="vh"), tag("thead", head), tag("tbody", *rows))
    return tag("div", tag("table", body), class_="table", tabindex="0", role="region", aria_label=caption)


def _head_row(*columns: tuple[str, str]) -> Markup:
    return tag("tr", *(tag("th", title, scope="col", class_=kind or None) for title, kind in columns))


def _spaced(some: Sequence[Markup]) -> list[Markup]:
    return [joined(one, " ") for one in some]


def _file(number: int) -> str:
    return "index.html" if number == 0 else f"index-{number + 1}.html"
