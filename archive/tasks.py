"""What Celery runs for the archive. Each task is a nudge: it may run twice, late, or twice at once."""

import threading
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from archive import log, removal, witnesses
from archive.capture import comparing, openings, reading, scheduled
from archive.reporting import checking, following
from archive.search import watch
from archive.search.errors import IndexUnavailable

WORK_FOR = timedelta(minutes=5)
"""A worker ends after so long and the next nudge goes on: far below the broker's visibility timeout."""
CHECK_FOR = timedelta(seconds=20)
"""How long the counts of reports are compared with the record at once; all of them in turn."""


@shared_task(ignore_result=True)
def checkpoint_log(**_: object) -> None:
    """Sign the log as it is. Hourly; an error is beat's to log and the next hour's to meet again."""
    log.checkpoint(now=timezone.now())


@shared_task(ignore_result=True)
def send_checkpoints(**_: object) -> None:
    """Bring the newest checkpoint to every place outside that has not got it."""
    witnesses.work(clock=timezone.now)


@shared_task(ignore_result=True)
def watch_index(**_: object) -> None:
    """Compare some days of the index of this host with the record; one without an index has nothing to compare."""
    with suppress(IndexUnavailable):  # an alarm of its own, which pages and the indexer give
        watch.look(now=timezone.now())


@shared_task(ignore_result=True)
def tick(**_: object) -> None:
    """Plan what is due and nudge the workers, for every account; sign the log as soon as the first capture is in."""
    now = timezone.now()
    with_work = scheduled.plan(now=now)
    for account_id in with_work:
        pull_windows.apply_async((account_id,), expires=55)
        fetch_files.apply_async((account_id,), expires=55)
    for account_id in scheduled.plan_holds(now=now):
        fetch_holds.apply_async((account_id,), expires=55)
    if len(with_work) == 0 and log.head() is None:
        log.checkpoint(now=now)


@shared_task(ignore_result=True)
def pull_windows(account_id: int, **_: object) -> None:
    """Pull windows until none is due."""
    worker = scheduled.worker(account_id, clock=timezone.now, stop=threading.Event(), work_for=WORK_FOR)
    if worker is not None:
        worker.windows()


@shared_task(ignore_result=True)
def fetch_files(account_id: int, **_: object) -> None:
    """Fetch files and forwarded messages until none is due."""
    worker = scheduled.worker(account_id, clock=timezone.now, stop=threading.Event(), work_for=WORK_FOR)
    if worker is not None and worker.files() > 0:
        read_files.apply_async(expires=55)


@shared_task(ignore_result=True)
def fetch_holds(account_id: int, **_: object) -> None:
    """List and fetch zips of legal holds until none is due; on a queue of its own, since one may take hours."""
    worker = scheduled.worker(account_id, clock=timezone.now, stop=threading.Event(), work_for=WORK_FOR)
    if worker is not None and worker.holds() > 0:
        open_holds.apply_async(expires=55)


@shared_task(ignore_result=True)
def look_at_scopes(**_: object) -> None:
    """Note what the app of each account may do, where nobody looked for an hour."""
    scheduled.look_at_scopes(now=timezone.now())


@shared_task(ignore_result=True)
def read_files(**_: object) -> None:
    """Read inside files until none is due; on a queue of its own, so that capture is never slowed."""
    reading.work(clock=timezone.now, until=timezone.now() + WORK_FOR)


@shared_task(ignore_result=True)
def open_holds(**_: object) -> None:
    """Open zips of legal holds and compare them with what reports gave; on the queue of what reads files."""
    openings.work(clock=timezone.now, until=timezone.now() + WORK_FOR)
    comparing.work(clock=timezone.now, until=timezone.now() + WORK_FOR)


@shared_task(ignore_result=True)
def remove_bytes(**_: object) -> None:
    """Remove the bytes of files that were destroyed until nothing is due."""
    removal.work(clock=timezone.now, until=timezone.now() + WORK_FOR)


@shared_task(ignore_result=True)
def count_for_reports(**_: object) -> None:
    """Bring the counts of reports up to the log."""
    following.work(clock=timezone.now, until=timezone.now() + WORK_FOR)


@shared_task(ignore_result=True)
def check_reports(**_: object) -> None:
    """Compare the counts of some sessions with the record."""
    checking.work(clock=timezone.now, until=timezone.now() + CHECK_FOR)
