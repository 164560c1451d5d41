"""Second factors: codes of an authenticator app, passkeys, recovery codes; who must have one, and the trail of them.

Secrets are sealed in the database with a key of SECRET_KEY. Adding, replacing, removing and using a factor are events
of the audit trail, written in the transaction of what they describe: rows are watched, not allauth's signals, which
come after the commit. The views run in one transaction each (`compliance/urls.py`).
"""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from archive import sealing
from compliance import audit, permissions
from compliance.permissions import Role

Kind = Authenticator.Type
NAMES = {
    Kind.TOTP: "authenticator app",
    Kind.WEBAUTHN: "passkey",
    Kind.RECOVERY_CODES: "recovery codes",
}
STEP_SECONDS = 30
"""How long a code of an app is shown."""
OFFICERS = frozenset({Role.COMPLIANCE_OFFICER, Role.RECORDS_MANAGER, Role.CHIEF_AUDITOR, Role.ADMINISTRATOR})
"""Whom `officers` means: who decides, who reads what everybody searched for, and who could set an officer's password."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Allauth's hooks: secrets are sealed, and the last factor of somebody who must have one stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code does not fit. Codes of an app change every 30 seconds, and each is good once.",
        "cannot_delete_authenticator": "Your role needs a second factor. Add another one before you remove this.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where SECRET_KEY has changed, one that nobody knows, so that no code fits."""
        try:
            return sealing.unseal(encrypted_text.encode())
        except sealing.SealBroken:
            return str(generate_totp_secret())

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, to stand within a page: the policy admits no image from a `data:` address."""
        return str(super().build_totp_svg(url)).partition("?>")[2].strip()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        person = authenticator.user
        return not must_have(person) or _of(person).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"


class Stage(AuthenticateStage):  # type: ignore[misc]
    """Asking for the second factor, but for sign-ins that a provider vouches for where the setting says so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not _is_vouched_for(request, self.login.user)


def must_have(person: User) -> bool:
    """Whether the setting asks this person for a second factor."""
    wanted = settings.HOLDFAST_REQUIRE_SECOND_FACTOR
    if wanted == "officers":
        return bool(OFFICERS & permissions.roles(person))
    return bool(wanted == "everyone")


def officers() -> QuerySet[User]:
    """Everybody who decides, or could set an officer's password."""
    named = Q(groups__name__in=[role.value for role in OFFICERS]) | Q(is_superuser=True)
    return User.objects.filter(named, is_active=True).order_by("username").distinct()


def lacks(request: HttpRequest, person: User) -> bool:
    """Whether the person must have a second factor and has none: they are led to set one up, and nowhere else."""
    return must_have(person) and not _is_vouched_for(request, person) and not _of(person).exists()


def used(request: HttpRequest, person: User) -> list[str]:
    """With what the person signed in, in the order of the steps, as the trail says it."""
    steps = []
    for step in get_authentication_records(request, person):
        if not step.get("reauthenticated"):
            method = str(step.get("method"))
            steps.append(NAMES[Kind(step["type"])] if method == "mfa" else _METHODS.get(method, method))
    return steps


def kinds(person: User) -> list[str]:
    """The second factors a person has, by name."""
    found = _of(person).order_by("type").values_list("type", flat=True).distinct()
    return [NAMES[Kind(kind)] for kind in found]


def take_off(*, person: User) -> list[str]:
    """Remove all factors of a person who lost them, in the caller's transaction; returns which there were."""
    had = kinds(person)
    Authenticator.objects.filter(user=person).delete()
    return had


def was_used(code: str, *, person: User) -> bool:
    """Whether the person has used this code while it fits."""
    return cache.get(_use_of(code, person)) is not None


def remember_use(code: str, *, person: User) -> None:
    """Keep a used code for as long as it fits. Allauth keeps it for one step, and one step late it would fit again."""
    steps = 2 * settings.MFA_TOTP_TOLERANCE + 1
    cache.set(_use_of(code, person), 1, timeout=steps * STEP_SECONDS)


def record_failure(person: User | None, error: ValidationError, *, with_what: str) -> None:
    """Write to the trail that a code or passkey did not fit, or that tries are refused unread for a while."""
    locked = error.code in {"too_many_login_attempts", "rate_limited"}
    reason = f"locked out after too many wrong {with_what}s" if locked else f"wrong {with_what}"
    details = {"name": "unknown" if person is None else person.username, "reason": reason}
    audit.record(
        action=audit.Action.SIGN_IN_FAILED, subject="console", details=details, by=None, now=timezone.now()
    )


_METHODS = {"password": "password", "socialaccount": "single sign-on"}


def _use_of(code: str, person: User) -> str:
    """The key of a use: digits only, since a code may be typed with gaps; hashed, since a cache can be read."""
    digits = "".join(letter for letter in code if letter.isdigit())
    return f"code-used:{salted_hmac('code-used', f'{person.pk}:{digits}').hexdigest()}"


def _of(person: User) -> Any:
    return Authenticator.objects.filter(user=person, type__in=(Kind.TOTP, Kind.WEBAUTHN))


def _is_vouched_for(request: HttpRequest, person: User | None) -> bool:
    if person is None or not settings.HOLDFAST_OIDC_IS_SECOND_FACTOR:
        return False
    return any(step.get("method") == "socialaccount" for step in get_authentication_records(request, person))


@receiver(post_save, sender=Authenticator)
def _added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _record(instance, {"added": NAMES[Kind(instance.type)]})


@receiver(post_delete, sender=Authenticator)
def _removed(instance: Authenticator, **_: Any) -> None:
    _record(instance, {"removed": NAMES[Kind(instance.type)]})


@receiver(signals.authenticator_used)
def _used(user: User, authenticator: Authenticator, **rest: Any) -> None:
    details: dict[str, Any] = {"used": NAMES[Kind(authenticator.type)]}
    if authenticator.type == Kind.RECOVERY_CODES:
        fresh = Authenticator.objects.get(
            pk=authenticator.pk
        )  # what allauth hands over was read before the use
        details["left"] = len(fresh.wrap().get_unused_codes())
    if rest.get("reauthenticated"):
        details["to"] = "confirm who it is"
    _write(audit.Action.CONFIRMED, user, details, by=user)


def _record(factor: Authenticator, details: dict[str, Any]) -> None:
    """Who did it is whoever asks; the system where nobody does."""
    asking = getattr(context.request, "user", None)
    by = asking if isinstance(asking, User) else None
    _write(audit.Action.CHANGED, factor.user, {"second factor": details}, by=by)


def _write(action: audit.Action, person: User, details: dict[str, Any], *, by: User | None) -> None:
    with transaction.atomic():
        audit.record(action=action, subject=f"person/{person.pk}", details=details, by=by, now=timezone.now())
