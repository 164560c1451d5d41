"""Pulling from Zoom: runs, windows, pages, and the account that must balance.

A window is one session (or the list of sessions) over one span of days; its row is the job. For every session
and day, `DayCount` holds the last complete pull's account: offered = archived + duplicate + excluded + failed +
destroyed (said before, and destroyed here since: not stored again).
"""

from django.db import models
from django.db.models import F, Q

from archive.models.accounts import Account
from archive.models.directory import Session


class Run(models.Model):
    """One capture run: what was asked, when it began and ended, and how it went."""

    class Kind(models.TextChoices):
        BACKFILL = "backfill", "backfill"
        SCHEDULED = "scheduled", "scheduled capture"
        SWEEP = "sweep", "sweep for late edits and deletions"
        MANUAL = "manual", "started by a person"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    requests_estimated = models.PositiveIntegerField(null=True)
    windows_total = models.PositiveIntegerField(null=True)
    """Windows of the run when it ended: later runs take the windows over, so they cannot be counted afterwards."""
    windows_complete = models.PositiveIntegerField(null=True)
    windows_gaps = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.pk)


class Window(models.Model):
    """One span of days to read from its first page to its last. A window that is not complete is a gap."""

    class Kind(models.TextChoices):
        SESSIONS = "sessions", "list of sessions"
        MESSAGES = "messages", "messages"
        MODIFICATIONS = "modifications", "late edits and deletions"
        ACTIVITIES = "activities", "channel joins and leaves"
        DIRECTORY = "directory", "channels, contacts, emoji"

    class State(models.TextChoices):
        DUE = "due", "waiting"
        CLAIMED = "claimed", "being pulled"
        COMPLETE = "complete", "complete"
        GAP = "gap", "gap"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="windows")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="windows")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="windows")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(
        null=True, help_text="Fences a worker that lost its claim out of closing the window."
    )
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    last_error_code = models.CharField(max_length=50, blank=True)
    complete_through = models.DateTimeField(
        null=True, help_text="Proven complete for all sent before this moment."
    )
    closed_at = models.DateTimeField(null=True)
    pulls = models.PositiveIntegerField(default=0, help_text="Complete pulls so far.")
    pages = models.PositiveIntegerField(default=0, help_text="Pages of the pull under way or last finished.")
    offered = models.PositiveBigIntegerField(default=0)
    archived = models.PositiveBigIntegerField(default=0)
    duplicate = models.PositiveBigIntegerField(default=0)
    excluded = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    destroyed = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "session", "first_day"], nulls_distinct=False, name="window_once"
            ),
            models.CheckConstraint(
                name="window_balances",
                condition=Q(
                    offered=F("archived") + F("duplicate") + F("excluded") + F("failed") + F("destroyed")
                ),
            ),
            models.CheckConstraint(name="window_days_in_order", condition=Q(last_day__gte=F("first_day"))),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["due", "gap"]), name="window_due"
            ),
            models.Index(fields=["session", "first_day"], name="window_session"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Page(models.Model):
    """Evidence: one reply Zoom gave us, where each record came from."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="fetched_pages")
    pull = models.PositiveIntegerField(help_text="Which pull of the window.")
    number = models.PositiveIntegerField(help_text="From 1 within the pull.")
    operation = models.CharField(max_length=60)
    request = models.TextField(help_text="Method, path and query without the page token.")
    status = models.PositiveSmallIntegerField()
    body_sha256 = models.BinaryField(max_length=32)
    body_bytes = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class Unreadable(models.Model):
    """Evidence: bytes Zoom sent that could not be archived as what they should be. Never dropped."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="unreadables")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True)
    reason = models.TextField()
    raw = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class DayCount(models.Model):
    """The account of one session and UTC day, as the last complete pull of its window left it."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="days")
    offered = models.PositiveBigIntegerField()
    archived = models.PositiveBigIntegerField(help_text="New to the archive in that pull.")
    duplicate = models.PositiveBigIntegerField(
        help_text="Already in the archive, byte for byte the same record."
    )
    excluded = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    destroyed = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="Destroyed here before that pull, and not stored again."
    )
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["day"], include=["session", "offered"], name="day_count_offered")]
        constraints = [
            models.UniqueConstraint(fields=["session", "day"], name="day_count_once"),
            models.CheckConstraint(
                name="day_count_balances",
                condition=Q(
                    offered=F("archived") + F("duplicate") + F("excluded") + F("failed") + F("destroyed")
                ),
            ),
        ]
