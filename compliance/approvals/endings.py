"""How a request goes from one state to the next: by a filtered update, with its event and whom it concerns told."""

from datetime import datetime
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.utils import timezone

from compliance import audit, told
from compliance.approvals.errors import Obstacle
from compliance.models import Request

State = Request.State
_WORDS = {
    State.REFUSED: "was refused",
    State.WITHDRAWN: "was withdrawn",
    State.EXPIRED: "expired",
    State.OVERTAKEN: "was overtaken",
    State.CARRIED_OUT: "was carried out",
    State.FAILED: "failed",
}


def nudge() -> None:
    """Tell a worker that there may be something to carry out."""
    current_app.send_task("compliance.tasks.carry_out_requests", expires=55)


def subject(request: Request) -> str:
    """What the trail calls a request."""
    return f"request/{request.pk}"


def link(request: Request) -> str:
    """The address of its page."""
    return f"/approvals/{request.pk}/"


def details(request: Request) -> dict[str, Any]:
    """What every event about a request keeps."""
    return {"kind": request.kind, "of": request.subject, "title": request.title, "digest": request.digest}


def locked(request_id: int) -> Request:
    """The row, locked to the end of the transaction, as it is once nobody else is changing it."""
    return Request.objects.select_for_update().get(pk=request_id)


def how_it_ended(request: Request) -> str:
    """Why nothing can be done with a request any more."""
    if request.state == State.APPROVED:
        return f"It was approved by {' and '.join(request.approvals.values_list('person_name', flat=True))}."
    if request.ended_at is None:
        return "It has not ended."
    by = f" by {request.ended_by_name}" if request.ended_by_name else ""
    when = timezone.localtime(request.ended_at).strftime("%-d %b %Y, %H:%M %Z")
    why = f": {request.ending}" if request.ending else "."
    return f"It {_WORDS[State(request.state)]}{by} on {when}{why}"


def end(
    request: Request,
    state: Request.State,
    words: str,
    *,
    action: audit.Action = audit.Action.ENDED,
    more: dict[str, Any] | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """End a request in the caller's transaction. Raises Obstacle when it is no longer in the state it was read in."""
    before = request.state
    name = "" if by is None else audit.name_of(by)
    won = Request.objects.filter(pk=request.pk, state=before).update(
        state=state, ended_by=by, ended_by_name=name, ended_at=now, ending=words, claim=None, last_error=""
    )
    if won != 1:
        raise Obstacle("Something else happened to it at the same moment. Look at it again.")
    request.refresh_from_db()
    tell(request, by=by, now=now)
    kept = details(request) | {"was": before, "state": state.value, "words": words} | (more or {})
    audit.record(action=action, subject=subject(request), details=kept, by=by, now=now)


def tell(request: Request, *, by: User | None, now: datetime, what: str = "") -> None:
    """Tell whoever asked and whoever approved, but not the person whose doing it is; `what` if no state says it."""
    what = what or _WORDS.get(State(request.state), "was approved")
    named = "" if by is None else f" by {audit.name_of(by)}"
    approved = {one.person for one in request.approvals.select_related("person")}
    for person in {request.asked_by} | approved:
        if person != by:
            told.tell(
                person=person, text=f"A request {what}{named}: {request.title}", link=link(request), now=now
            )
