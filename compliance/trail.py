"""Reading the audit trail: who looked at, changed, took or tried what, newest first.

Reading the trail is itself an event of the trail. What is shown is what was written: names as they were then.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from archive import provenance
from compliance import audit, pages, permissions
from compliance.models import AuditEvent
from compliance.permissions import Action

PAGE_SIZE = 100


@dataclass(frozen=True)
class Filters:
    """What to show; empty and None mean everything."""

    person: str = ""
    action: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def narrowed(self) -> dict[str, Any]:
        """The filters in use, as the trail records them."""
        return {name: str(value) for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class TrailPage:
    """One page of the trail and the exact total; `older` is the key of the next page, None on the last."""

    events: list[AuditEvent]
    total: int
    older: int | None


def page(
    *, filters: Filters, before: int | None, limit: int = PAGE_SIZE, by: User, now: datetime
) -> TrailPage:
    """One page of events older than the event `before`; recorded as a look at the trail."""
    permissions.check(Action.SEE_AUDIT, by=by)
    with transaction.atomic():
        found = pages.newest(_filtered(filters), before=before, size=limit)
        details = {"filters": filters.narrowed(), "events": found.total}
        audit.record(action=audit.Action.LOOKED, subject="audit", details=details, by=by, now=now)
    return TrailPage(events=found.rows, total=found.total, older=found.older)


def event(*, event_id: int, by: User, now: datetime) -> tuple[AuditEvent, provenance.Proof | None]:
    """One event with its leaf and proof; recorded as a look at the trail. Raises AuditEvent.DoesNotExist."""
    permissions.check(Action.SEE_AUDIT, by=by)
    with transaction.atomic():
        found = AuditEvent.objects.get(pk=event_id)
        proof = provenance.of_leaf(audit.AUDIT_LEAF, event_id)
        details = {"event": event_id}
        audit.record(action=audit.Action.LOOKED, subject="audit", details=details, by=by, now=now)
    return found, proof


def of_subject(subject: str, *, limit: int = 20) -> list[AuditEvent]:
    """The newest events about one thing; for pages that have already checked and recorded the look."""
    return list(AuditEvent.objects.filter(subject=subject).order_by("-pk")[:limit])


def _filtered(filters: Filters) -> QuerySet[AuditEvent]:
    found = AuditEvent.objects.all()
    if filters.person:
        found = found.filter(actor_name__icontains=filters.person)
    if filters.action:
        found = found.filter(action=filters.action)
    if filters.subject:
        found = found.filter(subject__startswith=filters.subject)
    if filters.first_day is not None:
        found = found.filter(at__gte=_midnight(filters.first_day))
    if filters.last_day is not None:
        found = found.filter(at__lt=_midnight(filters.last_day + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
