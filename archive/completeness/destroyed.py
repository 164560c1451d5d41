"""How much of each day was destroyed here since it was said, under dispositions: tombstones by UTC day."""

from datetime import UTC, date

from django.db.models import Count
from django.db.models.functions import TruncDate

from archive.capture import spans
from archive.models import Session, Tombstone


def destroyed(
    *, first: date, last: date, account_id: int | None = None, session_id: int | None = None
) -> dict[date, int]:
    """Messages destroyed by the day they were sent, of one session or of an account; days without any are left out."""
    found = Tombstone.objects.filter(sent_at__gte=spans.begins_at(first), sent_at__lt=spans.ends_at(last))
    if session_id is not None:
        found = found.filter(session_id=session_id)
    if account_id is not None:
        found = found.filter(
            session__in=Session.objects.filter(account_id=account_id).order_by().values("pk")
        )
    days = found.order_by().values_list(TruncDate("sent_at", tzinfo=UTC)).annotate(count=Count("pk"))
    return dict(days)
