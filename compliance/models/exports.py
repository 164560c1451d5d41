"""Exports: what somebody took out of the archive or meant to, exactly what it comes to, and what became of it.

The row is the job, twice: first it is measured, later it is made. What was asked for never changes; nor does what was
measured, once it was shown, nor the digests of what was made: triggers see to it. No word of a message and no name of a
file stands here. Which messages are in it lies in a table of the archive; the files lie in a folder named after the row.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from compliance.models.approvals import Request
from compliance.models.matters import Matter
from compliance.models.searches import MessageList, SavedSearch


class Export(models.Model):
    """One choice of messages in chosen formats, to be taken as files."""

    class Kind(models.TextChoices):
        MATTER = "matter", "matter"
        SEARCH = "search", "saved search"
        LIST = "list", "frozen list"
        SESSION = "session", "session and period"

    class State(models.TextChoices):
        MEASURING = "measuring", "being measured"
        MEASURED = "measured", "to be looked at"
        MAKING = "making", "being made"
        READY = "ready", "ready"
        EXPIRED = "expired", "expired"
        WITHDRAWN = "withdrawn", "withdrawn"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="exports",
        help_text="The matter it belongs to: its members see it. None: whoever asked, and who reads everything.",
    )  # fmt: skip
    search = models.ForeignKey(SavedSearch, on_delete=models.PROTECT, null=True, related_name="+")
    list = models.ForeignKey(
        MessageList, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Of a saved search: the list it was frozen as for this export.",
    )  # fmt: skip
    session_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(null=True, help_text="Said at this moment or later; None: ever.")
    until = models.DateTimeField(null=True, help_text="Said before this moment; None: without an end.")
    chosen = models.JSONField(
        help_text="What was chosen, in words and as it was read, and within what scope."
    )
    title = models.CharField(max_length=100)
    reason = models.TextField()
    formats = ArrayField(
        models.CharField(max_length=10), help_text="archive.packages.content.Format, in order."
    )
    part_bytes = models.PositiveBigIntegerField(
        help_text="No part is to be larger, but for a larger single file."
    )
    zone = models.CharField(max_length=64, help_text="Whose days and hours forms that people read have.")
    request_key = models.UUIDField(help_text="The asker's own key: sent twice, it asks for one export.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by_name = models.CharField(max_length=200)
    limits = models.JSONField(
        null=True,
        help_text="What the token it was asked with allowed, as compliance.permissions.Limits; None: a person asked.",
    )
    asked_at = models.DateTimeField()
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by",
        help_text="The export that this one was measured anew after.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State.choices, default=State.MEASURING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out of it.")
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    total = models.PositiveBigIntegerField(default=0, help_text="Messages to write; 0 while it is not known.")
    done = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(null=True, help_text="Of the log at the checkpoint it stands on.")
    stands_at = models.DateTimeField(null=True, help_text="When that checkpoint was made.")
    contents = models.JSONField(null=True, help_text="Exactly what will come, as it was measured.")
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of that; approvals are bound to it."
    )
    measured_at = models.DateTimeField(null=True)
    looked_to = models.BigIntegerField(
        default=0, help_text="The newest tombstone that is known to be of none of its messages."
    )
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, help_text="When making it was decided.")
    started_by_name = models.CharField(max_length=200, blank=True)
    settled = models.JSONField(
        null=True, help_text="What was known only when it was made first, so that it can be made again."
    )
    parts = models.JSONField(null=True, help_text="Name, size and SHA-256 of each file, as made first.")
    made_at = models.DateTimeField(null=True, help_text="When it was made last.")
    folder = models.CharField(max_length=64, blank=True, help_text="Where its files lie; empty: nowhere.")
    bytes_here = models.PositiveBigIntegerField(default=0, help_text="What its files take on the disk.")
    expires_at = models.DateTimeField(null=True)
    may_retry = models.BooleanField(default=False, help_text="It failed for a reason that may pass.")
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ending = models.TextField(blank=True, help_text="Why it ended as it did, in words.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "request_key"], nulls_distinct=False, name="export_asked_once"
            ),
            models.CheckConstraint(name="export_says_why", condition=~Q(title="") & ~Q(reason="")),
            models.CheckConstraint(name="export_has_a_format", condition=Q(formats__len__gte=1)),
            models.CheckConstraint(
                name="export_says_what_is_chosen",
                condition=Q(kind="matter", matter__isnull=False, search=None, list=None, session_id=None)
                | Q(kind="search", search__isnull=False, list__isnull=False, session_id=None)
                | Q(kind="list", search=None, list__isnull=False, session_id=None)
                | Q(kind="session", search=None, list=None, session_id__isnull=False,
                    since__isnull=False, until__isnull=False),
            ),
            models.CheckConstraint(
                name="export_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="export_measured_says_what_comes",
                condition=Q(state__in=["measuring", "cancelled", "failed"])
                | (Q(size__isnull=False, stands_at__isnull=False, contents__isnull=False,
                     measured_at__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="export_ready_has_its_files",
                condition=~Q(state="ready")
                | (Q(parts__isnull=False, settled__isnull=False, made_at__isnull=False, expires_at__isnull=False)
                   & ~Q(folder="")),
            ),
            models.CheckConstraint(
                name="export_offers_files_only_when_ready", condition=Q(state="ready") | Q(folder="", bytes_here=0)
            ),
            models.CheckConstraint(
                name="export_ended_says_when",
                condition=~Q(state__in=["withdrawn", "cancelled", "failed"])
                | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["measuring", "making"]),
                name="export_to_do",
            ),
            models.Index(fields=["matter", "-id"], name="export_matter"),
            models.Index(fields=["asked_by", "-id"], name="export_asked_by"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_to_expire"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


_S = Export.State
TRANSITIONS: dict[Export.State, frozenset[Export.State]] = {
    _S.MEASURING: frozenset({_S.MEASURED, _S.CANCELLED, _S.FAILED}),
    _S.MEASURED: frozenset({_S.MAKING, _S.CANCELLED, _S.FAILED}),
    _S.MAKING: frozenset({_S.READY, _S.EXPIRED, _S.CANCELLED, _S.FAILED}),
    _S.READY: frozenset({_S.EXPIRED, _S.WITHDRAWN}),
    _S.EXPIRED: frozenset({_S.MAKING, _S.WITHDRAWN}),
    _S.FAILED: frozenset({_S.MAKING}),
}
"""Which state may follow which; from a state that is not named here, none. The database's trigger says the same."""
