"""The zips Zoom makes for legal holds: whose are asked for, each zip, and what is inside.

`HoldReceipt` is evidence: which bytes came for which zip. The other rows are jobs: they say how far a listing, a
download, an opening has come. Every state in which Zoom listed a zip is kept as an `Observation` besides.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from archive.models.accounts import Account
from archive.models.blobs import Blob
from archive.models.directory import Person


class HoldCustodian(models.Model):
    """One custodian of one matter at Zoom. The row is the job that lists the zips Zoom makes for them."""

    class State(models.TextChoices):
        DUE = "due", "waiting to be listed"
        CLAIMED = "claimed", "being listed"
        LISTED = "listed", "listed"
        GONE = "gone", "unknown at Zoom"
        FAILED = "failed", "failed"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    zoom_matter_id = models.CharField(max_length=255)
    identifier = models.CharField(max_length=320, help_text="User id or e-mail: what the zips are asked by.")
    email = models.CharField(max_length=320, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0, help_text="Since it was last listed.")
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When Zoom's list of matters last named this custodian.")
    listed_at = models.DateTimeField(null=True, help_text="When the zips were last listed to the end.")
    ended_at = models.DateTimeField(
        null=True, help_text="When Zoom no longer named the matter with them in it."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "zoom_matter_id", "identifier"], name="hold_custodian_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=models.Q(state="due"), name="hold_custodian_due"
            ),
            models.Index(fields=["zoom_matter_id"], name="hold_custodian_matter"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HoldFile(models.Model):
    """One version of one zip. The row is the job that brings it here, and after that the job that opens it.

    A zip that grew after it could be had is a new version: a row of its own, and the old one stays as it is.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "not ready at Zoom"
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being fetched"
        STORED = "stored", "stored"
        GONE = "gone", "gone at Zoom"
        MISMATCH = "mismatch", "differs from what Zoom said"
        FAILED = "failed", "failed"
        DESTROYED = "destroyed", "destroyed here"

    class Opening(models.TextChoices):
        NONE = "", "not here yet"
        DUE = "due", "waiting to be opened"
        CLAIMED = "claimed", "being opened"
        OPENED = "opened", "opened"
        PARTLY = "partly", "opened in part"
        REFUSED = "refused", "not opened: dangerous"
        BROKEN = "broken", "cannot be opened"

    custodian = models.ForeignKey(HoldCustodian, on_delete=models.PROTECT, related_name="files")
    file_key = models.CharField(max_length=1000)
    version = models.PositiveIntegerField(default=1)
    is_newest = models.BooleanField(default=True)
    first_day = models.DateField(null=True, help_text="As Zoom says; None: it did not.")
    last_day = models.DateField(null=True)
    files_claimed = models.BigIntegerField(null=True)
    size_bytes_claimed = models.BigIntegerField(null=True)
    ready = models.BooleanField(null=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When Zoom last listed it.")

    state = models.CharField(max_length=10, choices=State.choices)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True, help_text="Renewed while its bytes come.")
    begun_at = models.DateTimeField(null=True, help_text="When this attempt began.")
    begun_at_bytes = models.BigIntegerField(default=0, help_text="What was here already then.")
    bytes_done = models.BigIntegerField(default=0)
    last_error = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField(null=True)

    opening = models.CharField(max_length=10, choices=Opening.choices, blank=True, default=Opening.NONE)
    opening_attempts = models.PositiveIntegerField(default=0)
    opening_not_before = models.DateTimeField(null=True)
    opening_claimed_at = models.DateTimeField(null=True)
    opening_error = models.TextField(blank=True, help_text="Why it was not opened as a whole.")
    opened_at = models.DateTimeField(null=True)
    files_found = models.PositiveBigIntegerField(null=True, help_text="Entries in it; None: unknown.")
    messages_found = models.PositiveBigIntegerField(null=True, help_text="None: unknown.")
    messages_unreported = models.PositiveBigIntegerField(
        null=True, help_text="Of these, those that Zoom's reports did not give; None: unknown."
    )
    messages_destroyed = models.PositiveBigIntegerField(
        null=True, help_text="Of these, those that were destroyed here under a disposition; None: unknown."
    )
    messages_reported = models.PositiveBigIntegerField(
        null=True, help_text="What reports gave of this person and these days; None: unknown."
    )
    compared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["custodian", "file_key", "version"], name="hold_file_once"),
            models.UniqueConstraint(
                fields=["custodian", "file_key"],
                condition=models.Q(is_newest=True),
                name="hold_file_one_newest",
            ),
            models.CheckConstraint(
                name="hold_file_stored_has_blob",
                condition=~models.Q(state="stored") | models.Q(blob__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="due"), name="hold_file_due"),
            models.Index(
                fields=["opening_not_before", "id"],
                condition=models.Q(opening="due"),
                name="hold_file_unopened",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HoldReceipt(models.Model):
    """Evidence: these bytes came for this zip, beside what Zoom had said of it."""

    hold_file = models.ForeignKey(HoldFile, on_delete=models.PROTECT, related_name="receipts")
    zoom_matter_id = models.CharField(max_length=255)
    identifier = models.CharField(max_length=320)
    file_key = models.CharField(max_length=1000)
    sha256 = models.BinaryField(max_length=32)
    size_bytes = models.BigIntegerField()
    size_bytes_claimed = models.BigIntegerField(null=True)
    files_claimed = models.BigIntegerField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    received_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class HoldEntry(models.Model):
    """One file inside a zip, as far as it was opened. Derived from the blob: may be dropped and made anew."""

    class State(models.TextChoices):
        DUE = "due", "waiting to be read"
        READ = "read", "read"
        EMPTY = "empty", "no text inside"
        PARTLY = "partly", "read in part"
        UNREADABLE = "unreadable", "unreadable"

    hold_file = models.ForeignKey(HoldFile, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(help_text="Its place in the zip's own list, from 0.")
    name = models.CharField(max_length=1000, help_text="As the zip has it, made safe for display.")
    place = models.JSONField(help_text="Where its bytes lie, see archive.extraction.zipped.Place.")
    size_bytes = models.PositiveBigIntegerField(null=True, help_text="Unpacked; None: unknown.")
    sha256 = models.BinaryField(max_length=32, null=True, help_text="Of the unpacked bytes; None: unknown.")
    kind = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    reason = models.CharField(max_length=20, blank=True)
    messages = models.PositiveBigIntegerField(null=True, help_text="Rows of a chat log; None: it is none.")
    said = models.BinaryField(null=True, help_text="Packed: session and message ids of a chat log.")
    characters = models.PositiveBigIntegerField(default=0)
    text = models.BinaryField(null=True, help_text="Packed, see archive.extraction.texts.")
    text_sha256 = models.BinaryField(max_length=32, default=b"")
    words = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Version of its passages, see archive.search.held_passages; 0: none.",
    )

    class Meta:
        ordering = ["hold_file", "number"]
        constraints = [models.UniqueConstraint(fields=["hold_file", "number"], name="hold_entry_once")]
        indexes = [
            models.Index(
                fields=["hold_file", "number"], condition=models.Q(state="due"), name="hold_entry_due"
            ),
            models.Index(fields=["words", "id"], condition=~models.Q(state="due"), name="hold_entry_words"),
        ]


class HoldPassage(models.Model):
    """Some lines of a file in a zip, and every word in them, to be found by. Derived, like the text."""

    entry = models.ForeignKey(HoldEntry, on_delete=models.CASCADE, related_name="passages")
    part = models.PositiveIntegerField(help_text="Of the entry's text, from 0.")
    start = models.PositiveIntegerField(help_text="In characters of that part.")
    stop = models.PositiveIntegerField()
    terms = ArrayField(models.TextField(), help_text="As archive.search.analysis has them, each once.")

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["terms"], name="hold_passage_terms")]
