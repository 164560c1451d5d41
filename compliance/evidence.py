"""What an inspection of the log reads of the audit trail: each event, and what its leaf commits to.

A package reads the same of the events that tell of it. The archive does not know the trail's table; compliance hands
this in when Django starts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archive import commitments
from archive.inspection.row import Row
from archive.inspection.subjects import Subject, register
from archive.packages import custody
from compliance.audit import AUDIT_LEAF
from compliance.models import AuditEvent


def audit_events(keys: Sequence[int]) -> Iterable[Row]:
    """The events with these keys, as `archive.inspection.subjects` wants them."""
    for key, columns in audit_columns(keys).items():
        yield Row(key, commitments.audit(**columns), columns["at"], "")


def audit_columns(keys: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """What the leaves of these events commit to, as `commitments.audit` takes it, by key."""
    return {
        event.pk: {
            "salt": bytes(event.salt),
            "at": event.at,
            "actor_id": event.actor_id,
            "actor_name": event.actor_name,
            "action": event.action,
            "subject": event.subject,
            "details": event.details,
            "address": event.address,
        }
        for event in AuditEvent.objects.filter(pk__in=keys)
    }


register(AUDIT_LEAF, Subject("audit event", "compliance_auditevent", audit_events))
custody.register(audit_columns)
