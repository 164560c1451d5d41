"""Allauth's forms for codes and passkeys, with every try that does not fit written to the trail."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from compliance import factors


class _RecordsCodes:
    """Records a code that does not fit, and tries that are refused unread; a code that was used fits no more."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> Any:
        try:
            if factors.was_used(self.cleaned_data["code"], person=self.user):
                raise get_adapter().validation_error("incorrect_code")
            code = super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            factors.record_failure(self.user, error, with_what="code")
            raise
        factors.remember_use(code, person=self.user)
        return code


class _RecordsPasskeys:
    """Records a passkey that does not fit, and tries that are refused unread."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            factors.record_failure(self.user, error, with_what="passkey")  # type: ignore[attr-defined]
            raise


class Authenticate(_RecordsCodes, AuthenticateForm):  # type: ignore[misc]
    """A code, to sign in."""


class Reauthenticate(_RecordsCodes, ReauthenticateForm):  # type: ignore[misc]
    """A code, to confirm who it is."""


class AuthenticatePasskey(_RecordsPasskeys, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as second factor, to sign in."""


class ReauthenticatePasskey(_RecordsPasskeys, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to confirm who it is."""


class SignInByPasskey(_RecordsPasskeys, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone, to sign in."""
