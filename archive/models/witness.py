"""Where checkpoints go that leave this machine, and what time-stamping authorities gave for them."""

from django.db import models

from archive.models.log import Checkpoint


class Witness(models.Model):
    """A place that checkpoints go to. The row is the job that brings the newest ones there."""

    class Place(models.TextChoices):
        FOLDER = "folder", "Folder"
        MAILBOX = "mailbox", "Mailbox"
        BUCKET = "bucket", "Bucket"
        AUTHORITY = "authority", "Time-stamping authority"

    place = models.CharField(max_length=10, unique=True, choices=Place.choices)
    name = models.CharField(max_length=500, help_text="Which one, as it is set up; another one begins anew.")
    size = models.PositiveBigIntegerField(null=True, help_text="Size of the newest checkpoint that is there.")
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, help_text="That failed since one succeeded.")
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return str(self.pk)


class Timestamp(models.Model):
    """What an authority replied for a checkpoint (RFC 3161), byte for byte. Added, never changed."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="timestamp")
    reply = models.BinaryField()
    stamped_at = models.DateTimeField(help_text="The time that the authority signed.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
