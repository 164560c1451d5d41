"""Work that is done for everybody at once, when somebody asked for it: so that they are told when it is over."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.models.matters import Matter


class Errand(models.Model):
    """Somebody asked for a capture, or for a look at Zoom. It drives nothing: losing one loses no work, only a line."""

    class Kind(models.TextChoices):
        CAPTURE = "capture", "a capture"
        LOOK = "look", "a look at what holds depend on at Zoom"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    accounts = ArrayField(models.BigIntegerField(), help_text="Of which something was due.")
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="+", help_text="For which it was asked."
    )
    total = models.PositiveIntegerField(default=0, help_text="How much there was to do; 0: not counted.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, help_text="When it was found to be over; None: it is not.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "asked_by", "matter"],
                condition=Q(over_at=None),
                nulls_distinct=False,
                name="errand_open_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
