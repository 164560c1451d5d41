"""What people were told: a short line with a link, and the mail that carries it to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Told(models.Model):
    """A line for one person. The row is also the job that mails it."""

    class Mail(models.TextChoices):
        NONE = "none", "not mailed"
        DUE = "due", "to be mailed"
        CLAIMED = "claimed", "being mailed"
        SENT = "sent", "mailed"
        FAILED = "failed", "could not be mailed"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.CharField(max_length=400, help_text="In our words; names in it may be anybody's.")
    link = models.CharField(max_length=200, help_text="An address within the console.")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.NONE)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="told_leads_within_the_console",
                condition=Q(link__startswith="/") & ~Q(link__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="told_person"),
            models.Index(fields=["person"], condition=Q(seen_at=None), name="told_unseen"),
            models.Index(
                fields=["not_before", "id"], condition=Q(mail__in=["due", "claimed"]), name="told_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
