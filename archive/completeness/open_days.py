"""Which days of the whole archive are not proven complete: what a chart must not draw as if it were known."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, F, Min, Q
from django.db.models.functions import TruncDate

from archive.models import Window

_DAY = timedelta(days=1)


def open_days(first: date, last: date, *, now: datetime) -> dict[date, int]:
    """Days from `first` to `last` (UTC, none after today) with how many windows do not prove them complete yet.

    Windows are counted by their spans in the database and spread over days here, so that the cost does not grow with
    the number of sessions.
    """
    last = min(last, now.astimezone(UTC).date())
    rows = (
        Window.objects.filter(
            kind__in=(Window.Kind.SESSIONS, Window.Kind.MESSAGES), first_day__lte=last, last_day__gte=first
        )
        .order_by()
        .values(begins=F("first_day"), ends=F("last_day"), proven=TruncDate("complete_through", tzinfo=UTC))
        .annotate(windows=Count("pk"))
    )
    counted: dict[date, int] = {}
    for row in rows.filter(Q(complete_through=None) | Q(complete_through__date__lte=F("last_day"))):
        proven: date | None = row["proven"]
        day = max(first, row["begins"]) if proven is None else max(first, row["begins"], proven)
        while day <= min(row["ends"], last):
            counted[day] = counted.get(day, 0) + row["windows"]
            day += _DAY
    return counted


def first_asked() -> date | None:
    """The first day about whose sessions Zoom was ever asked; what was said before is unknown. None: no day."""
    listings = Window.objects.filter(kind=Window.Kind.SESSIONS)
    first: date | None = listings.aggregate(first=Min("first_day"))["first"]
    return first
