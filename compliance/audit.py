"""The one audited door: every look, search, download, change and refusal is written here and nowhere else.

An event is a row of evidence and a leaf of the log, written in the caller's transaction, last before it commits: if
the event cannot be written, what it describes does not happen and nothing is shown. Events name people as they were
called then, so that the trail reads the same after somebody leaves.

Never hand message text or file contents to `details`; a search's words belong there, since a trail that does not say
what was searched for cannot answer for it.
"""

import contextvars
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from archive import commitments, hashing, log
from compliance.models import AuditEvent

Action = AuditEvent.Action
AUDIT_LEAF = 7
"""The kind of an audit event's leaf (archive.models.Leaf.Kind.AUDIT)."""
ADDRESS: contextvars.ContextVar[str | None] = contextvars.ContextVar("address", default=None)
"""The address of the request being answered; set by the middleware, None outside a request."""
TOKEN: contextvars.ContextVar[str | None] = contextvars.ContextVar("token", default=None)
"""What the token is called that the request shows, such as token/3; None where somebody signed in."""


def record(
    *,
    action: AuditEvent.Action,
    subject: str,
    details: Mapping[str, Any] | None = None,
    by: User | AnonymousUser | None,
    now: datetime,
) -> AuditEvent:
    """Write one event and its leaf in the caller's transaction; `by=None` is the system itself."""
    salt = hashing.new_salt()
    actor = by if isinstance(by, User) else None
    token = TOKEN.get()
    event = AuditEvent(
        at=now,
        actor=actor,
        actor_name=name_of(by),
        action=action,
        subject=subject,
        details=dict(details or {}) | ({} if token is None else {"token": token}),
        address=ADDRESS.get(),
        salt=salt,
    )
    event.save(force_insert=True)
    commitment = commitments.audit(
        salt=salt,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        subject=event.subject,
        details=event.details,
        address=event.address,
    )
    log.append([log.Entry(kind=AUDIT_LEAF, subject_id=event.pk, commitment=commitment)], now=now)
    return event


def name_of(person: User | AnonymousUser | None) -> str:
    """What a person is called in the trail: their full name and their sign-in name."""
    if person is None:
        return "the system"
    if not isinstance(person, User):
        return "someone not signed in"
    full_name = person.get_full_name()
    return f"{full_name} ({person.username})"[:200] if full_name else person.username[:200]
