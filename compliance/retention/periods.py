"""Periods as Zoom writes them: which there are, how they are said, and whether one may be shorter than another. Pure.

A month has 28 to 31 days, so days and months are compared by what is surely so: a change counts as one to something
shorter unless the new period is surely at least as long. The account's own rule is told by no API, so a change from it
counts as one that may shorten.
"""

import re

ACCOUNT = "account"
"""Stands for the account's own rule where a period is expected."""
LONGEST = {"d": 90, "m": 120, "y": 10}
_PERIOD = re.compile(r"([1-9]\d{0,2})([dmy])")
_UNITS = {"d": "day", "m": "month", "y": "year"}
_DAYS_OF_MONTHS = {1: (28, 31), 2: (59, 62), 3: (89, 92)}
_DAYS_OF_A_MONTH = 365.25 / 12


def is_period(text: str) -> bool:
    """Whether Zoom takes it: `1d` to `90d`, `1m` to `120m`, `1y` to `10y`."""
    match = _PERIOD.fullmatch(text)
    return match is not None and int(match[1]) <= LONGEST[match[2]]


def in_words(period: str) -> str:
    """`7y` as “7 years”; whatever is no period of Zoom's as it is, and the account's rule by its name."""
    if period == ACCOUNT:
        return "the account’s own rule"
    match = _PERIOD.fullmatch(period)
    if match is None:
        return period or "unknown"
    return f"{match[1]} {_UNITS[match[2]]}{'' if match[1] == '1' else 's'}"


def days(period: str) -> int | None:
    """About how many days, to order by; None when it is unknown."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    number = int(match[1])
    return number if match[2] == "d" else round(number * (12 if match[2] == "y" else 1) * _DAYS_OF_A_MONTH)


def is_same(one: str, other: str) -> bool:
    """Whether both surely mean the same: `12m` and `1y` do, `30d` and `1m` do not."""
    return one == other or (_months(one) is not None and _months(one) == _months(other))


def may_shorten(before: str, after: str) -> bool:
    """Whether going from one to the other could let go of anything earlier."""
    least, most = _span(after)[0], _span(before)[1]
    if _months(before) is not None and _months(after) is not None:
        least, most = _months(after), _months(before)
    return least is None or most is None or least < most


def _months(period: str) -> int | None:
    match = _PERIOD.fullmatch(period)
    if match is None or match[2] == "d":
        return None
    return int(match[1]) * (12 if match[2] == "y" else 1)


def _span(period: str) -> tuple[int | None, int | None]:
    """The fewest and the most days it can be; None when it is unknown."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None, None
    months = _months(period)
    if months is None:
        return int(match[1]), int(match[1])
    return _DAYS_OF_MONTHS.get(months, (months * 30, months * 31))
