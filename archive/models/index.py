"""What the database knows of the search index, to compare with what the index says of itself."""

from django.db import models


class IndexState(models.Model):
    """How far one search index has followed the log. One row an index folder."""

    name = models.CharField(max_length=100, unique=True)
    version = models.PositiveIntegerField(help_text="Of the analysis; another version means a rebuild.")
    complete_to = models.BigIntegerField(default=0, help_text="All leaves below this index are in the index.")
    documents = models.BigIntegerField(default=0)
    committed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class DayIndexed(models.Model):
    """Messages in the index by sent day, to be compared with the archive."""

    state = models.ForeignKey(IndexState, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    messages = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state", "day"], name="day_indexed_once")]
