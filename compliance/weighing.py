"""Counting what would be lost if holds ended, behind the pages. The row is the job (LossCount).

Whoever asks waits for two seconds at most: what is not counted by then is left to a worker, which says how far it is,
begins again after a restart, can be stopped, and tells whoever asked. Figures move with every capture. They count as known
for a day, and until another hold ends, which could only add to them; a hold that is placed meanwhile only takes away.

When the holds end, what became destroyable is said exactly. Then only the sessions of which the log tells something new
since the count are counted once more (`as_of_now`); where those are many, or other rules hold by now, a worker counts
anew first (`is_near`), so that nothing waits for long on a transaction that ends holds.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from archive import log as archive_log
from archive import tallies
from archive.tallies import Loss
from compliance import audit, claiming, losing, matters, patience, told
from compliance.losing import WouldLose
from compliance.models import Hold, LossCount, Matter
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = LossCount.State

KNOWN_FOR = timedelta(days=1)
PATIENCE = patience.MOST
CLAIM_HOLDS = timedelta(minutes=10)
MOST_ATTEMPTS = 8
MOST_SESSIONS = 50
MOST_CHANGED = 20
"""Sessions that are counted while holds end; of more, a worker counts first."""
CLOCKS_DIFFER = timedelta(minutes=5)


def want(
    *,
    matter: Matter,
    holds: Collection[int],
    custodians: Collection[int] | None,
    anew: bool = False,
    by: User | None,
    now: datetime,
) -> LossCount:
    """The count of what these holds alone keep; due from now on unless it is known or under way. In a transaction.

    With `anew` it is counted again though it is known.
    """
    ordered = sorted(holds)
    key = hashlib.sha256("".join(f"{pk}\n" for pk in ordered).encode()).digest()
    row, is_new = LossCount.objects.get_or_create(
        matter=matter, holds_sha256=key,
        defaults={
            "holds": ordered, "custodians": None if custodians is None else sorted(custodians), "not_before": now,
            "asked_at": now, "asked_by": by,
        },
    )  # fmt: skip
    if not is_new and (anew or not is_known(row, now=now)):
        idle = LossCount.objects.filter(pk=row.pk).exclude(state__in=[State.DUE, State.CLAIMED])
        idle.update(state=State.DUE, not_before=now, attempts=0, last_error="", asked_at=now, asked_by=by)
        row.refresh_from_db()
    if row.state == State.DUE:
        transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    return row


def found(*, matter_id: int, holds: Collection[int]) -> LossCount | None:
    """The count of what these holds alone keep, however it stands; None when nobody asked for it."""
    key = hashlib.sha256("".join(f"{pk}\n" for pk in sorted(holds)).encode()).digest()
    return LossCount.objects.filter(matter_id=matter_id, holds_sha256=key).first()


def is_known(row: LossCount, *, now: datetime) -> bool:
    """Whether the figures can be decided by."""
    if row.state != State.COUNTED or row.counted_at is None or row.counted_at < now - KNOWN_FOR:
        return False
    return not Hold.objects.filter(released_at__gte=row.counted_at).exclude(pk__in=row.holds).exists()


def as_of_now(row: LossCount) -> WouldLose | None:
    """What the holds alone keep at this moment, from what was counted; None where that says nothing any more."""
    changed = _changed(row)
    if changed is None:
        return None
    return losing.brought_up_to_date(_losses(row), hold_ids=row.holds, changed=changed)


def is_near(row: LossCount) -> bool:
    """Whether so little has changed since it was counted that bringing it up to date takes no time."""
    changed = _changed(row)
    return changed is not None and len(changed) <= MOST_CHANGED


def _changed(row: LossCount) -> frozenset[int] | None:
    """The sessions to be counted once more; None where all are, because others hold by now, or it was not counted so."""
    if row.state != State.COUNTED or row.counted_at is None or row.complete_to is None:
        return None
    if row.others_sha256 is None or bytes(row.others_sha256) != losing.by_others(row.holds):
        return None
    since = row.counted_at - CLOCKS_DIFFER  # lists of members are written by other machines too
    told = tallies.changed(first=row.complete_to, last=archive_log.size(), since=since)
    told &= losing.places(row.holds)
    return told | {loss.session_id for loss in _losses(row) if loss.files_here < loss.files}


def _losses(row: LossCount) -> list[Loss]:
    return [
        Loss(
            session_id=session_id,
            messages=messages,
            files=files,
            files_here=here,
            file_bytes=size,
            first_at=datetime.fromisoformat(first),
            last_at=datetime.fromisoformat(last),
            digest=bytes.fromhex(digest),
        )
        for session_id, messages, files, here, size, first, last, digest in row.parts
    ]


def _parts(lost: WouldLose) -> list[list[int | str]]:
    return [
        [one.session_id, one.messages, one.files, one.files_here, one.file_bytes,
         one.first_at.isoformat(), one.last_at.isoformat(), one.digest.hex()]
        for one in lost.sessions
    ]  # fmt: skip


def seen(*, matter_id: int, count_id: int, by: User | None) -> LossCount | None:
    """A count of a matter whose release the person may ask for. Raises NoSuchMatter, PermissionDenied."""
    matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
    return LossCount.objects.filter(matter_id=matter_id, pk=count_id).first()


def stop(*, matter_id: int, count_id: int, by: User, now: datetime) -> bool:
    """Stop a count that is not done; whether it was still to be done. Raises NoSuchMatter, PermissionDenied."""
    matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
    with transaction.atomic():
        is_stopped = halt(LossCount.objects.filter(matter_id=matter_id, pk=count_id))
        if is_stopped:
            details = {"what": "counting what would become destroyable", "count": count_id}
            audit.record(
                action=audit.Action.STOPPED, subject=f"matter/{matter_id}", details=details, by=by, now=now
            )
    return is_stopped


def halt(rows: QuerySet[LossCount]) -> bool:
    """Stop the one count of `rows`; whether it was still to be done. The caller records it, in the same transaction."""
    going = rows.filter(state__in=[State.DUE, State.CLAIMED])
    return going.update(state=State.STOPPED, claim=None) == 1


def nudge() -> None:
    """Tell a worker that there may be something to count."""
    current_app.send_task("compliance.tasks.count_losses", expires=55)


def at_once(row: LossCount, *, clock: Clock) -> LossCount:
    """Count it while somebody waits, if that takes no longer than anybody should wait; otherwise a worker does."""
    taken = claiming.take(_free(clock()), row.pk, now=clock(), state=State.CLAIMED, done=0, total=0)
    if taken is not None:
        try:
            _count(row.pk, taken, clock=clock, is_awaited=True)
        except patience.Slow:
            LossCount.objects.filter(pk=row.pk, claim=taken).update(state=State.DUE, claim=None, attempts=0)
            nudge()
        except claiming.Lost:
            log.info("losses_taken_over", count=row.pk)
    row.refresh_from_db()
    return row


def count_next(*, clock: Clock) -> bool:
    """Count what has been due longest; False when nothing is."""
    taken = claiming.take_next(_free(clock()), now=clock(), state=State.CLAIMED, done=0, total=0)
    if taken is None:
        return False
    key, claim = taken
    try:
        _count(key, claim, clock=clock)
    except claiming.Lost:
        log.info("losses_taken_over", count=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(key, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise
    return True


def _free(now: datetime) -> QuerySet[LossCount]:
    return LossCount.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))


def _count(key: int, claim: uuid.UUID, *, clock: Clock, is_awaited: bool = False) -> None:
    row = LossCount.objects.select_related("matter", "asked_by").get(pk=key)
    begun = clock()
    from_then: dict[str, int | bytes | None] = {
        "complete_to": archive_log.size(),
        "others_sha256": losing.by_others(row.holds),
    }
    if is_awaited:
        lost = patience.within(PATIENCE, lambda step: losing.of_holds(row.holds, step=step))
    else:
        step = patience.seldom(lambda done, total: _keep(key, claim, now=clock(), done=done, total=total))
        lost = losing.of_holds(row.holds, step=step)
    if losing.by_others(row.holds) != from_then["others_sha256"]:
        from_then["others_sha256"] = (
            None  # other holds came or went meanwhile: it is shown, and not built upon
        )
    _finish(row, claim, lost, from_then, begun=begun, is_awaited=is_awaited, now=clock())


@transaction.atomic
def _finish(
    row: LossCount,
    claim: uuid.UUID,
    lost: WouldLose,
    from_then: Mapping[str, int | bytes | None],
    *,
    begun: datetime,
    is_awaited: bool,
    now: datetime,
) -> None:
    most = sorted(lost.sessions, key=lambda loss: (-loss.messages, loss.session_id))[:MOST_SESSIONS]
    won = LossCount.objects.filter(pk=row.pk, claim=claim, state=State.CLAIMED).update(
        state=State.COUNTED, claim=None, last_error="", counted_at=begun, messages=lost.messages, files=lost.files,
        file_bytes=lost.file_bytes, sessions=len(lost.sessions), sha256=lost.sha256, done=row.total,
        parts=_parts(lost), **from_then,
        most=[
            [one.session_id, one.messages, one.files, one.file_bytes, one.first_at.isoformat(), one.last_at.isoformat()]
            for one in most
        ],
    )  # fmt: skip
    if won != 1:
        raise claiming.Lost
    if not is_awaited and row.asked_by is not None and row.asked_by.is_active:
        words = f"{lost.messages:,} message{'' if lost.messages == 1 else 's'}"
        text = f"What would become destroyable in “{row.matter.name}” is counted: {words}."
        told.tell(person=row.asked_by, text=text, link=link(row), now=now)


def link(row: LossCount) -> str:
    """The address at which a count is shown."""
    return f"/matters/{row.matter_id}/release/?count={row.pk}"


def _keep(key: int, claim: uuid.UUID, *, now: datetime, done: int, total: int) -> None:
    """Renew the claim and say how far it is; raises claiming.Lost when another has it, or somebody stopped it."""
    kept = LossCount.objects.filter(pk=key, claim=claim, state=State.CLAIMED)
    claiming.keep(kept, claimed_at=now, done=done, total=total)


@transaction.atomic
def _fail(key: int, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    row = LossCount.objects.select_for_update(of=("self",)).select_related("matter", "asked_by").get(pk=key)
    is_over = row.attempts >= MOST_ATTEMPTS
    won = LossCount.objects.filter(pk=key, claim=claim).update(
        state=State.FAILED if is_over else State.DUE,
        claim=None,
        last_error=why,
        not_before=claiming.again_at(now=now, tries=row.attempts),
    )
    if is_over and won == 1 and row.asked_by is not None:
        text = f"What would become destroyable in “{row.matter.name}” could not be counted. {why}"
        told.tell(person=row.asked_by, text=text, link=link(row), now=now)
    log.warning("losses_not_counted", count=key, attempts=row.attempts, given_up=is_over)
