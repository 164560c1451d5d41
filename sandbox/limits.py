"""The account's rate limits, by label and plan.

Counted in real time, because clients wait in real time: a window of a second (a minute for
RESOURCE-INTENSIVE) and the UTC day. HEAVY and RESOURCE-INTENSIVE share one daily allowance on the paid
plans. Both kinds of refusal carry the sentence and the headers of the API; the daily one names the moment
when the day is over.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sandbox.wire import Refusal


class Label(StrEnum):
    """How costly an operation is to the service."""

    LIGHT = "Light"
    MEDIUM = "Medium"
    HEAVY = "Heavy"
    RESOURCE_INTENSIVE = "Resource-intensive"
    UPLOAD = "Upload"


class Plan(StrEnum):
    """What the customer pays for."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"


@dataclass(slots=True, frozen=True)
class Limit:
    """So many requests in so many seconds, and in a day (None: no daily limit)."""

    requests: int
    seconds: int
    daily: int | None = None


LIMITS: dict[Plan, dict[Label, Limit]] = {
    Plan.FREE: {
        Label.LIGHT: Limit(4, 1, 6_000),
        Label.MEDIUM: Limit(2, 1, 2_000),
        Label.HEAVY: Limit(1, 1, 1_000),
        Label.RESOURCE_INTENSIVE: Limit(10, 60, 30_000),
    },
    Plan.PRO: {
        Label.LIGHT: Limit(30, 1),
        Label.MEDIUM: Limit(20, 1),
        Label.HEAVY: Limit(10, 1, 30_000),
        Label.RESOURCE_INTENSIVE: Limit(10, 60, 30_000),
    },
    Plan.BUSINESS: {
        Label.LIGHT: Limit(80, 1),
        Label.MEDIUM: Limit(60, 1),
        Label.HEAVY: Limit(40, 1, 60_000),
        Label.RESOURCE_INTENSIVE: Limit(20, 60, 60_000),
    },
}
_UPLOAD = Limit(20, 1)


class Limits:
    """Counts requests of one account and refuses those beyond its plan."""

    def __init__(
        self, *, plan: Plan, enabled: bool = True, real_time: Callable[[], float] = time.time
    ) -> None:
        self.plan = plan
        self.enabled = enabled
        self._real_time = real_time
        self._recent: dict[Label, deque[float]] = {label: deque() for label in Label}
        self._day = ""
        self._today: dict[str, int] = {}

    def now(self) -> datetime:
        """The moment that limits go by, which is not the world's: clients wait for them in real time."""
        return datetime.fromtimestamp(self._real_time(), UTC)

    def spend(self, label: Label) -> dict[str, str]:
        """Count one request; the headers of its reply, or Refusal 429."""
        if not self.enabled:
            return {}
        limit = LIMITS[self.plan].get(label, _UPLOAD)
        now = self._real_time()
        recent = self._recent[label]
        while recent and recent[0] <= now - limit.seconds:
            recent.popleft()
        if len(recent) >= limit.requests:
            raise per_second(label, limit.requests)
        if limit.daily is not None:
            self._spend_daily(label, limit.daily, now)
        recent.append(now)
        return _headers(label, "QPS", limit.requests, limit.requests - len(recent))

    def _spend_daily(self, label: Label, allowance: int, now: float) -> None:
        day = datetime.fromtimestamp(now, UTC)
        if day.date().isoformat() != self._day:
            self._day, self._today = day.date().isoformat(), {}
        shared = self.plan is not Plan.FREE
        pool = "shared" if shared else label.value
        if self._today.get(pool, 0) >= allowance:
            midnight = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            raise daily(label, allowance, until=midnight)
        self._today[pool] = self._today.get(pool, 0) + 1


def per_second(label: Label, allowance: int) -> Refusal:
    """The refusal of a request that came too soon."""
    return Refusal(
        429,
        429,
        "You have reached the maximum per-second rate limit for this API. Try again later.",
        _headers(label, "QPS", allowance, 0),
    )


def daily(label: Label, allowance: int, *, until: datetime) -> Refusal:
    """The refusal of a request beyond the day's allowance."""
    headers = _headers(label, "Daily-limit", allowance, 0)
    headers["Retry-After"] = until.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Refusal(
        429,
        429,
        "You have reached the maximum daily rate limit for this API. Refer to the response header for "
        "details on when you can make another request.",
        headers,
    )


def _headers(label: Label, kind: str, allowance: int, remaining: int) -> dict[str, str]:
    return {
        "X-RateLimit-Category": label.value,
        "X-RateLimit-Type": kind,
        "X-RateLimit-Limit": str(allowance),
        "X-RateLimit-Remaining": str(remaining),
    }
