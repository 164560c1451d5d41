"""What is somebody's: their searches, notes, sessions and passkeys. Another's is not found, by reading or by writing.

Which roles may do so at all, and whose matter it is, is tried in `test_every_address.py`.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import search
from compliance import saved
from compliance.models import Note, SavedSearch
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.approvals.shelf import second_officer
from tests.compliance.conftest import As
from tests.compliance.entrance import passkeys

pytestmark = pytest.mark.django_db
OF_SEARCHES = {"run_search": {}, "change_search": {"name": "Renamed"}, "remove_search": {}}


@dataclass(frozen=True)
class Belongings:
    """The keys of a private search, a note, a session and a passkey."""

    search: int
    note: int
    session: int
    passkey: int


def belonging_to(person: User) -> Belongings:
    kept = saved.save(
        name=f"of {person.username}", query="plain", order=search.Order.NEWEST, by=person, now=scenes.NOW
    )
    note = Note.objects.create(
        message_id=world.message("edited").pk,
        text="mine",
        made_by=person,
        made_by_name="x",
        made_at=scenes.NOW,
    )
    key, ends = f"of-{person.pk}", timezone.now() + timedelta(hours=1)
    Session.objects.create(session_key=key, session_data="", expire_date=ends)
    session = UserSession.objects.create(user=person, ip="127.0.0.1", session_key=key, user_agent="x")
    made = {"name": "mine", "credential": passkeys.credential(person.username)}
    passkey = Authenticator.objects.create(user=person, type="webauthn", data=made)
    return Belongings(kept.pk, note.pk, session.pk, passkey.pk)


@dataclass(frozen=True)
class Two:
    """Ines, who asks, with what is hers, and what is Samir's."""

    client: Client
    own: Belongings
    others: Belongings

    def read(self, name: str, **keys: int) -> int:
        return self.client.get(reverse(name, kwargs=keys)).status_code

    def write(self, name: str, form: dict[str, str], **keys: int) -> int:
        return self.client.post(reverse(name, kwargs=keys), form).status_code


@pytest.fixture
def two(ines: User, as_person: As) -> Two:
    """Both may do the same; Ines has just confirmed who she is, so that no page asks her again."""
    world.fill(messages=2)
    world.index()
    client = as_person(ines)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(ines.pk)
    session.save()
    return Two(client, belonging_to(ines), belonging_to(second_officer()))


def test_a_private_search_is_read_by_whose_it_is(two: Two) -> None:
    """Until it is shared."""
    assert two.read("saved_search", search_id=two.own.search) == 200
    assert two.read("saved_search", search_id=two.others.search) == 404
    SavedSearch.objects.filter(pk=two.others.search).update(is_shared=True)
    assert two.read("saved_search", search_id=two.others.search) == 200


@pytest.mark.parametrize("name", OF_SEARCHES)
def test_a_search_is_run_changed_and_removed_by_whose_it_is(name: str, two: Two) -> None:
    """A search of somebody else's is not found, and stays as it was."""
    before = SavedSearch.objects.filter(pk=two.others.search).values().get()
    assert two.write(name, OF_SEARCHES[name], search_id=two.others.search) == 404
    assert SavedSearch.objects.filter(pk=two.others.search).values().get() == before
    assert two.write(name, OF_SEARCHES[name], search_id=two.own.search) == 302


@pytest.mark.parametrize("name", ["change_search", "remove_search"])
def test_a_shared_search_stays_its_makers(name: str, two: Two) -> None:
    """Everybody runs it; nobody else renames or removes it."""
    SavedSearch.objects.filter(pk=two.others.search).update(is_shared=True)
    assert two.write("run_search", {}, search_id=two.others.search) == 302
    assert two.write(name, OF_SEARCHES[name], search_id=two.others.search) == 404


def test_a_note_is_changed_by_whose_it_is(two: Two) -> None:
    """A new version of somebody else's note is refused, and theirs is the newest still."""
    message = world.message("edited").pk
    assert two.write("note", {"text": "x", "replaces": str(two.others.note)}, message_id=message) == 404
    assert not Note.objects.filter(replaces=two.others.note).exists()
    assert two.write("note", {"text": "x", "replaces": str(two.own.note)}, message_id=message) == 302


def test_a_session_is_ended_by_whose_it_is(two: Two) -> None:
    """Whoever knows the number of another's ends nothing."""
    assert two.write("end_session", {}, session_id=two.others.session) == 404
    assert two.write("end_other_sessions", {}) == 302
    assert UserSession.objects.filter(pk=two.others.session).exists()
    assert not UserSession.objects.filter(pk=two.own.session).exists()


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_a_passkey_is_renamed_and_removed_by_whose_it_is(name: str, two: Two) -> None:
    """Another's is not found, and lets its owner in as before."""
    assert two.read(name, pk=two.others.passkey) == 404
    assert two.write(name, {"name": "theirs"}, pk=two.others.passkey) == 404
    assert Authenticator.objects.get(pk=two.others.passkey).data["name"] == "mine"
    assert two.read(name, pk=two.own.passkey) == 200
    assert two.write(name, {"name": "hers"}, pk=two.own.passkey) == 302
