"""Dispositions: what is due, frozen as it was put together, looked at, approved, and destroyed batch by batch.

The row is the job, twice: first it gathers, later it destroys. What was gathered never changes once it is being
destroyed, and a disposition that has ended stays as it ended: triggers see to it. Messages and sessions are the
archive's rows; what is left of them after it are tombstones there.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.models.approvals import Request
from compliance.models.erasures import Erasure
from compliance.models.keeping import KeepingRule


class Disposition(models.Model):
    """A set of messages that may go together, and what became of it."""

    class State(models.TextChoices):
        GATHERING = "gathering", "being put together"
        REVIEW = "review", "to be looked at"
        RUNNING = "running", "being destroyed"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped on the way"
        DISCARDED = "discarded", "discarded"
        FAILED = "failed", "failed"

    account_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    erasure = models.ForeignKey(
        Erasure, on_delete=models.PROTECT, null=True, related_name="dispositions",
        help_text="The request it is for; None: what is due by the rules.",
    )  # fmt: skip
    as_of = models.DateTimeField(help_text="What was due at this moment.")
    rules = models.JSONField(help_text="The rules in force then, as they were called and what they said.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out of it.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    total = models.PositiveBigIntegerField(
        default=0, help_text="Sessions to look at, then messages to destroy."
    )
    done = models.PositiveBigIntegerField(default=0)
    gathered_at = models.DateTimeField(null=True)
    messages = models.PositiveBigIntegerField(default=0)
    sessions = models.PositiveBigIntegerField(default=0)
    files = models.PositiveBigIntegerField(default=0)
    file_bytes = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(
        default=0, help_text="Due as well, and held when it was put together: not among the messages."
    )
    sha256 = models.BinaryField(max_length=32, null=True, help_text="Over its parts in order, then its zips.")
    zips = models.PositiveBigIntegerField(default=0, help_text="Of released matters, destroyed first.")
    zip_bytes = models.PositiveBigIntegerField(default=0)
    zips_kept = models.PositiveBigIntegerField(
        default=0, help_text="Of released matters as well, and held or not due when it was put together."
    )
    zips_destroyed = models.PositiveBigIntegerField(default=0)
    zips_refused = models.PositiveBigIntegerField(default=0)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    destroyed = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    revisions = models.PositiveBigIntegerField(default=0)
    attachments = models.PositiveBigIntegerField(default=0)
    blobs = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    stop_at = models.DateTimeField(null=True, help_text="When somebody said to stop.")
    stop_by_name = models.CharField(max_length=200, blank=True)
    stop_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="disposition_gathered_has_its_digest",
                condition=Q(state__in=["gathering", "discarded", "failed"])
                | Q(gathered_at__isnull=False, sha256__isnull=False),
            ),
            models.CheckConstraint(
                name="disposition_runs_by_a_request",
                condition=~Q(state__in=["running", "done", "stopped"]) | Q(request__isnull=False),
            ),
            models.CheckConstraint(
                name="disposition_stopped_says_why",
                condition=Q(stop_at=None, stop_by_name="", stop_reason="")
                | (Q(stop_at__isnull=False) & ~Q(stop_by_name="") & ~Q(stop_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["gathering", "running"]),
                name="disposition_to_do",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DispositionPart(models.Model):
    """Messages of one session under one rule, at most 500, in order; destroyed in one transaction.

    `fingerprints` are 32 bytes a message: SHA-256 over its versions' digests and salts. The salts go with the words, so
    that nothing can be guessed from them afterwards.
    """

    disposition = models.ForeignKey(
        Disposition, on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    session_id = models.BigIntegerField()
    rule = models.ForeignKey(KeepingRule, on_delete=models.PROTECT, null=True, related_name="+")
    message_ids = ArrayField(models.BigIntegerField())
    fingerprints = models.BinaryField()
    sha256 = models.BinaryField(max_length=32, help_text="Over a line a message: its id and fingerprint.")
    messages = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    file_bytes = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    is_out = models.BooleanField(default=False, help_text="Taken out when it was looked at.")
    done_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["disposition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["disposition", "number"], name="disposition_part_once")
        ]
        indexes = [
            models.Index(fields=["session_id", "disposition"], name="disposition_part_session"),
            models.Index(
                fields=["disposition", "number"],
                condition=Q(done_at=None, is_out=False),
                name="disposition_part_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition_id}.{self.number}"


class TakenOut(models.Model):
    """What somebody took out of a disposition before it was asked for, and why."""

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="taken_out")
    session_id = models.BigIntegerField()
    message_id = models.BigIntegerField(null=True, help_text="One message; None: all of the session.")
    messages = models.PositiveBigIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="taken_out_says_why", condition=~Q(reason=""))]
        indexes = [
            models.Index(fields=["message_id"], condition=~Q(message_id=None), name="taken_out_message")
        ]

    def __str__(self) -> str:
        return str(self.pk)
