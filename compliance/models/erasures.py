"""Requests for erasure: who asked for whose words to go, what stands in the way, and how it ended.

A request is not carried out by itself: what can go of it goes by a disposition, which two people decide. The row is the
job that looks again at what stands in the way.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Erasure(models.Model):
    """One request that what a person said is erased, within a scope."""

    class State(models.TextChoices):
        TAKEN = "taken", "taken, not looked at yet"
        PARKED = "parked", "parked"
        READY = "ready", "can go on"
        COMPLETED = "completed", "completed"
        WITHDRAWN = "withdrawn", "withdrawn"

    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField(help_text="Whose words are to go.")
    person_name = models.CharField(max_length=500, help_text="As they were called when it was taken.")
    session_id = models.BigIntegerField(null=True, help_text="Only what was said there; None: anywhere.")
    since = models.DateField(null=True, help_text="The first day, in UTC; None: from the beginning.")
    until = models.DateField(null=True, help_text="The last day, in UTC; None: without an end.")
    asked_by = models.CharField(
        max_length=300, help_text="Who asked, and how: the person, a lawyer, a court."
    )
    reason = models.TextField()
    asked_on = models.DateField(help_text="The day the request came in.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_by_name = models.CharField(max_length=200)
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.TAKEN)
    free = models.PositiveBigIntegerField(null=True, help_text="Messages that can go now; None: not looked.")
    held = models.PositiveBigIntegerField(null=True, help_text="Messages that a hold covers.")
    zipped = models.PositiveBigIntegerField(
        null=True, help_text="Free of holds and duties, and in a zip of a legal hold that is kept."
    )
    bound = models.PositiveBigIntegerField(null=True, help_text="Others that a duty to keep them binds.")
    bound_until = models.DateTimeField(null=True, help_text="When the last duty ends; None: none, or never.")
    matters = models.JSONField(default=list, help_text="The matters whose holds cover some of it.")
    duties = models.JSONField(default=list, help_text="The rules that bind some of it.")
    looked_at = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0, help_text="Sessions looked at this time.")
    total = models.PositiveBigIntegerField(default=0, help_text="Sessions to look at; 0: not known yet.")
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(help_text="When to look again.")
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ending = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="erasure_says_why", condition=~Q(reason="") & ~Q(asked_by="")),
            models.CheckConstraint(
                name="erasure_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="erasure_ended_in_words",
                condition=Q(state__in=["taken", "parked", "ready"], ended_at=None, ending="")
                | (Q(state__in=["completed", "withdrawn"], ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["taken", "parked", "ready"]),
                name="erasure_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
