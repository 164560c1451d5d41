"""What custodians are told: the wordings, each notice exactly as it was sent, when the next one is due, and to whom.

A wording is a version that never changes; it comes into force once, by a second person's decision, and the one that
came into force last is used. A notice is rendered when it is prepared and never again: what is reviewed is what is sent,
and what was sent stays. The row is the job that sends it. Triggers hold all of that.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from compliance.models.matters import Custodian, Matter


class NoticeKind(models.TextChoices):
    """What a notice is for."""

    HOLD = "hold", "hold notice"
    REMINDER = "reminder", "reminder"
    ESCALATION = "escalation", "escalation"
    RELEASE = "release", "release notice"


class Channel(models.TextChoices):
    """The way a notice takes."""

    MAIL = "mail", "e-mail"
    CHAT = "chat", "Zoom chat"


class Wording(models.Model):
    """One version of the text of a kind of notice."""

    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    number = models.PositiveIntegerField(help_text="Counted from 1 within its kind.")
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Plain text with placeholders.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by_name = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateTimeField(null=True, help_text="None: not approved.")

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="wording_number_once"),
            models.CheckConstraint(
                name="wording_not_approved_by_its_author", condition=~Q(approved_by=F("made_by"))
            ),
            models.CheckConstraint(name="wording_has_words", condition=~Q(subject="") & ~Q(body="")),
            models.CheckConstraint(
                name="wording_in_force_says_who_approved",
                condition=Q(in_force_from=None, approved_by=None, approved_by_name="")
                | (Q(in_force_from__isnull=False) & ~Q(approved_by_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class NoticePlan(models.Model):
    """How the custodians of a matter are told and reminded. A matter without a row goes by the defaults."""

    class Way(models.TextChoices):
        MAIL = "mail", "by e-mail"
        CHAT = "chat", "in Zoom chat"
        BOTH = "both", "by e-mail and in Zoom chat"

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="notice_plan")
    at_once = models.BooleanField(
        default=False, help_text="Whether notices are sent when they are prepared, or wait to be reviewed."
    )
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.MAIL)
    contact = models.CharField(
        max_length=200, blank=True, help_text="Whom to ask; empty: who opened the matter."
    )
    chat_sender = models.CharField(
        max_length=320, blank=True, help_text="The Zoom user whose chat it is; empty: the app's own user."
    )
    remind_after_days = models.PositiveSmallIntegerField(default=3)
    reminders = models.PositiveSmallIntegerField(default=3)
    escalate_after_days = models.PositiveSmallIntegerField(default=10, help_text="0: never.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_plan_within_reason",
                condition=Q(remind_after_days__range=(1, 90))
                & Q(reminders__range=(0, 20))
                & Q(escalate_after_days__range=(0, 365)),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Superior(models.Model):
    """To whom it is said that a custodian does not answer. The newest row of a custodian counts; none is changed."""

    custodian = models.ForeignKey(Custodian, on_delete=models.PROTECT, related_name="superiors")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=320)
    given_by_name = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """One text to one person, one way.

    The hold notice a custodian acknowledges has no `first`. Reminders, the escalation and what goes the other way as
    well name it there.
    """

    class State(models.TextChoices):
        REVIEW = "review", "waits to be reviewed"
        DUE = "due", "to be sent"
        CLAIMED = "claimed", "being sent"
        SENT = "sent", "sent"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        UNSURE = "unsure", "may have been sent"
        FAILED = "failed", "not sent"
        DISCARDED = "discarded", "discarded"

    key = models.UUIDField(unique=True, help_text="What its acknowledgement link names.")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="notices")
    custodian = models.ForeignKey(Custodian, on_delete=models.PROTECT, related_name="notices", db_index=False)
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="following")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    number = models.PositiveSmallIntegerField(default=1, help_text="Which reminder; 1 for anything else.")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="notices")
    recipient = models.CharField(
        max_length=320, blank=True, help_text="An address, or a Zoom user; empty: none is known."
    )
    recipient_name = models.CharField(max_length=500)
    chat_sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400, help_text="As sent.")
    body = models.TextField(help_text="As sent, and as shown where it is acknowledged.")
    chat_text = models.TextField(blank=True, help_text="What stands in the chat: the body where it fits.")
    sha256 = models.BinaryField(max_length=32, help_text="Over subject, an empty line, and body, in UTF-8.")
    message_id = models.CharField(max_length=200, blank=True, help_text="A mail's, fixed before it is sent.")
    why = models.TextField(blank=True, help_text="Why it was sent once more.")
    prepared_at = models.DateTimeField()
    prepared_by_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, help_text="Fences a worker that lost its claim out.")
    handed_over_at = models.DateTimeField(
        null=True, help_text="Since when the last attempt may have reached somebody."
    )
    last_error = models.TextField(blank=True, help_text="In words; empty when there is none.")
    sent_at = models.DateTimeField(null=True)
    zoom_message_id = models.CharField(max_length=255, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_from = models.GenericIPAddressField(null=True)
    acknowledged_with = models.CharField(
        max_length=300, blank=True, help_text="The browser's own description."
    )
    comment = models.TextField(blank=True, help_text="What the custodian wrote beside it.")
    revoked_at = models.DateTimeField(
        null=True, help_text="Since when its link is dead and it is not in effect."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["custodian"],
                condition=Q(kind="hold", first=None, revoked_at=None) & ~Q(state="discarded"),
                name="hold_notice_once",
            ),
            models.UniqueConstraint(
                fields=["first", "kind", "number", "channel"],
                condition=Q(first__isnull=False) & ~Q(state="discarded"),
                name="notice_following_once",
            ),
            models.UniqueConstraint(
                fields=["custodian", "channel"],
                condition=Q(kind="release") & ~Q(state="discarded"),
                name="release_notice_once",
            ),
            models.CheckConstraint(
                name="notice_follows_its_first",
                condition=Q(kind="hold")
                | Q(kind="release", first=None)
                | Q(kind__in=["reminder", "escalation"], first__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_acknowledged_at_a_time",
                condition=Q(state="acknowledged", kind="hold", first=None, acknowledged_at__isnull=False)
                | (~Q(state="acknowledged") & Q(acknowledged_at=None)),
            ),
            models.CheckConstraint(
                name="notice_sent_at_a_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="notice_to_be_sent_has_a_recipient",
                condition=~Q(recipient="") | Q(state__in=["failed", "discarded", "review"]),
            ),
        ]
        indexes = [
            models.Index(fields=["custodian", "id"], name="notice_custodian"),
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["due", "claimed"]), name="notice_to_send"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


_S = Notice.State
TRANSITIONS: dict[Notice.State, frozenset[Notice.State]] = {
    _S.REVIEW: frozenset({_S.DUE, _S.DISCARDED}),
    _S.DUE: frozenset({_S.CLAIMED, _S.ACKNOWLEDGED, _S.DISCARDED}),
    _S.CLAIMED: frozenset({_S.DUE, _S.SENT, _S.ACKNOWLEDGED, _S.UNSURE, _S.FAILED, _S.DISCARDED}),
    _S.UNSURE: frozenset({_S.DUE, _S.ACKNOWLEDGED}),
    _S.FAILED: frozenset({_S.DUE, _S.ACKNOWLEDGED, _S.DISCARDED}),
    _S.SENT: frozenset({_S.ACKNOWLEDGED}),
}
"""Which state may follow which; from a state that is not named here, none. The database's trigger says the same."""
