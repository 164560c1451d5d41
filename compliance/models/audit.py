"""The audit trail: who looked at, changed, took or tried to destroy what."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Evidence: one look, search, download, change or refusal. Written only by compliance.audit."""

    class Action(models.TextChoices):
        SIGNED_IN = "signed_in", "signed in"
        SIGN_IN_FAILED = "sign_in_failed", "failed to sign in"
        SIGNED_OUT = "signed_out", "signed out"
        LOOKED = "looked", "looked at"
        SEARCHED = "searched", "searched"
        DOWNLOADED = "downloaded", "downloaded"
        CHANGED = "changed", "changed"
        STARTED = "started", "started"
        REFUSED = "refused", "was refused"
        SAVED = "saved", "saved"
        REMOVED = "removed", "removed"
        FROZE = "froze", "froze"
        COMPARED = "compared", "compared"
        TAGGED = "tagged", "tagged"
        UNTAGGED = "untagged", "took a tag off"
        NOTED = "noted", "noted"
        ASKED = "asked", "asked for approval of"
        APPROVED = "approved", "approved"
        TURNED_DOWN = "turned_down", "turned down"
        WITHDREW = "withdrew", "withdrew"
        CARRIED_OUT = "carried_out", "carried out"
        ENDED = "ended", "ended"
        RELEASED = "released", "released"
        DROPPED = "dropped", "dropped custodians from"
        ADDED_MEMBER = "added_member", "made somebody a member of"
        REMOVED_MEMBER = "removed_member", "took somebody off"
        OPENED = "opened", "opened"
        RENAMED = "renamed", "renamed"
        RENAMED_AT_ZOOM = "renamed_at_zoom", "renamed at Zoom a hold of"
        HELD = "held", "held more people in"
        HELD_AT_ZOOM = "held_at_zoom", "placed at Zoom a hold of"
        RELEASED_AT_ZOOM = "released_at_zoom", "ended at Zoom a hold of"
        PREPARED = "prepared", "prepared"
        SENT = "sent", "sent"
        NOT_SENT = "not_sent", "could not send"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        FOUND = "found", "found a fault in the holds of"
        CLEARED = "cleared", "no longer found a fault in the holds of"
        DEALT_WITH = "dealt_with", "wrote about a fault in the holds of"
        STOPPED = "stopped", "stopped"
        USED = "used", "used"
        REVOKED = "revoked", "revoked"
        CONFIRMED = "confirmed", "said how a setting at Zoom is, for"
        DESTROYED = "destroyed", "destroyed part of"
        MEASURED = "measured", "measured what will come in"
        MADE = "made", "made"
        EXPIRED = "expired", "removed the files of"
        APPLIED = "applied", "set at Zoom"
        DRIFTED = "drifted", "found at Zoom another retention than was set, of"
        HANDED = "handed", "handed over"

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(
        max_length=200, help_text="As it was then; 'the system' for automatic work."
    )
    action = models.CharField(max_length=20, choices=Action.choices)
    subject = models.CharField(
        max_length=200, help_text="What it was done to, such as session/12 or message/77."
    )
    details = models.JSONField(
        default=dict, help_text="Query, hit count, settings: whatever re-creates what was done."
    )
    address = models.GenericIPAddressField(null=True)
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["subject", "-id"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="audit_subject_begins",
            ),  # and so by a whole one
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["actor_name", "-id"], name="audit_actor_name"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["-at"], name="audit_time"),
        ]
