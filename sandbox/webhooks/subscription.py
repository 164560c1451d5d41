"""Who is told: where, under which secret, of which events; and the count of what was sent there.

The secret is never shown again, neither by the control room nor in a log.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from sandbox.webhooks.table import EVENTS

MOST_AT_ONCE = 16


@dataclass(slots=True, frozen=True)
class Subscription:
    """An endpoint and what it wants to hear."""

    url: str
    secret: str = field(repr=False)
    events: frozenset[str] = frozenset(EVENTS)
    at_once: int = 1


def made(url: str, *, secret: str, events: Iterable[str] = (), at_once: int = 1) -> Subscription:
    """A subscription to the events named (`chat_message.*` names several; none means all); ValueError if bad."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("url: an http or https address without a user name is needed")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("url: only printable ASCII")
    parts.port  # noqa: B018 - raises ValueError for a port that is none
    if secret == "":
        raise ValueError("secret: a secret token is needed to sign with")
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise ValueError(f"at_once: 1 to {MOST_AT_ONCE}")
    return Subscription(url, secret, _named(events), at_once)


def _named(patterns: Iterable[str]) -> frozenset[str]:
    wanted: set[str] = set()
    for pattern in patterns:
        found = {name for name in EVENTS if fnmatchcase(name, pattern)}
        if not found:
            raise ValueError(f"events: no event is called {pattern!r}")
        wanted |= found
    return frozenset(wanted or EVENTS)


class Count(StrEnum):
    """What is counted of each event."""

    MADE = "made"  # happened and is to be delivered
    REPEATED = "repeated"  # to be delivered once more, by a fault
    SENT = "sent"  # requests posted
    RETRIED = "retried"  # those of them that were not the first
    DELIVERED = "delivered"
    LOST = "lost"
    WITHHELD = "withheld"  # happened while the endpoint had not validated
    UNTOLD = "untold"  # could not be made from what the deed said


class Tally:
    """The counts, by event; what is made or repeated is in the end delivered or lost."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()  # the world may change in another thread than the delivery's

    def add(self, event: str, count: Count) -> None:
        """One more."""
        with self._lock:
            counts = self._counts.setdefault(event, dict.fromkeys(Count, 0))
            counts[count] += 1

    def by_event(self) -> dict[str, dict[str, int]]:
        """The counts of every event there was."""
        with self._lock:
            return {event: dict(counts) for event, counts in sorted(self._counts.items())}

    def total(self) -> dict[str, int]:
        """The counts of all events together."""
        rows = self.by_event().values()
        return {count: sum(row[count] for row in rows) for count in Count}
