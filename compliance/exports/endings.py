"""How an export goes from one state to the next: by a filtered update, with its event, and whoever asked is told."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from archive.packages import choosing
from compliance import audit, claiming, told
from compliance.models import Export

State = Export.State


def subject(row: Export) -> str:
    """What the trail calls an export."""
    return f"export/{row.pk}"


def link(row: Export) -> str:
    """The address of its page."""
    return f"/exports/{row.pk}/"


def hold(row: Export, claim: uuid.UUID, *, now: datetime, **columns: object) -> None:
    """Renew a claim and say how far it is; raises claiming.Lost when it is not ours any more."""
    claiming.keep(Export.objects.filter(pk=row.pk, claim=claim, state=row.state), claimed_at=now, **columns)


def go(
    row: Export,
    to: Export.State,
    *,
    claim: uuid.UUID | None = None,
    action: audit.Action,
    details: Mapping[str, Any],
    by: User | None,
    now: datetime,
    **columns: object,
) -> None:
    """Change the state in the caller's transaction, if the row still is as it was read. Raises claiming.Lost."""
    found = Export.objects.filter(pk=row.pk, state=row.state)
    if claim is not None:
        found = found.filter(claim=claim)
    claiming.keep(found, state=to, claim=None, **columns)
    row.refresh_from_db()
    recorded = {"export": row.pk, "title": row.title, "state": str(to), **details}
    audit.record(action=action, subject=subject(row), details=recorded, by=by, now=now)


def end(row: Export, to: Export.State, why: str, *, by: User | None, now: datetime, **columns: Any) -> None:
    """End an export in the caller's transaction: in words, told to whoever asked unless it is their own doing."""
    action = audit.Action.WITHDREW if to == State.WITHDRAWN else audit.Action.ENDED
    columns = {
        "ended_at": now, "ended_by_name": "" if by is None else audit.name_of(by), "ending": why,
        "folder": "", "bytes_here": 0, "last_error": "", **columns,
    }  # fmt: skip
    if to != State.FAILED or not columns.get("may_retry"):
        choosing.drop(export_id=row.pk)  # nothing can be made of it any more
    go(row, to, action=action, details={"words": why}, by=by, now=now, **columns)
    if to != State.CANCELLED or by != row.asked_by:
        tell(row, f"{to.label}: {why}", now=now)


def tell(row: Export, what: str, *, now: datetime) -> None:
    """Tell whoever asked, who may be the operator and then is told nothing."""
    if row.asked_by is not None:
        told.tell(person=row.asked_by, text=f"Export “{row.title}” {what}", link=link(row), now=now)
