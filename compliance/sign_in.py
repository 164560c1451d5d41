"""Signing in and out, without sign-up, and written to the audit trail, good or bad.

Wrong passwords and wrong codes are counted in Redis by allauth; after five for one name within five minutes further
tries are refused unread, whoever they come from. A failed sign-in records a name only when somebody has it: people
type passwords into the wrong field.
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
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance import audit, factors, signed_in

SUBJECT = "console"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Allauth's hooks: nobody signs up, and tries refused by the lock-out are in the trail too."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many wrong tries. Wait five minutes, then try again.",
        "rate_limited": "Too many wrong tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _record_failure(credentials, reason="locked out after too many wrong passwords")
            raise

    def pre_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse | None:
        """Whoever is switched off gets no further, whatever they signed in with; that they tried is recorded."""
        if not user.is_active:
            _record_failure({"username": user.username}, reason="the account is switched off")
        response: HttpResponse | None = super().pre_login(request, user, **rest)
        return response

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the password confirms who it is; a wrong one is recorded like one at the entrance."""
        is_right = bool(super().reauthenticate(user, password))
        if not is_right:
            _record_failure({"username": user.username}, reason="wrong password to confirm who it is")
        return is_right

    def get_login_stages(self) -> list[str]:
        """Allauth's steps, with our own rule of when the second factor is asked for."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "compliance.factors.Stage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """The ways to confirm who it is, in our words."""
        words = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code"}
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [way | {"description": words.get(way["id"], "Use a passkey")} for way in ways]

    def get_client_ip(self, request: HttpRequest) -> str:  # noqa: ARG002
        """The address the trail records; on a Unix socket there is none, and nobody is kept out for that."""
        return audit.ADDRESS.get() or "0.0.0.0"


@receiver(signals.user_logged_in)
def _signed_in(user: AbstractBaseUser, request: HttpRequest, **_: Any) -> None:
    assert isinstance(user, User)
    steps = factors.used(request, user)
    details = {"with": steps} if steps else {}
    with transaction.atomic():
        audit.record(
            action=audit.Action.SIGNED_IN, subject=SUBJECT, details=details, by=user, now=timezone.now()
        )


@receiver(signals.user_logged_out)
def _signed_out(user: AbstractBaseUser | None, **_: Any) -> None:
    if isinstance(user, User):
        with transaction.atomic():
            audit.record(action=audit.Action.SIGNED_OUT, subject=SUBJECT, by=user, now=timezone.now())


@receiver(signals.user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    _record_failure(credentials, reason="wrong name or password")


@receiver(account_signals.password_changed)
def _password_changed(user: User, request: HttpRequest, **_: Any) -> None:
    """A new password ends every other session: whoever knew the old one is out."""
    with transaction.atomic():
        details = {"fields": ["password"]}
        signed_in.end_others(by=user, this=request.session.session_key, now=timezone.now())
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
