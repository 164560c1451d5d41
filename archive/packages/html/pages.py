"""The pages of one conversation: whole days of a month, up to about a thousand messages each, written as the days come.

A page ends when the next day is of another month or the page is long enough; only a day that is long by itself is cut. So
no more than one day is ever in memory, and a page knows the next one when it ends.
"""

from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, tzinfo

from archive.packages import entries, stories
from archive.packages.content import Conversation, Day, Message, Sink
from archive.packages.entries import Entry
from archive.packages.html import frame, messages, words
from archive.packages.html.find import Find
from archive.packages.html.markup import EMPTY, Markup, joined, name, tag

LONG = 1_000
"""Messages after which a page takes no further day."""
LONGEST = 2_000
"""Messages of one day on one page."""
_PLACES = 20_000


@dataclass(slots=True)
class DayCount:
    """A day on a page: its messages and files, those whose bytes are missing, and whether it is proven complete."""

    day: date
    messages: int
    files: int
    missing: int
    state: str
    page: str


class Pages:
    """Writes the pages of one conversation; `days` are those written so far."""

    def __init__(self, of: Conversation, *, zone: tzinfo, zone_name: str, made: str, find: Find) -> None:
        self.conversation = of
        self.days: list[DayCount] = []
        self.page_count = 0
        self._zone = zone
        self._zone_name = zone_name
        self._made = made
        self._find = find
        self._places: OrderedDict[str, str] = OrderedDict()
        self._open: _Page | None = None

    @property
    def folder(self) -> str:
        """Where its pages are, from the reader's folder."""
        return f"c/{self.conversation.session_id}/"

    def day(self, day: Day, into: Sink) -> None:
        """A day, or a part of one, on the open page or on the next."""
        for start in range(0, max(1, len(day.messages)), LONGEST):
            some = day.messages[start : start + LONGEST]
            page = self._page_for(day, len(some), into)
            for message in some:
                self._remember(message, page.file)
            steps = stories.steps_among(day, start, some)
            page.write(
                day, entries.items(some, steps, zone=self._zone), is_first=day.part == 1 and start == 0
            )
            page.count += len(some)
            self._count(day, some, page.file)

    def end(self) -> None:
        """Close the last page."""
        if self._open is not None:
            self._open.close(after=None)
            self._open = None

    def _page_for(self, day: Day, coming: int, into: Sink) -> "_Page":
        before = self._open
        if before is not None and before.takes(day.day, coming):
            return before
        same = len({count.page for count in self.days if count.day == day.day})
        file = f"{day.day:%Y-%m-%d}{f'-{same + 1}' if same else ''}.html"
        if before is not None:
            before.close(after=file)
        self.page_count += 1
        self._find.page(self.folder + file)
        drawn = messages.Drawn(zone=self._zone, places=self._places)
        page = _Page(self, day, file, before.file if before is not None else None, drawn, into)
        self._open = page
        return page

    def _remember(self, message: Message, file: str) -> None:
        """Where a message stands, for replies to it; the oldest are forgotten, so that memory does not grow."""
        self._places[message.zoom_id] = f"{file}#m{message.id}"
        if len(self._places) > _PLACES:
            self._places.popitem(last=False)

    def _count(self, day: Day, some: tuple[Message, ...], file: str) -> None:
        last = self.days[-1] if len(self.days) > 0 else None
        if last is None or (last.day, last.page) != (day.day, file):
            last = DayCount(day.day, 0, 0, 0, day.state, file)
            self.days.append(last)
        files = [one for message in some for one in message.files]
        last.messages += len(some)
        last.files += len(files)
        last.missing += sum(1 for one in files if one.sha256 is None)

    def index(self, entry: Entry, into: Sink) -> None:
        self._find.add(entry, into)

    def heading(self, day: Day, before: str | None) -> Markup:
        """What stands at the top of a page."""
        of = self.conversation
        to_index = joined(frame.crumbs(("Conversations", "../../index.html"), ("Days", "index.html")))
        about = [words.month(day.day), of.type or "type unknown", f"times of {self._zone_name}"]
        if of.has_external_member:
            about.append("with people from outside")
        ways = EMPTY
        if before is not None:
            ways = tag(
                "nav",
                tag("a", "Earlier messages", href=before, rel="prev"),
                class_="pager",
                aria_label="Earlier",
            )
        title = of.title.strip() or "conversation without a name"
        return joined(
            frame.head(
                title=f"{title}, {words.month(day.day)}",
                to_root="../../",
                crumbs=to_index,
            ),
            tag("h1", name(of.title, missing="conversation without a name")),
            tag("p", " · ".join(about), class_="lede"),
            _members(day),
            ways,
        )

    def footing(self) -> Markup:
        """What stands at the bottom of a page."""
        return frame.foot(self._made)


class _Page:
    """One open page."""

    def __init__(
        self, pages: Pages, day: Day, file: str, before: str | None, drawn: messages.Drawn, into: Sink
    ) -> None:
        self.file = file
        self.count = 0
        self._first = day.day
        self._last = day.day
        self._pages = pages
        self._drawn = drawn
        self._today: date | None = None
        self._into = into
        self._stack = ExitStack()
        self._out = self._stack.enter_context(into.file(f"data/html/{pages.folder}{file}"))
        self._write(pages.heading(day, before), '<div class="column">')

    def takes(self, day: date, coming: int) -> bool:
        """Whether so many messages of a day may stand on this page too."""
        is_month = (day.year, day.month) == (self._first.year, self._first.month)
        most = LONGEST if day == self._last else LONG
        return is_month and (self.count == 0 or self.count + coming <= most)

    def write(self, day: Day, items: list[entries.Item], *, is_first: bool) -> None:
        self._last = day.day
        if is_first and day.state != "complete":
            self._write(messages.tear(day))
            self._today = None
        drawn, self._today = self._drawn.items(items, today=self._today)
        for one in drawn:
            self._write(one, "\n")
        ordered = (entry for item in items if isinstance(item, Entry) for entry in (item, *item.replies))
        for entry in sorted(ordered, key=lambda one: (one.message.sent_at, one.message.id)):
            self._pages.index(entry, self._into)

    def close(self, *, after: str | None) -> None:
        ways = tag("p", "The conversation ends here, as far as this export has it.", class_="edge")
        if after is not None:
            ways = tag(
                "nav", tag("a", "Later messages", href=after, rel="next"), class_="pager", aria_label="Later"
            )
        self._write(Markup("</div>"), ways, self._pages.footing())
        self._stack.close()

    def _write(self, *some: str) -> None:
        self._out.write("".join(some).encode("utf-8", "backslashreplace"))


def _members(day: Day) -> Markup:
    if len(day.participants) == 0:
        return EMPTY
    people = sorted(day.participants, key=lambda person: (person.display_name.casefold(), person.id))
    names = [
        tag("li", name(person.display_name, missing=person.email or "unknown person"), _of(person.email))
        for person in people
    ]
    head = tag("summary", words.count(len(people), "person", "people"), f" on {words.day(day.day)}")
    return tag("details", head, tag("ul", *names, class_="members"))


def _of(email: str) -> Markup:
    return joined(" ", tag("span", email, class_="quiet")) if email != "" else EMPTY
