"""How complete the archive is: to when, where not and why, what falls off Zoom next, how a run is going.

Readers for pages and commands: plain frozen values, a constant number of queries, nothing changed. What is not known
is None and never zero; a zero is a zero that was proven. All moments are UTC.
"""

from archive.completeness.by_day import Day, calendar, days
from archive.completeness.counts import Totals, totals
from archive.completeness.destroyed import destroyed
from archive.completeness.facts import Ahead, Summary, activity_by_day, complete_to, summary
from archive.completeness.held_days import captured_since, opened
from archive.completeness.missing import Cliff, Gap, Outstanding, cliff, gap_count, gaps
from archive.completeness.of_account import AccountDay, of_account
from archive.completeness.open_days import first_asked, open_days
from archive.completeness.open_on import OpenWindow, OpenWindows, Place, open_on
from archive.completeness.progress import Progress, RunLine, current_run, progress_of, runs
from archive.completeness.proofs import DayState
from archive.completeness.rosters import Rosters, rosters
from archive.completeness.zips import HoldZips, hold_zips

__all__ = [
    "AccountDay",
    "Ahead",
    "Cliff",
    "Day",
    "DayState",
    "Gap",
    "HoldZips",
    "OpenWindow",
    "OpenWindows",
    "Outstanding",
    "Place",
    "Progress",
    "Rosters",
    "RunLine",
    "Summary",
    "Totals",
    "activity_by_day",
    "calendar",
    "captured_since",
    "cliff",
    "complete_to",
    "current_run",
    "days",
    "destroyed",
    "first_asked",
    "gap_count",
    "gaps",
    "hold_zips",
    "of_account",
    "open_days",
    "open_on",
    "opened",
    "progress_of",
    "rosters",
    "runs",
    "summary",
    "totals",
]
