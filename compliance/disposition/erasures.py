"""Requests for erasure: taken, parked while a hold or a duty stands, let go by a disposition when that ends.

The row is the job that looks: how much of what was asked for can go, how much a hold covers, how much a duty to keep it
binds, and until when. It is looked at when it is taken, every hour, and at once when somebody asks. When something can
go that could not before, whoever took it is told. What goes, goes by a disposition like everything else; when nothing is
left, the request is complete.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from archive import candidates, erasing, holding
from archive.erasing import Scope
from archive.holding import Rule as HoldRule
from archive.keeping import Due
from compliance import audit, claiming, holds, inert, keeping, matters, pages, refusals, told
from compliance.disposition import zips
from compliance.hindrances import Absent, Hindrance
from compliance.models import AuditEvent, Disposition, Erasure, KeepingRule
from compliance.pages import Page
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = Erasure.State
OPEN = (State.TAKEN, State.PARKED, State.READY)
EVERY = timedelta(hours=1)
CLAIM_HOLDS = timedelta(minutes=15)
WAIT = timedelta(minutes=1)
PAGE_SIZE = 50
BATCH = 2_000
LONGEST_REASON = 4_000
NOTHING_LEFT = "Nothing of it is here any more."


class NoSuchErasure(Absent):
    """There is no such request."""


class Unfit(Hindrance):
    """Why it cannot be taken or ended as it was asked, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks to have erased; days are whole, in UTC."""

    account_id: int
    person_id: int
    session_id: int | None = None
    since: date | None = None
    until: date | None = None
    asked_by: str
    reason: str
    asked_on: date


@dataclass(frozen=True)
class Seen:
    """One request. `matters` are those the reader may see; `unseen` is how many more hold some of it."""

    row: Erasure
    matters: list[tuple[int, str]]
    unseen: int
    duties: list[KeepingRule]
    dispositions: list[Disposition]
    events: list[AuditEvent]


def page(*, before: int | None = None, by: User | None, now: datetime) -> Page[Erasure]:
    """The requests for erasure, newest first."""
    refusals.check(Action.SEE_ERASURES, subject="erasures", by=by, now=now)
    return pages.newest(Erasure.objects.all(), before=before, size=PAGE_SIZE)


def seen(*, erasure_id: int, by: User | None, now: datetime) -> Seen:
    """One request with what stands in its way. Recorded as a look. Raises NoSuchErasure."""
    subject = f"erasure/{erasure_id}"
    refusals.check(Action.SEE_ERASURES, subject=subject, by=by, now=now)
    row = get(erasure_id)
    visible = list(matters.of(by).filter(pk__in=row.matters).order_by("pk").values_list("pk", "name"))
    events = AuditEvent.objects.filter(subject=subject).exclude(action__in=_QUIET)
    with transaction.atomic():
        audit.record(
            action=audit.Action.LOOKED, subject=subject, details={"state": row.state}, by=by, now=now
        )
    return Seen(
        row=row,
        matters=visible,
        unseen=len(row.matters) - len(visible),
        duties=list(KeepingRule.objects.filter(pk__in=row.duties).order_by("pk")),
        dispositions=list(Disposition.objects.filter(erasure=row).order_by("pk")),
        events=list(events.order_by("pk")[:100]),
    )


def take(*, wanted: Wanted, by: User, now: datetime) -> Erasure:
    """Take a request, and have it looked at. Raises Unfit."""
    refusals.check(Action.TAKE_ERASURE, subject="erasures", by=by, now=now)
    asked_by, reason = inert.typed(wanted.asked_by), inert.typed(wanted.reason)
    if not 1 <= len(asked_by) <= 300:
        raise Unfit("Say who asked, and how, in 1 to 300 characters.")
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Unfit(f"Give the reason, in 1 to {LONGEST_REASON:,} characters.")
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise Unfit("The last day is before the first.")
    if wanted.asked_on > now.astimezone(UTC).date() + timedelta(days=1):
        raise Unfit("It cannot have come in on a day that is still to come.")
    found = candidates.of([wanted.person_id], account_id=wanted.account_id)
    if len(found) != 1:
        raise Unfit("Choose whose words are to go.")
    with transaction.atomic():
        row = Erasure.objects.create(
            account_id=wanted.account_id, person_id=wanted.person_id, person_name=found[0].name,
            session_id=wanted.session_id, since=wanted.since, until=wanted.until, asked_by=asked_by, reason=reason,
            asked_on=wanted.asked_on, taken_by=by, taken_by_name=audit.name_of(by), taken_at=now, not_before=now,
        )  # fmt: skip
        details = {
            "person": row.person_id,
            "session": row.session_id,
            "since": None if row.since is None else row.since.isoformat(),
            "until": None if row.until is None else row.until.isoformat(),
            "asked_by": asked_by,
            "reason": reason,
            "asked_on": row.asked_on.isoformat(),
        }
        audit.record(action=audit.Action.SAVED, subject=f"erasure/{row.pk}", details=details, by=by, now=now)
    look_next(clock=lambda: now)
    row.refresh_from_db()
    return row


def withdraw(*, erasure_id: int, reason: str, by: User, now: datetime) -> Erasure:
    """End a request that is not wanted any more. Raises NoSuchErasure, Unfit.

    A disposition for it is stopped by that wherever it stands: whoever asks for it, carries it out or destroys a part
    of it holds the row (`settled`), so this waits for a part that has begun, and is seen by the next.
    """
    refusals.check(Action.TAKE_ERASURE, subject=f"erasure/{erasure_id}", by=by, now=now)
    why = inert.typed(reason)
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Unfit(f"Say why, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        row = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
        if row is None:
            raise NoSuchErasure
        if row.state not in OPEN:
            raise Unfit(f"It is {row.get_state_display()} already.")
        _end(row, State.WITHDRAWN, why, by=by, now=now)
    return row


def look_now(*, erasure_id: int, by: User, now: datetime) -> Erasure:
    """Look at once what stands in its way. Raises NoSuchErasure."""
    refusals.check(Action.TAKE_ERASURE, subject=f"erasure/{erasure_id}", by=by, now=now)
    row = get(erasure_id)
    Erasure.objects.filter(pk=row.pk, state__in=OPEN, claim=None).update(not_before=now)
    while look_next(clock=lambda: now):
        pass
    row.refresh_from_db()
    return row


def look_next(*, clock: Clock) -> bool:
    """Look at the request that has been due longest; False when none is."""
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    taken = claiming.take_next(Erasure.objects.filter(free, state__in=OPEN), now=now, last_error="")
    if taken is None:
        return False
    key, claim = taken
    try:
        with transaction.atomic():
            row = Erasure.objects.select_for_update().filter(pk=key, claim=claim, state__in=OPEN).first()
            if row is not None:
                _look(row, now=now)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        Erasure.objects.filter(pk=key, claim=claim).update(
            claim=None, last_error=f"It broke off ({type(error).__name__}).", not_before=now + WAIT
        )
        raise
    return True


def scope(row: Erasure) -> Scope:
    """What it is about."""
    return Scope(
        person=row.person_id,
        session=row.session_id,
        since=None if row.since is None else datetime.combine(row.since, time(), UTC),
        until=None if row.until is None else datetime.combine(row.until + timedelta(days=1), time(), UTC),
    )


def get(erasure_id: int) -> Erasure:
    """A request. Raises NoSuchErasure."""
    row = Erasure.objects.filter(pk=erasure_id).first()
    if row is None:
        raise NoSuchErasure
    return row


def settled(erasure_id: int) -> Erasure:
    """A request that nobody can withdraw before the caller's transaction ends. Raises NoSuchErasure."""
    row = Erasure.objects.select_for_update(no_key=True).filter(pk=erasure_id).first()
    if row is None:
        raise NoSuchErasure
    return row


def destroyed(erasure_id: int) -> int:
    """How many messages are gone because of it."""
    gone = Disposition.objects.filter(erasure=erasure_id).aggregate(n=Sum("destroyed"))["n"]
    return 0 if gone is None else int(gone)


_QUIET = (audit.Action.LOOKED, audit.Action.REFUSED)


def batches(wanted: Scope, *, session_id: int) -> Iterator[list[Due]]:
    """What of it was said in a session, a batch after the other."""
    after: Due | None = None
    while batch := erasing.messages(wanted, session_id=session_id, after=after, limit=BATCH):
        after = batch[-1]
        yield batch


def _look(row: Erasure, *, now: datetime) -> None:
    """Count what can go and what cannot, and say what changed by it."""
    duties, by_matter = keeping.rules(account_id=row.account_id, only_duties=True), holds.by_matter()
    owner = {rule.id: matter_id for matter_id, theirs in by_matter.items() for rule in theirs}
    in_force: list[HoldRule] = [rule for theirs in by_matter.values() for rule in theirs]
    was, free, held, bound, zipped = row.state, 0, 0, 0, 0
    kept = zips.Kept(account_id=row.account_id, holds=in_force, duties=duties, now=now)
    of_matters: set[int] = set()
    binding: set[int] = set()
    ends: list[datetime] = []
    wanted = scope(row)
    for batch in (one for place in erasing.sessions(wanted) for one in batches(wanted, session_id=place)):
        ids = [one.message_id for one in batch]
        covered = holding.covering(ids, rules=in_force)
        bound_ones = erasing.bound(ids, duties=duties, now=now)
        of_matters |= {owner[rule_id] for ways in covered.values() for rule_id in ways}
        binding |= {rule_id for one in bound_ones.values() for rule_id in one.rules}
        ends += [one.until for one in bound_ones.values() if one.until is not None]
        held += len(covered)
        bound += len(bound_ones.keys() - covered.keys())
        loose = frozenset(ids) - covered.keys() - bound_ones.keys()
        in_zips = kept.among(loose) if len(loose) > 0 else frozenset()
        free, zipped = free + len(loose - in_zips), zipped + len(in_zips)
    row.free, row.held, row.bound, row.zipped, row.looked_at = free, held, bound, zipped, now
    row.bound_until = max(ends, default=None)
    row.matters, row.duties = sorted(of_matters), sorted(binding)
    row.claim, row.not_before = None, now + EVERY
    row.state = State.READY if free > 0 else State.PARKED
    row.save()
    if free + held + bound + zipped == 0:
        _end(row, State.COMPLETED, NOTHING_LEFT, by=None, now=now)
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


def _end(row: Erasure, state: Erasure.State, words: str, *, by: User | None, now: datetime) -> None:
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
