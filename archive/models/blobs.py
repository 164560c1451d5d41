"""Bytes stored under their SHA-256."""

from django.db import models


class Blob(models.Model):
    """Evidence: these bytes are in the blob store. Where they lie follows from the digest."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    size_bytes = models.BigIntegerField()
    media_type = models.CharField(
        max_length=255, blank=True, help_text="Sniffed from the first bytes; empty: unknown."
    )
    stored_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="blob_size_not_negative", condition=models.Q(size_bytes__gte=0))
        ]

    def __str__(self) -> str:
        return str(self.pk)
