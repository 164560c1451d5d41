"""The worker's side of exports: measuring what will come, and making it. The row is the job.

A worker that died loses its claim, and the next one begins again from the beginning, in a folder of its own: no half is
ever offered. While it works it says how far it is, and learns so that somebody cancelled it or another took it over.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from archive.keys import KeyUnusable
from archive.tiles import LogDamaged
from compliance import claiming, matters, permissions
from compliance.exports import choosing, endings, folders, making, measuring
from compliance.exports.choosing import Unfit, Waits
from compliance.models import Export
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = Export.State
MOST_ATTEMPTS = 5
CLAIM_HOLDS = timedelta(minutes=15)
A_MOMENT = timedelta(seconds=5)


def carry_out_next(*, clock: Clock) -> bool:
    """Work on the export that has been due longest; False when none is."""
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Export.objects.filter(free, state__in=(State.MEASURING, State.MAKING))
    taken = claiming.take_next(due, now=now, done=0, total=0, last_error="")
    if taken is None:
        return False
    _carry_out(*taken, clock=clock)
    return True


def _carry_out(key: int, claim: uuid.UUID, *, clock: Clock) -> None:
    row = Export.objects.select_related("asked_by", "matter", "request").get(pk=key)
    work = measuring.measure if row.state == State.MEASURING else making.make
    try:
        _check_may(row)
        work(row, claim, clock=clock)
    except claiming.Lost:
        log.info("export_taken_over", export=key)
    except Waits:
        _wait(row, claim, "The list is still being read.", until=clock() + A_MOMENT)
    except (Unfit, making.NotTheSame) as error:
        _fail(row, claim, str(error), may_retry=False, now=clock())
    except making.NoRoom as error:
        _fail(row, claim, str(error), may_retry=True, now=clock())
    except (KeyUnusable, LogDamaged) as error:
        _fail(row, claim, f"The log could not be signed. {error}", may_retry=False, now=clock())
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _broke_off(row, claim, type(error).__name__, now=clock())
        raise


def _check_may(row: Export) -> None:
    """Raise Unfit when whoever asked may not have it any more: a right taken away meanwhile is taken away."""
    by = choosing.asker(row)
    if by is None:
        return
    is_member = row.matter is None or matters.of(by).filter(pk=row.matter.pk).exists()
    if not is_member or not permissions.can(Action.EXPORT, by=by):
        raise Unfit("Whoever asked for it may no longer have it.")
    if row.matter is None and not choosing.reads_everything(by):
        raise Unfit("Whoever asked for it may no longer read everything.")


def _wait(row: Export, claim: uuid.UUID, why: str, *, until: datetime) -> None:
    rows = Export.objects.filter(pk=row.pk, claim=claim)
    rows.update(claim=None, attempts=0, last_error=why, not_before=until)


def _broke_off(row: Export, claim: uuid.UUID, name: str, *, now: datetime) -> None:
    """Try again after a while; give up after enough tries."""
    if row.attempts >= MOST_ATTEMPTS:
        _fail(row, claim, f"It broke off {row.attempts} times ({name}).", may_retry=True, now=now)
        return
    until = claiming.again_at(now=now, tries=row.attempts)
    Export.objects.filter(pk=row.pk, claim=claim).update(
        claim=None, last_error=f"It broke off ({name}).", not_before=until
    )
    log.warning("export_broke_off", export=row.pk, attempts=row.attempts)


def _fail(row: Export, claim: uuid.UUID, why: str, *, may_retry: bool, now: datetime) -> None:
    if not Export.objects.filter(pk=row.pk, claim=claim, state=row.state).exists():
        return
    with transaction.atomic():
        endings.end(row, State.FAILED, why, by=None, now=now, may_retry=may_retry and row.digest != "")
    folders.drop(row.pk)
    log.warning("export_failed", export=row.pk)
