"""Who joined and left a session's channel, and when: who could see what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.models import Membership, Session

LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One joining or leaving, with the newest names; `operator` is who did it, "" when Zoom did not say."""

    at: datetime
    action: str
    person_id: int
    person: str
    operator: str
    noticed: bool
    """Only noticed then, in the list of members; it happened before."""


def between(session: Session, *, since: datetime | None, until: datetime | None) -> tuple[Step, ...]:
    """The steps from `since` to `until`, both inclusive (None: no bound), oldest first, at most `LIMIT`.

    Without a channel there are none. One query.
    """
    if session.channel_id == "":
        return ()
    found = Membership.objects.filter(
        channel__account_id=session.account_id, channel__zoom_id=session.channel_id
    )
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lte=until)
    return tuple(
        Step(
            at=row.at,
            action=row.action,
            person_id=row.person_id,
            person=str(row.person),
            operator=str(row.operator) if row.operator is not None else "",
            noticed=row.noticed,
        )
        for row in found.select_related("person", "operator").order_by("at", "pk")[:LIMIT]
    )
