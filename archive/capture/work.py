"""Doing what is due: windows first, oldest days first, then files, forwarded messages and zips of holds.

Any number of workers may do this at once, in threads, processes or on several machines; each row is done by one. A
worker stops early when Zoom named a moment before which it answers nothing, or does not answer several times in a
row: the rows stay due and the next nudge takes them up.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection

from archive import gateway
from archive.capture import files, forwards, holds, pulling, windows, zips
from archive.capture.failures import Failure
from archive.capture.spans import Span
from archive.models import Account, Window
from zoom.client import ZoomClient

ORDER = (
    Window.Kind.SESSIONS,
    Window.Kind.MESSAGES,
    Window.Kind.DIRECTORY,
    Window.Kind.ACTIVITIES,
    Window.Kind.MODIFICATIONS,
)
"""What is pulled first: the lists say what there is, then messages before they fall off, then what came after."""

GIVE_UP_AFTER = 3
"""So many jobs in a row that Zoom did not answer mean that it is out of order."""

Clock = Callable[[], datetime]
_logger = structlog.get_logger(__name__)


def _no_more() -> bool:
    return False


@dataclass(slots=True)
class Worker:
    """One worker on one account.

    `within` narrows windows to some days, `until` ends the work at a moment, and `more` is asked when nothing is due:
    True means to look again.
    """

    account: Account
    clock: Clock
    stop: threading.Event
    within: Span | None = None
    until: datetime | None = None
    more: Callable[[], bool] = _no_more
    jobs: int = 0
    unanswered: int = 0

    def windows(self) -> int:
        """Pull windows until none is due; how many."""
        return self._each(self._next_window)

    def files(self) -> int:
        """Fetch files and forwarded messages until none is due; how many."""
        return self._each(self._next_file)

    def everything(self) -> int:
        """Windows, and whenever none is due, files, forwards and zips, until nothing is left."""
        return self._each(
            lambda client: self._next_window(client) or self._next_file(client) or self._next_hold(client)
        )

    def holds(self) -> int:
        """List and fetch the zips of legal holds until none is due; how many jobs."""
        return self._each(self._next_hold)

    def _each(self, next_job: "Callable[[ZoomClient], Done | None]") -> int:
        try:
            with gateway.client_for(self.account) as client:
                while not self._is_over():
                    done = next_job(client)
                    if done is not None:
                        self.jobs += 1
                        self._note(done.failure)
                    elif not self.more():
                        break
        finally:
            connection.close()
        return self.jobs

    @property
    def has_given_up(self) -> bool:
        """Whether Zoom stopped answering, or named a moment before which it will not."""
        return self.unanswered >= GIVE_UP_AFTER

    def _is_over(self) -> bool:
        if self.stop.is_set() or self.has_given_up:
            return True
        return self.until is not None and self.clock() >= self.until

    def _note(self, failure: Failure | None) -> None:
        self.unanswered = 0 if failure is None or not failure.at_zoom else self.unanswered + 1
        if failure is not None and failure.stops_account:
            self.unanswered = GIVE_UP_AFTER

    def _next_window(self, client: ZoomClient) -> "Done | None":
        claim = windows.claim(account=self.account, kinds=ORDER, now=self.clock(), within=self.within)
        if claim is None:
            return None
        return Done(pulling.pull(claim, client=client, clock=self.clock, stop=self.stop))

    def _next_file(self, client: ZoomClient) -> "Done | None":
        for job in (files.fetch_next, forwards.fetch_next):
            done, failure = job(account=self.account, client=client, clock=self.clock)
            if done:
                return Done(failure)
        return None

    def _next_hold(self, client: ZoomClient) -> "Done | None":
        done, failure = holds.list_next(account=self.account, client=client, clock=self.clock)
        if not done:
            done, failure = zips.fetch_next(
                account=self.account, client=client, clock=self.clock, stop=self.stop
            )
        return Done(failure) if done else None


@dataclass(frozen=True, slots=True)
class Done:
    """One job was done, well or not."""

    failure: Failure | None
