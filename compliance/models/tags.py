"""Tags and notes on messages. The ids are the archive's; whoever wants the words goes through the audited door."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Tag(models.Model):
    """A name to sort messages by. The name is what queries say, so it never changes; the colour may."""

    class Colour(models.TextChoices):
        """Names of the palette in static/console.css, which has a light and a dark form of each."""

        PLAIN = "plain", "plain"
        GREEN = "good", "green"
        BLUE = "busy", "blue"
        ORANGE = "gap", "orange"
        PURPLE = "held", "purple"
        YELLOW = "due", "yellow"
        RED = "destroyed", "red"

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True, help_text="The name without regard to case and width.")
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.PLAIN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(name="tag_has_a_name", condition=~Q(name="") & ~Q(key=""))]

    def __str__(self) -> str:
        return self.name


class TagMark(models.Model):
    """A tag on a message, once, with who put it on. A foreign key in the database leads to the message."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="marks", db_index=False)
    message_id = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tag", "message_id"], name="tag_once_a_message")]
        indexes = [models.Index(fields=["message_id"], name="tagmark_message")]

    def __str__(self) -> str:
        return str(self.pk)


class Note(models.Model):
    """One version of a note on a message, never changed: triggers refuse it. A change is a new version."""

    message_id = models.BigIntegerField()
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaced_by",
        help_text="The version before.",
    )
    text = models.TextField(blank=True, help_text="Empty: withdrawn.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["message_id", "id"], name="note_message")]
        constraints = [
            models.CheckConstraint(
                name="note_begins_with_words", condition=Q(replaces__isnull=False) | ~Q(text="")
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
