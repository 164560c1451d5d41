"""What waits to be delivered, in order of its world time; and the misfortunes that befall it there.

An event whose delivery fails is tried again after 5, 20 and 60 minutes and then lost. At most so many wait: what
comes on top is lost at once, so that a dead subscriber costs no memory. Faults strike in the order things
happen, so the same seed and the same deeds give the same misfortunes.
"""

import heapq
import threading
from dataclasses import dataclass, field, replace

from sandbox.clock import Clock
from sandbox.faults import Faults, Kind
from sandbox.webhooks.subscription import Count, Tally

RETRY_AFTER_SECONDS = (5 * 60, 20 * 60, 60 * 60)
MOST_WAITING = 10_000
_ON_THE_WAY = frozenset(
    {Kind.WEBHOOK_LOST, Kind.WEBHOOK_LATE, Kind.WEBHOOK_REPEATED, Kind.WEBHOOK_OUT_OF_ORDER}
)


@dataclass(slots=True, order=True)
class Parcel:
    """One event on its way: due at a world time, posted so often already."""

    due_ms: int
    number: int
    event: str = field(compare=False)
    body: bytes = field(compare=False, repr=False)
    attempts: int = field(default=0, compare=False)


class Outbox:
    """The parcels that wait for their time."""

    def __init__(self, *, clock: Clock, faults: Faults, tally: Tally) -> None:
        self._clock, self._faults, self._tally = clock, faults, tally
        self._waiting: list[Parcel] = []
        self._held: Parcel | None = None  # to be overtaken by the next one
        self._count = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting) + (self._held is not None)

    def put(self, event: str, body: bytes) -> None:
        """Something happened: deliver it, unless a fault says otherwise."""
        with self._lock:
            self._tally.add(event, Count.MADE)
            hits = self._faults.strike(event, has_page_token=False, among=_ON_THE_WAY)
            if Kind.WEBHOOK_LOST in hits:
                self._tally.add(event, Count.LOST)
                return
            now = self._clock.now_ms()
            late = hits.get(Kind.WEBHOOK_LATE)
            due = now if late is None else now + round(late.seconds * 1000)
            parcel = self._parcel(due, event, body)
            overtaken, self._held = self._held, None
            struck = hits.get(Kind.WEBHOOK_OUT_OF_ORDER)
            if struck is not None and overtaken is None:
                self._held = replace(parcel, due_ms=now + round(struck.seconds * 1000))
            else:
                self._push(parcel)
            if overtaken is not None:
                self._push(self._parcel(now, overtaken.event, overtaken.body))
            if Kind.WEBHOOK_REPEATED in hits:
                self._tally.add(event, Count.REPEATED)
                self._push(self._parcel(due, event, body))

    def take(self) -> Parcel | None:
        """The next parcel whose time has come."""
        with self._lock:
            now = self._clock.now_ms()
            if self._held is not None and self._held.due_ms <= now:
                held, self._held = self._held, None
                self._push(held)
            if not self._waiting or self._waiting[0].due_ms > now:
                return None
            return heapq.heappop(self._waiting)

    def again(self, parcel: Parcel) -> None:
        """It did not arrive: try once more after a while, or give it up."""
        attempts = parcel.attempts + 1
        with self._lock:
            if attempts > len(RETRY_AFTER_SECONDS):
                self._tally.add(parcel.event, Count.LOST)
                return
            due = self._clock.now_ms() + RETRY_AFTER_SECONDS[attempts - 1] * 1000
            self._push(replace(parcel, due_ms=due, attempts=attempts))

    def _parcel(self, due: int, event: str, body: bytes) -> Parcel:
        self._count += 1
        return Parcel(due, self._count, event, body)

    def _push(self, parcel: Parcel) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._tally.add(parcel.event, Count.LOST)
            return
        heapq.heappush(self._waiting, parcel)
