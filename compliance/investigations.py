"""Reading what people said: search, a conversation, a message, a file. The one audited door.

Each function checks permission, narrows to the scope the person has, reads, and writes the audit event and its leaf, in
one transaction: what cannot be recorded is not shown. A refusal is recorded too, and then raised. `by=None` is the
operator at the command line, who has the database anyway and is recorded as the system.

Nothing else in `compliance` reads words. A search term can only narrow the scope, never widen it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from archive import admitted, blobs, completeness, directory, glimpses, provenance, search, transcript
from archive.scope import EVERYTHING, Scope
from compliance import audit, naming, reach, refusals
from compliance.hindrances import Absent
from compliance.models import AuditEvent, Matter
from compliance.permissions import Action
from compliance.sightings import (
    Conversation,
    Download,
    Findings,
    FoundMessage,
    MessageFile,
    Names,
    UnsearchedFiles,
)

T = TypeVar("T")

PAGE_SIZE = 50
MOST_NAMED = 10
EVENTS_SHOWN = 20
STRETCH = 100
REPORTS_REACH = timedelta(days=183)


class NotHere(Absent):
    """There is no such record, or it is outside the person's scope: the two are not told apart."""


def scope_of(person: User | None, matter: Matter | None = None) -> Scope:
    """What a person may see, of what a matter holds where one is given."""
    scope = reach.of(person)
    return scope if matter is None else reach.of_matters([matter.pk]).narrowed(scope)


def messages(
    *,
    query: str,
    after: search.Place | None = None,
    order: search.Order = search.Order.NEWEST,
    limit: int = PAGE_SIZE,
    with_facets: bool = False,
    matter: Matter | None = None,
    by: User | None,
    now: datetime,
) -> Findings:
    """Search, in what a matter holds where one is given; whoever gives it has made sure that the person may see it.

    Raises search.QueryError, search.IndexUnavailable: neither shows anything, so neither is recorded.
    """
    subject = "archive" if matter is None else f"matter/{matter.pk}"
    _permit(Action.SEARCH, subject=subject, by=by, now=now)
    with transaction.atomic():
        scope = scope_of(by, matter)
        answer = search.messages(
            query,
            scope=scope,
            after=after,
            limit=limit,
            order=order,
            known=naming.known(by),
            now=now,
            with_facets=with_facets,
        )
        findings = _with_words(answer, is_whole=scope == EVERYTHING, now=now)
        details: dict[str, Any] = {
            "query": search.shown(query),
            "language": search.LANGUAGE_VERSION,
            "order": order.value,
            "found": answer.count,
            "shown": [hit.message_id for hit in answer.hits],
            "index_complete_to": answer.coverage.complete_to,
        }
        if after is not None:
            details["after"] = str(after)
        if with_facets:
            details["facets"] = True
        audit.record(action=audit.Action.SEARCHED, subject=subject, details=details, by=by, now=now)
    return findings


def names(findings: Findings) -> Names:
    """Those of the people and sessions that have most of the hits, where these were to be counted.

    The engine counts while a page is made: ask last.
    """
    facets = findings.answer.facets
    if facets is None:
        return Names({}, {})
    senders = directory.people_names(list(search.largest(facets.senders, MOST_NAMED)))
    return Names(senders, directory.titles(search.largest(facets.sessions, MOST_NAMED)))


def around_hit(
    *,
    query: str,
    place: search.Place,
    order: search.Order,
    matter: Matter | None = None,
    by: User | None,
    now: datetime,
) -> search.Surroundings:
    """Where a hit stands in its search, and which come before and after it. Raises as `messages` does."""
    subject = "archive" if matter is None else f"matter/{matter.pk}"
    _permit(Action.SEARCH, subject=subject, by=by, now=now)
    with transaction.atomic():
        scope = scope_of(by, matter)
        seen = search.around(query, place, scope=scope, order=order, known=naming.known(by), now=now)
        details = {
            "query": search.shown(query),
            "language": search.LANGUAGE_VERSION,
            "order": order.value,
            "found": seen.count,
            "around": str(place),
            "shown": [hit.message_id for hit in (seen.previous, seen.next) if hit is not None],
            "index_complete_to": seen.coverage.complete_to,
        }
        audit.record(action=audit.Action.SEARCHED, subject=subject, details=details, by=by, now=now)
    return seen


def listed(
    *,
    message_ids: Sequence[int],
    subject: str,
    action: AuditEvent.Action = audit.Action.LOOKED,
    details: dict[str, Any],
    by: User | None,
    now: datetime,
) -> list[FoundMessage]:
    """Messages that are in a list, in the order given, as far as they are within the person's scope."""
    _permit(Action.READ_MESSAGES, subject=subject, by=by, now=now)
    with transaction.atomic():
        within = admitted.among(message_ids, scope=scope_of(by))
        ids = [message_id for message_id in message_ids if message_id in within]
        seen, asides = glimpses.of(ids), search.asides_of(ids)
        titles = directory.titles({glimpse.session_id for glimpse in seen.values()})
        found = [
            FoundMessage(
                _as_hit(seen[message_id]),
                titles.get(seen[message_id].session_id, ""),
                seen[message_id],
                asides=asides.get(message_id, ()),
            )
            for message_id in ids
            if message_id in seen
        ]
        shown = [one.hit.message_id for one in found]
        audit.record(action=action, subject=subject, details={**details, "shown": shown}, by=by, now=now)
    return found


def conversation(
    *,
    session_id: int,
    at: int | None = None,
    before: transcript.Position | None = None,
    after: transcript.Position | None = None,
    limit: int = STRETCH,
    matter: Matter | None = None,
    by: User | None,
    now: datetime,
) -> Conversation:
    """A stretch of a session: around a message, before or after a position, or its newest. Raises NotHere.

    What is outside the person's scope is left out of the stretch, and within a matter what it does not hold; a session
    without anything inside is not here. Whoever gives a matter has made sure that the person may see it.
    """

    def read() -> tuple[Conversation, dict[str, Any]]:
        scope = scope_of(by, matter)
        if scope != EVERYTHING and not admitted.reaches(session_id, scope=scope):
            raise NotHere
        detail = directory.session(session_id)
        stretch = transcript.between(session_id, now=now, around=at, before=before, after=after, limit=limit)
        if detail is None or stretch is None:
            raise NotHere
        stretch = _within(stretch, scope)
        shown = [message.id for message in stretch.messages]
        if at is not None and at not in shown:
            raise NotHere
        return Conversation(detail, stretch, scope == EVERYTHING, _since(stretch, now=now)), {
            "messages": len(shown),
            "shown": shown,
            "around": at,
            **({} if matter is None else {"matter": matter.pk}),
        }

    return _look(f"session/{session_id}", read, by=by, now=now)


def period(
    *,
    session_id: int,
    since: datetime,
    until: datetime,
    after: transcript.Position | None = None,
    limit: int = STRETCH,
    by: User | None,
    now: datetime,
) -> Conversation:
    """What was said in a session from a moment to before another, oldest first, a stretch at a time. Raises NotHere."""

    def read() -> tuple[Conversation, dict[str, Any]]:
        scope = scope_of(by)
        if scope != EVERYTHING and not admitted.reaches(session_id, scope=scope):
            raise NotHere
        detail = directory.session(session_id)
        stretch = transcript.within(session_id, since=since, until=until, after=after, now=now, limit=limit)
        if detail is None or stretch is None:
            raise NotHere
        stretch = _within(stretch, scope)
        details = {
            "from": since.isoformat(),
            "to": until.isoformat(),
            "shown": [one.id for one in stretch.messages],
        }
        return Conversation(detail, stretch, scope == EVERYTHING, ()), details

    return _look(f"session/{session_id}", read, by=by, now=now)


def message(*, message_id: int, by: User | None, now: datetime) -> MessageFile:
    """Everything about one message. Raises NotHere."""
    subject = f"message/{message_id}"

    def read() -> tuple[MessageFile, dict[str, Any]]:
        _admit(message_id, by)
        said, origin = transcript.message(message_id), provenance.of(message_id)
        detail = None if origin is None else directory.session(origin.session_id)
        if said is None or origin is None or detail is None:
            raise NotHere
        seen = MessageFile(detail, said, origin, _about(subject))
        return seen, {"revisions": len(origin.origins), "session": detail.line.id}

    return _look(subject, read, by=by, now=now)


def _about(subject: str) -> list[AuditEvent]:
    """The newest events about one thing, for a look that is recorded."""
    return list(AuditEvent.objects.filter(subject=subject).order_by("-pk")[:EVENTS_SHOWN])


def unsearched_files(
    *,
    only_unread: bool = False,
    before: int | None = None,
    limit: int = STRETCH,
    matter: Matter | None = None,
    by: User | None,
    now: datetime,
) -> UnsearchedFiles:
    """The files whose insides a search, or one within a matter, does not see: unreadable ones, or those not read yet."""

    def read() -> tuple[UnsearchedFiles, dict[str, Any]]:
        page = search.unsearched_files(
            scope=scope_of(by, matter), only_unread=only_unread, before=before, limit=limit
        )
        titles = directory.titles({file.session_id for file in page.files})
        return UnsearchedFiles(page, titles), {
            "shown": [file.attachment_id for file in page.files],
            "unread": page.counts.unread,
            "unreadable": page.counts.unreadable,
            **({} if matter is None else {"matter": matter.pk}),
        }

    return _look("unsearched files", read, by=by, now=now)


def download(*, attachment_id: int, by: User | None, now: datetime) -> Download:
    """The bytes of a file. Raises NotHere; blobs.BlobMissing when the row is here and the bytes are not."""
    subject = f"file/{attachment_id}"
    _permit(Action.DOWNLOAD, subject=subject, by=by, now=now)
    with transaction.atomic():
        file = glimpses.stored_file(attachment_id)
        if file is None:
            raise NotHere
        _admit(file.message_id, by)
        stream = blobs.open(file.sha256)
        details = {"message": file.message_id, "sha256": file.sha256.hex(), "size_bytes": file.size_bytes}
        try:
            audit.record(action=audit.Action.DOWNLOADED, subject=subject, details=details, by=by, now=now)
        except BaseException:
            stream.close()
            raise
    return Download(file=file, stream=stream)


def _look(subject: str, read: Callable[[], tuple[T, dict[str, Any]]], *, by: User | None, now: datetime) -> T:
    _permit(Action.READ_MESSAGES, subject=subject, by=by, now=now)
    with transaction.atomic():
        seen, details = read()
        audit.record(action=audit.Action.LOOKED, subject=subject, details=details, by=by, now=now)
    return seen


def _admit(message_id: int, by: User | None) -> None:
    """Raise NotHere for a message outside the person's scope."""
    scope = scope_of(by)
    if scope != EVERYTHING and message_id not in admitted.among([message_id], scope=scope):
        raise NotHere


def _within(stretch: transcript.Transcript, scope: Scope) -> transcript.Transcript:
    """The stretch without what is outside a scope; it is read on from where it ended all the same."""
    if scope == EVERYTHING:
        return stretch
    kept = admitted.among([said.id for said in stretch.messages], scope=scope)
    return replace(stretch, messages=tuple(said for said in stretch.messages if said.id in kept))


def _since(stretch: transcript.Transcript, *, now: datetime) -> tuple[completeness.Day, ...]:
    """The days from the newest message to today; of a session without any, those Zoom's reports reach."""
    if stretch.later is not None:
        return ()
    today = now.astimezone(UTC).date()
    first = today - REPORTS_REACH
    if len(stretch.messages) > 0:
        first = max(first, stretch.messages[-1].sent_at.astimezone(UTC).date() + timedelta(days=1))
    return tuple(completeness.days(stretch.session_id, first=first, last=today, now=now))


def _permit(action: Action, *, subject: str, by: User | None, now: datetime) -> None:
    """Let the operator and whoever may; record and refuse everyone else."""
    refusals.check(action, subject=subject, by=by, now=now)


def _with_words(answer: search.Answer, *, is_whole: bool, now: datetime) -> Findings:
    ids = [hit.message_id for hit in answer.hits]
    seen = glimpses.of(ids)
    passages, asides = search.inside_files(ids, answer.ast), search.asides_of(ids)
    titles = directory.titles({hit.session_id for hit in answer.hits})
    found = [
        FoundMessage(
            hit,
            titles.get(hit.session_id, ""),
            seen[hit.message_id],
            passages.get(hit.message_id, ()),
            asides.get(hit.message_id, ()),
        )
        for hit in answer.hits
        if hit.message_id in seen
    ]
    return Findings(answer, found, is_whole, now)


def _as_hit(glimpse: glimpses.Glimpse) -> search.Hit:
    place = search.Place(0, glimpse.message_id)
    return search.Hit(glimpse.message_id, glimpse.session_id, glimpse.sent_at, place)
