"""What reports add up, kept ready: counts of messages by day, month, place and sender. Derived, and never evidence.

Everything here can be dropped and is then counted again from the record; see archive.reporting. Rows name sessions and
people by key without a foreign key: they are replaced wholesale, and what they name never goes.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ReportCount(models.Model):
    """What one person said in one session on one UTC day, or in one month: the sum of its days."""

    class Grain(models.TextChoices):
        DAY = "d", "day"
        MONTH = "m", "month"

    grain = models.CharField(max_length=1, choices=Grain.choices)
    begins = models.DateField(help_text="The day, or the first day of the month.")
    session_id = models.BigIntegerField()
    sender_id = models.BigIntegerField(null=True, help_text="None: nobody is known as the sender.")
    messages = models.IntegerField(help_text="That are here: destroyed ones are not among them.")
    edited = models.IntegerField(help_text="Of them, those edited at least once.")
    deleted = models.IntegerField(help_text="Of them, those deleted at Zoom.")
    destroyed = models.IntegerField(help_text="Of which only a tombstone is left.")
    files = models.IntegerField()
    file_bytes = models.BigIntegerField(help_text="Of the files whose size Zoom gave.")
    files_unsized = models.IntegerField(help_text="Files whose size Zoom did not give.")
    first_at = models.DateTimeField(null=True, help_text="Of the messages that are here.")
    last_at = models.DateTimeField(null=True)
    quarters = ArrayField(
        models.SmallIntegerField(), null=True,
        help_text="Of a day: the quarter of an hour, from 0, of each message; then of each that was edited + 100, "
        "deleted + 200, and of each file + 300.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "begins", "session_id", "sender_id"],
                nulls_distinct=False,
                name="report_count_once",
            )
        ]
        indexes = [
            models.Index(fields=["session_id", "begins"], name="report_count_session"),
            models.Index(
                fields=["session_id"],
                include=["begins", "sender_id", "messages", "destroyed"],
                condition=models.Q(grain="m"),
                name="report_count_spoken",
            ),
            models.Index(
                fields=["begins"],
                include=[
                    "session_id",
                    "sender_id",
                    "messages",
                    "edited",
                    "deleted",
                    "destroyed",
                    "files",
                    "file_bytes",
                    "files_unsized",
                    "first_at",
                    "last_at",
                ],
                condition=models.Q(grain="d"),
                name="report_count_days",
            ),  # a day's rows lie scattered, and are wide
        ]


class ReportSlot(models.Model):
    """What was said in a quarter of an hour, in all sessions: days and hours of every time zone are made of these."""

    begins_at = models.DateTimeField(primary_key=True)
    messages = models.IntegerField()
    edited = models.IntegerField()
    deleted = models.IntegerField()
    files = models.IntegerField()


class ReportFile(models.Model):
    """The files of one kind and size that came in one session on one UTC day."""

    day = models.DateField()
    session_id = models.BigIntegerField()
    kind = models.CharField(
        max_length=12, help_text="By the ending of its name; see archive.reporting.kinds."
    )
    size_class = models.SmallIntegerField(help_text="Digits of its size in bytes; -1: Zoom did not give it.")
    files = models.IntegerField()
    file_bytes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "session_id", "kind", "size_class"], name="report_file_once"
            )
        ]
        indexes = [models.Index(fields=["session_id", "day"], name="report_file_session")]


class ReportState(models.Model):
    """How far the counts have followed the log, and what comparing them with the record found. There is one row."""

    version = models.PositiveIntegerField(help_text="Of the rules of counting; another means counting again.")
    complete_to = models.BigIntegerField(default=0, help_text="All leaves below this index are counted.")
    counted_at = models.DateTimeField(null=True, help_text="What was stored by then is counted.")
    last_error = models.TextField(blank=True, help_text="What keeps it from going on now; empty: nothing.")
    checked_to = models.BigIntegerField(default=0, help_text="The last session compared with the record.")
    checked_at = models.DateTimeField(null=True, help_text="When sessions were last compared.")
    rounds = models.PositiveIntegerField(default=0, help_text="Times every session was compared.")
    healed = models.PositiveIntegerField(
        default=0, help_text="Sessions' days found wrong, and counted again."
    )
    healed_at = models.DateTimeField(null=True)
