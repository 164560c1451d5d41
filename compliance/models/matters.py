"""Legal matters: what the case is, who works on it, who is held, and the matters at Zoom that stand behind it.

A matter at Zoom takes at most twenty people and nothing but its name can change, so one matter here owns several there.
What is held is said by `Hold` rows alone: each is a standing rule over people × sessions × time, good for what is said
tomorrow too. A hold that has ended stays, with when it ended: the past is never rewritten.

People, sessions and accounts are the archive's rows; foreign keys in the database lead to them, none in Django.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Matter(models.Model):
    """A legal case."""

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        RELEASED = "released", "released"

    account_id = models.BigIntegerField()
    name = models.CharField(
        max_length=100, help_text="At Zoom a mark of ours is added; 128 are allowed there."
    )
    reason = models.TextField(help_text="Why something is held: the case, the order, the request.")
    since = models.DateField(null=True, help_text="The first day held, in UTC; None: everything there is.")
    until = models.DateField(null=True, help_text="The last day held, in UTC; None: until it is released.")
    covers_received = models.BooleanField(
        default=True, help_text="Whether what others said where a custodian took part is held too."
    )
    at_zoom = models.BooleanField(
        default=True, help_text="Whether Zoom is told to hold as well, so that it makes zips."
    )
    request_key = models.UUIDField(
        unique=True, help_text="The form's own key: sent twice, it opens one matter."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_by_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "name"], name="matter_named_once"),
            models.CheckConstraint(name="matter_has_name_and_reason", condition=~Q(name="") & ~Q(reason="")),
            models.CheckConstraint(
                name="matter_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="matter_released_at_a_time",
                condition=Q(state="active", released_at=None)
                | Q(state="released", released_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MatterMember(models.Model):
    """Somebody who works on a matter, and therefore sees it, from when to when."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="matters")
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)
    removed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "user"], condition=Q(removed_at=None), name="matter_member_once"
            )
        ]
        indexes = [models.Index(fields=["user", "matter"], condition=Q(removed_at=None), name="matters_of")]

    def __str__(self) -> str:
        return str(self.pk)


class Custodian(models.Model):
    """A person in a matter, as they were called when they were added; added again after a drop is a new row."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="custodians")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=500)
    email = models.CharField(max_length=320, blank=True)
    came_from = models.CharField(
        max_length=600,
        blank=True,
        help_text="The group they were picked by, as it was called; empty: one by one.",
    )
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "person_id"], condition=Q(dropped_at=None), name="custodian_once"
            )
        ]
        indexes = [models.Index(fields=["person_id"], name="custodian_person")]

    def __str__(self) -> str:
        return self.name


PLACES = Q(person_id=None, session_id__isnull=False)
"""Holds on conversations themselves, whoever speaks there."""


class Hold(models.Model):
    """A standing rule: what must not be destroyed. Ended only by a request that two people decided.

    With a person: what they said, and with `covers_received` what was said where and while they took part. With a
    session: what was said there. With both: both must be so. Without either: everything of the account.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="holds")
    custodian = models.ForeignKey(Custodian, on_delete=models.PROTECT, null=True, related_name="holds")
    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    session_name = models.CharField(
        max_length=1000, blank=True, help_text="What was held in itself, as it was called then."
    )
    covers_received = models.BooleanField()
    since = models.DateTimeField(null=True, help_text="Said at this moment or later; None: ever.")
    until = models.DateTimeField(null=True, help_text="Said before this moment; None: without an end.")
    placed_at = models.DateTimeField()
    placed_by_name = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="hold_of_a_custodian_names_them",
                condition=Q(custodian=None) | Q(person_id__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], condition=Q(released_at=None), name="hold_person"),
            models.Index(fields=["session_id"], condition=Q(released_at=None), name="hold_session"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ZoomMatter(models.Model):
    """One matter at Zoom. The row is the job that creates it, and later the one that deletes it.

    A creation whose reply was lost may have happened: before it is tried again Zoom's list is read for the name, which
    carries a mark that no other matter has.
    """

    class State(models.TextChoices):
        DUE = "due", "to be created"
        CREATING = "creating", "being created"
        HELD = "held", "held at Zoom"
        ENDING = "ending", "to be deleted"
        DELETING = "deleting", "being deleted"
        DELETED = "deleted", "deleted at Zoom"
        FAILED = "failed", "refused by Zoom"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="zoom_matters")
    custodians = models.ManyToManyField(Custodian, related_name="zoom_matters")
    name = models.CharField(max_length=128, unique=True)
    zoom_id = models.CharField(max_length=255, blank=True, help_text="Empty until Zoom has given one.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    is_replaced = models.BooleanField(
        default=False, help_text="Ends as soon as everybody who stays is held in another one."
    )
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    asked_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True, help_text="When Zoom's id was learned.")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["zoom_id"], condition=~Q(zoom_id=""), name="zoom_matter_once"),
            models.CheckConstraint(
                name="zoom_matter_held_has_its_id",
                condition=~Q(state__in=["held", "ending", "deleting", "deleted"]) | ~Q(zoom_id=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["due", "creating", "ending", "deleting"]),
                name="zoom_matter_to_do",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
