"""What was said: messages, every observed state of them, their files and forwards.

`Message` and `Revision` are evidence: the database refuses to change or delete their rows. What a message
"is now" (edited, deleted) is read from its revisions, never stored beside them.
"""

from django.db import models

from archive.models.blobs import Blob
from archive.models.capture import Page
from archive.models.directory import Observation, Person, Session


class Message(models.Model):
    """Evidence: the identity of one thing said. Zoom's id is unique within a session only."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="messages", db_index=False)
    zoom_id = models.CharField(
        max_length=255,
        help_text="Zoom's id; unidentified:<digest> when it gave none, long:<SHA-256> past 200 characters.",
    )
    sent_at = models.DateTimeField(help_text="Sent time; the window's first moment when Zoom's was unusable.")
    sent_at_is_doubtful = models.BooleanField(default=False)
    sender = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reply_to_zoom_id = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "zoom_id"], name="message_once")]
        indexes = [
            models.Index(fields=["session", "sent_at", "id"], name="message_session_time"),
            models.Index(fields=["sent_at", "id"], name="message_time"),
            models.Index(
                fields=["session", "reply_to_zoom_id"],
                condition=~models.Q(reply_to_zoom_id=""),
                name="message_thread",
            ),
            models.Index(fields=["sender", "session", "sent_at"], name="message_sender_place"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Revision(models.Model):
    """Evidence: one observed state of a message, with the exact bytes it came in.

    A trigger checks that its message and page are there, once a statement: both are evidence and never go, and
    foreign keys, which look once a row, would be a quarter of all that Postgres does to store a page.
    """

    class Kind(models.TextChoices):
        SENT = "sent", "as sent"
        EDITED = "edited", "edited"
        DELETED = "deleted", "deleted"

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="revisions", db_index=False, db_constraint=False
    )
    kind = models.CharField(
        max_length=10, choices=Kind.choices, help_text="The list of the report it came in."
    )
    digest = models.BinaryField(
        max_length=32, help_text="SHA-256 of the canonical form without download URLs."
    )
    raw = models.BinaryField(help_text="The exact bytes Zoom sent.")
    salt = models.BinaryField(
        max_length=16, help_text="Destroyed with the record, so its leaf cannot be guessed."
    )
    text = models.TextField(
        blank=True, help_text="The message text made safe for display: NUL and lone surrogates shown."
    )
    sender_name = models.CharField(max_length=500, blank=True, help_text="The name the sender had then.")
    action_at = models.DateTimeField(null=True, help_text="When it was edited or deleted, if Zoom said.")
    oddities = models.JSONField(null=True, help_text="Fields of unexpected type, by name; None: none.")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "digest"], name="revision_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Attachment(models.Model):
    """A file on a message. The row is the job that fetches it."""

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being fetched"
        STORED = "stored", "stored"
        GONE = "gone", "gone at Zoom"
        MISMATCH = "mismatch", "bytes differ from Zoom's digest"
        FAILED = "failed", "failed"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    zoom_file_id = models.CharField(max_length=255)
    name = models.CharField(max_length=2000, blank=True, help_text="As Zoom gave it, made safe for display.")
    size_bytes_claimed = models.BigIntegerField(null=True)
    digest_claimed = models.CharField(max_length=128, blank=True, help_text="Zoom's SHA-256, as it gave it.")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True)
    info = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    inside = models.CharField(
        max_length=10,
        blank=True,
        db_default="",
        help_text="Outcome of its newest reading; empty: not read yet.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "zoom_file_id"], name="attachment_once"),
            models.CheckConstraint(
                name="attachment_stored_has_blob",
                condition=~models.Q(state="stored") | models.Q(blob__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="due"), name="attachment_due"),
            models.Index(fields=["zoom_file_id"], name="attachment_file"),
            models.Index(fields=["state", "not_before"], name="attachment_state"),
            models.Index(
                fields=["inside", "id"],
                condition=~models.Q(inside__in=["read", "empty"]),
                name="attachment_unsearched",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Forward(models.Model):
    """A message that forwards another. The row is the job that fetches the original."""

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being fetched"
        STORED = "stored", "stored"
        GONE = "gone", "gone at Zoom"
        FAILED = "failed", "failed"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="forwards", db_index=False)
    forward_id = models.CharField(max_length=255)
    original = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "forward_id"], name="forward_once")]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="due"), name="forward_due"),
            models.Index(fields=["forward_id"], name="forward_original"),
        ]
