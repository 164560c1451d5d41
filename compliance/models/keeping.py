"""How long the archive keeps what it has: rules that never change, only end, with why and by which law.

Accounts and sessions are the archive's rows; foreign keys in the database lead to them, none in Django.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class KeepingRule(models.Model):
    """A rule of retention of the archive. Where several are about a session, the longest wins; where none, for good.

    What a rule says never changes: it is ended, or replaced by another one, and stays with when and by whom.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", "one-to-one chats"
        CHAT = "chat", "group chats"
        PRIVATE = "private", "private channels"
        PUBLIC = "public", "public channels"

    class Unit(models.TextChoices):
        MONTHS = "months", "months"
        DAYS = "days", "days"

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    reason = models.TextField(help_text="Why it is kept this long and no longer.")
    law = models.CharField(max_length=300, help_text="The law, order or policy it comes from.")
    kinds = ArrayField(
        models.CharField(max_length=10), null=True, help_text="Kinds of sessions; None: any kind."
    )
    named = models.CharField(
        max_length=200, blank=True, help_text="A pattern for the session's name, * for anything; empty: any."
    )
    session_id = models.BigIntegerField(null=True, help_text="One session; None: any.")
    amount = models.PositiveIntegerField(null=True, help_text="So many months or days; None: for good.")
    unit = models.CharField(max_length=6, choices=Unit.choices, default=Unit.MONTHS)
    is_duty = models.BooleanField(
        default=False, help_text="Whether it must be kept this long, so that an erasure has to wait."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    approved_by_name = models.CharField(
        max_length=200, blank=True, help_text="The second person, where it took one."
    )
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ending = models.TextField(blank=True, help_text="Why it ended.")
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "name"], condition=Q(ended_at=None), name="keeping_rule_named_once"
            ),
            models.CheckConstraint(
                name="keeping_rule_says_why", condition=~Q(name="") & ~Q(reason="") & ~Q(law="")
            ),
            models.CheckConstraint(
                name="keeping_rule_period_in_reason",
                condition=Q(amount=None)
                | Q(unit="months", amount__gte=1, amount__lte=1_200)
                | Q(unit="days", amount__gte=1, amount__lte=36_500),
            ),
            models.CheckConstraint(name="keeping_rule_names_a_kind", condition=Q(kinds=None) | ~Q(kinds=[])),
            models.CheckConstraint(
                name="keeping_rule_ends_whole",
                condition=Q(ended_at=None, ended_by_name="", ending="", replaced_by=None)
                | (Q(ended_at__isnull=False) & ~Q(ended_by_name="") & ~Q(ending="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
