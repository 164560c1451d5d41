"""Tokens of the REST API: what a program shows to speak for a person, within what the token allows."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Token(models.Model):
    """A named key of one person's, good for some actions and matters, for a while. The key itself is never stored.

    A token is evidence of who could have asked what: it is revoked, never removed, and triggers let nothing else of it
    change but the time of its last use.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="What it is for, in its owner's words.")
    begins = models.CharField(max_length=12, help_text="The first characters of the key, to tell it by.")
    sha256 = models.BinaryField(
        max_length=32, unique=True, help_text="Of the whole key, 256 bits of it random."
    )
    actions = ArrayField(
        models.CharField(max_length=40),
        help_text="Names of compliance.permissions.Action; the person must have the right as well.",
    )
    matters = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="Only these matters; None: whatever the person may see.",
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)
    why_revoked = models.CharField(max_length=400, blank=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="token_ends", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(name="token_allows_something", condition=~Q(actions=[])),
            models.CheckConstraint(
                name="token_revoked_says_by_whom",
                condition=Q(revoked_at=None, revoked_by_name="", why_revoked="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="token_person")]

    def __str__(self) -> str:
        return str(self.pk)


class TokenAnswer(models.Model):
    """What was answered to a request that changed something, by the Idempotency-Key it came with.

    Written in the transaction of the change: the same request with the same key is answered so again, and changes nothing.
    """

    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="answers", db_index=False)
    key = models.CharField(max_length=200)
    asked = models.BinaryField(
        max_length=32, help_text="SHA-256 of the method, the address and what was said."
    )
    status = models.PositiveSmallIntegerField()
    said = models.JSONField(null=True, help_text="None: nothing was to be said.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="token_answer_once")]

    def __str__(self) -> str:
        return str(self.pk)
