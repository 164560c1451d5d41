"""A reader for people without tools: pages that open from disk in any browser, with a search over every message.

`data/html/index.html` lists the conversations; each has pages of whole days, and a list of its days. Nothing is fetched
from anywhere: a strict policy on each page allows scripts and styles of this folder only, and all text of strangers is
inert. The search is the reader's own (`search.js`), over words that are written beside it (`find.py`).

Promises: the same days give the same bytes; memory does not grow with the export, but for a line per conversation and
page. Must never: put text of strangers on a page other than through `markup`.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from archive.packages.content import Conversation, Day, Request, Sink
from archive.packages.html import contents, words
from archive.packages.html.contents import Listed
from archive.packages.html.find import Find
from archive.packages.html.pages import Pages

FOLDER = "data/html"
_ASSETS = ("reader.css", "reader.js", "search.js", "words.js")


class Writer:
    """Writes the reader of one package."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._zone = ZoneInfo(request.zone)
        self._made = (
            f"Export {request.export_id}, made from the log as it was {words.day(request.made_at.date())}, {request.made_at:%H:%M:%S} UTC, "
            f"with {words.count(request.size, 'leaf', 'leaves')}"
        )
        self._find = Find()
        self._listed: list[Listed] = []
        self._pages: Pages | None = None

    def day(self, day: Day, into: Sink) -> None:
        """The next day, or part of one."""
        pages = self._pages
        if pages is None or pages.conversation.session_id != day.conversation.session_id:
            self._finish(into)
            pages = self._pages = self._begin(day.conversation)
        pages.day(day, into)

    def end(self, into: Sink) -> None:
        """The lists, the search, and the files that every page uses."""
        self._finish(into)
        for name, page in contents.conversations(self._listed, self._request, made=self._made):
            _write(into, name, page)
        _write(into, "search.html", contents.answers(self._request, made=self._made))
        self._find.end(into, zone=self._request.zone)
        for name in _ASSETS:
            _write(into, name, (Path(__file__).parent / name).read_text(encoding="utf-8"))

    def _begin(self, conversation: Conversation) -> Pages:
        self._find.conversation(conversation.title)
        return Pages(
            conversation, zone=self._zone, zone_name=self._request.zone, made=self._made, find=self._find
        )

    def _finish(self, into: Sink) -> None:
        """End the conversation that is being written: its last page, its list of days, its line in the list of all."""
        pages, self._pages = self._pages, None
        if pages is None:
            return
        pages.end()
        of, days = pages.conversation, pages.days
        _write(into, f"{pages.folder}index.html", contents.conversation(of.title, days, made=self._made))
        self._listed.append(
            Listed(
                title=of.title,
                type=of.type,
                href=pages.folder + (days[0].page if pages.page_count == 1 else "index.html"),
                first=days[0].day,
                last=days[-1].day,
                days=len({one.day for one in days}),
                open_days=len({one.day for one in days if one.state != "complete"}),
                messages=sum(one.messages for one in days),
                files=sum(one.files for one in days),
                missing=sum(one.missing for one in days),
            )
        )


def _write(into: Sink, name: str, text: str) -> None:
    with into.file(f"{FOLDER}/{name}") as out:
        out.write(text.encode("utf-8", "backslashreplace"))
