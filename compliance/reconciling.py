"""Making the account of some days: asked for once, or by the calendar. The row is the job.

`ask` writes it; small ones are made at once, others by a worker, a few hundred sessions at a time, so that memory is
bounded and a worker that dies is followed by one that begins again. At the end, in one transaction: the figures, the
digest over the account as CSV, what changed of the previous run's days, the audit event, and the lines for whoever is
to be told. A run that is done never changes.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from archive import directory
from archive.completeness import reconciling as account
from archive.completeness.reconciling import Reconciled
from compliance import audit, claiming, permissions, reconciled, refusals, told
from compliance.hindrances import Hindrance
from compliance.models import ReconciledSession, Reconciliation, ReconciliationRun
from compliance.permissions import Action
from compliance.reconciled import SIDES, SUMS

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = ReconciliationRun.State
AT_ONCE = 5_000
"""Session-days: about a second's work."""
MOST_DAYS = 3_700
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)


class Unfit(Hindrance):
    """These days cannot be reconciled, and why."""


def ask(
    *, account_ids: list[int] | None, first: date, last: date, by: User | None, now: datetime
) -> ReconciliationRun:
    """Ask for the account of some days, both included; made right away when it is small. Raises Unfit."""
    refusals.check(Action.SEE_COMPLETENESS, subject="reconciliations", by=by, now=now)
    if last < first:
        raise Unfit("The last day is before the first.")
    if (last - first).days >= MOST_DAYS:
        raise Unfit("That is more than ten years at once.")
    span = account.span_of(first, last, now=now)
    if span is None:
        raise Unfit("None of these days has begun.")
    with transaction.atomic():
        run = ReconciliationRun.objects.create(
            account_ids=account_ids, first_day=first, last_day=span.last, asked_by=by,
            asked_by_name=audit.name_of(by), asked_at=now, not_before=now,
        )  # fmt: skip
        details = {"first_day": str(first), "last_day": str(span.last), "accounts": account_ids}
        subject = f"reconciliation/{run.pk}"
        audit.record(action=audit.Action.STARTED, subject=subject, details=details, by=by, now=now)
        size = account.session_count(account.accounts(account_ids)) * ((span.last - first).days + 1)
        if size > AT_ONCE:
            transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    if size <= AT_ONCE:
        claim = claiming.take(_free(now), run.pk, now=now, **_BEGUN)
        if claim is not None:
            _carry_out(run.pk, claim, clock=lambda: now, is_awaited=True)
        run.refresh_from_db()
    return run


def cancel(*, run_id: int, by: User | None, now: datetime) -> None:
    """End a run that is not done; its asker or whoever plans reconciliations may. Raises reconciled.NoSuchRun, Unfit."""
    run = reconciled.find(run_id=run_id, by=by, now=now)
    if by is None or run.asked_by_id != by.pk:
        refusals.check(Action.PLAN_RECONCILIATION, subject=f"reconciliation/{run_id}", by=by, now=now)
    with transaction.atomic():
        rows = ReconciliationRun.objects.filter(pk=run_id, state__in=(State.DUE, State.CLAIMED))
        if rows.update(state=State.CANCELLED, claim=None, finished_at=now) != 1:
            raise Unfit("It is over already.")
        audit.record(action=audit.Action.ENDED, subject=f"reconciliation/{run_id}", by=by, now=now)


def nudge() -> None:
    """Tell a worker that there may be something to reconcile."""
    current_app.send_task("compliance.tasks.reconcile", expires=55)


def carry_out_next(*, clock: Clock) -> bool:
    """Make the account that has been due longest; False when none is."""
    now = clock()
    taken = claiming.take_next(_free(now), now=now, **_BEGUN)
    if taken is None:
        return False
    _carry_out(*taken, clock=clock)
    return True


_BEGUN = {"state": State.CLAIMED, "done": 0, "total": 0, "last_error": ""}


def _free(now: datetime) -> QuerySet[ReconciliationRun]:
    return ReconciliationRun.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))


def _carry_out(key: int, claim: uuid.UUID, *, clock: Clock, is_awaited: bool = False) -> None:
    """Make a run that is claimed, and say how that went."""
    run = ReconciliationRun.objects.select_related("asked_by", "reconciliation").get(pk=key)
    try:
        _make(run, claim, clock=clock, is_awaited=is_awaited)
    except claiming.Lost:
        log.info("reconciliation_taken_over", run=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(run, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise


def _make(run: ReconciliationRun, claim: uuid.UUID, *, clock: Clock, is_awaited: bool) -> None:
    accounts = account.accounts(run.account_ids)
    total = account.session_count(accounts)
    with transaction.atomic():
        _hold(run, claim, now=clock(), done=0, total=total)
        ReconciledSession.objects.filter(run=run).delete()
    sums, done = _none(), 0
    for found in _batches(accounts, run.first_day, run.last_day, now=clock()):
        done += len(found)
        titles = directory.titles([one.session_id for one in found if one.stretches])
        rows = [_row(run, one, titles.get(one.session_id, "")) for one in found if one.stretches]
        _add(sums, found)
        with transaction.atomic():
            _hold(run, claim, now=clock(), done=done, total=max(total, done))
            ReconciledSession.objects.bulk_create(rows, batch_size=500)
    run.figures = _closed(sums, accounts, run.first_day, run.last_day, now=clock())
    _compare(run, clock=clock, claim=claim)
    run.sha256 = reconciled.digest(run)
    _finish(run, claim, is_awaited=is_awaited, now=clock())


def _compare(run: ReconciliationRun, *, clock: Clock, claim: uuid.UUID) -> None:
    """The account of the previous run's days as it is now."""
    before = None
    if run.reconciliation is not None:
        earlier = run.reconciliation.runs.filter(state=State.DONE, last_day__lt=run.first_day)
        before = earlier.order_by("-first_day").first()
    if before is None:
        return
    accounts, sums = account.accounts(before.account_ids), _none()
    for found in _batches(accounts, before.first_day, before.last_day, now=clock()):
        _add(sums, found)
        _hold(run, claim, now=clock())
    run.previous = before
    run.since = _closed(sums, accounts, before.first_day, before.last_day, now=clock())


@transaction.atomic
def _finish(run: ReconciliationRun, claim: uuid.UUID, *, is_awaited: bool, now: datetime) -> None:
    """The result, the audit event, and who is told: together or not at all."""
    _hold(run, claim, now=now)
    details: dict[str, Any] = {
        "first_day": str(run.first_day),
        "last_day": str(run.last_day),
        "accounts": run.account_ids,
        "figures": run.figures,
        "sha256": bytes(run.sha256 or b"").hex(),
    }
    if run.reconciliation is not None:
        run.told = _tell_recipients(run, run.reconciliation, now=now)
    elif run.asked_by is not None and not is_awaited:
        told.tell(person=run.asked_by, text=_text(run), link=reconciled.link(run.pk), now=now)
    run.state, run.claim, run.finished_at, run.done = State.DONE, None, now, run.total
    run.save()
    subject = f"reconciliation/{run.pk}"
    audit.record(action=audit.Action.CARRIED_OUT, subject=subject, details=details, by=run.asked_by, now=now)


def _tell_recipients(
    run: ReconciliationRun, reconciliation: Reconciliation, *, now: datetime
) -> list[list[str]]:
    """Tell those who may see it now; who may not any more is named, with why."""
    left_out = []
    for person in reconciliation.recipients.order_by("pk"):
        if person.is_active and permissions.can(Action.SEE_COMPLETENESS, by=person):
            told.tell(person=person, text=_text(run), link=reconciled.link(run.pk), now=now)
        else:
            left_out.append([audit.name_of(person), "not told: may not see it any more"])
    return left_out


def _text(run: ReconciliationRun) -> str:
    """What is told and mailed: whose days, the account, and what changed of the days before."""
    days = f"{run.first_day.isoformat()}"
    if run.last_day != run.first_day:
        days += f" to {run.last_day.isoformat()}"
    parts = [
        f"{reconciled.named(run.reconciliation)}, {days} (UTC): {reconciled.sentence(run.figures or {})}"
    ]
    changed = reconciled.changes(run)
    if run.previous is not None:
        said = ", ".join(f"{one.what} {one.then:,} then, {one.now:,} now" for one in changed[:4])
        parts.append(f"Of the run before: {said or 'nothing has changed'}.")
    return " ".join(parts)


@transaction.atomic
def _fail(run: ReconciliationRun, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    is_over = run.attempts >= MOST_ATTEMPTS
    kept = ReconciliationRun.objects.filter(pk=run.pk, claim=claim).update(
        state=State.FAILED if is_over else State.DUE,
        claim=None,
        last_error=why,
        not_before=claiming.again_at(now=now, tries=run.attempts),
    )
    if is_over and kept == 1:
        owner = run.asked_by if run.reconciliation is None else run.reconciliation.made_by
        if owner is not None:
            text = f"{reconciled.named(run.reconciliation)} of {run.first_day} failed. {why}"
            told.tell(person=owner, text=text, link=reconciled.link(run.pk), now=now)
    log.warning("reconciliation_not_made", run=run.pk, attempts=run.attempts, given_up=is_over)


def _hold(run: ReconciliationRun, claim: uuid.UUID, *, now: datetime, **columns: int) -> None:
    """Renew the claim and say how far it is; raises claiming.Lost when it is not ours any more."""
    kept = ReconciliationRun.objects.filter(pk=run.pk, claim=claim, state=State.CLAIMED)
    claiming.keep(kept, claimed_at=now, **columns)
    for name, value in columns.items():
        setattr(run, name, value)


def _batches(accounts: list[int], first: date, last: date, *, now: datetime) -> Iterator[list[Reconciled]]:
    span = account.span_of(first, last, now=now)
    key = 0
    while span is not None and (found := account.after(key, account_ids=accounts, span=span)):
        yield found
        key = found[-1].session_id


def _none() -> dict[str, int]:
    return dict.fromkeys((*SUMS, "sessions", "silent_sessions"), 0)


def _add(sums: dict[str, int], found: list[Reconciled]) -> None:
    for one in found:
        sums["sessions" if one.stretches else "silent_sessions"] += 1
        for name, value in _sums(one).items():
            sums[name] += value


def _closed(
    sums: dict[str, int], accounts: list[int], first: date, last: date, *, now: datetime
) -> dict[str, int]:
    span = account.span_of(first, last, now=now)
    unlisted = 0 if span is None else account.unlisted_days(accounts, span)
    return {**sums, "unlisted_days": unlisted, "days": (last - first).days + 1, "accounts": len(accounts)}


def _sums(one: Reconciled) -> dict[str, int]:
    counts = [stretch.counts for stretch in one.stretches if stretch.counts is not None]
    sums = {name: sum(getattr(count, name) for count in counts) for name in ("offered", *SIDES)}
    # A day with too little does not make up for one with too much: neither balances.
    sums["difference"] = sum(abs(count.difference) for count in counts)
    return {**sums, "unknown_days": one.unknown_days, "silent_days": one.silent_days}


def _row(run: ReconciliationRun, one: Reconciled, title: str) -> ReconciledSession:
    sums = _sums(one)
    rank = 0 if sums["difference"] else 1 if sums["unknown_days"] else 2 if sums["failed"] else 3
    stretches = [
        {
            "first": stretch.first.isoformat(),
            "last": stretch.last.isoformat(),
            "days": stretch.days,
            "state": stretch.state.value,
            "counts": None
            if stretch.counts is None
            else [getattr(stretch.counts, name) for name in ("offered", *SIDES)],
            "reason": stretch.reason,
        }
        for stretch in one.stretches
    ]
    return ReconciledSession(
        run=run, session_id=one.session_id, account_id=one.account_id, title=title, rank=rank,
        stretches=stretches, reasons=list(one.failed_because), **sums,
    )  # fmt: skip
