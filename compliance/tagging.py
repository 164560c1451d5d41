"""Putting tags and notes on messages, within what a person may see.

A tag has a name that never changes, because saved searches say it. It is put on messages one by one, on all that were
chosen on a page, or on a whole answer, which is a job when it is long. A note is text; changing it adds a version, and
an empty version withdraws it. The trail keeps which messages and, of a note, the digest of its text.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from archive import admitted, search
from compliance import audit, gathering, investigations, marks, refusals, tags
from compliance.investigations import NotHere
from compliance.models import MessageList, Note, Tag
from compliance.permissions import Action
from compliance.saved import Unfit

LONGEST_NAME = 40
LONGEST_NOTE = 10_000
_NAME = re.compile(r"[\w.-]+( [\w.-]+)*")


@dataclass(frozen=True)
class TagLine:
    """A tag and how many messages carry it, of those the person may see."""

    tag: Tag
    count: int


@dataclass(frozen=True)
class NoteStory:
    """The versions of one note, oldest first."""

    versions: tuple[Note, ...]

    @property
    def newest(self) -> Note:
        return self.versions[-1]


@dataclass(frozen=True)
class Marks:
    """What hangs on a message."""

    tags: list[Tag]
    notes: int


def make(*, name: str, colour: str, by: User | None, now: datetime) -> Tag:
    """A new tag. Raises Unfit."""
    refusals.check(Action.MAKE_TAG, subject="tags", by=by, now=now)
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or _NAME.fullmatch(name) is None or colour not in Tag.Colour.values:
        raise Unfit(
            f"A tag is called by up to {LONGEST_NAME} letters, digits, hyphens and dots, in one word or several."
        )
    try:
        with transaction.atomic():
            tag = Tag.objects.create(
                name=name, key=search.tag_key(name), colour=colour, made_by=by, made_at=now
            )
            details = {"name": name, "colour": colour}
            audit.record(action=audit.Action.SAVED, subject=f"tag/{tag.pk}", details=details, by=by, now=now)
    except IntegrityError as error:
        raise Unfit(f"There is a tag called “{name}” already.") from error
    return tag


def put(*, tag_id: int, message_ids: Sequence[int], by: User | None, now: datetime) -> int:
    """Put a tag on messages; how many did not carry it yet. Raises NotHere if one of them is not to be seen."""
    tag, chosen = _chosen(tag_id, message_ids, by=by, now=now)
    with transaction.atomic():
        newly = marks.put(tag, chosen, by=by, now=now)
        details = {"tag": tag.name, "tagged": chosen, "newly": newly}
        audit.record(action=audit.Action.TAGGED, subject=f"tag/{tag.pk}", details=details, by=by, now=now)
    return newly


def take_off(*, tag_id: int, message_ids: Sequence[int], by: User | None, now: datetime) -> int:
    """Take a tag off messages; how many carried it. Raises NotHere if one of them is not to be seen."""
    tag, chosen = _chosen(tag_id, message_ids, by=by, now=now)
    with transaction.atomic():
        removed = marks.take_off(tag, chosen)
        details = {"tag": tag.name, "untagged": chosen, "removed": removed}
        audit.record(action=audit.Action.UNTAGGED, subject=f"tag/{tag.pk}", details=details, by=by, now=now)
    return removed


def put_on_all(
    *, tag_id: int, query: str, order: search.Order, by: User | None, now: datetime
) -> MessageList:
    """Put a tag on every message a search finds; a job when there are many. Raises NotHere, search.SearchError."""
    refusals.check(Action.TAG, subject=f"tag/{tag_id}", by=by, now=now)
    return gathering.ask(
        purpose=MessageList.Purpose.TAGGING, query=query, order=order, tag=_tag(tag_id), by=by, now=now
    )


def lines(*, by: User | None, now: datetime) -> list[TagLine]:
    """All tags, each with the number of messages that carry it and that the person may see."""
    refusals.check(Action.SEARCH, subject="tags", by=by, now=now)
    counts = marks.counts(scope=investigations.scope_of(by))
    return [TagLine(tag, counts.get(tag.pk, 0)) for tag in tags.every()]


def beside(message_ids: Collection[int]) -> dict[int, Marks]:
    """What hangs on those messages of a page on which something does; it was read through the audited door."""
    tagged = tags.of(message_ids)
    noted: dict[int, int] = {}
    standing = Note.objects.filter(message_id__in=message_ids, replaced_by=None).exclude(text="")
    for message_id in standing.values_list("message_id", flat=True):
        noted[message_id] = noted.get(message_id, 0) + 1
    return {key: Marks(tagged.get(key, []), noted.get(key, 0)) for key in tagged.keys() | noted.keys()}


def note(*, message_id: int, text: str, replaces: int | None = None, by: User, now: datetime) -> Note:
    """Write a note on a message, or the next version of one's own. Raises NotHere, Unfit."""
    subject = f"message/{message_id}"
    refusals.check(Action.TAG, subject=subject, by=by, now=now)
    if message_id not in admitted.among([message_id], scope=investigations.scope_of(by)):
        raise NotHere
    text = search.shown(text.strip())
    if len(text) > LONGEST_NOTE or (text == "" and replaces is None):
        raise Unfit(f"A note has 1 to {LONGEST_NOTE:,} characters.")
    before = None if replaces is None else _own_note(replaces, message_id, by)
    try:
        with transaction.atomic():
            written = Note.objects.create(
                message_id=message_id, replaces=before, text=text, made_by=by,
                made_by_name=audit.name_of(by), made_at=now,
            )  # fmt: skip
            details = {"note": written.pk, "replaces": replaces, "characters": len(text),
                       "sha256": hashlib.sha256(text.encode()).hexdigest()}  # fmt: skip
            audit.record(action=audit.Action.NOTED, subject=subject, details=details, by=by, now=now)
    except IntegrityError as error:
        raise Unfit("This note has been changed in the meantime. Look at it again first.") from error
    return written


def notes_on(message_id: int) -> list[NoteStory]:
    """The notes on a message that was read through the audited door, oldest first, each with its versions."""
    stories: dict[int, list[Note]] = {}
    first: dict[int, int] = {}
    for written in Note.objects.filter(message_id=message_id).order_by("pk"):
        root = written.pk if written.replaces_id is None else first[written.replaces_id]
        first[written.pk] = root
        stories.setdefault(root, []).append(written)
    return [NoteStory(tuple(versions)) for versions in stories.values()]


def _chosen(
    tag_id: int, message_ids: Sequence[int], *, by: User | None, now: datetime
) -> tuple[Tag, list[int]]:
    refusals.check(Action.TAG, subject=f"tag/{tag_id}", by=by, now=now)
    tag, chosen = _tag(tag_id), sorted(set(message_ids))
    if admitted.among(chosen, scope=investigations.scope_of(by)) != frozenset(chosen):
        raise NotHere
    return tag, chosen


def _tag(tag_id: int) -> Tag:
    tag = Tag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotHere
    return tag


def _own_note(note_id: int, message_id: int, by: User) -> Note:
    found = Note.objects.filter(pk=note_id, message_id=message_id, made_by=by).first()
    if found is None:
        raise NotHere
    return found
