"""Signing in and out, and what the trail says of it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from compliance.models import AuditEvent
from tests.compliance import world
from tests.compliance.cast import PASSWORD

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str]]:
    return [(event.action, event.actor_name) for event in AuditEvent.objects.order_by("pk")]


def sign_in(client: Client, name: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": name, "password": password}).status_code


def test_a_right_password_opens_the_console_and_is_recorded(client: Client, ines: User) -> None:
    """Ines signs in with her name and lands on the overview."""
    assert sign_in(client, "ines", PASSWORD) == 302
    assert client.get("/").status_code == 200
    assert trail() == [("signed_in", "Ines Moreau (ines)")]


def test_an_email_address_serves_as_a_name(client: Client, ines: User) -> None:
    """People remember their address better than their name here."""
    assert sign_in(client, "ines@example.test", PASSWORD) == 302


def test_a_wrong_password_is_recorded_and_opens_nothing(client: Client, ines: User) -> None:
    """The trail names whose account was tried."""
    assert sign_in(client, "ines", "guess") == 200
    event = AuditEvent.objects.get()
    assert (event.action, event.details["name"]) == ("sign_in_failed", "ines")
    assert client.get("/").status_code == 302


def test_a_password_typed_as_a_name_does_not_enter_the_trail(client: Client, ines: User) -> None:
    """A name nobody has may be somebody's password."""
    sign_in(client, PASSWORD, "ines")
    assert AuditEvent.objects.get().details["name"] == "unknown"


def test_five_wrong_passwords_lock_the_right_one_out(client: Client, ines: User) -> None:
    """Guessing stops working, and the refused tries are in the trail."""
    for _ in range(5):
        sign_in(client, "ines", "guess")
    assert sign_in(client, "ines", PASSWORD) == 200
    assert "locked out" in AuditEvent.objects.latest("pk").details["reason"]


def test_nobody_signs_up(client: Client, db: None) -> None:
    """Accounts are made by an administrator."""
    assert b"Sign-up is closed" in client.get("/accounts/signup/").content
    client.post("/accounts/signup/", {"username": "olu", "email": "o@x.test", "password1": PASSWORD})
    assert not User.objects.exists()


def test_signing_out_is_recorded(client: Client, ines: User) -> None:
    """And the console is closed again."""
    sign_in(client, "ines", PASSWORD)
    client.post("/accounts/logout/")
    assert trail()[-1] == ("signed_out", "Ines Moreau (ines)")
    assert client.get("/").status_code == 302


def test_a_sign_in_that_cannot_be_recorded_does_not_happen(client: Client, ines: User) -> None:
    """No event, no entrance."""
    client.raise_request_exception = False
    world.fill_up_the_trail()
    assert sign_in(client, "ines", PASSWORD) == 500
    assert client.get("/").status_code == 302
