"""Work on answers: searches that are kept, and whole answers as lists of message ids.

A list is a job until it is done: the row says how far it has come, its parts hold the ids in order. A frozen list that
is done stays as it is: triggers refuse every change of it and of its parts.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.models.matters import Matter
from compliance.models.tags import Tag


class SavedSearch(models.Model):
    """A query as it was typed, with what it meant: its language's version and its tree, spelled out."""

    name = models.CharField(max_length=100)
    query = models.TextField()
    language = models.PositiveSmallIntegerField(
        help_text="The version of the query language it was typed in."
    )
    parsed = models.TextField(help_text="The tree it was read as then, spelled out.")
    analysis = models.PositiveSmallIntegerField(
        help_text="The version of the analysis that told then what a word is."
    )
    order = models.CharField(max_length=10)
    is_shared = models.BooleanField(default=False)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="+", help_text="The matter it was made in."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["made_by", "name"],
                condition=Q(removed_at=None),
                nulls_distinct=False,
                name="saved_search_named_once",
            ),
            models.CheckConstraint(name="saved_search_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MessageList(models.Model):
    """The whole answer to one search, as ids in order. The row is the job that reads it.

    One that failed or was stopped is never read any more; what it would have followed from did not happen.
    """

    class Purpose(models.TextChoices):
        FROZEN = "frozen", "frozen list"
        RUN = "run", "run of a saved search"
        TAGGING = "tagging", "messages to be tagged"

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being read"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        STOPPED = "stopped", "stopped"

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.CharField(max_length=100, blank=True)
    search = models.ForeignKey(SavedSearch, on_delete=models.PROTECT, null=True, related_name="lists")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="+", help_text="The matter it was made in."
    )
    copy_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies",
        help_text="The list that it was, before it was put into its matter.",
    )  # fmt: skip
    query = models.TextField()
    language = models.PositiveSmallIntegerField()
    parsed = models.TextField()
    analysis = models.PositiveSmallIntegerField()
    explanation = models.TextField()
    order = models.CharField(max_length=10)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    limits = models.JSONField(
        null=True,
        help_text="What the token it was asked with allowed, as compliance.permissions.Limits; None: a person asked.",
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out of the list.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    total = models.PositiveBigIntegerField(help_text="How many there were when it was asked for.")
    done = models.PositiveBigIntegerField(default=0, help_text="How many have been read so far.")
    count = models.PositiveBigIntegerField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True, help_text="Over the ids in order, a line each.")
    scope = models.JSONField(null=True, help_text="What its maker could see when it was read.")
    complete_to = models.BigIntegerField(null=True, help_text="All leaves below this one were searched.")
    pending = models.PositiveBigIntegerField(null=True, help_text="Records stored and not searched yet.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="list_done_has_its_result",
                condition=~Q(state="done")
                | Q(
                    count__isnull=False,
                    sha256__isnull=False,
                    scope__isnull=False,
                    complete_to__isnull=False,
                    pending__isnull=False,
                    finished_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="list_says_what_it_is_for",
                condition=(Q(purpose="frozen", tag=None) & ~Q(name=""))
                | Q(purpose="run", search__isnull=False, tag=None)
                | Q(purpose="tagging", search=None, tag__isnull=False),
            ),
            models.CheckConstraint(
                name="list_is_in_order_of_time", condition=Q(order__in=["newest", "oldest"])
            ),
        ]
        indexes = [
            models.Index(fields=["search", "made_by", "-id"], name="list_runs"),
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["due", "claimed"]), name="list_to_do"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ListPart(models.Model):
    """A stretch of a list: `ids` are numbers `number * 10,000 + 1` and on, in order."""

    list = models.ForeignKey(MessageList, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    ids = ArrayField(models.BigIntegerField())

    class Meta:
        ordering = ["list", "number"]
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="list_part_once")]

    def __str__(self) -> str:
        return f"{self.list_id}.{self.number}"
