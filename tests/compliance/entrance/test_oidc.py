"""Signing in through the organisation's provider: who is let in, with which roles, and what the trail says."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from compliance import oidc, permissions
from compliance.models import AuditEvent
from compliance.permissions import Role
from tests.compliance.entrance import codes
from tests.compliance.entrance.provider import Provider, running

pytestmark = pytest.mark.django_db
LENA = {"sub": "lena-1", "email": "lena@example.test", "email_verified": True, "name": "Lena Ortiz"}


@pytest.fixture(scope="module")
def address() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def acme(address: Provider, settings: Any) -> Provider:
    """The provider Acme, of whose groups one reviews and one audits."""
    address.claims, address.refuses = dict(LENA), ""
    for name, value in address.settings(**{"legal-team": "reviewer", "audit": "auditor"}).items():
        setattr(settings, name, value)
    return address


def through(client: Client, acme: Provider) -> Any:
    """To the provider and back; what the console answers."""
    begun = client.get("/accounts/oidc/login/?next=/sessions/")
    assert begun["Location"].startswith(f"{acme.url}/authorize?")
    back = urlsplit(httpx.get(begun["Location"], timeout=120).headers["Location"])
    assert back.path == "/accounts/oidc/login/callback/"
    return client.get(f"{back.path}?{back.query}")


def roles(username: str) -> set[str]:
    return {role.value for role in permissions.roles(User.objects.get(username=username))}


def test_a_mapped_group_makes_a_person_with_its_role(client: Client, acme: Provider) -> None:
    """Lena of the legal team becomes a reviewer without anybody typing her name, and lands where she wanted to go."""
    acme.claims["groups"] = ["legal-team", "football"]
    assert through(client, acme)["Location"] == "/sessions/"
    assert client.get("/sessions/").status_code == 200
    assert roles("lena") == {Role.REVIEWER}
    assert not User.objects.get(username="lena").has_usable_password()
    kept = [(event.action, event.actor_name, event.details) for event in AuditEvent.objects.order_by("pk")]
    assert kept[:2] == [
        ("changed", "the system", {"roles": ["Reviewer"], "from": "single sign-on"}),
        ("signed_in", "Lena Ortiz (lena)", {"with": ["single sign-on"]}),
    ]


def test_a_stranger_is_refused_and_nobody_is_made(client: Client, acme: Provider) -> None:
    """Olu, who is outside, is known to the provider and to nobody here."""
    acme.claims = {
        "sub": "olu-1",
        "email": "olu@example.test",
        "email_verified": True,
        "groups": ["football"],
    }
    answer = through(client, acme)
    assert answer.status_code == 403
    assert b"Ask your administrator to invite you" in answer.content
    assert client.get("/").status_code == 302
    assert not User.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.subject) == ("refused", "console")


def test_an_invited_person_is_recognised_by_a_verified_address(
    client: Client, acme: Provider, ines: User
) -> None:
    """An administrator made Ines; the provider says the address is hers, in whatever capitals."""
    acme.claims = {"sub": "i-1", "email": "Ines@Example.test", "email_verified": True}
    assert through(client, acme).status_code == 302
    assert client.get("/").status_code == 200
    assert roles("ines") == {Role.COMPLIANCE_OFFICER}
    assert User.objects.count() == 1


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_is_not_verified_takes_nobody_over(
    verified: object, client: Client, acme: Provider, ines: User
) -> None:
    """Whoever may write any address into their profile is not Ines, whatever their groups."""
    acme.claims = {
        "sub": "x-1",
        "email": "ines@example.test",
        "email_verified": verified,
        "groups": ["audit"],
    }
    assert through(client, acme).status_code == 403
    assert client.get("/").status_code == 302


def test_a_setting_believes_addresses_of_a_provider_that_says_nothing(
    client: Client, acme: Provider, ines: User
) -> None:
    """Some providers verify and do not say so."""
    acme.claims = {"sub": "i-1", "email": "ines@example.test"}
    with override_settings(HOLDFAST_OIDC_TRUST_EMAIL=True):
        assert through(client, acme).status_code == 302


def test_the_providers_roles_come_and_go_and_others_stay(client: Client, acme: Provider, ines: User) -> None:
    """Reviewer is the mapping's, compliance officer was given by hand."""
    for groups, expected in (
        (["legal-team", "audit"], {Role.REVIEWER, Role.AUDITOR}),
        (["audit"], {Role.AUDITOR}),
        ([], set()),
    ):
        acme.claims = {"sub": "i-1", "email": "ines@example.test", "email_verified": True, "groups": groups}
        assert through(client, acme).status_code == 302
        assert roles("ines") == {Role.COMPLIANCE_OFFICER, *expected}
        client.post("/accounts/logout/")


def test_a_person_switched_off_stays_out(client: Client, acme: Provider, ines: User) -> None:
    """The provider still knows her; the console does not let her in, and records that she tried."""
    User.objects.filter(pk=ines.pk).update(is_active=False)
    acme.claims = {"sub": "i-1", "email": "ines@example.test", "email_verified": True}
    assert through(client, acme)["Location"] == "/accounts/inactive/"
    assert client.get("/").status_code == 302
    assert AuditEvent.objects.latest("pk").details["reason"] == "the account is switched off"


@pytest.mark.parametrize(
    ("counts", "expected"), [(False, "/accounts/second-factor/code/"), (True, "/sessions/")]
)
def test_a_setting_lets_the_provider_vouch_for_the_second_factor(
    counts: bool, expected: str, client: Client, acme: Provider, ines: User
) -> None:
    """Where the provider asks for one itself, ours is not asked for again."""
    codes.with_app(client, ines)
    client.post("/accounts/logout/")
    acme.claims = {"sub": "i-1", "email": "ines@example.test", "email_verified": True}
    with override_settings(HOLDFAST_OIDC_IS_SECOND_FACTOR=counts, HOLDFAST_REQUIRE_SECOND_FACTOR="everyone"):
        assert through(client, acme)["Location"] == expected


def test_whoever_comes_by_provider_without_vouching_is_led_to_a_factor(
    client: Client, acme: Provider, ines: User
) -> None:
    """Unless the setting says that the provider's word counts."""
    acme.claims = {"sub": "i-1", "email": "ines@example.test", "email_verified": True}
    through(client, acme)
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="everyone"):
        assert client.get("/")["Location"] == "/accounts/second-factor/"
        with override_settings(HOLDFAST_OIDC_IS_SECOND_FACTOR=True):
            assert client.get("/").status_code == 200


def test_a_refusal_at_the_provider_is_told_and_recorded(client: Client, acme: Provider) -> None:
    """Cancelled there, or broken off."""
    acme.refuses = "access_denied"
    assert through(client, acme)["Location"] == "/accounts/oidc/cancelled/"
    assert b"cancelled at Acme" in client.get("/accounts/oidc/cancelled/").content
    acme.refuses = "server_error"
    assert through(client, acme).status_code == 401
    assert AuditEvent.objects.filter(action="sign_in_failed").count() == 2


def test_an_answer_nobody_asked_for_opens_nothing(client: Client, acme: Provider) -> None:
    """A code from somebody else's browser has no state here."""
    assert client.get("/accounts/oidc/login/callback/?code=x&state=y").status_code == 401
    assert client.get("/").status_code == 302


def test_a_provider_that_does_not_answer_is_told(client: Client, acme: Provider, settings: Any) -> None:
    """The entrance stays open for passwords."""
    app = {**acme.settings()["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"][0]}
    app["settings"] = {"server_url": "http://127.0.0.1:9"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    answer = client.get("/accounts/oidc/login/")
    assert answer.status_code == 502
    assert b"sign in another way" in answer.content


def test_without_a_provider_there_is_nothing(client: Client, db: None) -> None:
    """No button, no address."""
    assert client.get("/accounts/oidc/login/").status_code == 404
    assert client.get("/accounts/oidc/login/callback/?code=x&state=y").status_code == 404
    assert b"Sign in with Acme" not in client.get("/accounts/login/").content


def test_a_role_that_does_not_exist_is_named() -> None:
    """A typing mistake in the mapping gives nobody a role in silence."""
    mapping = {"all": "emperor"}
    with override_settings(HOLDFAST_OIDC_ROLES=mapping), pytest.raises(ImproperlyConfigured, match="emperor"):
        oidc.mapping()


def test_the_state_carries_the_proof_of_pkce(client: Client, acme: Provider) -> None:
    """A code that is caught on its way is worth nothing."""
    asked = parse_qs(urlsplit(client.get("/accounts/oidc/login/")["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
