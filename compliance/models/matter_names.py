"""What matters were called before, and the jobs that have Zoom call its matters by the new name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.models.matters import Matter, ZoomMatter


class FormerName(models.Model):
    """A name that a matter had, until when, and why it was changed. Written before the name changes; never rewritten."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    used_until = models.DateTimeField()
    renamed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    renamed_by_name = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="former_name_and_why", condition=~Q(name="") & ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return self.name


class ZoomRename(models.Model):
    """What a matter at Zoom is to be called. The row is the job; renamed again meanwhile, it wants the newest name."""

    class State(models.TextChoices):
        DUE = "due", "to be renamed"
        ASKING = "asking", "being renamed"
        DONE = "done", "renamed at Zoom"
        REFUSED = "refused", "refused by Zoom"
        NOT_WANTED = "not_wanted", "not wanted any more"

    zoom_matter = models.OneToOneField(ZoomMatter, on_delete=models.PROTECT, related_name="rename")
    name = models.CharField(max_length=128)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    done_at = models.DateTimeField(null=True, help_text="When Zoom was read to call it so.")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["due", "asking"]),
                name="zoom_rename_to_do",
            )
        ]

    def __str__(self) -> str:
        return self.name
