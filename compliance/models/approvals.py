"""Requests that other people decide. The row is also the job that carries the approved one out.

What was asked for, its digest and who decided never change, a request that has ended stays as it ended, and nobody
decides their own: constraints and triggers see to it, whatever the code above them does.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Request(models.Model):
    """One thing that somebody asked for and another person must approve."""

    class State(models.TextChoices):
        ASKED = "asked", "waits for approval"
        APPROVED = "approved", "approved, cooling off"
        CARRIED_OUT = "carried_out", "carried out"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"
        EXPIRED = "expired", "expired"
        OVERTAKEN = "overtaken", "overtaken"
        FAILED = "failed", "failed"

    kind = models.CharField(max_length=40, help_text="The key of a kind in compliance.approvals.kinds.")
    subject = models.CharField(max_length=200, help_text="What it is about, such as matter/12.")
    parameters = models.JSONField(default=dict, help_text="What the kind needs to find out the items again.")
    title = models.CharField(max_length=200, help_text="What is asked for, in a line, as it was called then.")
    items = models.JSONField(help_text="Exactly what it is about, one by one, as it was when asked.")
    counts = models.JSONField(default=dict, help_text="What it destroys or weakens, in numbers.")
    figures = models.JSONField(
        default=dict,
        help_text="Numbers that move by themselves, as they were then; the digest leaves them out.",
    )
    digest = models.CharField(
        max_length=64, help_text="SHA-256 over kind, subject, parameters, items and counts."
    )
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When nobody can approve it any more.")
    approvers = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many people must approve it, whoever asked not among them."
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose approval was the last one needed.",
    )
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    runs_at = models.DateTimeField(null=True, help_text="When it has cooled off.")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(blank=True, help_text="Why it ended as it did, in words.")
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, help_text="When to try (again) to carry it out.")
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out of the request.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="request_not_approved_by_its_asker", condition=~Q(approved_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="request_not_refused_by_its_asker",
                condition=~Q(state="refused") | (Q(ended_by__isnull=False) & ~Q(ended_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="request_approved_has_its_approver",
                condition=~Q(state__in=["approved", "carried_out", "failed"])
                | Q(approved_by__isnull=False, approved_at__isnull=False, runs_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_ended_says_when",
                condition=Q(state__in=["asked", "approved"], ended_at=None, ended_by=None, ending="")
                | (~Q(state__in=["asked", "approved"]) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="request_refused_says_why", condition=~Q(state="refused") | ~Q(ending="")
            ),
            models.CheckConstraint(
                name="request_approved_in_time",
                condition=Q(approved_at=None)
                | Q(approved_at__lt=F("expires_at"), runs_at__gte=F("approved_at")),
            ),
            models.CheckConstraint(
                name="request_carried_out_when_cool",
                condition=~Q(state="carried_out") | Q(ended_at__gte=F("runs_at")),
            ),
            models.CheckConstraint(name="request_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="request_needs_somebody", condition=Q(approvers__gte=1)),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(state__in=["asked", "approved"]), name="request_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-id"], name="request_subject"),
            models.Index(fields=["asked_by", "-id"], name="request_asked_by"),
            models.Index(fields=["expires_at", "id"], condition=Q(state="asked"), name="request_to_expire"),
            models.Index(
                fields=["not_before", "id"], condition=Q(state="approved"), name="request_to_carry_out"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RequestCount(models.Model):
    """The figures of a request that take long to count. The row is the job that counts them, and counts them again."""

    class State(models.TextChoices):
        DUE = "due", "to be counted"
        CLAIMED = "claimed", "being counted"
        COUNTED = "counted", "counted"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "could not be counted"

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="count")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    done = models.PositiveIntegerField(default=0, help_text="Of this time's total.")
    total = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, help_text="As of when the figures are; None: never counted.")
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["due", "claimed"]),
                name="figures_to_count",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Approval(models.Model):
    """One person's word for a request, given to exactly what the digest stands for. Never changed, never removed.

    Triggers refuse one by whoever asked, one for another digest, and one for a request that no longer waits.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="approval_once_a_person")]

    def __str__(self) -> str:
        return str(self.pk)


_S = Request.State
TRANSITIONS: dict[Request.State, frozenset[Request.State]] = {
    _S.ASKED: frozenset({_S.APPROVED, _S.REFUSED, _S.WITHDRAWN, _S.EXPIRED, _S.OVERTAKEN}),
    _S.APPROVED: frozenset({_S.CARRIED_OUT, _S.WITHDRAWN, _S.OVERTAKEN, _S.FAILED}),
}
"""Which state may follow which; from a state that is not named here, none. The database's trigger says the same."""
