"""Signing in and out: by password, without sign-up, and written to the audit trail, good or bad.

Wrong passwords are counted in Redis by allauth; after five for one name within five minutes further tries are refused
unread, whoever they come from. A failed sign-in records a name only when somebody has it: people type passwords into
the wrong field.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import signals
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from compliance import audit

SUBJECT = "console"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Allauth's hooks: nobody signs up, and tries refused by the lock-out are in the trail too."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _record_failure(credentials, reason="locked out after too many wrong passwords")
            raise


@receiver(signals.user_logged_in)
def _signed_in(user: AbstractBaseUser, **_: Any) -> None:
    assert isinstance(user, User)
    with transaction.atomic():
        audit.record(action=audit.Action.SIGNED_IN, subject=SUBJECT, by=user, now=timezone.now())


@receiver(signals.user_logged_out)
def _signed_out(user: AbstractBaseUser | None, **_: Any) -> None:
    if isinstance(user, User):
        with transaction.atomic():
            audit.record(action=audit.Action.SIGNED_OUT, subject=SUBJECT, by=user, now=timezone.now())


@receiver(signals.user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    _record_failure(credentials, reason="wrong name or password")


@receiver(account_signals.password_changed)
def _password_changed(user: User, **_: Any) -> None:
    with transaction.atomic():
        details = {"fields": ["password"]}
        audit.record(
            action=audit.Action.CHANGED,
            subject=f"person/{user.pk}",
            details=details,
            by=user,
            now=timezone.now(),
        )


def _record_failure(credentials: dict[str, Any], *, reason: str) -> None:
    given = str(credentials.get("username") or credentials.get("email") or "")
    known = User.objects.filter(Q(username__iexact=given) | Q(email__iexact=given)).first() if given else None
    details = {"name": "unknown" if known is None else known.username, "reason": reason}
    with transaction.atomic():
        audit.record(
            action=audit.Action.SIGN_IN_FAILED, subject=SUBJECT, details=details, by=None, now=timezone.now()
        )
