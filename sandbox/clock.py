"""What time it is in the pretend Zoom.

World time starts at a chosen moment and runs `speed` times as fast as real time; tests freeze it
(`speed=0`) and advance it by hand. Everything the world dates, and every life span that Zoom promises
(access token, page token, download link), is read from here. Rate limits are not: clients wait in real time.
"""

import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

MS_PER_DAY = 86_400_000


class Clock:
    """World time in epoch milliseconds."""

    def __init__(self, *, start: datetime | None = None, speed: float = 1.0) -> None:
        self._start_ms = round((start or datetime.now(UTC)).timestamp() * 1000)
        self._real_start = time.monotonic()
        self.speed = speed

    def now_ms(self) -> int:
        """The present moment of the world, in epoch milliseconds."""
        return self._start_ms + round((time.monotonic() - self._real_start) * 1000 * self.speed)

    def now(self) -> datetime:
        """The present moment of the world, in UTC."""
        return moment(self.now_ms())

    def today(self) -> date:
        """The present day of the world, in UTC."""
        return self.now().date()

    def advance(self, *, seconds: float) -> None:
        """Move the world's time forward (a clock never goes back)."""
        if seconds < 0:
            raise ValueError("the world's clock only goes forward")
        self._start_ms += round(seconds * 1000)


def moment(ms: int) -> datetime:
    """The UTC moment of an epoch count in milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def iso(ms: int) -> str:
    """The sent time as the API writes it: seconds, `Z`."""
    return moment(ms).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_start_ms(day: date) -> int:
    """The first millisecond of a UTC day."""
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def day_end_ms(day: date) -> int:
    """The first millisecond after a UTC day."""
    return day_start_ms(day + timedelta(days=1))


def months_after(day: date, *, months: int) -> date:
    """The same day of another month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
