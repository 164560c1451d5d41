"""Groups of people at Zoom: of the company directory, called together in a channel, or sharing a space.

Projections of what was read last; what they are projected from is kept as `Observation`s.
"""

from django.db import models

from archive.models.accounts import Account
from archive.models.directory import Person


class PeopleGroup(models.Model):
    """A group, and when its members were last read to the end: whoever was named then is in it."""

    class Kind(models.TextChoices):
        DIRECTORY = "directory", "directory group"
        MENTION = "mention", "mention group"
        SPACE = "space", "shared space"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    zoom_id = models.CharField(max_length=255)
    name = models.CharField(max_length=500)
    channel_id = models.CharField(max_length=255, blank=True, help_text="Of a mention group: its channel.")
    listed_at = models.DateTimeField(help_text="When the newest list that names it was begun.")
    read_at = models.DateTimeField(null=True, help_text="When its members were read; None: never to the end.")
    gone_at = models.DateTimeField(null=True, help_text="When a list did not name it any more.")

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "zoom_id"], name="people_group_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.zoom_id


class GroupMember(models.Model):
    """Somebody named as a member; in the group still while `last_seen_at` is when the group was read."""

    group = models.ForeignKey(PeopleGroup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="groups")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="group_member_once")]

    def __str__(self) -> str:
        return str(self.pk)
