"""What was said, as markup: messages with every wording, replies, reactions and files; joins, leaves and torn places.

The look and the words are the console's. Links lead to anchors of the same conversation and to the bytes of files in the
package, nowhere else; an address in a message stays text.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from archive import readable
from archive.differences import Kind
from archive.packages import entries
from archive.packages.content import Day, File, Person, Reaction, Step
from archive.packages.entries import TEARS, Entry, Item, NewDay, Wording
from archive.packages.html import words
from archive.packages.html.markup import EMPTY, Markup, joined, name, tag

_BYTES = re.compile(r"data/files/[0-9a-z/]+(\.[0-9a-z]+)*")
_ACTING = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})
_LONG, _TALL = 5_000, 80
_TO_DATA = "../../../"

Places = Mapping[str, str]
"""Where messages of this conversation stand, by Zoom's id: an address from a page of it."""


def tear(day: Day) -> Markup:
    """A day that is not proven complete, as torn paper."""
    said = joined(
        words.state("gap", TEARS.get(day.state, "Gap")),
        " ",
        tag("strong", f"{words.day(day.day)} (UTC)"),
        f" {day.reason} Messages may be missing here.",
    )
    return tag("div", tag("p", said), class_="tear", role="note")


class Drawn:
    """Draws the items of one page, in the zone of the request."""

    def __init__(self, *, zone: tzinfo, places: Places) -> None:
        self._zone = zone
        self._places = places

    def items(self, some: Sequence[Item], *, today: date | None) -> tuple[list[Markup], date | None]:
        """The items in order, and the day the last one is of; `today` already has its heading."""
        drawn: list[Markup] = []
        for item in some:
            if isinstance(item, NewDay):
                if item.day != today:
                    drawn.append(tag("h2", tag("span", words.long_day(item.day)), class_="day-rule"))
                today = item.day
            elif isinstance(item, Step):
                drawn.append(self._step(item))
            else:
                drawn.append(self._entry(item))
        return drawn, today

    def _step(self, step: Step) -> Markup:
        did = " joined" if step.has_joined else " left"
        by = EMPTY
        if step.operator is not None and step.operator.id != step.person.id:
            by = joined(", added by " if step.has_joined else ", removed by ", _person(step.operator))
        return tag("p", self._clock(step.at), " ", _person(step.person), did, by, class_="step")

    def _entry(self, entry: Entry) -> Markup:
        said = entry.message
        kinds = ["message"]
        if entry.continues:
            kinds.append("continues")
        if said.is_deleted:
            kinds.append("is-deleted")
        body = [
            *self._words(entry),
            *self._fates(entry),
            *(tag("blockquote", tag("p", one, class_="said"), class_="forward") for one in said.forwards),
            _files(said.files),
            _reactions(said.reactions),
        ]
        if len(entry.replies) > 0:
            under = [self._entry(reply) for reply in entry.replies]
            body.append(tag("div", *under, class_="thread", role="group", aria_label="Replies"))
        return tag(
            "article",
            self._header(entry),
            EMPTY if entry.has_main else self._reply_to(said.reply_to_zoom_id),
            tag("div", *body, class_="body"),
            class_=" ".join(kinds),
            id=f"m{said.id}",
        )

    def _header(self, entry: Entry) -> Markup:
        said = entry.message
        marks: list[str] = []
        if said.sender is not None and said.sender.is_external:
            marks.append(tag("span", "outside", class_="tag"))
        if said.sender is not None and said.sender.is_bot:
            marks.append(tag("span", "bot", class_="tag"))
        link = tag("a", self._clock(said.sent_at), class_="when", href=f"#m{said.id}")
        doubt = joined(" ", words.state("unknown", "time doubtful")) if said.sent_at_is_doubtful else EMPTY
        leaves = ", ".join(str(version.leaf) for version in said.versions)
        record = tag("span", f"leaf {leaves}", class_="leaf") if leaves != "" else EMPTY
        who = tag("h3", name(said.sender_name, missing="unknown sender"), class_="who")
        return tag("header", who, *marks, link, doubt, record)

    def _reply_to(self, zoom_id: str) -> Markup:
        if zoom_id == "":
            return EMPTY
        place = self._places.get(zoom_id)
        if place is None:
            return tag("p", "reply to a message that is not near here in this export", class_="reply-to")
        return tag("p", "reply to ", tag("a", "an earlier message", href=place), class_="reply-to")

    def _words(self, entry: Entry) -> list[Markup]:
        """The newest wording, with what it changed; of an older message none."""
        newest = entry.wordings[-1]
        if newest.text != "" or len(newest.changes) > 0:
            return [_said(newest)]
        if entry.is_destroyed:
            gone = words.state("destroyed", "destroyed under a disposition; what it said is gone")
            return [tag("p", gone, class_="fate")]
        if len(entry.message.files) > 0 or len(entry.message.forwards) > 0:
            return []
        return [tag("p", "no text", class_="quiet")]

    def _fates(self, entry: Entry) -> list[Markup]:
        fates: list[Markup] = []
        story = entry.story
        if len(entry.wordings) > 2:
            head = tag(
                "summary", "edited ", self._moment(story.edited_at), f"; {len(entry.wordings)} versions"
            )
            fates.append(tag("details", head, self._versions(entry), class_="versions"))
        elif entry.is_edited:
            lost = EMPTY if story.original_is_held else "; the first wording was gone before capture"
            fates.append(tag("p", "edited ", self._moment(story.edited_at), lost, class_="fate"))
        if entry.message.is_deleted:
            gone = words.state("destroyed", "deleted")
            at = self._moment(story.deleted_at)
            fates.append(tag("p", gone, " ", at, "; Zoom does not say by whom", class_="fate"))
        return fates

    def _versions(self, entry: Entry) -> Markup:
        lines = []
        for number, wording in enumerate(entry.wordings):
            is_first = number == 0 and entry.story.original_is_held
            how = "as sent " if is_first else "written " if wording.at_is_known else "seen by "
            lines.append(tag("li", tag("p", how, self._moment(wording.at), class_="quiet"), _said(wording)))
        return tag("ol", *lines, class_="version-list")

    def _clock(self, at: datetime) -> Markup:
        return words.time(at, f"{entries.here(at, self._zone):%H:%M}")

    def _moment(self, at: datetime | None) -> Markup:
        if at is None:
            return joined("at a time Zoom did not give")
        return words.moment(at, self._zone)


def _said(wording: Wording) -> Markup:
    """The words; very long ones in a box of their own, so that what follows is not miles away."""
    names = {Kind.ADDED: "ins", Kind.REMOVED: "del"}
    runs = [
        tag(names[run.kind], run.text) if run.kind in names else joined(run.text) for run in wording.changes
    ] or [joined(wording.text)]
    length = sum(len(run) for run in runs)
    if length > _LONG or wording.text.count("\n") > _TALL:
        label = f"Long message, {len(wording.text):,} characters"
        return tag("div", *runs, class_="said long", tabindex="0", role="group", aria_label=label)
    return tag("p", *runs, class_="said")


def _person(person: Person) -> Markup:
    return name(person.display_name, missing=person.email or "unknown person")


def _files(files: Sequence[File]) -> Markup:
    return tag("ul", *(_file(one) for one in files), class_="files") if len(files) > 0 else EMPTY


def _file(file: File) -> Markup:
    """A file as a card. What a browser would run rather than show is named and not linked."""
    called = name(file.name, missing="unnamed file")
    size = "size unknown" if file.size_bytes is None else readable.size(file.size_bytes)
    facts = [size, file.media_type]
    about = tag("span", " · ".join(one for one in facts if one != ""), class_="quiet")
    if file.sha256 is None or file.path is None:
        missing = words.state("gap", f"not in this package: {file.reason or 'reason unknown'}")
        return tag("li", tag("span", called, class_="file-name"), about, missing, class_="file")
    if file.media_type in _ACTING or _BYTES.fullmatch(file.path) is None:
        where = tag("span", f"kept at {file.path}; not linked, since a browser would run it", class_="quiet")
    else:
        called = tag("a", called, href=_TO_DATA + file.path.removeprefix("data/"))
        where = EMPTY
    digest = tag("span", "SHA-256 ", tag("span", file.sha256.hex(), class_="mono"), class_="digest")
    return tag("li", tag("span", called, class_="file-name"), about, digest, where, class_="file")


def _reactions(reactions: Sequence[Reaction]) -> Markup:
    if len(reactions) == 0:
        return EMPTY
    lines = []
    for one in reactions:
        who, more = ", ".join(one.people), ""
        if one.count is None:
            more = f"{', ' if who else ''}how many is not known"
        elif one.count > len(one.people):
            more = f"{' and ' if who else ''}{one.count - len(one.people)} not named"
        lines.append(tag("li", tag("span", one.emoji, class_="emoji"), " ", tag("span", who + more)))
    return tag("ul", *lines, class_="reactions", aria_label="Reactions")
