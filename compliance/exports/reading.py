"""Looking at exports: those a person may see, one with everything that is known of it, how far it is.

An export of a matter is for the members of that matter who may export, and for nobody else; one of no matter is for
whoever asked, as long as they read everything, and for everybody else who does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from compliance import audit, matters, pages, permissions, refusals
from compliance.exports import choosing
from compliance.hindrances import Absent
from compliance.models import AuditEvent, Export, Matter, Request
from compliance.permissions import Action

State = Export.State
MOVING = (State.MEASURING, State.MAKING)
PAGE_SIZE = 50
OPEN = (Request.State.ASKED, Request.State.APPROVED)


class NoSuchExport(Absent):
    """There is no such export, or the person may not see it: the two are not told apart."""


@dataclass(frozen=True)
class Seen:
    """One export as its page shows it."""

    row: Export
    contents: Mapping[str, Any]
    """What was measured, empty before."""
    request: Request | None
    """The newest request to have it made; None where nobody asked for one."""
    needs_approval: bool
    events: Sequence[AuditEvent]
    followed_by: int | None
    """The newest export that was measured anew after this one, as far as the person may see it."""
    may_cancel: bool

    @property
    def waits_for_approval(self) -> bool:
        """Whether a second person has to decide first."""
        return self.request is not None and self.request.state in OPEN


def visible(by: User | None) -> QuerySet[Export]:
    """The exports a person may see and take; all of them for the operator."""
    if by is None:
        return Export.objects.all()
    if not permissions.can(Action.EXPORT, by=by):
        return Export.objects.none()
    of_matters = Q(matter__in=matters.of(by))
    return Export.objects.filter(of_matters | Q(matter=None) if choosing.reads_everything(by) else of_matters)


def find(*, export_id: int, by: User | None, now: datetime) -> Export:
    """One export. Raises NoSuchExport, PermissionDenied."""
    refusals.check(Action.EXPORT, subject=f"export/{export_id}", by=by, now=now)
    row = visible(by).select_related("matter", "asked_by", "request").filter(pk=export_id).first()
    if row is None:
        raise NoSuchExport
    return row


def page(
    *,
    state: str = "",
    matter: Matter | None = None,
    among: pages.Among = pages.ALL,
    before: int | None = None,
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> pages.Page[Export]:
    """The exports a person may see, all or those of one matter that they may see."""
    refusals.check(Action.EXPORT, subject="exports", by=by, now=now)
    found = among.of(visible(by).select_related("matter"), made="asked_at")
    if matter is not None:
        found = found.filter(matter=matter)
    if state in State.values:
        found = found.filter(state=state)
    return pages.newest(found, before=before, size=limit)


def seen(*, export_id: int, by: User | None, now: datetime) -> Seen:
    """One export; recorded as a look. Raises NoSuchExport."""
    row = find(export_id=export_id, by=by, now=now)
    subject = f"export/{row.pk}"
    events = AuditEvent.objects.filter(subject=subject).exclude(
        action__in=[audit.Action.LOOKED, audit.Action.REFUSED]
    )
    told = list(events.order_by("-pk")[:PAGE_SIZE])
    following = visible(by).filter(follows=row).order_by("-pk").values_list("pk", flat=True).first()
    with transaction.atomic():
        details = {"state": row.state, "digest": row.digest}
        audit.record(action=audit.Action.LOOKED, subject=subject, details=details, by=by, now=now)
    return Seen(
        row, row.contents or {}, row.request, needs_approval(by), told, following, _may_cancel(row, by)
    )


def _may_cancel(row: Export, by: User | None) -> bool:
    """Whether there is something to cancel; a request for approval goes with it, which not every member may withdraw."""
    if row.state not in (*MOVING, State.MEASURED):
        return False
    asked = row.request
    if by is None or asked is None or asked.state not in OPEN or asked.asked_by_id == by.pk:
        return True
    return permissions.can(Action.APPROVE_EXPORT, by=by)


def needs_approval(by: User | None) -> bool:
    """Whether policy wants a second person before an export is made; the operator at the machine is asked by nobody."""
    return by is not None and bool(settings.HOLDFAST_EXPORT_APPROVAL == "on")


def waiting_for(*, by: User) -> int:
    """How many exports wait for a person to look at them: what they asked for is measured, and nobody else decides it."""
    if not permissions.can(Action.EXPORT, by=by):
        return 0
    measured = Export.objects.filter(asked_by=by, state=State.MEASURED).exclude(request__state__in=OPEN)
    keys = list(measured.values_list("pk", flat=True))  # every page asks, and mostly there is none
    return visible(by).filter(pk__in=keys).count() if len(keys) > 0 else 0
