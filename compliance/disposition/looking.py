"""What stands in the way of a request for erasure: how much of it can go, how much is held, bound or in a kept zip.

The row is the job. Whoever takes a request, or asks for it to be looked at, waits for that one and for two seconds at most;
what takes longer is left to a worker, which says how far it is. Nothing is locked while it is counted: what comes meanwhile
is seen the next time, and a request that was withdrawn meanwhile stays as it ended.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction

from archive import erasing, holding
from archive.erasing import Scope
from archive.holding import Rule as HoldRule
from archive.keeping import Due
from compliance import audit, claiming, holds, keeping, patience, told
from compliance.disposition import zips
from compliance.models import Erasure
from compliance.patience import Step

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = Erasure.State
OPEN = (State.TAKEN, State.PARKED, State.READY)
EVERY = timedelta(hours=1)
PATIENCE = patience.MOST
CLAIM_HOLDS = timedelta(minutes=15)
WAIT = timedelta(minutes=1)
BATCH = 2_000
NOTHING_LEFT = "Nothing of it is here any more."


@dataclass
class _Found:
    """How many messages can go, are held, are bound by a duty, lie in a kept zip; by which matters and duties, until when."""

    free: int = 0
    held: int = 0
    bound: int = 0
    zipped: int = 0
    matters: set[int] = field(default_factory=set)
    duties: set[int] = field(default_factory=set)
    ends: list[datetime] = field(default_factory=list)


def nudge() -> None:
    """Tell a worker that there may be a request to look at."""
    current_app.send_task("compliance.tasks.look_at_erasures", expires=55)


def hurry(erasure_id: int, *, now: datetime) -> None:
    """Look at one request at once; what takes longer than anybody should wait is left to a worker, as is one it has."""
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Erasure.objects.filter(free, state__in=OPEN)
    claim = claiming.take(due, erasure_id, now=now, last_error="", done=0, total=0)
    if claim is None:
        return
    with _recorded(erasure_id, claim, now=now):
        row = Erasure.objects.get(pk=erasure_id)
        try:
            found = patience.within(PATIENCE, lambda step: _count(row, now=now, step=step))
        except patience.Slow:
            Erasure.objects.filter(pk=erasure_id, claim=claim).update(claim=None)
            transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the clock
        else:
            _write(erasure_id, claim, found, now=now)


def look_next(*, clock: Clock) -> bool:
    """Look at the request that has been due longest; False when none is."""
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Erasure.objects.filter(free, state__in=OPEN)
    taken = claiming.take_next(due, now=now, last_error="", done=0, total=0)
    if taken is None:
        return False
    key, claim = taken
    ours = Erasure.objects.filter(pk=key, claim=claim, state__in=OPEN)
    with _recorded(key, claim, now=now):
        step = patience.seldom(
            lambda done, total: claiming.keep(ours, claimed_at=clock(), done=done, total=total)
        )
        found = _count(Erasure.objects.get(pk=key), now=now, step=step)
        _write(key, claim, found, now=now)
    return True


def scope(row: Erasure) -> Scope:
    """What it is about."""
    return Scope(
        person=row.person_id,
        session=row.session_id,
        since=None if row.since is None else datetime.combine(row.since, time(), UTC),
        until=None if row.until is None else datetime.combine(row.until + timedelta(days=1), time(), UTC),
    )


def batches(wanted: Scope, *, session_id: int) -> Iterator[list[Due]]:
    """What of it was said in a session, a batch after the other."""
    after: Due | None = None
    while batch := erasing.messages(wanted, session_id=session_id, after=after, limit=BATCH):
        after = batch[-1]
        yield batch


@contextmanager
def _recorded(key: int, claim: uuid.UUID, *, now: datetime) -> Iterator[None]:
    """Whatever breaks off is written down, and it is looked at again soon."""
    try:
        yield
    except claiming.Lost:
        log.info("erasure_taken_over", erasure=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        Erasure.objects.filter(pk=key, claim=claim).update(
            claim=None, last_error=f"It broke off ({type(error).__name__}).", not_before=now + WAIT
        )
        raise


def _count(row: Erasure, *, now: datetime, step: Step) -> _Found:
    """Count what can go and what cannot, session by session; what `step` raises ends it."""
    duties, by_matter = keeping.rules(account_id=row.account_id, only_duties=True), holds.by_matter()
    owner = {rule.id: matter_id for matter_id, theirs in by_matter.items() for rule in theirs}
    in_force: list[HoldRule] = [rule for theirs in by_matter.values() for rule in theirs]
    kept = zips.Kept(account_id=row.account_id, holds=in_force, duties=duties, now=now)
    wanted, found = scope(row), _Found()
    places = erasing.sessions(wanted)
    for done, place in enumerate(places):
        for batch in batches(wanted, session_id=place):
            step(done, len(places))
            ids = [one.message_id for one in batch]
            covered = holding.covering(ids, rules=in_force)
            bound = erasing.bound(ids, duties=duties, now=now)
            found.matters |= {owner[rule_id] for ways in covered.values() for rule_id in ways}
            found.duties |= {rule_id for one in bound.values() for rule_id in one.rules}
            found.ends += [one.until for one in bound.values() if one.until is not None]
            loose = frozenset(ids) - covered.keys() - bound.keys()
            in_zips = kept.among(loose) if len(loose) > 0 else frozenset()
            found.held += len(covered)
            found.bound += len(bound.keys() - covered.keys())
            found.free, found.zipped = found.free + len(loose - in_zips), found.zipped + len(in_zips)
    return found


@transaction.atomic
def _write(key: int, claim: uuid.UUID, found: _Found, *, now: datetime) -> None:
    """Write what was counted, and say what changed by it. Raises claiming.Lost when it ended, or another has it."""
    row = Erasure.objects.select_for_update().filter(pk=key, claim=claim, state__in=OPEN).first()
    if row is None:
        raise claiming.Lost
    was, row.looked_at = row.state, now
    row.free, row.held, row.bound, row.zipped = found.free, found.held, found.bound, found.zipped
    row.bound_until = max(found.ends, default=None)
    row.matters, row.duties = sorted(found.matters), sorted(found.duties)
    if row.not_before <= now:  # else something happened meanwhile, and it is to be looked at again
        row.not_before = now + EVERY
    row.claim, row.done = None, row.total
    row.state = State.READY if found.free > 0 else State.PARKED
    row.save()
    if found.free + found.held + found.bound + found.zipped == 0:
        end(row, State.COMPLETED, NOTHING_LEFT, by=None, now=now)
    elif row.state != was:
        _say(row, now=now)


def _say(row: Erasure, *, now: datetime) -> None:
    details = {
        "state": str(row.state),
        "free": row.free,
        "held": row.held,
        "bound": row.bound,
        "zipped": row.zipped,
    }
    audit.record(action=audit.Action.CHANGED, subject=f"erasure/{row.pk}", details=details, by=None, now=now)
    if row.state == State.READY and row.taken_by is not None:
        text = f"Request {row.pk} for erasure can go on: {row.free:,} messages are free of holds, duties and kept zips."
        told.tell(person=row.taken_by, text=text, link=f"/disposition/erasures/{row.pk}/", now=now)


def end(row: Erasure, state: Erasure.State, words: str, *, by: User | None, now: datetime) -> None:
    """End a request, in the caller's transaction, which has locked it."""
    row.state, row.ended_at, row.ended_by_name, row.ending, row.claim = (
        state,
        now,
        audit.name_of(by),
        words,
        None,
    )
    row.save()
    details = {"state": str(state), "words": words}
    audit.record(action=audit.Action.ENDED, subject=f"erasure/{row.pk}", details=details, by=by, now=now)
    if state == State.COMPLETED and row.taken_by is not None:
        text = f"Request {row.pk} for erasure is complete. {words}"
        told.tell(person=row.taken_by, text=text, link=f"/disposition/erasures/{row.pk}/", now=now)
