"""The chosen messages as `content.Day`s: by session, in order of time, a page of messages at a time.

Reads the database of record and nothing else: what is chosen (`choosing`), what was kept of things that change (`facts`)
and the revisions below the size of the log. Memory is that of a part of a day and of two pages of records, one in use and
the next, all of bounded bytes (`dividing`, `weights`); the number of queries grows with the pages and the sessions, not
with the messages. A message destroyed since has no versions and is left out here; `exceptions` names it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from heapq import merge
from itertools import groupby
from typing import Any, LiteralString, NamedTuple

from archive import bulk
from archive.packages import dividing, facts, natives, streams, weights
from archive.packages.content import Day, File, Message, Person, Reaction, Request, Step, Version
from archive.packages.facts import Place
from archive.packages.natives import Missing
from archive.transcript import forwards, reactions

PAGE = 1_000

_ITEMS: LiteralString = """
SELECT item.session_id, item.sent_at, item.message_id, said.zoom_id, said.sent_at_is_doubtful, said.sender_id,
       said.reply_to_zoom_id
FROM archive_exportitem item, LATERAL (
    SELECT zoom_id, sent_at_is_doubtful, sender_id, reply_to_zoom_id FROM archive_message WHERE id = item.message_id OFFSET 0
) said
WHERE item.export_id = %b::bigint
  AND (item.session_id, item.sent_at, item.message_id) > (%b::bigint, %b::timestamptz, %b::bigint)
ORDER BY item.session_id, item.sent_at, item.message_id LIMIT %b::bigint
"""
_VERSIONS: LiteralString = """
SELECT version.message_id, version.id, version.kind, version.action_at, version.stored_at, version.text,
       version.sender_name, version.raw, version.page_id, leaf.index, leaf.at
FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_revision WHERE message_id = wanted.id OFFSET 0) AS version,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 1 AND subject_id = version.id OFFSET 0) AS leaf
WHERE leaf.index < %b::bigint
ORDER BY version.message_id, version.id
"""
_FORWARDS: LiteralString = """
SELECT forward.message_id, forward.forward_id FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_forward WHERE message_id = wanted.id OFFSET 0) AS forward,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 5 AND subject_id = forward.original_id OFFSET 0) AS leaf
WHERE leaf.index < %b::bigint
"""


class Row(NamedTuple):
    """A chosen message as its row has it."""

    session_id: int
    sent_at: datetime
    id: int
    zoom_id: str
    sent_at_is_doubtful: bool
    sender_id: int | None
    reply_to_zoom_id: str


class _Revision(NamedTuple):
    message_id: int
    id: int
    kind: str
    action_at: datetime | None
    stored_at: datetime
    text: str
    sender_name: str
    raw: bytes
    page_id: int
    leaf: int
    leaf_at: datetime


class _Read(NamedTuple):
    """A stretch of messages as it was read: their rows, their versions, their files, and what they forward."""

    rows: Sequence[Row]
    versions: dict[int, list[_Revision]]
    files: Mapping[int, tuple[File, ...]]
    forwards: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What messages are put together with: everybody's names, by their own ids and by Zoom's, and files that are not there."""

    request: Request
    people: Mapping[int, Person]
    by_member: Mapping[str, Person]
    by_user: Mapping[str, Person]
    lost: Mapping[bytes, Missing]


def days(request: Request, *, lost: Mapping[bytes, Missing]) -> Iterator[Day]:
    """Every day on which something chosen was said. `lost` are blobs whose bytes are not what they were; see `natives`."""
    long_days = dividing.long_days(request)
    known = _known(request, lost)
    place: Place | None = None
    for (session_id, day), said in groupby(
        _messages(request, known), key=lambda one: (one[0], one[1].sent_at.date())
    ):
        if place is None or place.conversation.session_id != session_id:
            place = facts.place(session_id, export_id=request.export_id)
        messages = (message for _, message in said)
        yield from _parts(place, day, messages, known, is_long=(session_id, day) in long_days)


def rows(*, export_id: int) -> Iterator[list[Row]]:
    """The chosen messages' rows, in order, a page at a time."""
    beyond: tuple[object, ...] = (0, "-infinity", 0)
    while True:
        page = [Row(*row) for row in bulk.run(_ITEMS, (export_id, *beyond, PAGE))]
        if len(page) == 0:
            return
        yield page
        beyond = (page[-1].session_id, page[-1].sent_at, page[-1].id)


def _known(request: Request, lost: Mapping[bytes, Missing]) -> _Known:
    people = facts.people(export_id=request.export_id)
    by_member = {one.member_id: one for one in people.values() if one.member_id != ""}
    by_user = {one.user_id: one for one in people.values() if one.user_id != ""}
    return _Known(request, people, by_member, by_user, lost)


def _parts(
    place: Place, day: date, said: Iterable[Message], known: _Known, *, is_long: bool
) -> Iterator[Day]:
    """A day, or the parts of a long one; how many there are is in each of them. Only one that is not long is held whole."""
    people = known.people
    steps = facts.steps(place, day, people)
    session_id = place.conversation.session_id
    if is_long:
        parts = dividing.parts(known.request, session_id, day, steps=steps)
        cut = _cut(_in_order(steps, said))
    else:
        whole = list(_in_order(steps, said))
        held = [whole] if dividing.is_one(len(whole)) else list(_cut(whole))
        cut, parts = iter(held), len(held)
    state, reason = place.on(day)
    begins = datetime.combine(day, time(), tzinfo=UTC)
    for part, chunk in enumerate(cut, 1):
        messages = tuple(event for event in chunk if isinstance(event, Message))
        within = tuple(event for event in chunk if isinstance(event, Step))
        present = facts.there(place, begins) | {one.sender.id for one in messages if one.sender is not None}
        yield Day(
            conversation=place.conversation,
            day=day,
            part=part,
            parts=parts,
            participants=tuple(people[key] for key in sorted(present) if key in people),
            messages=messages,
            steps=within,
            state=state,
            reason=reason,
        )


def _in_order(steps: Sequence[Step], said: Iterable[Message]) -> Iterable[Message | Step]:
    """Events in order of time; of one moment, the join or leave first."""
    return said if len(steps) == 0 else merge(steps, said, key=_moment)


def _moment(event: Message | Step) -> tuple[datetime, int]:
    return (event.at, 0) if isinstance(event, Step) else (event.sent_at, 1)


def _cut(events: Iterable[Message | Step]) -> Iterator[list[Message | Step]]:
    """The parts of a day, none of them held before the one before it was used."""
    counted, held = dividing.Parts(), list[Message | Step]()
    for event in events:
        if counted.begins(dividing.text_bytes(event)) and len(held) > 0:
            yield held
            held = []
        held.append(event)
    if len(held) > 0:
        yield held


def _messages(request: Request, known: _Known) -> Iterator[tuple[int, Message]]:
    for read in streams.ahead(_stretches(request, known)):
        for row in read.rows:
            if row.id in read.versions:
                yield row.session_id, _message(row, read.versions.pop(row.id), known, read)


def _stretches(request: Request, known: _Known) -> Iterator[_Read]:
    for page in rows(export_id=request.export_id):
        weighed = weights.of_messages([row.id for row in page])
        for stretch in weights.stretches([weighed.get(row.id, 0) for row in page]):
            yield _read(page[stretch], request, known)


def _read(page: Sequence[Row], request: Request, known: _Known) -> _Read:
    ids = [row.id for row in page]
    versions: dict[int, list[_Revision]] = defaultdict(list)
    for found in bulk.run(_VERSIONS, (ids, request.size)):
        versions[found[0]].append(_Revision(*found))
    files = natives.on(ids, request=request, lost=known.lost)
    return _Read(page, versions, files, _forwarded(ids, request.size))


def _message(row: Row, revisions: Sequence[_Revision], known: _Known, read: _Read) -> Message:
    sender = None if row.sender_id is None else known.people.get(row.sender_id)
    carried = next((one.sender_name for one in revisions if one.sender_name != ""), "")
    newest = [one for one in revisions if one.kind == "sent"] or revisions
    return Message(
        id=row.id,
        zoom_id=row.zoom_id,
        sent_at=row.sent_at,
        sent_at_is_doubtful=row.sent_at_is_doubtful,
        sender=sender,
        sender_name=carried if carried != "" or sender is None else (sender.display_name or sender.email),
        reply_to_zoom_id=row.reply_to_zoom_id,
        versions=_versions(row, revisions),
        reactions=_reactions(newest[-1].raw, known),
        files=read.files.get(row.id, ()),
        forwards=read.forwards.get(row.id, ()),
    )


def _versions(row: Row, revisions: Sequence[_Revision]) -> tuple[Version, ...]:
    """Oldest first by when they were written, as far as that is known.

    A record of the list of messages that has the words of one before it (only its reactions changed) is as old as that
    one; one with other words and no moment was written by the time it was stored.
    """
    if len(revisions) == 1 and revisions[0].kind == "sent" and revisions[0].action_at is None:
        return (_version(revisions[0], row.sent_at, is_known=True),)  # as nearly all are
    found: list[Version] = []
    given: dict[str, tuple[datetime, bool]] = {}
    for one in revisions:
        if one.action_at is not None and (one.kind != "sent" or one.action_at > row.sent_at):
            at, is_known = one.action_at, True
        elif one.kind == "sent" and (len(given) == 0 or one.text in given):
            at, is_known = given.get(one.text, (row.sent_at, True))
        else:
            at, is_known = one.stored_at, False
        if one.kind == "sent":
            given.setdefault(one.text, (at, is_known))
        found.append(_version(one, at, is_known=is_known))
    return tuple(sorted(found, key=lambda version: (version.at, version.revision_id)))


def _version(one: _Revision, at: datetime, *, is_known: bool) -> Version:
    return Version(
        revision_id=one.id,
        kind=one.kind,
        at=at,
        at_is_known=is_known,
        text=one.text,
        sender_name=one.sender_name,
        raw_sha256=hashlib.sha256(one.raw).digest(),
        page_id=one.page_id,
        stored_at=one.stored_at,
        leaf=one.leaf,
        leaf_at=one.leaf_at,
    )


def _reactions(raw: bytes, known: _Known) -> tuple[Reaction, ...]:
    return tuple(Reaction(one.emoji, one.count, _who(one, known)) for one in reactions.of(raw))


def _who(reaction: reactions.Reaction, known: _Known) -> tuple[str, ...]:
    found = [known.by_member.get(key) for key in reaction.member_ids]
    found += [known.by_user.get(key) for key in reaction.user_ids]
    named = {one.id: one.display_name or one.email or f"person {one.id}" for one in found if one is not None}
    return tuple(named.values())


def _forwarded(ids: Sequence[int], size: int) -> dict[int, tuple[str, ...]]:
    """What messages forward, in words, where the original was in the archive then."""
    there: set[tuple[Any, Any]] = {(key, forward_id) for key, forward_id in bulk.run(_FORWARDS, (ids, size))}
    if len(there) == 0:
        return {}
    return {
        key: tuple(_words(one) for one in found if (key, one.forward_id) in there)
        for key, found in forwards.on(sorted({key for key, _ in there})).items()
    }


def _words(forwarded: forwards.Forwarded) -> str:
    by = forwarded.sender_name or "somebody"
    at = "" if forwarded.sent_at is None else f", {forwarded.sent_at:%Y-%m-%d %H:%M} UTC"
    return f"Forwarded from {by}{at}: {forwarded.text}"
