"""What is left of records that were destroyed, and the bytes that are still to be removed after it.

A destroyed message keeps its row in `Message`: who said something where and when stays known, so that pages, threads,
day counts, lists and holds go on meaning what they meant. What it said, in every version, is gone with its salts.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from archive.models.directory import Session
from archive.models.holds import HoldFile
from archive.models.messages import Message


class Tombstone(models.Model):
    """Evidence: this message was destroyed, with these records of the log. Never what any of them said.

    Written by the database function that destroys, and by nothing else. `leaves` are the places in the log of its
    versions, of what was read of its files, and of the files and forwards nothing else had; `hashes` are their leaf
    hashes (RFC 6962), 32 bytes each, in the same order.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="tombstone")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", db_index=False)
    zoom_id = models.CharField(max_length=255)
    sent_at = models.DateTimeField()
    revisions = models.PositiveIntegerField(help_text="Versions it had.")
    attachments = models.PositiveIntegerField(help_text="Files it had.")
    leaves = ArrayField(models.BigIntegerField(), help_text="Indexes in the log, ascending.")
    hashes = models.BinaryField(help_text="Of these leaves, 32 bytes each.")
    disposition = models.BigIntegerField(help_text="Under which disposition of compliance it was destroyed.")
    destroyed_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["disposition", "id"], name="tombstone_disposition"),
            models.Index(fields=["session", "sent_at"], name="tombstone_session"),
            GinIndex(fields=["leaves"], name="tombstone_leaves"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ZipTombstone(models.Model):
    """Evidence: this zip of a legal hold was destroyed, whole. Never a name or a word of what was in it.

    Written by the database function that destroys zips, and by nothing else. That it came stays evidenced by its receipts.
    `leaves` and `hashes` are of its bytes' record in the log, none where the same bytes stay as another blob.
    """

    hold_file = models.OneToOneField(HoldFile, on_delete=models.PROTECT, related_name="tombstone")
    zoom_matter_id = models.CharField(max_length=255)
    matter = models.BigIntegerField(help_text="The released matter of compliance it was made for.")
    sha256 = models.BinaryField(max_length=32)
    size_bytes = models.BigIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    entries = models.PositiveBigIntegerField(null=True, help_text="Files in it; None: unknown.")
    messages = models.PositiveBigIntegerField(null=True, help_text="Messages in it; None: unknown.")
    statement = models.JSONField(help_text="Rules, who asked and who approved when, as compliance states it.")
    leaves = ArrayField(models.BigIntegerField(), help_text="Indexes in the log, ascending.")
    hashes = models.BinaryField(help_text="Of these leaves, 32 bytes each.")
    disposition = models.BigIntegerField(help_text="Under which disposition of compliance it was destroyed.")
    destroyed_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["disposition", "id"], name="zip_tombstone_disposition"),
            GinIndex(fields=["leaves"], name="zip_tombstone_leaves"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Certificate(models.Model):
    """Evidence: what went under a disposition, in figures and in one digest, and how it was decided. One, at its end."""

    disposition = models.BigIntegerField(unique=True)
    statement = models.JSONField(
        help_text="Rule, reason, law, who asked and who approved when, as compliance states it."
    )
    messages = models.PositiveBigIntegerField()
    revisions = models.PositiveBigIntegerField()
    attachments = models.PositiveBigIntegerField()
    blobs = models.PositiveBigIntegerField()
    blob_bytes = models.PositiveBigIntegerField()
    messages_sha256 = models.BinaryField(
        max_length=32, help_text="Over the lines of the messages in its document."
    )
    zips = models.PositiveBigIntegerField(default=0, db_default=0, help_text="Zips of legal holds.")
    zip_bytes = models.PositiveBigIntegerField(default=0, db_default=0)
    zips_sha256 = models.BinaryField(
        max_length=32,
        null=True,
        help_text="Over the lines of the zips in its document; None: there are none.",
    )
    issued_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class BlobRemoval(models.Model):
    """Bytes whose row is gone, still to be removed from the blob store. The row is the job, locked while it is done.

    The digest goes with the bytes: it would tell whoever has the same file that it was here.
    """

    class State(models.TextChoices):
        DUE = "due", "waiting"
        REMOVED = "removed", "removed"
        NEEDED = "needed", "stored again meanwhile"
        KEPT = "kept", "the store does not let go of it"

    sha256 = models.BinaryField(max_length=32, help_text="Empty once the bytes are gone.")
    size_bytes = models.BigIntegerField()
    disposition = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.TextField(blank=True, default="", help_text="In words; empty when there is none.")
    destroyed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=~Q(state__in=["removed", "needed"]),
                name="blob_removal_due",
            ),
            models.Index(fields=["disposition"], name="blob_removal_disposition"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
