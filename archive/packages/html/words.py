"""How the reader says things: states with their mark, moments with their zone, counts and sizes, as in the console."""

from datetime import UTC, date, datetime, tzinfo

from archive.packages import entries
from archive.packages.html.markup import Markup, tag

_MARKS = {"complete": "●", "gap": "▲", "unknown": "?", "destroyed": "✕"}


def state(kind: str, said: str) -> Markup:
    """A state as its mark and its word: never colour alone."""
    mark = tag("b", _MARKS[kind], aria_hidden="true")
    return tag("span", mark, tag("span", said), class_=f"state state-{kind}")


def time(at: datetime, shown: str) -> Markup:
    """A moment as `shown`, ISO in UTC on hover."""
    utc = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tag("time", shown, datetime=utc, title=utc)


def moment(at: datetime, zone: tzinfo) -> Markup:
    """A moment to the second with its zone named."""
    local = entries.here(at, zone)
    return time(at, f"{day(local.date())}, {local:%H:%M:%S %Z}")


def day(value: date) -> str:
    """`9 Feb 2026`, in English whatever the machine's language."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year}"


def long_day(value: date) -> str:
    """`Monday, 9 February 2026`."""
    return f"{_DAYS[value.weekday()]}, {value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """`February 2026`."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def count(value: int, one: str = "", many: str = "") -> str:
    """A number with its thousands set apart, and the noun that goes with it."""
    noun = one if value == 1 else many or f"{one}s"
    return f"{value:,} {noun}" if one != "" else f"{value:,}"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
