"""Hold health: what was found to defeat a hold, who dealt with it in writing, and when it was last looked for.

A finding is never removed and never rewritten: it ends (`cleared_at`), and somebody writes what was done about it. One
that comes back is a new row that leads to the old one.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.models.matters import Matter

RED = Q(dealt_with_at=None) | Q(cleared_at=None, words_suffice=False)
"""Findings that are red: nobody has written about them, or they have to end and have not."""
ACCEPTED = Q(dealt_with_at__isnull=False, cleared_at=None, words_suffice=True)
"""Findings that are so for good, and somebody wrote what that means."""
MISSING = Q(kind__in=["matter_missing", "custodian_missing"], cleared_at=None)
"""Findings that Zoom no longer holds whom it held."""


class Finding(models.Model):
    """Something that defeats a hold, from the look that found it first to the look that found it no more."""

    class Kind(models.TextChoices):
        MATTER_MISSING = "matter_missing", "matter missing at Zoom"
        CUSTODIAN_MISSING = "custodian_missing", "custodian missing at Zoom"
        STRANGER = "stranger", "somebody else in the matter at Zoom"
        NOT_PLACED = "not_placed", "not held at Zoom"
        DEACTIVATED = "deactivated", "custodian deactivated"
        LEFT = "left", "custodian left the account"
        RETENTION_SHORT = "retention_short", "retention too short"
        RETENTION_CHANGED = "retention_changed", "retention changed"
        OWNER_CHANGED = "owner_changed", "channel owner changed"
        CHANNEL_GONE = "channel_gone", "channel deleted"
        MEMBERS = "members", "members of channels unknown"
        ZIP_MISSING = "zip_missing", "hold zip not here"
        ZIP_LATE = "zip_late", "hold zip not ready at Zoom"
        ZIP_DIFFERS = "zip_differs", "hold zip differs from the reports"
        ZIPS_UNLISTED = "zips_unlisted", "hold zips not listed"
        BEHIND = "behind", "capture behind"
        BROKEN = "broken", "days not captured"
        SCOPES = "scopes", "scopes missing"
        NO_TOKEN = "no_token", "Zoom gives no token"
        ACCOUNT_OFF = "account_off", "account switched off"
        NOT_READ = "not_read", "not read lately"
        SETTING = "setting", "a setting at Zoom is not as it should be"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=500, help_text="What it is about, so that it is found again.")
    facts = models.JSONField(help_text="What the sentences about it are made of.")
    words_suffice = models.BooleanField(
        help_text="Whether it is over once somebody wrote about it, because it cannot be undone."
    )
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, help_text="The first look that found it no more.")
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    dealt_with_by_name = models.CharField(max_length=200, blank=True)
    dealt_with_words = models.TextField(blank=True, help_text="What was done about it.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind", "subject"],
                condition=Q(cleared_at=None),
                name="finding_once_at_a_time",
            ),
            models.CheckConstraint(
                name="finding_dealt_with_in_words",
                condition=Q(dealt_with_at=None, dealt_with_words="", dealt_with_by_name="")
                | Q(dealt_with_at__isnull=False) & ~Q(dealt_with_words="") & ~Q(dealt_with_by_name=""),
            ),
        ]
        indexes = [
            models.Index(fields=["matter", "-id"], condition=RED, name="finding_red"),
            models.Index(fields=["matter", "kind", "subject", "-id"], name="finding_before"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_red(self) -> bool:
        """See RED."""
        return self.dealt_with_at is None or (self.cleared_at is None and not self.words_suffice)


class HoldHealth(models.Model):
    """When the holds of a matter were last looked at, and what could not be known then."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="health")
    looked_at = models.DateTimeField()
    well_since = models.DateTimeField(
        null=True, help_text="Nothing red and nothing unknown since; None: not so."
    )
    unknown = models.TextField(blank=True, help_text="What is not known, in words; empty when nothing is.")
    reminded_at = models.DateTimeField(
        null=True, help_text="When the members were asked to confirm settings."
    )

    def __str__(self) -> str:
        return str(self.pk)


class Confirmation(models.Model):
    """Somebody looked at a setting at Zoom that its API does not tell, and says how it is."""

    class Setting(models.TextChoices):
        ENCRYPTION = "encryption", "Advanced chat encryption is off"
        RETENTION = "retention", "Chat messages are stored in the cloud, for seven days or longer"
        REVISIONS = "revisions", "Edited and deleted message revisions are stored"

    account_id = models.BigIntegerField()
    setting = models.CharField(max_length=20, choices=Setting.choices)
    is_so = models.BooleanField()
    words = models.TextField(blank=True, help_text="What they saw, if they wrote it down.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account_id", "setting", "-id"], name="confirmation_newest")]

    def __str__(self) -> str:
        return str(self.pk)
