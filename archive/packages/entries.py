"""A day as people read it: messages in their threads with each wording once, joins and leaves between, new days.

For the forms that people read (HTML, PDF). A reply stands under its main message when both are among the messages given,
else in its own place. Days are those of the request's zone, as the times beside the messages are. Pure: the same messages
give the same entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from archive import differences
from archive.differences import Change
from archive.packages import stories
from archive.packages.content import Message, Step
from archive.transcript.wordings import Story

SAME_BREATH = timedelta(minutes=6)
TEARS = {
    "lost": "Lost",
    "waiting": "Not read yet",
    "unknown": "Unknown",
    "gap": "Gap",
    "partial": "Not over when it was read",
}
"""What a day that the archive has not proven complete is called; every other state than `complete` is a gap."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording and what it changed of the one before (nothing for the first)."""

    text: str
    at: datetime
    at_is_known: bool
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Entry:
    """One message as it is read; `replies` are those that stand under it. Oldest wording first, at least one."""

    message: Message
    wordings: tuple[Wording, ...]
    story: Story
    has_main: bool = False
    continues: bool = False
    replies: list["Entry"] = field(default_factory=list)

    @property
    def is_destroyed(self) -> bool:
        return len(self.message.versions) == 0

    @property
    def is_edited(self) -> bool:
        return len(self.wordings) > 1 or self.story.edited_at is not None


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day begins, in the zone of the request."""

    day: date


Item = Entry | NewDay | Step


def items(messages: Sequence[Message], steps: Sequence[Step], *, zone: tzinfo) -> list[Item]:
    """What stands on a page, in order."""
    entries = {one.zoom_id: _entry(one) for one in messages}
    main: list[Entry] = []
    for entry in entries.values():
        parent = entries.get(entry.message.reply_to_zoom_id)
        if parent is not None and parent is not entry and parent.message.reply_to_zoom_id == "":
            entry.has_main = True
            parent.replies.append(entry)
        else:
            main.append(entry)
    timed: list[tuple[datetime, int, Entry | Step]] = [
        *((step.at, 0, step) for step in steps),
        *((entry.message.sent_at, 1, entry) for entry in main),
    ]
    timed.sort(key=lambda item: item[:2])
    return _with_days(timed, zone)


def here(at: datetime, zone: tzinfo) -> datetime:
    """The moment in a zone; at the ends of the calendar, where the zone would leave it, in UTC."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


def _entry(message: Message) -> Entry:
    told = stories.of(message)
    shown: list[Wording] = []
    for one in told.wordings:
        changes = differences.between(shown[-1].text, one.text) if len(shown) > 0 else []
        shown.append(Wording(one.text, one.at, one.at_is_known, tuple(changes)))
    return Entry(message, tuple(shown), told)


def _with_days(timed: Sequence[tuple[datetime, int, Entry | Step]], zone: tzinfo) -> list[Item]:
    found: list[Item] = []
    day: date | None = None
    before: Entry | None = None
    for moment, _, item in timed:
        local = here(moment, zone).date()
        if local != day:
            found.append(NewDay(local))
            day, before = local, None
        if isinstance(item, Entry):
            gone = item.message.is_deleted or item.is_destroyed
            item.continues = before is not None and not gone and _same_breath(before.message, item.message)
            before = None if gone or len(item.replies) > 0 else item
        else:
            before = None
        found.append(item)
    return found


def _same_breath(before: Message, after: Message) -> bool:
    return (
        before.sender is not None
        and after.sender is not None
        and before.sender.id == after.sender.id
        and before.sender_name == after.sender_name
        and after.sent_at - before.sent_at < SAME_BREATH
        and before.reply_to_zoom_id == ""
        and after.reply_to_zoom_id == ""
    )
