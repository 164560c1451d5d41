"""Deciding that a measured export is made, made again, or not wanted any more.

Where policy wants a second person, making is a request that they approve: of exactly the digest that the page showed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive.packages import gone
from compliance import approvals, audit, claiming
from compliance.approvals import Item, ItemSet, Obstacle
from compliance.exports import asking, endings, folders, reading
from compliance.exports.choosing import Unfit
from compliance.models import Export, Request
from compliance.permissions import Action

State = Export.State
REQUEST = "export"
CHANGED = "Something else happened to it at the same moment. Look at it again."


def make(*, export_id: int, digest: str, by: User | None, now: datetime) -> Request | None:
    """Have exactly what the digest stands for made; the request where a second person decides it first, or None.

    Raises NoSuchExport, Unfit, Obstacle, PermissionDenied.
    """
    row = reading.find(export_id=export_id, by=by, now=now)
    if row.state != State.MEASURED:
        raise Unfit(f"It is {row.get_state_display()}.")
    if digest.strip().lower() != row.digest:
        raise Unfit("What you saw is not what this export is. Look at it again first.")
    _check_all_there(row)
    if by is None or not reading.needs_approval(by):
        with transaction.atomic():
            _start(row, None, by=by, now=now)
        return None
    with transaction.atomic():
        request = approvals.ask(
            kind=REQUEST, subject=endings.subject(row), parameters={}, reason=row.reason, by=by, now=now
        )
        Export.objects.filter(pk=row.pk).update(request=request)
    return request


def again(*, export_id: int, by: User | None, now: datetime) -> Export:
    """Make one again whose files went when it expired, or that failed for a reason that may pass: the same bytes.

    Raises NoSuchExport, Unfit.
    """
    row = reading.find(export_id=export_id, by=by, now=now)
    may = row.state == State.EXPIRED or (row.state == State.FAILED and row.may_retry and row.digest != "")
    if not may:
        raise Unfit(f"It is {row.get_state_display()}, so it cannot be made again.")
    _check_all_there(row)
    with transaction.atomic():
        _start(row, row.request, by=by, now=now)
    return row


def cancel(*, export_id: int, by: User | None, now: datetime) -> Export:
    """Stop measuring or making, or say that it is not wanted. Raises NoSuchExport, Unfit, approvals.Obstacle.

    One that was made before only loses its new half, and can be made again.
    """
    row = reading.find(export_id=export_id, by=by, now=now)
    if row.state not in (State.MEASURING, State.MEASURED, State.MAKING):
        raise Unfit(f"It is {row.get_state_display()}, so there is nothing to cancel.")
    why = f"Cancelled while it was {row.get_state_display()}."
    try:
        with transaction.atomic():
            if row.request is not None and row.request.state in reading.OPEN and by is not None:
                approvals.withdraw(request_id=row.request.pk, by=by, now=now, reason=why)
            if row.state == State.MAKING and row.made_at is not None:
                details = {"words": why}
                endings.go(row, State.EXPIRED, action=audit.Action.ENDED, details=details, by=by, now=now)
            else:
                endings.end(row, State.CANCELLED, why, by=by, now=now)
    except claiming.Lost as error:
        raise Unfit(CHANGED) from error
    folders.drop(row.pk)
    return row


def _check_all_there(row: Export) -> None:
    lost = gone.among(row.pk, size=row.size or 0)
    if lost > 0:
        raise Unfit(
            f"{_messages(lost)} of it {'was' if lost == 1 else 'were'} destroyed since it was measured. Measure it anew."
        )


def _start(row: Export, request: Request | None, *, by: User | None, now: datetime) -> None:
    details = {"digest": row.digest, "request": None if request is None else request.pk, "making": True}
    try:
        endings.go(
            row, State.MAKING, action=audit.Action.STARTED, details=details, by=by, now=now,
            request=request, started_at=now, started_by_name=audit.name_of(by), not_before=now, attempts=0, done=0,
            last_error="", may_retry=False, ended_at=None, ended_by_name="", ending="", expires_at=None,
        )  # fmt: skip
    except claiming.Lost as error:
        raise Unfit(CHANGED) from error
    transaction.on_commit(asking.nudge, robust=True)  # a lost nudge is made up for by the next minute


def _find(subject: str, parameters: Mapping[str, Any], now: datetime) -> ItemSet:  # noqa: ARG001
    row = Export.objects.filter(pk=_number(subject)).first()
    if row is None:
        raise Obstacle("There is no such export.")
    if row.state != State.MEASURED:
        raise Obstacle(f"The export is {row.get_state_display()}.")
    lost = gone.among(row.pk, size=row.size or 0)
    if lost > 0:
        raise Obstacle(f"{_messages(lost)} of it were destroyed since it was measured, so it cannot be made.")
    contents = row.contents or {}
    whole = {"digest": row.digest, "size": row.size or 0, "formats": list(row.formats)}
    items = [Item(subject, f"{row.chosen['words']}, as {', '.join(row.formats).upper()}", whole)]
    counts = {
        "messages go out": int(contents["messages"]),
        "files go out with them": int(contents["files"]),
        "bytes in all": int(contents["package_bytes"]),
    }
    return ItemSet(f"Export “{row.title}”", items, counts)


def _lock(subject: str) -> None:
    Export.objects.select_for_update().filter(pk=_number(subject)).first()


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    """Let the worker begin: making is the export's own job, since it takes long."""
    row = Export.objects.get(pk=_number(request.subject))
    try:
        _start(row, request, by=None, now=now)
    except Unfit as error:
        raise Obstacle(str(error)) from error
    return {"export": row.pk, "digest": row.digest}


def _subjects(person: User) -> frozenset[str]:
    return frozenset(f"export/{pk}" for pk in reading.visible(person).values_list("pk", flat=True))


def _number(subject: str) -> int:
    return int(subject.removeprefix("export/"))


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"


KIND = approvals.Kind(
    key=REQUEST,
    name="Make an export",
    ask=Action.EXPORT,
    approve=Action.APPROVE_EXPORT,
    find=_find,
    lock=_lock,
    carry_out=_carry_out,
    subjects=_subjects,
    link=lambda subject: f"/exports/{_number(subject)}/",
    cools_off=timedelta(0),
    means="What was said leaves the archive as files, which whoever may see the export can take. It stays in the archive "
    "as it is, and what left cannot be called back.",
)
