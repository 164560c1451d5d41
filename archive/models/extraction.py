"""What is inside files: the job that reads a blob, its text, and the evidence of what was read of which file when."""

from django.db import models

from archive.models.blobs import Blob
from archive.models.messages import Attachment


class Extraction(models.Model):
    """The text inside one blob, whatever messages carry it. The row is the job that reads it.

    The text is derived from the blob: it may be dropped and made anew, and it must go when the blob goes.
    """

    class State(models.TextChoices):
        DUE = "due", "waiting to be read"
        CLAIMED = "claimed", "being read"
        READ = "read", "read"
        EMPTY = "empty", "no text inside"
        PARTLY = "partly", "read in part"
        UNREADABLE = "unreadable", "unreadable"

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    kind = models.CharField(
        max_length=20, blank=True, help_text="What it is, by its bytes: pdf, docx, picture."
    )
    reason = models.CharField(max_length=20, blank=True, help_text="Why it was not read as a whole.")
    problems = models.JSONField(default=list, help_text="Entries that were not read, each with its reason.")
    version = models.PositiveIntegerField(default=0, help_text="Of the extraction that read it; 0: none yet.")
    characters = models.PositiveBigIntegerField(default=0)
    text = models.BinaryField(
        null=True, help_text="Packed, see archive.extraction.texts; None: nothing to find."
    )
    text_sha256 = models.BinaryField(
        max_length=32, default=b"", help_text="Of the text before it was packed."
    )
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="due"), name="extraction_due")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(models.Model):
    """Evidence: what was read of a file on a message, by which version. From its leaf on, the index has the words."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="readings")
    sha256 = models.BinaryField(max_length=32, help_text="Of the bytes that were read.")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    characters = models.PositiveBigIntegerField()
    text_sha256 = models.BinaryField(max_length=32, help_text="Of the text; empty when there is none.")
    read_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
