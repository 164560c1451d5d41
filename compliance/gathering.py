"""Reading a whole answer into a list of ids: for freezing it, for knowing what is new, for tagging all of it.

The row is the job. `ask` writes it, with the query as it was read then; a worker claims it, reads the answer from one
state of the index part by part, and at the end, in one transaction, writes the result, what follows from it and the
audit event. An answer of few parts is read at once. A worker that dies loses its claim, and the next one begins again,
so that a list is always one answer, never two halves. Memory is bounded by a part.

Must never read what its maker may not see at the time of reading.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from archive import search
from archive.scope import Pieces, Scope
from archive.search import refining
from compliance import audit, claiming, investigations, marks, naming, parts, permissions, refusals, told
from compliance.models import Matter, MessageList, SavedSearch, Tag
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Purpose, State = MessageList.Purpose, MessageList.State

AT_ONCE = 2 * parts.SIZE
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)
RUNS_KEPT = 2
NEEDS = {
    Purpose.FROZEN: Action.FREEZE,
    Purpose.RUN: Action.SEARCH,
    Purpose.TAGGING: Action.TAG,
}


def ask(
    *,
    purpose: MessageList.Purpose,
    query: str,
    order: search.Order,
    name: str = "",
    saved: SavedSearch | None = None,
    tag: Tag | None = None,
    matter: Matter | None = None,
    by: User | None,
    now: datetime,
) -> MessageList:
    """Ask for a whole answer; read it right away when it is small. Raises what `search.messages` raises.

    An answer by relevance is read newest first. What is asked in a matter is narrowed to it by its query: `in_matter`.
    """
    refusals.check(NEEDS[purpose], subject=_subject_of(purpose, saved, tag), by=by, now=now)
    order = search.Order.NEWEST if order is search.Order.RELEVANT else order
    ast = search.parse(query, now=now)
    scope = investigations.scope_of(by)
    answer = search.messages(ast, scope=scope, limit=0, known=naming.known(by), now=now)
    with transaction.atomic():
        asked = MessageList.objects.create(
            purpose=purpose, name=name, search=saved, tag=tag, matter=matter, query=search.shown(query),
            language=search.LANGUAGE_VERSION, parsed=search.spelled.out(ast),
            analysis=search.ANALYSIS_VERSION, explanation=answer.explanation,
            order=order.value, made_by=by, made_by_name=audit.name_of(by), limits=permissions.limits_as_data(by),
            asked_at=now, not_before=now, total=answer.count,
        )  # fmt: skip
        details = {
            "for": purpose.value,
            "query": asked.query,
            "language": asked.language,
            "analysis": asked.analysis,
            "found": answer.count,
        }
        audit.record(action=audit.Action.STARTED, subject=f"list/{asked.pk}", details=details, by=by, now=now)
        if answer.count > AT_ONCE:
            transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    if answer.count <= AT_ONCE:
        claim = claiming.take(_free(now), asked.pk, now=now, **_BEGUN)
        if claim is not None:
            _carry_out(asked.pk, claim, clock=lambda: now, is_awaited=True)
        asked.refresh_from_db()
    return asked


def in_matter(query: str, matter: Matter, *, now: datetime) -> str:
    """The query with the condition that a matter holds what it finds, whatever else it says. Raises search.QueryError."""
    written, term = refining.taken_apart(query, now=now), f"matter:{matter.pk}"
    return search.shown(query) if written.has(term) else written.narrowed(term)


def nudge() -> None:
    """Tell a worker that there may be something to read."""
    current_app.send_task("compliance.tasks.read_lists", expires=55)


def carry_out_next(*, clock: Clock) -> bool:
    """Read the oldest list that is due; False when none is."""
    now = clock()
    taken = claiming.take_next(_free(now), now=now, **_BEGUN)
    if taken is None:
        return False
    _carry_out(*taken, clock=clock)
    return True


_BEGUN = {"state": State.CLAIMED, "done": 0, "last_error": ""}


def _free(now: datetime) -> QuerySet[MessageList]:
    return MessageList.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))


def _carry_out(key: int, claim: uuid.UUID, *, clock: Clock, is_awaited: bool = False) -> None:
    """Read a list that is claimed, and say how that went.

    Whoever awaits it sees the outcome, and is not told it as well.
    """
    row = MessageList.objects.select_related("made_by", "search", "tag").get(pk=key)
    try:
        _read(row, claim, clock=clock, is_awaited=is_awaited)
    except claiming.Lost:
        log.info("list_taken_over", list=key)
    except (search.QueryError, _Refused) as error:
        _fail(row, claim, str(error), for_good=True, now=clock())
    except search.SearchError as error:
        _fail(row, claim, str(error), for_good=False, now=clock())
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(row, claim, f"It broke off ({type(error).__name__}).", for_good=False, now=clock())
        raise


class _Refused(Exception):
    """Why a list will never be read, in a sentence."""


def _read(row: MessageList, claim: uuid.UUID, *, clock: Clock, is_awaited: bool) -> None:
    maker = permissions.as_asked(row.made_by, row.limits)
    if maker is not None and not permissions.can(NEEDS[Purpose(row.purpose)], by=maker):
        raise _Refused("Whoever asked for it may no longer do so.")
    ast = search.parse(row.query, now=row.asked_at)
    if search.spelled.out(ast) != row.parsed:
        raise _Refused("The query language has changed since, and the query would mean something else now.")
    scope = investigations.scope_of(maker)
    whole = search.whole(ast, scope=scope, order=search.Order(row.order), known=naming.known(maker))
    with transaction.atomic():
        _hold(row, claim, done=0, now=clock())
        parts.drop(row.pk)
    sha256, read = hashlib.sha256(), 0
    for number, ids in enumerate(whole.stretches):
        read += len(ids)
        sha256.update(b"".join(map(parts.line, ids)))
        with transaction.atomic():
            _hold(row, claim, done=read, now=clock())
            parts.write(row.pk, number, ids)
    if read != whole.count:
        raise search.IndexUnavailable(f"The index counted {whole.count} messages and gave {read}.")
    row.count, row.sha256, row.scope = read, sha256.digest(), as_data(scope)
    row.complete_to, row.pending = whole.coverage.complete_to, whole.coverage.pending
    _finish(row, claim, is_awaited=is_awaited, now=clock())


@transaction.atomic
def _finish(row: MessageList, claim: uuid.UUID, *, is_awaited: bool, now: datetime) -> None:
    """The result, what follows from it, and the audit event: together or not at all."""
    _hold(row, claim, done=row.done, now=now)
    details: dict[str, Any] = {
        "query": row.query,
        "language": row.language,
        "analysis": row.analysis,
        "parsed": row.parsed,
        "order": row.order,
        "scope": row.scope,
        "list": row.pk,
        "messages": row.count,
        "sha256": bytes(row.sha256 or b"").hex(),
        "index_complete_to": row.complete_to,
        "pending": row.pending,
    }
    action, subject = audit.Action.FROZE, f"list/{row.pk}"
    if row.purpose == Purpose.RUN:
        action, subject = audit.Action.SEARCHED, f"search/{row.search_id}"
        _forget_older_runs(row)
    elif row.purpose == Purpose.TAGGING:
        assert row.tag is not None
        action, subject = audit.Action.TAGGED, f"tag/{row.tag_id}"
        details |= {"tag": row.tag.name, "newly": _mark_all(row, now=now)}
    else:
        details |= {"name": row.name}
    row.state, row.claim, row.done, row.finished_at = State.DONE, None, row.count or 0, now
    row.save()
    if not is_awaited:
        _tell(row, now=now)
    audit.record(action=action, subject=subject, details=details, by=row.made_by, now=now)


def _mark_all(row: MessageList, *, now: datetime) -> int:
    """Put the tag on every message of the list; how many did not carry it yet. The ids are not needed any more."""
    assert row.tag is not None
    newly = 0
    for ids in parts.stretches(row.pk):
        newly += marks.put(row.tag, ids, by=row.made_by, now=now)
    parts.drop(row.pk)
    return newly


def _forget_older_runs(row: MessageList) -> None:
    """Keep the ids of this person's newest runs only, which are compared; the rows of older ones stay."""
    before = MessageList.objects.filter(
        search=row.search, made_by=row.made_by, purpose=Purpose.RUN, state=State.DONE
    ).order_by("-pk")
    for key in before.values_list("pk", flat=True)[RUNS_KEPT - 1 :]:
        parts.drop(key)


def _hold(row: MessageList, claim: uuid.UUID, *, done: int, now: datetime) -> None:
    """Renew the claim and lock the row to the end of the transaction; raises claiming.Lost when another has it."""
    kept = MessageList.objects.filter(pk=row.pk, claim=claim, state=State.CLAIMED)
    claiming.keep(kept, done=done, claimed_at=now)


@transaction.atomic
def _fail(row: MessageList, claim: uuid.UUID, why: str, *, for_good: bool, now: datetime) -> None:
    is_over = for_good or row.attempts >= MOST_ATTEMPTS
    state = State.FAILED if is_over else State.DUE
    lost = MessageList.objects.filter(pk=row.pk, claim=claim).update(
        state=state,
        claim=None,
        last_error=why,
        not_before=claiming.again_at(now=now, tries=row.attempts),
    )
    if is_over and lost == 1:
        row.state, row.last_error = state, why
        _tell(row, now=now)
    log.warning("list_not_read", list=row.pk, attempts=row.attempts, given_up=is_over)


def _tell(row: MessageList, *, now: datetime) -> None:
    """Tell whoever asked that it is done, or will never be."""
    if row.made_by is None:
        return
    if row.tag is not None:
        what, link = f"Tagging {row.tag.name}", f"/lists/{row.pk}/progress/"
    elif row.search is not None:
        what, link = f"The run of the saved search “{row.search.name}”", f"/searches/{row.search_id}/"
    else:
        what, link = f"The frozen list “{row.name}”", f"/lists/{row.pk}/"
    how = f"failed. {row.last_error}"
    if row.state == State.DONE:
        how = f"is done: {row.count:,} message{'' if row.count == 1 else 's'}."
    told.tell(person=row.made_by, text=f"{what} {how}", link=link, now=now)


def as_data(scope: Scope) -> dict[str, Any]:
    """A scope for a row of JSON; None means no limit. Of a union of pieces, how many and the digest of what they are."""
    within = {"within": sorted(map(_digest, scope.within))} if len(scope.within) > 0 else {}
    return {
        "people": None if scope.people is None else sorted(scope.people),
        "sessions": None if scope.sessions is None else sorted(scope.sessions),
        "since": None if scope.since is None else scope.since.isoformat(),
        "until": None if scope.until is None else scope.until.isoformat(),
        **within,
    }


def _digest(union: Pieces) -> str:
    """The SHA-256 over the pieces as lines of sender, session, since and until, in the order of their bytes."""
    lines = sorted(
        ",".join("" if value is None else str(value) for value in (p.sender, p.session, p.since, p.until))
        for p in union.pieces
    )
    text = "".join(line + "\n" for line in lines)
    return f"{len(lines)} pieces, {hashlib.sha256(text.encode()).hexdigest()}"


def _subject_of(purpose: MessageList.Purpose, saved: SavedSearch | None, tag: Tag | None) -> str:
    if saved is not None:
        return f"search/{saved.pk}"
    return f"tag/{tag.pk}" if tag is not None else purpose.value
