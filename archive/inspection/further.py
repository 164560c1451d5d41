"""Checks of tables that the archive does not know: compliance hands in those of its lists and notes when Django starts.

Each is given the findings and looks at the same moment of the database as the whole inspection.
"""

from collections.abc import Callable

from archive.inspection.problems import Findings

Check = Callable[[Findings], None]

_CHECKS: list[Check] = []


def register(check: Check) -> None:
    """One more check; one that is there already is not made twice."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def check(findings: Findings) -> None:
    """All of them, in the order in which they came."""
    for one in _CHECKS:
        one(findings)
