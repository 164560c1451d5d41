"""What Celery runs for the console. Each task is a nudge: it may run twice, late, or twice at once."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from archive import channels
from compliance import (
    approvals,
    captures,
    gathering,
    health,
    placing,
    reconciliations,
    reconciling,
    renaming,
    tallying,
    told,
    weighing,
)
from compliance.disposition import executing, looking
from compliance.disposition import gathering as disposing
from compliance.exports import keeping, running
from compliance.notices import preparing, sending
from compliance.retention import applying, standing

A_WHILE = timedelta(minutes=20)
A_DAY = 24 * 3600
"""Seconds."""


@shared_task(ignore_result=True)
def read_lists(**_: object) -> None:
    """Read whole answers into lists until none is due."""
    while gathering.carry_out_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def reconcile(**_: object) -> None:
    """Make the accounts of periods that are over, and those asked for, until none is due."""
    reconciliations.sweep(now=timezone.now())
    while reconciling.carry_out_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def carry_out_requests(**_: object) -> None:
    """End requests that have expired, and carry out those that have cooled off."""
    approvals.carry_out_due(clock=timezone.now)


@shared_task(ignore_result=True)
def mail_what_was_told(**_: object) -> None:
    """Mail what people were told until nothing is due."""
    told.mail_due(clock=timezone.now)


@shared_task(ignore_result=True)
def place_holds(**_: object) -> None:
    """Bring our matters to Zoom until nothing is due."""
    placing.work(clock=timezone.now)


@shared_task(ignore_result=True)
def rename_at_zoom(**_: object) -> None:
    """Have Zoom call its matters as they are called here, until nothing is due."""
    renaming.work(clock=timezone.now)


@shared_task(ignore_result=True)
def send_notices(**_: object) -> None:
    """Prepare what custodians are to be told, and send what is due."""
    preparing.sweep(now=timezone.now())
    sending.send_due(clock=timezone.now)


@shared_task(ignore_result=True)
def tell_ended_captures(**_: object) -> None:
    """Tell whoever asked for a capture that it has ended."""
    captures.tell_ended(now=timezone.now())


@shared_task(ignore_result=True)
def look_after_holds(**_: object) -> None:
    """Read at Zoom what holds depend on, as far as it is due, and judge every matter."""
    health.look(clock=timezone.now)


@shared_task(ignore_result=True)
def compare_retention(**_: object) -> None:
    """Compare what was read of every channel with our rules, and find drift."""
    standing.refresh(now=timezone.now())


@shared_task(ignore_result=True)
def look_for_channels(**_: object) -> None:
    """Look at once at channels that a capture found, and show them; most times there is none."""
    known, now = channels.known(), timezone.now()
    if known.watched < known.channels:
        health.plan(now=now)
        look_after_holds.apply_async(expires=25)
    if standing.is_behind(known):
        standing.refresh(now=now)


@shared_task(ignore_result=True)
def apply_retention(**_: object) -> None:
    """Change at Zoom what is due, one channel after the other."""
    applying.work(clock=timezone.now, until=timezone.now() + A_WHILE)


@shared_task(ignore_result=True)
def plan_lookouts(**_: object) -> None:
    """Work out what holds depend on at Zoom."""
    health.plan(now=timezone.now())


@shared_task(ignore_result=True)
def count_losses(**_: object) -> None:
    """Count what would become destroyable if holds ended, until nothing is due."""
    while weighing.count_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def count_figures(**_: object) -> None:
    """Count the figures of requests that take long, until nothing is due."""
    while approvals.count_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def count_preserved(**_: object) -> None:
    """Count what matters preserve until none is due."""
    tallying.plan(now=timezone.now())
    while tallying.count_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def advance_dispositions(**_: object) -> None:
    """Put together what is asked for, and destroy what two people decided, until nothing is due."""
    while disposing.carry_out_next(clock=timezone.now):
        pass
    while executing.carry_out_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def look_at_erasures(**_: object) -> None:
    """Look what stands in the way of requests for erasure, as far as it is due."""
    while looking.look_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True, soft_time_limit=A_DAY, time_limit=A_DAY + 300)
def advance_exports(**_: object) -> None:
    """Measure and make exports until none is due; on a queue of its own, since one may take hours."""
    while running.carry_out_next(clock=timezone.now):
        pass


@shared_task(ignore_result=True)
def look_after_exports(**_: object) -> None:
    """Remove the files of exports that expired, and of those of which something was destroyed."""
    keeping.sweep(now=timezone.now())
