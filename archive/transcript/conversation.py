"""A stretch of one session put together: messages, and what lies around and between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from archive import completeness
from archive.models import Message, Revision, Session, Tombstone
from archive.search import records
from archive.transcript import files, forwards, positions, reactions, steps, threads, wordings
from archive.transcript.files import File
from archive.transcript.forwards import Forwarded
from archive.transcript.positions import Position
from archive.transcript.reactions import Reacted
from archive.transcript.steps import Step
from archive.transcript.threads import Thread
from archive.transcript.wordings import Seen, Story

_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """When a message was destroyed, and under which disposition."""

    disposition: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message. `sender_name` is the name the sender had then; `story` has the wordings and how it stands.

    Of a destroyed one (`destroyed`) the name is the newest known, and there are no words, files or reactions.
    """

    id: int
    zoom_id: str
    sent_at: datetime
    sent_at_is_doubtful: bool
    sender_id: int | None
    sender_name: str
    sender_is_external: bool | None
    sender_is_bot: bool
    story: Story
    revisions: int
    oddities: tuple[str, ...]
    thread: Thread
    reactions: tuple[Reacted, ...]
    files: tuple[File, ...]
    forwarded: tuple[Forwarded, ...]
    destroyed: Destroyed | None = None
    card: tuple[str, ...] = ()
    """What a bot wrote beside the text, in any version, line by line."""

    @property
    def text(self) -> str:
        """The last wording held."""
        return self.story.wordings[-1].text

    @property
    def position(self) -> Position:
        return Position(self.sent_at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A stretch of one session, oldest first, with the days it covers and who joined and left meanwhile.

    `earlier` and `later` are the positions to read on from; None: there is nothing more that way.
    """

    session_id: int
    messages: tuple[Said, ...]
    steps: tuple[Step, ...]
    days: tuple[completeness.Day, ...]
    earlier: Position | None
    later: Position | None


def between(
    session_id: int,
    *,
    now: datetime,
    around: int | None = None,
    before: Position | None = None,
    after: Position | None = None,
    limit: int = 100,
) -> Transcript | None:
    """At most `limit` messages of a session: around a message, before or after a position, or the newest.

    None when there is no such session, or no such message in it. A position need not be that of a message:
    `Position(moment, 0)` reads on from a moment.
    """
    session = Session.objects.filter(pk=session_id).first()
    if session is None:
        return None
    stretch = _stretch(session_id, around=around, before=before, after=after, limit=limit)
    if stretch is None:
        return None
    found, has_earlier, has_later = stretch
    if len(found) == 0:
        return Transcript(session_id=session_id, messages=(), steps=(), days=(), earlier=None, later=None)
    first, last = found[0], found[-1]
    return Transcript(
        session_id=session_id,
        messages=_said(session, found),
        steps=steps.between(
            session,
            since=first.sent_at if has_earlier else None,
            until=last.sent_at if has_later else None,
        ),
        days=tuple(completeness.days(session_id, first=_day(first), last=_day(last), now=now)),
        earlier=Position(first.sent_at, first.pk) if has_earlier else None,
        later=Position(last.sent_at, last.pk) if has_later else None,
    )


def within(
    session_id: int,
    *,
    since: datetime,
    until: datetime,
    after: Position | None = None,
    now: datetime,
    limit: int = 100,
) -> Transcript | None:
    """At most `limit` messages of a session from a moment to before another, oldest first; beyond a position.

    Its days and steps go from where it begins to where it ends, silent ones included. None when there is no such session.
    """
    session = Session.objects.filter(pk=session_id).first()
    if session is None:
        return None
    held = Message.objects.filter(session_id=session_id, sent_at__gte=since, sent_at__lt=until)
    start = Position(since, 0) if after is None else after
    found, has_later = positions.forth(held.select_related("sender"), start, limit=limit)
    last_moment = found[-1].sent_at if has_later else until - _LEAST
    days = completeness.days(session_id, first=_utc(start.sent_at), last=_utc(last_moment), now=now)
    return Transcript(
        session_id=session_id,
        messages=_said(session, found),
        steps=steps.between(session, since=start.sent_at, until=last_moment),
        days=tuple(days),
        earlier=after,
        later=Position(found[-1].sent_at, found[-1].pk) if has_later else None,
    )


def message(message_id: int) -> Said | None:
    """One message with all that belongs to it; None when there is none of that key."""
    found = Message.objects.select_related("sender", "session").filter(pk=message_id).first()
    return None if found is None else _said(found.session, [found])[0]


def _stretch(
    session_id: int, *, around: int | None, before: Position | None, after: Position | None, limit: int
) -> tuple[list[Message], bool, bool] | None:
    """The messages oldest first, and whether there are earlier and later ones."""
    held = Message.objects.filter(session_id=session_id).select_related("sender")
    if around is not None:
        middle = held.filter(pk=around).first()
        if middle is None:
            return None
        at = Position(middle.sent_at, middle.pk)
        earlier, has_earlier = positions.back(held, at, limit=limit // 2)
        later, has_later = positions.forth(held, at, limit=limit - limit // 2 - 1)
        return [*earlier, middle, *later], has_earlier, has_later
    if after is not None:
        found, has_later = positions.forth(held, after, limit=limit)
        return found, _has_earlier(held, found), has_later
    found, has_earlier = positions.back(held, before, limit=limit)
    return found, has_earlier, before is not None and _has_later(held, found)


def _has_earlier(held: QuerySet[Message], found: Sequence[Message]) -> bool:
    return len(found) > 0 and positions.back(held, Position(found[0].sent_at, found[0].pk), limit=0)[1]


def _has_later(held: QuerySet[Message], found: Sequence[Message]) -> bool:
    return len(found) > 0 and positions.forth(held, Position(found[-1].sent_at, found[-1].pk), limit=0)[1]


def _said(session: Session, found: Sequence[Message]) -> tuple[Said, ...]:
    """The messages with everything that belongs to them, in a constant number of queries."""
    ids = [row.pk for row in found]
    revisions: dict[int, list[Revision]] = {row.pk: [] for row in found}
    for revision in Revision.objects.filter(message_id__in=ids).order_by("message_id", "pk"):
        revisions[revision.message_id].append(revision)
    reacted = reactions.named(
        {key: reactions.of(bytes(_present(rows).raw)) for key, rows in revisions.items() if len(rows) > 0},
        account_id=session.account_id,
    )
    gone = _destroyed([key for key, rows in revisions.items() if len(rows) == 0])
    of_files, of_forwards, of_threads = files.on(ids), forwards.on(ids), threads.of(session.pk, found)
    return tuple(
        Said(
            id=row.pk,
            zoom_id=row.zoom_id,
            sent_at=row.sent_at,
            sent_at_is_doubtful=row.sent_at_is_doubtful,
            sender_id=row.sender_id,
            sender_name=_name_then(row, revisions[row.pk]),
            sender_is_external=row.sender.is_external if row.sender is not None else None,
            sender_is_bot=row.sender.is_bot if row.sender is not None else False,
            story=wordings.story([_seen(revision) for revision in revisions[row.pk]], sent_at=row.sent_at),
            revisions=len(revisions[row.pk]),
            oddities=tuple(sorted({o for revision in revisions[row.pk] for o in revision.oddities or ()})),
            thread=of_threads[row.pk],
            reactions=reacted.get(row.pk, ()),
            files=of_files.get(row.pk, ()),
            forwarded=of_forwards.get(row.pk, ()),
            destroyed=gone.get(row.pk),
            card=_card(revisions[row.pk]),
        )
        for row in found
    )


def _card(revisions: Sequence[Revision]) -> tuple[str, ...]:
    raws = (bytes(revision.raw) for revision in revisions)
    return tuple(
        dict.fromkeys(line for raw in raws if b"bot_message" in raw for line in records.read(raw).card)
    )


def _destroyed(message_ids: Sequence[int]) -> dict[int, Destroyed]:
    if len(message_ids) == 0:
        return {}
    stones = Tombstone.objects.filter(message_id__in=message_ids)
    columns = stones.values_list("message_id", "disposition", "destroyed_at")
    return {key: Destroyed(disposition, at) for key, disposition, at in columns}


def _present(rows: Sequence[Revision]) -> Revision:
    """The revision that says most recently who reacted: the newest of the list of messages, if there is one."""
    sent = [row for row in rows if row.kind == wordings.SENT]
    return sent[-1] if len(sent) > 0 else rows[-1]


def _name_then(row: Message, revisions: Sequence[Revision]) -> str:
    """The name the records carried; else whatever is known of the sender now; "" when nothing is."""
    carried = next((revision.sender_name for revision in revisions if revision.sender_name != ""), "")
    if carried != "":
        return carried
    return str(row.sender) if row.sender is not None else ""


def _seen(row: Revision) -> Seen:
    return Seen(
        revision_id=row.pk,
        kind=row.kind,
        text=row.text,
        sender_name=row.sender_name,
        action_at=row.action_at,
        stored_at=row.stored_at,
        oddities=tuple(row.oddities or ()),
    )


def _day(row: Message) -> date:
    return _utc(row.sent_at)


def _utc(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
