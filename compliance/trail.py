"""Reading the audit trail: who looked at, changed, took or tried what, newest first.

Reading the trail is itself an event of the trail. What is shown is what was written: names as they were then. Who may
see the trail but not the whole of it learns of no matter but their own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from archive import provenance
from compliance import approvals, audit, matters, pages, permissions, timeline
from compliance.models import AuditEvent
from compliance.permissions import Action

PAGE_SIZE = 100
_WORDS = (
    "accounts", "capture", "console", "disposition", "dispositions", "keeping", "log", "people", "person",
    "planned reconciliation", "reconciliation", "reconciliations", "report", "retention", "rule", "wording", "wordings",
)  # fmt: skip
_OF_NO_MATTER = rf"^({'|'.join(_WORDS)})(/|$)"
"""Subjects of events that are about no matter. What is not named here is of one, or may be."""
_NAME_MATTERS = ["matter", "matters", "matter_id", "hold", "holds"]
"""Details by which an event of another subject names a matter all the same, such as a hold that stood in the way."""
_NAMES = """
    WITH RECURSIVE known AS (
        (SELECT actor_name FROM compliance_auditevent ORDER BY actor_name LIMIT 1)
        UNION ALL
        SELECT (SELECT further.actor_name FROM compliance_auditevent further
                WHERE further.actor_name > known.actor_name ORDER BY further.actor_name LIMIT 1)
        FROM known WHERE known.actor_name IS NOT NULL
    )
    SELECT actor_name FROM known WHERE position(upper(%s) IN upper(actor_name)) > 0
"""


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
        found = pages.newest(_filtered(filters, by), before=before, size=limit)
        details = {"filters": filters.narrowed(), "events": found.total}
        audit.record(action=audit.Action.LOOKED, subject="audit", details=details, by=by, now=now)
    return TrailPage(events=found.rows, total=found.total, older=found.older)


def event(*, event_id: int, by: User, now: datetime) -> tuple[AuditEvent, provenance.Proof | None]:
    """One event with its leaf and proof; recorded as a look at the trail.

    Raises AuditEvent.DoesNotExist, also for one that the person may not see.
    """
    permissions.check(Action.SEE_AUDIT, by=by)
    with transaction.atomic():
        found = visible(by).get(pk=event_id)
        proof = provenance.of_leaf(audit.AUDIT_LEAF, event_id)
        details = {"event": event_id}
        audit.record(action=audit.Action.LOOKED, subject="audit", details=details, by=by, now=now)
    return found, proof


def visible(by: User) -> QuerySet[AuditEvent]:
    """The events that a person may see.

    Whoever may see the whole trail: all. Everybody else: what was done in matters of theirs, what they did themselves, the
    requests that they may see, and of all else what cannot be about a matter, by a list of what cannot. Words typed into a
    search and looks at messages are not on it: a query may name a matter, and that a reviewer reads tells of one.
    """
    every = AuditEvent.objects.all()
    if permissions.can(Action.SEE_WHOLE_AUDIT, by=by):
        return every
    requests = approvals.visible(by).values_list("pk", flat=True)
    subjects = [*timeline.subjects(matters.of(by)), *(f"request/{pk}" for pk in requests)]
    of_no_matter = Q(subject__regex=_OF_NO_MATTER) & ~Q(details__has_any_keys=_NAME_MATTERS)
    return every.filter(Q(actor=by) | Q(subject__in=subjects) | of_no_matter)


def _filtered(filters: Filters, by: User) -> QuerySet[AuditEvent]:
    found = visible(by)
    if filters.person:
        found = found.filter(actor_name__in=_called(filters.person))
    if filters.action:
        found = found.filter(action=filters.action)
    if filters.subject:
        found = found.filter(subject__startswith=filters.subject)
    if filters.first_day is not None:
        found = found.filter(at__gte=_midnight(filters.first_day))
    if filters.last_day is not None:
        found = found.filter(at__lt=_midnight(filters.last_day + timedelta(days=1)))
    return found


def _called(words: str) -> list[str]:
    """The names in the trail that have these words in them. There are few: each is one step through their index."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [words])
        return [name for (name,) in cursor.fetchall()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
