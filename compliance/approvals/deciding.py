"""Approving and refusing what somebody else asked for."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from compliance import audit, refusals
from compliance.approvals import endings, items, kinds, reading
from compliance.approvals.asking import fit
from compliance.approvals.errors import Obstacle
from compliance.models import Approval, Request

State = Request.State
OWN = "You asked for this yourself. Somebody else has to decide it; you can withdraw it."


def approve(*, request_id: int, digest: str, by: User, now: datetime) -> Request:
    """Approve what the digest stands for, which is the one of the page that the person saw.

    1. Whoever asked may not; the matrix decides who may.
    2. With the row locked: it must still wait, must not have expired, and must have that digest.
    3. The items are worked out again. If they differ, the request ends as overtaken instead.
    4. What its kind awaits, such as figures that take long to count, must be there.
    5. It is approved once as many people said so as it needs; each counts once.

    Raises NotThere, Obstacle, PermissionDenied.
    """
    row, kind = _decidable(request_id, by=by, now=now)
    with transaction.atomic():
        row = _waiting(row.pk)
        if digest.strip().lower() != row.digest:
            raise Obstacle("What you saw is not what this request is about. Look at it again first.")
        ended = expire(row, now=now) or overtake(row, kind, now=now)
        if ended is None:
            if (awaited := reading.missing(row, kind, now=now)) is not None:
                raise Obstacle(awaited.words)
            _approve(row, kind, by=by, now=now)
    if ended is not None:
        raise Obstacle(ended)
    return row


def refuse(*, request_id: int, reason: str, by: User, now: datetime) -> Request:
    """Refuse a request, for a reason. Raises NotThere, Obstacle, PermissionDenied."""
    row, _ = _decidable(request_id, by=by, now=now)
    reason = fit(reason)
    with transaction.atomic():
        row = _waiting(row.pk)
        ended = expire(row, now=now)
        if ended is None:
            endings.end(row, State.REFUSED, reason, action=audit.Action.TURNED_DOWN, by=by, now=now)
    if ended is not None:
        raise Obstacle(ended)
    return row


def expire(row: Request, *, now: datetime) -> str | None:
    """End a request that waited too long, in the caller's transaction; the words of its ending, or None."""
    if now < row.expires_at:
        return None
    endings.end(row, State.EXPIRED, "Nobody decided it in time.", by=None, now=now)
    return "It has expired: nobody decided it in time. Ask again if it is still wanted."


def overtake(row: Request, kind: kinds.Kind, *, now: datetime) -> str | None:
    """End a request whose items are not what they were, in the caller's transaction; the words of that, or None."""
    try:
        found = kind.find(row.subject, row.parameters, now)
    except Obstacle as obstacle:
        words = str(obstacle)
    else:
        digest = items.digest(
            kind=row.kind,
            subject=row.subject,
            parameters=row.parameters,
            items=found.as_data(),
            counts=found.counts,
        )
        if digest == row.digest:
            return None
        differing = items.changes(items=row.items, counts=row.counts, now=found)
        words = f"What would happen is not what was asked for any more: {items.in_words(differing)}"
    endings.end(row, State.OVERTAKEN, words, by=None, now=now)
    return f"It was overtaken, so nothing is done. {words}"


def _decidable(request_id: int, *, by: User, now: datetime) -> tuple[Request, kinds.Kind]:
    row = reading.find(request_id, by=by)
    kind = kinds.of(row.kind)
    refusals.check(kind.approve, subject=endings.subject(row), by=by, now=now)
    if row.asked_by_id == by.pk:
        with transaction.atomic():
            details = {"wanted": "decide a request of their own"}
            audit.record(
                action=audit.Action.REFUSED, subject=endings.subject(row), details=details, by=by, now=now
            )
        raise PermissionDenied(OWN)
    return row, kind


def _waiting(request_id: int) -> Request:
    row = endings.locked(request_id)
    if row.state != State.ASKED:
        raise Obstacle(endings.how_it_ended(row))
    return row


def _approve(row: Request, kind: kinds.Kind, *, by: User, now: datetime) -> None:
    given = list(row.approvals.all())
    if any(one.person_id == by.pk for one in given):
        raise Obstacle("You have approved it already. It waits for somebody else as well.")
    name = audit.name_of(by)
    Approval.objects.create(request=row, person=by, person_name=name, at=now, digest=row.digest)
    details: dict[str, Any] = {"approval": len(given) + 1, "of": row.approvers}
    if len(given) + 1 < row.approvers:
        endings.tell(row, by=by, now=now, what=f"has {len(given) + 1} of {row.approvers} approvals, the last")
    else:
        runs_at = now + kinds.terms(kind).cools_off
        _settle(row, name, runs_at=runs_at, by=by, now=now)
        details["runs_at"] = runs_at.isoformat()
    audit.record(
        action=audit.Action.APPROVED,
        subject=endings.subject(row),
        details=endings.details(row) | details,
        by=by,
        now=now,
    )


def _settle(row: Request, name: str, *, runs_at: datetime, by: User, now: datetime) -> None:
    """As many approve as it needs: it runs once it has cooled off. `name` is that of the last who approved."""
    won = Request.objects.filter(pk=row.pk, state=State.ASKED).update(
        state=State.APPROVED, approved_by=by, approved_by_name=name, approved_at=now,
        runs_at=runs_at, not_before=runs_at,
    )  # fmt: skip
    if won != 1:
        raise Obstacle("Something else happened to it at the same moment. Look at it again.")
    row.refresh_from_db()
    if runs_at <= now:
        transaction.on_commit(endings.nudge, robust=True)  # a lost nudge is made up for by the next minute
    endings.tell(row, by=by, now=now)
