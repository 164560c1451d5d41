"""The admin: records to be looked at, and no second door to the words or to appointing people."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User

from archive.models import EVIDENCE, Session
from compliance.models import AuditEvent
from tests.compliance import world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db


def test_messages_are_found_by_the_engine_through_the_audited_door(ines: User, as_person: As) -> None:
    """The admin's search box is the search page's, and recorded like it."""
    world.fill(messages=3)
    world.index()
    html = as_person(ines).get("/admin/archive/message/", {"q": "plain OR someday"}).content.decode()
    assert "4 found" in html
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.details["query"]) == ("searched", "plain OR someday")


def test_a_query_that_makes_no_sense_finds_nothing_and_says_so(ines: User, as_person: As) -> None:
    """Never everything."""
    world.fill(messages=1)
    world.index()
    html = as_person(ines).get("/admin/archive/message/", {"q": '"unfinished'}).content.decode()
    assert "0 found" in html


def test_a_message_opens_in_the_console(ines: User, as_person: As) -> None:
    """Where looking is recorded."""
    world.fill(messages=1)
    key = world.message("main").pk
    response = as_person(ines).get(f"/admin/archive/message/{key}/change/")
    assert response["Location"] == f"/messages/{key}/"


def test_evidence_cannot_be_added_changed_or_deleted(ines: User, as_person: As) -> None:
    """Not by the form, not by its address."""
    world.fill(messages=1)
    client = as_person(ines)
    for model in EVIDENCE:
        if admin.site.is_registered(model):
            base = f"/admin/archive/{model._meta.model_name}/"
            assert client.get(f"{base}add/").status_code == 403
            row = model._default_manager.first()
            if row is not None:
                assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_no_column_with_words_or_secrets_is_shown(ines: User, as_person: As) -> None:
    """Raw bytes, texts and the sealed secret stay out of the admin."""
    for model, registered in admin.site._registry.items():
        if apps.get_containing_app_config(model.__module__).name == "archive":  # type: ignore[union-attr]
            fields = set(registered.get_fields(None))  # type: ignore[arg-type]
            assert not fields & {"raw", "text", "salt", "sealed_client_secret"}, model


def test_names_of_strangers_are_inert_on_a_records_page(ines: User, as_person: As) -> None:
    """A session may be called anything."""
    session = world.fill(messages=1)[0]
    Session.objects.filter(pk=session.pk).update(name="invoice \u202egnp.exe <b>")
    html = as_person(ines).get(f"/admin/archive/session/{session.pk}/change/").content.decode()
    assert "\u202e" not in html
    assert "[U+202E]" in html
    assert "&lt;b&gt;" in html


def test_people_are_appointed_nowhere_in_the_admin(ada: User, ines: User, as_person: As) -> None:
    """There is one door for that, the console's; an administrator, who cannot read, finds nothing here."""
    assert not admin.site.is_registered(User)
    assert {model._meta.app_label for model in admin.site._registry} == {"archive", "compliance"}
    assert as_person(ines).get("/admin/auth/user/").status_code == 404
    assert as_person(ada).get("/admin/").status_code == 302
