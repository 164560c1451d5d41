"""What the database knows of the search indexes, to compare with what each index says of itself and with the record.

Every web host may have an index of its own: a row an index folder, told apart by its name.
"""

from django.db import models


class IndexState(models.Model):
    """How far one search index has followed the log. One row an index folder."""

    name = models.CharField(max_length=100, unique=True)
    home = models.CharField(max_length=1000, blank=True, help_text="The host it is on, and the folder there.")
    version = models.PositiveIntegerField(help_text="Of the analysis; another version means a rebuild.")
    complete_to = models.BigIntegerField(default=0, help_text="All leaves below this index are in the index.")
    forgotten_to = models.BigIntegerField(
        default=0, db_default=0, help_text="Its files have no word of a message destroyed below this leaf."
    )
    documents = models.BigIntegerField(default=0)
    committed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="When its indexer was last heard of.")
    last_error = models.TextField(blank=True, help_text="What keeps it from going on now; empty: nothing.")
    is_last_resort = models.BooleanField(
        default=False, help_text="Built because healing did not help; never built anew for that again."
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DayIndexed(models.Model):
    """Messages in the index by sent day and the digest of their versions, compared with the archive day by day."""

    class Finding(models.TextChoices):
        UNCHECKED = "unchecked", "not compared yet"
        AGREES = "agrees", "as in the archive"
        DIFFERS = "differs", "not as in the archive"

    state = models.ForeignKey(IndexState, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    messages = models.PositiveBigIntegerField(default=0)
    digest = models.PositiveBigIntegerField(
        default=0, help_text="Of all versions indexed; see archive.search.days."
    )
    finding = models.CharField(max_length=10, choices=Finding.choices, default=Finding.UNCHECKED)
    checked_at = models.DateTimeField(null=True)
    differs_since = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, help_text="Times indexed anew since it differs.")
    healed_at = models.DateTimeField(null=True)
    healed_messages = models.PositiveBigIntegerField(default=0, help_text="Indexed anew the last time.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state", "day"], name="day_indexed_once")]
        indexes = [
            models.Index(fields=["state"], condition=models.Q(finding="differs"), name="day_indexed_differs")
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.day}"
