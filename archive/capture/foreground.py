"""A capture from beginning to end while somebody watches: plan, work with several workers, plan again, until done.

The workers are threads: they wait for Zoom and for Postgres most of the time. A worker that finds nothing due waits as
long as another is busy, because a list of sessions makes new work. What another process has claimed is waited for;
what failed with a short wait is tried again; what has to wait longer is left as a gap.
"""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from archive.capture import fetching, files, forwards, hold_jobs, planning, runs, windows, zips
from archive.capture.spans import Span
from archive.capture.work import Clock, Worker
from archive.models import Account, HoldFile, Run, Window

WORKERS = 4
PATIENCE = timedelta(seconds=10)
"""How far ahead a retry may lie to be waited for."""
_LOOK_AGAIN_S = 0.05
_SHOW_EVERY_S = 0.5

Show = Callable[[Run], None]


class Crew:
    """Workers of one process who end together: none goes home while another may still make work."""

    def __init__(self, *, size: int, stop: threading.Event) -> None:
        self._stop = stop
        self._lock = threading.Lock()
        self._busy = set(range(size))

    def wait_for_more(self, number: int) -> bool:
        """Called by a worker who found nothing due: True to look again, False to go home."""
        self.leave(number)
        self._stop.wait(_LOOK_AGAIN_S)
        with self._lock:
            if len(self._busy) == 0 or self._stop.is_set():
                return False
            self._busy.add(number)
            return True

    def leave(self, number: int) -> None:
        """This worker is not busy any more."""
        with self._lock:
            self._busy.discard(number)


@dataclass(frozen=True, slots=True)
class Capture:
    """What to capture and with what."""

    account: Account
    clock: Clock
    show: Show
    stop: threading.Event
    within: Span | None = None
    workers: int = WORKERS
    once: bool = False
    """Do not wait for retries."""

    def run(self) -> Run:
        """Run everything that is due for the account to its end."""
        account, clock = self.account, self.clock
        run = self._plan(at_once=True)
        while not self.stop.is_set():
            done = self._work(run)
            if done == 0 and (self.once or not self._wait()):
                break
            run = self._plan(at_once=False)
        runs.finish(account=account, now=clock())
        return run

    def _plan(self, *, at_once: bool) -> Run:
        account, now = self.account, self.clock()
        windows.free_abandoned(account=account, now=now)
        fetching.free_abandoned(account=account, now=now)
        planning.plan(account=account, now=now, within=self.within, at_once=at_once)
        fetching.make_due(files.rows(account), now=now, at_once=at_once)
        fetching.make_due(forwards.rows(account), now=now, at_once=at_once)
        hold_jobs.plan(account=account, now=now, at_once=at_once)
        kind = runs.kind_for(account=account, now=now)
        kind = kind if kind == Run.Kind.BACKFILL else Run.Kind.MANUAL
        return runs.begin(account=account, kind=kind, now=now, within=self.within)

    def _work(self, run: Run) -> int:
        """Do everything due now; how many jobs that was, 0 when Zoom stopped answering.

        Raises what broke a worker.
        """
        crew = Crew(size=self.workers, stop=self.stop)
        hands = [
            Worker(
                self.account,
                self.clock,
                self.stop,
                within=self.within,
                more=functools.partial(crew.wait_for_more, number),
            )
            for number in range(self.workers)
        ]
        broken: list[BaseException] = []
        threads = [
            threading.Thread(target=_serve, args=(number, hand, crew, broken))
            for number, hand in enumerate(hands)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(timeout=_SHOW_EVERY_S)
                    self.show(run)
        except KeyboardInterrupt:
            self.stop.set()
        except BaseException:
            self.stop.set()
            raise
        finally:
            for thread in threads:
                thread.join()
        if broken:
            raise broken[0]
        if any(hand.has_given_up for hand in hands):
            return 0
        return sum(hand.jobs for hand in hands)

    def _wait(self) -> bool:
        """Wait for what others have claimed and for retries that are near; False when there is neither."""
        now = self.clock()
        rows = Window.objects.filter(account=self.account)
        claimed = zips.rows(self.account).filter(state=HoldFile.State.CLAIMED)
        if rows.filter(state=Window.State.CLAIMED).exists() or claimed.exists():
            self.stop.wait(_SHOW_EVERY_S)
            return True
        soon = [
            rows.filter(state=Window.State.GAP),
            files.rows(self.account).filter(state=fetching.FAILED),
            forwards.rows(self.account).filter(state=fetching.FAILED),
            zips.rows(self.account).filter(state=HoldFile.State.FAILED),
        ]
        moments = [
            moment
            for some in soon
            for moment in some.filter(not_before__lte=now + PATIENCE)
            .order_by("not_before")
            .values_list("not_before", flat=True)[:1]
        ]
        if not moments:
            return False
        self.stop.wait(max(0.0, (min(moments) - now) / timedelta(seconds=1)))
        return True


def _serve(number: int, hand: Worker, crew: Crew, broken: list[BaseException]) -> None:
    """One worker's thread. What breaks it (the database is gone, a secret cannot be unsealed) ends the capture."""
    try:
        hand.everything()
    except Exception as error:  # noqa: BLE001 -- raised again in the thread that watches
        broken.append(error)
    finally:
        crew.leave(number)
