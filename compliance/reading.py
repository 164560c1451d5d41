"""A stretch of a session as a page to be read: days, joins and leaves, messages in their threads, and torn places.

Days are the reader's own, as the times beside the messages are; completeness is proven by UTC days, so a torn place
names the UTC day it stands for. A reply stands under its main message when that is on the page, else in its own place.
Pure: makes order out of values, reads nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from archive import completeness, differences, transcript
from archive.differences import Change

SAME_BREATH = timedelta(minutes=6)
TORN = ("gap", "lost", "unknown", "waiting")


@dataclass(frozen=True)
class Version:
    """One wording and what it changed of the one before (empty for the first)."""

    text: str
    at: datetime
    at_is_known: bool
    changes: list[Change]


@dataclass
class Entry:
    """One message on the page."""

    said: transcript.Said
    versions: list[Version]
    is_target: bool
    continues: bool = False
    replies: list["Entry"] = field(default_factory=list)

    kind = "message"

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    @property
    def is_deleted(self) -> bool:
        return self.said.story.state == transcript.State.DELETED

    @property
    def is_edited(self) -> bool:
        return len(self.versions) > 1 or self.said.story.edited_at is not None


@dataclass(frozen=True)
class DayRule:
    """A new day, as the reader counts them."""

    day: date
    kind: str = "day"


@dataclass(frozen=True)
class Came:
    """Somebody joined or left."""

    step: transcript.Step
    kind: str = "step"


@dataclass(frozen=True)
class Tear:
    """Days, in UTC, that are not proven complete: something may be missing here."""

    first: date
    last: date
    state: str
    reason: str
    kind: str = "tear"


Item = Entry | DayRule | Came | Tear


def page(
    stretch: transcript.Transcript,
    *,
    since: Sequence[completeness.Day] = (),
    at: int | None,
    zone: tzinfo,
) -> list[Item]:
    """The items of a page in reading order; `since` are the days after its last message."""
    entries = {said.id: entry(said, at=at) for said in stretch.messages}
    spoken = {said.sent_at.astimezone(UTC).date() for said in stretch.messages}
    main: list[Entry] = []
    for one in entries.values():
        parent = entries.get(one.said.thread.main_id) if one.said.thread.main_id is not None else None
        if parent is not None and parent is not one and parent.said.thread.main_id is None:
            parent.replies.append(one)
        else:
            main.append(one)
    timed: list[tuple[datetime, int, Item]] = [
        *((_begin(tear.first), 0, tear) for tear in _tears([*stretch.days, *since], spoken=spoken)),
        *((came.at, 1, Came(came)) for came in stretch.steps),
        *((one.said.sent_at, 2, one) for one in main),
    ]
    timed.sort(key=lambda item: item[:2])
    return _with_days(timed, zone)


def entry(said: transcript.Said, *, at: int | None = None) -> Entry:
    """One message with the differences between its wordings."""
    versions: list[Version] = []
    for wording in said.story.wordings:
        changes = differences.between(versions[-1].text, wording.text) if versions else []
        versions.append(Version(wording.text, wording.at, wording.at_is_known, changes))
    return Entry(said=said, versions=versions, is_target=said.id == at)


def _with_days(timed: Sequence[tuple[datetime, int, Item]], zone: tzinfo) -> list[Item]:
    items: list[Item] = []
    day: date | None = None
    before: Entry | None = None
    for moment, _, item in timed:
        if isinstance(item, Tear):
            items.append(item)
            before = None
            continue
        local = moment.astimezone(zone).date()
        if local != day:
            items.append(DayRule(local))
            day, before = local, None
        if isinstance(item, Entry):
            item.continues = before is not None and _same_breath(before, item)
            before = item if not item.replies else None
        else:
            before = None
        items.append(item)
    return items


def _same_breath(before: Entry, after: Entry) -> bool:
    return (
        after.said.sender_id is not None
        and before.said.sender_id == after.said.sender_id
        and before.said.sender_name == after.said.sender_name
        and after.said.sent_at - before.said.sent_at < SAME_BREATH
        and after.said.thread.main_zoom_id == ""
        and before.said.thread.main_zoom_id == ""
    )


def _tears(days: Sequence[completeness.Day], *, spoken: Collection[date]) -> list[Tear]:
    """Torn places: one before each day on which something was said, with the silent days after it that are alike."""
    tears: list[Tear] = []
    for day in days:
        if day.state.value not in TORN:
            continue
        newest = tears[-1] if tears else None
        alike = newest is not None and (newest.state, newest.reason) == (day.state.value, day.reason)
        joins = alike and day.day not in spoken
        if newest is not None and joins and newest.last + timedelta(days=1) == day.day:
            tears[-1] = Tear(newest.first, day.day, newest.state, newest.reason)
        else:
            tears.append(Tear(day.day, day.day, day.state.value, day.reason))
    return tears


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
