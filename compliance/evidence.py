"""What an inspection of the log reads of the audit trail: each event, and what its leaf commits to.

The archive does not know the trail's table; compliance hands this in when Django starts.
"""

from collections.abc import Iterable, Sequence

from archive import commitments
from archive.inspection.row import Row
from archive.inspection.subjects import Subject, register
from compliance.audit import AUDIT_LEAF
from compliance.models import AuditEvent


def audit_events(keys: Sequence[int]) -> Iterable[Row]:
    """The events with these keys, as `archive.inspection.subjects` wants them."""
    for event in AuditEvent.objects.filter(pk__in=keys):
        commitment = commitments.audit(
            salt=bytes(event.salt),
            at=event.at,
            actor_id=event.actor_id,
            actor_name=event.actor_name,
            action=event.action,
            subject=event.subject,
            details=event.details,
            address=event.address,
        )
        yield Row(event.pk, commitment, event.at, "")


register(AUDIT_LEAF, Subject("audit event", "compliance_auditevent", audit_events))
