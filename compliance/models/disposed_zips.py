"""Zips of released matters in a disposition: each as it was when it was put together, and what became of it."""

from django.db import models
from django.db.models import Q

from compliance.models.disposition import Disposition
from compliance.models.matters import Matter


class DispositionZip(models.Model):
    """One zip of a legal hold that goes with a disposition, whole; destroyed in a transaction of its own."""

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="disposed_zips")
    zip_id = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    size_bytes = models.PositiveBigIntegerField()
    messages = models.PositiveBigIntegerField(null=True, help_text="In it; None: unknown.")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=100, blank=True, help_text="Why it was refused; empty when it went.")

    class Meta:
        ordering = ["disposition", "zip_id"]
        constraints = [
            models.UniqueConstraint(fields=["disposition", "zip_id"], name="disposition_zip_once"),
            models.CheckConstraint(
                name="disposition_zip_refused_is_done", condition=Q(why="") | Q(done_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["matter", "zip_id"], name="disposition_zip_matter")]

    def __str__(self) -> str:
        return f"{self.disposition_id}.{self.zip_id}"
