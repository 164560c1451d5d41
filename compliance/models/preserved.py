"""What matters preserve, and would let go, as last counted. Derived, and counted again whenever it may have changed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.models.matters import Custodian, Matter


class Figures(models.Model):
    """How much is held: of `messages`, `said` were said by the held; of `files`, the bytes of `files_here` are here."""

    messages = models.BigIntegerField(default=0)
    said = models.BigIntegerField(default=0)
    revisions = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    files_here = models.BigIntegerField(default=0)
    file_bytes = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class PreservedCount(Figures):
    """What a matter holds in all, each message once. The row is the job that counts it."""

    class State(models.TextChoices):
        DUE = "due", "to be counted"
        CLAIMED = "claimed", "being counted"
        COUNTED = "counted", "counted"
        STOPPED = "stopped", "stopped"

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="preserved")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    done = models.PositiveIntegerField(default=0, help_text="Sessions counted of this time's total.")
    total = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, help_text="As of when the figures are; None: never counted.")
    complete_to = models.BigIntegerField(
        default=0, help_text="They hold for the leaves of the log below this one."
    )
    rules_sha256 = models.BinaryField(
        max_length=32, null=True, help_text="Of the rules that were counted by."
    )
    places = models.BigIntegerField(
        null=True, help_text="Sessions in which the rules can hold something; None: not counted yet."
    )
    places_open = models.BigIntegerField(
        null=True, help_text="Of these, those of which some day that is held is not whole here."
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who is told when it is counted; None: nobody asked.",
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state__in=["due", "claimed"]),
                name="preserved_to_count",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LossCount(models.Model):
    """What would be held by nothing if some holds of a matter ended. The row is the job that counts it.

    It is the same row whoever asks for the same holds; figures are replaced when it is counted again.
    """

    class State(models.TextChoices):
        DUE = "due", "to be counted"
        CLAIMED = "claimed", "being counted"
        COUNTED = "counted", "counted"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "could not be counted"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    holds = ArrayField(models.BigIntegerField(), help_text="Those that would end, in order.")
    holds_sha256 = models.BinaryField(max_length=32, help_text="Of them in decimal, a line each.")
    custodians = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="Who would be dropped; None: the matter would be released.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    done = models.PositiveIntegerField(default=0, help_text="Sessions counted of this time's total.")
    total = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, help_text="As of when the figures are; None: never counted.")
    messages = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    file_bytes = models.BigIntegerField(default=0)
    sessions = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="See compliance.losing.")
    most = models.JSONField(default=list, help_text="The sessions with most of it.")
    parts = models.JSONField(
        default=list, help_text="Every session with some of it, for bringing it up to date."
    )
    complete_to = models.BigIntegerField(null=True, help_text="The log's size when counting began.")
    others_sha256 = models.BinaryField(max_length=32, null=True, help_text="Of the rules that would stay.")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["matter", "holds_sha256"], name="loss_count_once")]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state__in=["due", "claimed"]),
                name="losses_to_count",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PreservedPart(Figures):
    """What a matter holds in a session: as a whole, for one custodian, or for rules that name nobody.

    The whole is each message once; custodians overlap, so their parts add up to more.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    session_id = models.BigIntegerField()
    custodian = models.ForeignKey(
        Custodian, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_whole = models.BooleanField()
    is_open = models.BooleanField(
        default=False, help_text="Of a whole: some day of the session that is held is not whole here."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "custodian", "session_id", "is_whole"],
                name="preserved_part_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="preserved_whole_is_nobodys",
                condition=models.Q(is_whole=False) | models.Q(custodian=None),
            ),
        ]
        indexes = [
            models.Index(
                "matter",
                models.F("messages").desc(),
                "session_id",
                condition=models.Q(is_whole=True),
                name="preserved_sessions",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
