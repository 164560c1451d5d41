"""Which days of the whole archive are not proven complete: what a chart must not draw as if it were known.

What makes a day complete is said in `proofs`, and worked out as in the calendar of an account.
"""

from datetime import UTC, date, datetime

from django.db.models import F, Min, Q
from django.db.models.functions import TruncDate

from archive.capture.spans import Span
from archive.completeness.of_account import days_by_account
from archive.completeness.proofs import DayState
from archive.models import Window


def open_days(first: date, last: date, *, now: datetime) -> dict[date, int]:
    """Days from `first` to `last` (UTC, none after today) with how many windows leave them open, all accounts together.

    A list of sessions that is not complete counts as one; a day that nobody asked an account about is not told here.
    Windows are counted by what they say, in the database, so that the cost does not grow with the number of sessions.
    """
    last = min(last, now.astimezone(UTC).date())
    if last < first:
        return {}
    broke = Q(state=Window.State.GAP) | ~Q(last_error_code="")
    proving = ~Q(kind=Window.Kind.MODIFICATIONS)
    unproven = proving & (Q(complete_through=None) | Q(whole_to__lte=F("last_day")))
    # All others prove every one of their days, or are sweeps that say nothing: most of an archive, and told by silence.
    telling = Window.objects.alias(whole_to=TruncDate("complete_through", tzinfo=UTC)).filter(
        Q(kind=Window.Kind.SESSIONS) | broke | unproven
    )
    found: dict[date, int] = {}
    for days in days_by_account(telling, Span(first, last)).values():
        for day, said in days.items():
            listed = said.list_state in (DayState.COMPLETE, DayState.UNKNOWN)
            count = said.not_complete + (0 if listed else 1)
            if count > 0:
                found[day] = found.get(day, 0) + count
    return found


def first_asked() -> date | None:
    """The first day about whose sessions Zoom was ever asked; what was said before is unknown. None: no day."""
    listings = Window.objects.filter(kind=Window.Kind.SESSIONS)
    first: date | None = listings.aggregate(first=Min("first_day"))["first"]
    return first
