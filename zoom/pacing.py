"""A transport that keeps to the account's budget, and the reading of Zoom's two kinds of 429.

Each API request carries its rate-limit label as an extension and waits here for its turn. A turn further off
than the caller's patience is not waited for: `RateLimited` names the moment, so that a worker can put its row
back until then instead of sleeping. A 429 pauses everybody who shares the budget: for about a second when the
rate per second was exceeded, until the moment in `Retry-After` (never sooner) when the day's is used up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import structlog

from zoom.budgets import Budget
from zoom.errors import RateLimited, RequestNote, complaint
from zoom.facts.rows import Label

LABEL = "zoom_label"  # request extensions
NOTE = "zoom_note"
_log = structlog.get_logger()

SHORT_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """What a 429 says: when to come back (UTC), and whether it is the day's budget that is gone."""

    until: datetime
    is_daily: bool


def limit_of(*, headers: httpx.Headers, body: bytes, now: datetime) -> Limit:
    """Read a 429: by its sentence and headers, and by the safer reading when they leave it open."""
    said = (complaint(body)[1] + " " + headers.get("x-ratelimit-type", "")).lower()
    is_daily = "daily" in said or "per-day" in said
    moment = _moment(headers.get("retry-after", ""), now=now)
    if moment is None:
        tomorrow = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
        return Limit(until=tomorrow if is_daily else now + SHORT_PAUSE, is_daily=is_daily)
    return Limit(until=max(moment, now + SHORT_PAUSE), is_daily=is_daily)


def _moment(value: str, *, now: datetime) -> datetime | None:
    """`Retry-After` as seconds, as an ISO moment (Zoom's way) or as an HTTP date; None when it is none."""
    value = value.strip()
    if re.fullmatch(r"\d{1,9}", value):
        return now + timedelta(seconds=int(value))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class PacedTransport(httpx.BaseTransport):
    """Waits for a turn before each labelled request, and pauses the budget after a 429."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        budget: Budget,
        patience: timedelta,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._inner = inner
        self._budget = budget
        self._patience = patience
        self._clock = clock
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request when it may go."""
        label = request.extensions.get(LABEL)
        if label is None:
            return self._inner.handle_request(request)
        self._await_turn(label, request.extensions.get(NOTE))
        response = self._inner.handle_request(request)
        if response.status_code == 429:
            limit = limit_of(headers=response.headers, body=response.read(), now=self._clock())
            self._budget.pause(label, until=limit.until, for_the_day=limit.is_daily)
            _log.warning(
                "zoom.paused", label=str(label), until=limit.until.isoformat(), for_the_day=limit.is_daily
            )
        return response

    def _await_turn(self, label: Label, note: RequestNote | None) -> None:
        waited = timedelta()
        while True:
            turn = self._budget.turn(label, patience=self._patience - waited)
            wait = timedelta(seconds=turn.wait_s)
            if waited + wait > self._patience:
                raise RateLimited(
                    f"the budget of {label} requests is used up for {wait.total_seconds():.0f} s",
                    retry_at=self._clock() + wait,
                    request=note,
                )
            if wait:
                self._sleep(turn.wait_s)
                waited += wait
            # A pause can begin while one sleeps towards a turn: then the turn is void.
            if turn.granted and not (wait and self._budget.is_paused(label)):
                return

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
