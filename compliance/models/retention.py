"""Retention of channels at Zoom: rules, plans with their items, and how each channel stands.

A rule is never changed: it ends, once, and may be replaced by another. What a plan says of a channel never changes
either; only what came of it is added. Triggers see to both. How channels stand is a projection, worked out anew from
what was read at Zoom, the rules and the holds.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.models.approvals import Request


class RetentionRule(models.Model):
    """How long some channels of an account are to keep messages at Zoom, why, and which channels those are."""

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    period = models.CharField(max_length=10, help_text="In Zoom's notation: 1d-90d, 1m-120m, 1y-10y.")
    reason = models.TextField(help_text="Why, and by which law.")
    conditions = models.JSONField(help_text="Kinds, name pattern, space, owner, members; all must be so.")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "name"], condition=Q(ended_at=None), name="retention_rule_named_once"
            ),
            models.CheckConstraint(
                name="retention_rule_ends_with_why",
                condition=Q(ended_at=None, ended_by=None, ended_by_name="", ended_why="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by_name="") & ~Q(ended_why="")),
            ),
            models.CheckConstraint(name="retention_rule_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.name


class RetentionPlan(models.Model):
    """What would change at Zoom by the rules of a moment, channel by channel. The row is also the job that does it."""

    class State(models.TextChoices):
        PLANNED = "planned", "not applied"
        APPLYING = "applying", "being applied"
        DONE = "done", "applied"
        CANCELLED = "cancelled", "stopped"
        DISCARDED = "discarded", "discarded"

    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    counts = models.JSONField(help_text="How many channels of each part, as planned.")
    digest = models.CharField(max_length=64, help_text="SHA-256 over the items, in their order.")
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="+", help_text="By which it was approved."
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    begun_by_name = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.pk)


class RetentionItem(models.Model):
    """One channel in a plan, and what came of it. Those that change are jobs."""

    class Part(models.TextChoices):
        SHORTEN = "shorten", "gets shorter"
        LENGTHEN = "lengthen", "gets longer"
        HELD = "held", "left alone: held"
        UNREADABLE = "unreadable", "cannot be read"
        AGREES = "agrees", "agrees already"

    class State(models.TextChoices):
        LEFT = "left", "left alone"
        WAITING = "waiting", "not applied"
        DUE = "due", "waits its turn"
        CLAIMED = "claimed", "being changed"
        DONE = "done", "changed and read back"
        HELD = "held", "left alone: held meanwhile"
        MOVED = "moved", "left alone: not as it was"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "stopped before"

    plan = models.ForeignKey(RetentionPlan, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    account_id = models.BigIntegerField()
    channel_id = models.CharField(max_length=255)
    title = models.CharField(max_length=1100)
    part = models.CharField(max_length=10, choices=Part.choices)
    before = models.CharField(max_length=20, help_text="The period, or `account` for the account's own rule.")
    after = models.CharField(max_length=20, blank=True)
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True, help_text="Why it is left alone; empty when it is not.")
    matters = models.JSONField(default=list, help_text="The matters whose holds covered it.")
    state = models.CharField(max_length=10, choices=State.choices)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out of the item.")
    asked_at = models.DateTimeField(null=True, help_text="When Zoom was last asked to change it.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    read_back = models.CharField(max_length=20, blank=True, help_text="What Zoom said after the change.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["plan", "place"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="retention_item_place"),
            models.UniqueConstraint(fields=["plan", "account_id", "channel_id"], name="retention_item_once"),
            models.CheckConstraint(
                name="retention_item_done_was_read_back",
                condition=~Q(state="done") | ~Q(read_back=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["due", "claimed"]),
                name="retention_item_to_do",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChannelSetting(models.Model):
    """How one channel stands: Zoom's setting, our rule, the difference, the hold. Worked out anew again and again."""

    class Difference(models.TextChoices):
        SHORTER = "shorter", "would get shorter"
        LONGER = "longer", "would get longer"
        AGREES = "agrees", "agrees"
        UNKNOWN = "unknown", "cannot be compared"
        NO_RULE = "no_rule", "no rule"

    account_id = models.BigIntegerField()
    channel_id = models.CharField(max_length=255)
    session_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=1100)
    sort_title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    members = models.PositiveIntegerField(null=True, help_text="None: unknown.")
    owner_id = models.CharField(max_length=255, blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    space_id = models.CharField(max_length=255, blank=True)
    space_name = models.CharField(max_length=200, blank=True)
    reading = models.CharField(max_length=10, help_text="See archive.channels.Reading.")
    period = models.CharField(max_length=20, blank=True)
    days = models.PositiveIntegerField(null=True, help_text="The period for ordering; None: unknown.")
    read_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, null=True, related_name="+")
    difference = models.CharField(max_length=10, choices=Difference.choices)
    matters = models.JSONField(default=list, help_text="The matters whose holds cover it.")
    is_held = models.BooleanField(default=False, help_text="Covered by a hold, or nobody can say that not.")
    applied = models.CharField(
        max_length=20, blank=True, help_text="What was last set from here, and read back."
    )
    applied_at = models.DateTimeField(null=True)
    applied_plan = models.ForeignKey(RetentionPlan, on_delete=models.PROTECT, null=True, related_name="+")
    drifted_at = models.DateTimeField(null=True, help_text="When it was first read otherwise than applied.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "channel_id"], name="channel_setting_once"),
        ]
        indexes = [
            models.Index(fields=["sort_title", "id"], name="channel_setting_title"),
            models.Index(fields=["days", "id"], name="channel_setting_days"),
        ]

    def __str__(self) -> str:
        return self.title
