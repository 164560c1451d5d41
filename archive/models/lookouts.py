"""What holds and retention depend on at Zoom, looked at again and again: matters, channels, spaces, custodians.

A lookout is one such thing; the row is the job that reads it. A sighting is what it was from a moment on: a row is added
when it differs from the one before, so that a setting that was changed and changed back leaves three.
"""

from django.db import models
from django.db.models import Q

from archive.models.accounts import Account


class Lookout(models.Model):
    """One thing at Zoom that is read on schedule. A read that failed says so and changes nothing else."""

    class Kind(models.TextChoices):
        MATTERS = "matters", "list of legal-hold matters"
        RETENTION = "retention", "retention of a channel"
        OWNER = "owner", "owner of a channel"
        MEMBERS = "members", "members of a channel"
        CONTACT = "contact", "entry in the company directory"
        SPACES = "spaces", "shared spaces and their channels"

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being read"
        RESTING = "resting", "not needed now"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lookouts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=320, blank=True, help_text="Zoom's id of the channel, an e-mail.")
    through = models.CharField(max_length=255, blank=True, help_text="The user in whose place it is asked.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0, help_text="Failures since it was last read.")
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    for_holds = models.BooleanField(
        default=True, help_text="Whether a hold depends on it; otherwise only retention is compared by it."
    )
    begun_at = models.DateTimeField(help_text="Since when it is looked at.")
    read_at = models.DateTimeField(null=True, help_text="When a read that ended well began; None: never.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "subject"], name="lookout_once"),
        ]
        indexes = [
            models.Index(
                fields=["account", "not_before", "id"],
                condition=Q(state__in=["due", "claimed"]),
                name="lookout_to_do",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Sighting(models.Model):
    """Evidence: what a lookout's thing was, from when on. The next row says until when."""

    lookout = models.ForeignKey(Lookout, on_delete=models.PROTECT, related_name="sightings")
    said = models.JSONField(help_text="What Zoom said of it, as far as it matters here.")
    seen_at = models.DateTimeField(help_text="When it was first read like this.")
    before_at = models.DateTimeField(
        null=True, help_text="When it was last read otherwise; None: never read."
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["lookout", "-id"], name="sighting_newest")]

    def __str__(self) -> str:
        return str(self.pk)
