"""Hold health: what silently defeats a hold is looked for again and again, and is red until somebody wrote what was done.

A hold can be defeated without anybody here doing anything: its matter is deleted at Zoom, a custodian is taken out, a
channel's owner shortens its retention, capture falls behind, a scope is withdrawn. Everything that Zoom's API tells is
read on schedule (archive.capture.lookouts) and judged by the functions in `checks`; what it does not tell is confirmed
by a person, monthly. Nothing is ever taken for healthy because it could not be read.

For who shows a matter: `mark(matter, now=)` for its head, `marks(matters, now=)` for a list, `standing(now=)` for counts.
For who changes one: call `plan(now=)` after holds were placed or ended, so that nobody waits for the clock.
"""

from compliance.health.dealing import Unfit, confirm, deal, place_again
from compliance.health.looking import Progress, judge, look, look_now, plan
from compliance.health.reading import Mark, Page, Standing, mark, marks, page, progress, sentences, standing

__all__ = [
    "Mark",
    "Page",
    "Progress",
    "Standing",
    "Unfit",
    "confirm",
    "deal",
    "judge",
    "look",
    "look_now",
    "mark",
    "marks",
    "page",
    "place_again",
    "plan",
    "progress",
    "sentences",
    "standing",
]
