"""Signing in through the organisation's own provider (OpenID Connect): who is let in, and which roles they get.

Nobody gets an account because a provider knows them. A stranger is let in when one of their groups is mapped to a role
(`HOLDFAST_OIDC_ROLES`), or when an administrator has made a person of that e-mail and the provider says it is theirs.
Roles that the mapping names are the provider's: they are given and taken at each sign-in. Roles it does not name are
given by hand. Everything is an event of the audit trail, by the system; what is refused is one, too.
"""

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from compliance import audit, permissions
from compliance.permissions import Role

PROVIDER = "oidc"
ROLES = {role.name.lower().replace("_", "-"): role for role in Role}


class Refused(Exception):
    """Nobody here is this person; the message says why and whom to ask."""


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Allauth's hooks: whoever comes from the provider is somebody here, becomes somebody, or is refused."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person, and give them the provider's roles."""
        claims = _claims(sociallogin.account)
        try:
            with transaction.atomic():
                if not sociallogin.is_existing:
                    sociallogin.connect(request, _somebody(claims))
                _give(sociallogin.user, of_provider(claims))
        except Refused as refusal:
            _record(audit.Action.REFUSED, "console", {"wanted": "sign in", "reason": str(refusal)})
            page = render(request, "socialaccount/refused.html", {"refusal": str(refusal)}, status=403)
            raise ImmediateHttpResponse(page) from refusal

    def on_authentication_error(self, request: HttpRequest, provider: Any, **rest: Any) -> None:  # noqa: ARG002
        """A sign-in that broke off at the provider, or did not check."""
        reason = f"single sign-on: {rest.get('error') or 'unknown'}"
        _record(audit.Action.SIGN_IN_FAILED, "console", {"name": "unknown", "reason": reason})


def is_set_up() -> bool:
    """Whether there is a provider to sign in with."""
    return name() != ""


def name() -> str:
    """What the provider is called at the entrance; "" where there is none."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else ""


def mapping() -> dict[str, Role]:
    """The roles by the group of the provider that gives them; raises ImproperlyConfigured for a role there is not."""
    given: Mapping[str, str] = settings.HOLDFAST_OIDC_ROLES
    unknown = sorted(set(given.values()) - set(ROLES))
    if unknown:
        raise ImproperlyConfigured(
            f"HOLDFAST_OIDC_ROLES names {', '.join(unknown)}; the roles are {', '.join(ROLES)}."
        )
    return {group: ROLES[role] for group, role in given.items()}


def of_provider(claims: Mapping[str, Any]) -> frozenset[Role]:
    """The roles that the groups in the claim are mapped to."""
    groups = claims.get(settings.HOLDFAST_OIDC_GROUPS_CLAIM) or []
    named = {groups} if isinstance(groups, str) else {str(group) for group in groups}
    return frozenset(role for group, role in mapping().items() if group in named)


def _claims(account: SocialAccount) -> dict[str, Any]:
    """What the provider said: its user information over its token, since some put groups only in one of them."""
    said = account.extra_data
    return {**(said.get("id_token") or {}), **(said.get("userinfo") or {})} or dict(said)


def _somebody(claims: Mapping[str, Any]) -> User:
    """The person who was invited under the e-mail, or a new one where a group is mapped to a role."""
    email = str(claims.get("email") or "").strip().lower()
    known = User.objects.select_for_update().filter(email__iexact=email).first() if email else None
    is_theirs = claims.get("email_verified") is True or settings.HOLDFAST_OIDC_TRUST_EMAIL
    if known is not None:
        if not is_theirs:
            raise Refused(
                "Your provider does not say that your e-mail is yours, and somebody here has it. "
                "Ask your administrator."
            )
        return known
    if not of_provider(claims):
        raise Refused(
            "You have no account here: none of your groups has a role, and nobody invited your e-mail. "
            "Ask your administrator to invite you."
        )
    return _made(claims, email=email)


def _made(claims: Mapping[str, Any], *, email: str) -> User:
    wanted = str(claims.get("preferred_username") or email.partition("@")[0] or claims["sub"])
    stem = slugify(wanted.partition("@")[0])[:140] or "person"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    username = next(
        one
        for one in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        if one not in taken
    )
    first, _, last = str(claims.get("name") or "").partition(" ")
    person = User(
        username=username,
        email=email,
        first_name=str(claims.get("given_name") or first)[:150],
        last_name=str(claims.get("family_name") or last)[:150],
    )
    person.set_unusable_password()
    person.save()
    return person


def _give(person: User, given: frozenset[Role]) -> None:
    """Set those of the person's roles that the mapping names; recorded when that changes anything."""
    managed = frozenset(mapping().values())
    had = frozenset(Role(name) for name in person.groups.values_list("name", flat=True) if name in list(Role))
    roles = (had - managed) | given
    if roles == had:
        return
    person.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    person.is_staff = bool(permissions.STAFF & roles)
    person.save(update_fields=["is_staff"])
    details = {"roles": sorted(role.value for role in roles), "from": "single sign-on"}
    _record(audit.Action.CHANGED, f"person/{person.pk}", details)


def _record(action: audit.Action, subject: str, details: dict[str, Any]) -> None:
    """What the provider brought about, in the name of the system."""
    with transaction.atomic():
        audit.record(action=action, subject=subject, details=details, by=None, now=timezone.now())
