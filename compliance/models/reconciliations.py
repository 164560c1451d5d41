"""Reconciliations: accounts of what Zoom offered and what became of it, made once or by the calendar, and kept.

A run is a job until it is done; then triggers refuse every change of it and of its sessions.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Reconciliation(models.Model):
    """One that is made by the calendar: for which accounts, how often, and who is told."""

    class Period(models.TextChoices):
        DAY = "day", "every day"
        WEEK = "week", "every week"
        MONTH = "month", "every month"

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        PAUSED = "paused", "paused"
        ENDED = "ended", "ended"

    name = models.CharField(max_length=100)
    period = models.CharField(max_length=10, choices=Period.choices)
    account_ids = ArrayField(
        models.BigIntegerField(), null=True, help_text="None: every account there is then."
    )
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    next_first = models.DateField(help_text="The first day of the period that comes next.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=~Q(state="ended"), name="reconciliation_named_once"
            ),
            models.CheckConstraint(name="reconciliation_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReconciliationRun(models.Model):
    """One account of some days. The row is the job that makes it."""

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being made"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    reconciliation = models.ForeignKey(
        Reconciliation,
        on_delete=models.PROTECT,
        null=True,
        related_name="runs",
        help_text="None: asked for once.",
    )
    account_ids = ArrayField(
        models.BigIntegerField(), null=True, help_text="None: every account there is then."
    )
    first_day = models.DateField()
    last_day = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    done = models.PositiveIntegerField(default=0, help_text="Sessions reconciled of this time's total.")
    total = models.PositiveIntegerField(default=0)
    figures = models.JSONField(null=True, help_text="The account in total.")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.JSONField(null=True, help_text="The account of the previous run's days as it is now.")
    told = models.JSONField(default=list, help_text="Names of recipients, and why one was not told.")
    sha256 = models.BinaryField(max_length=32, null=True, help_text="Over the account as CSV.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "first_day"], name="reconciliation_run_once"),
            models.CheckConstraint(
                name="reconciliation_run_done_has_its_result",
                condition=~Q(state="done")
                | Q(figures__isnull=False, sha256__isnull=False, finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reconciliation_run_days_in_order", condition=Q(last_day__gte=models.F("first_day"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["due", "claimed"]),
                name="reconciliation_run_to_do",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReconciledSession(models.Model):
    """A session's account in a run; a session of which nothing was said, all proven, has none."""

    run = models.ForeignKey(
        ReconciliationRun, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    session_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    title = models.TextField(help_text="What the session was called then.")
    rank = models.SmallIntegerField(
        help_text="0: does not balance, 1: unknown days, 2: failed records, 3: well."
    )
    offered = models.BigIntegerField()
    archived = models.BigIntegerField()
    duplicate = models.BigIntegerField()
    excluded = models.BigIntegerField()
    failed = models.BigIntegerField()
    destroyed = models.BigIntegerField()
    difference = models.BigIntegerField()
    unknown_days = models.IntegerField()
    silent_days = models.IntegerField()
    stretches = models.JSONField(help_text="Day by day.")
    reasons = models.JSONField(default=list, help_text="Why records failed.")

    class Meta:
        ordering = ["run", "session_id"]
        constraints = [models.UniqueConstraint(fields=["run", "session_id"], name="reconciled_session_once")]
        indexes = [models.Index(fields=["run", "rank", "session_id"], name="reconciled_session_rank")]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.session_id}"
