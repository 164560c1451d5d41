"""The Merkle log: leaves, full tiles, signed checkpoints (RFC 6962, C2SP tlog-tiles and tlog-checkpoint)."""

from django.db import models


class Leaf(models.Model):
    """Evidence: one event of the log. Its bytes are derived from these columns by archive.hashing.entry()."""

    class Kind(models.IntegerChoices):
        REVISION = 1, "revision stored"
        BLOB = 2, "blob stored"
        PAGE = 3, "page received"
        WINDOW = 4, "window closed"
        OBSERVATION = 5, "observation stored"
        UNREADABLE = 6, "unreadable record kept"
        AUDIT = 7, "audit event"
        READING = 8, "file read"
        HOLD_RECEIPT = 9, "hold zip received"
        TOMBSTONE = 10, "message destroyed"
        CERTIFICATE = 11, "destruction certified"
        ZIP_TOMBSTONE = 12, "hold zip destroyed"

    index = models.BigIntegerField(primary_key=True)
    kind = models.SmallIntegerField(choices=Kind.choices)
    subject_id = models.BigIntegerField(help_text="Primary key of the row it commits to.")
    at = models.DateTimeField()
    commitment = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "leaves"
        constraints = [
            models.CheckConstraint(name="leaf_index_not_negative", condition=models.Q(index__gte=0)),
            models.UniqueConstraint(fields=["kind", "subject_id"], name="leaf_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class WindowClosure(models.Model):
    """Evidence: what the account of a window was each time it was closed, complete or as a gap."""

    window = models.ForeignKey("archive.Window", on_delete=models.PROTECT, related_name="closures")
    pull = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    account = models.JSONField(
        help_text="Totals and per-day counts: offered, archived, duplicate, excluded, failed, destroyed."
    )
    closed_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class Tile(models.Model):
    """Evidence: 256 hashes of one level, written once when full."""

    level = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        ordering = ["level", "number"]
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="tile_once")]


class Checkpoint(models.Model):
    """Evidence: a signed statement of the log's size and root."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField(help_text="The signed note, exactly as published.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return str(self.pk)
