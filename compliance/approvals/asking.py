"""Asking for a deed, and taking the asking back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from compliance import audit, inert, refusals, told
from compliance.approvals import endings, figuring, items, kinds, reading
from compliance.approvals.errors import NotThere, Obstacle
from compliance.models import Request

State = Request.State
LONGEST_REASON = 2_000
LONGEST_TITLE = 200


def ask(
    *, kind: str, subject: str, parameters: Mapping[str, Any], reason: str, by: User, now: datetime
) -> Request:
    """Ask for a deed of a kind, with the items it has now. Raises NotThere, Obstacle, PermissionDenied."""
    wanted = kinds.of(kind)
    refusals.check(wanted.ask, subject=subject, by=by, now=now)
    subjects = wanted.subjects(by)
    if subjects is not None and subject not in subjects:
        raise NotThere
    reason = fit(reason)
    try:
        with transaction.atomic():
            return _ask(wanted, subject, dict(parameters), reason, by=by, now=now)
    except IntegrityError as error:
        raise Obstacle(
            "Exactly this has been asked for already, and waits for approval or to run."
        ) from error


def _ask(
    kind: kinds.Kind, subject: str, parameters: dict[str, Any], reason: str, *, by: User, now: datetime
) -> Request:
    found = kind.find(subject, parameters, now)
    if len(found.items) == 0:
        raise Obstacle("There is nothing that this would touch, so there is nothing to ask for.")
    digest = items.digest(
        kind=kind.key, subject=subject, parameters=parameters, items=found.as_data(), counts=found.counts
    )
    terms = kinds.terms(kind)
    counted = None if kind.count is None else figuring.hurried(kind.count, subject, parameters, now=now)
    request = Request.objects.create(
        kind=kind.key, subject=subject, parameters=parameters, title=found.title[:LONGEST_TITLE],
        items=found.as_data(), counts=dict(found.counts), figures=dict(found.figures()) | (counted or {}), digest=digest,
        reason=reason, asked_by=by, asked_by_name=audit.name_of(by), asked_at=now,
        expires_at=now + terms.expires_after, approvers=terms.approvers,
    )  # fmt: skip
    if kind.count is not None:
        figuring.begin(request, counted, now=now)
    for person in reading.deciders(request):
        told.tell(
            person=person,
            text=f"{request.asked_by_name} asks for {_whom(request)}: {request.title}",
            link=endings.link(request),
            now=now,
        )
    details = endings.details(request) | {
        "reason": reason,
        "counts": request.counts,
        "item_count": len(found.items),
    }
    audit.record(action=audit.Action.ASKED, subject=endings.subject(request), details=details, by=by, now=now)
    return request


def _whom(request: Request) -> str:
    return "a second person" if request.approvers == 1 else f"{request.approvers} more people"


def withdraw(*, request_id: int, by: User, now: datetime, reason: str = "") -> Request:
    """Take a request back before it runs: whoever asked, and once it is approved whoever could have approved it.

    Raises NotThere, Obstacle, PermissionDenied.
    """
    row = reading.find(request_id, by=by)
    if row.asked_by_id != by.pk:
        refusals.check(kinds.of(row.kind).approve, subject=endings.subject(row), by=by, now=now)
    why = fit(reason) if reason.strip() else "No longer wanted."
    with transaction.atomic():
        row = endings.locked(row.pk)
        if row.state not in (State.ASKED, State.APPROVED):
            raise Obstacle(endings.how_it_ended(row))
        if row.state == State.ASKED and row.asked_by_id != by.pk:
            raise Obstacle("It is not approved yet. Refuse it instead, with a reason.")
        endings.end(row, State.WITHDRAWN, why, action=audit.Action.WITHDREW, by=by, now=now)
    return row


def fit(reason: str) -> str:
    """A reason without characters that could deceive. Raises Obstacle for none and for one too long."""
    reason = inert.typed(reason)
    if reason == "" or len(reason) > LONGEST_REASON:
        raise Obstacle(f"Say why, in 1 to {LONGEST_REASON:,} characters.")
    return reason
