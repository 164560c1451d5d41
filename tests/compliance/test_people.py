"""People: invited, appointed, dismissed, switched off, by an administrator and never by themselves."""

import os
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from compliance import people, permissions, told
from compliance.models import AuditEvent, Told
from compliance.permissions import Role
from tests.compliance import cast, world
from tests.compliance.conftest import As
from tests.compliance.entrance import codes

pytestmark = pytest.mark.django_db
NEW = "another long and quiet one"
LENA = {"full_name": "Lena Ortiz", "email": "lena@example.test", "username": "", "roles": ["Reviewer"]}


def mailed() -> str:
    """Send what is due; the address in the newest mail."""
    while told.mail_next(clock=timezone.now):
        pass
    found = re.search(r"/accounts/password/\S+", str(mail.outbox[-1].body))
    assert found is not None
    return found.group()


def set_password(client: Client, address: str) -> Any:
    """Open the link and choose a password."""
    opened = client.get(address, follow=True)
    return client.post(opened.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})


def details() -> dict[str, Any]:
    return dict(AuditEvent.objects.filter(action="changed").latest("pk").details)


def test_somebody_is_invited_chooses_a_password_and_signs_in(
    ada: User, as_person: As, client: Client
) -> None:
    """From Ada's form to Lena's first look; the address is in the mail and nowhere else."""
    assert as_person(ada).post("/people/invite/", LENA).status_code == 302
    lena = User.objects.get(username="lena")
    assert not lena.has_usable_password()
    address = mailed()
    assert mail.outbox[-1].to == ["lena@example.test"]
    assert set_password(client, address)["Location"] == "/accounts/login/"
    assert client.post("/accounts/login/", {"login": "lena", "password": NEW}).status_code == 302
    assert client.get("/search/").status_code == 200
    assert details() == {"fields": ["password"], "by": "a link that was mailed"}
    assert address not in str(list(Told.objects.values())) + str(list(AuditEvent.objects.values()))


def test_a_link_is_good_once_and_for_three_days(ada: User, as_person: As, client: Client) -> None:
    """Used, old, or of somebody switched off, it opens nothing, and says so."""
    as_person(ada).post("/people/invite/", LENA)
    address = mailed()
    lena = User.objects.get(username="lena")
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert b"not good any more" in client.get(address).content
    people.switch(person_id=lena.pk, is_active=False, by=ada, now=timezone.now())
    assert b"not good any more" in client.get(address).content
    people.switch(person_id=lena.pk, is_active=True, by=ada, now=timezone.now())
    set_password(client, address)
    assert b"not good any more" in Client().get(address).content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "INES@example.test"}, "has that e-mail"),
        ({"username": "ines"}, "signs in as “ines” already"),
    ],
)
def test_nobody_is_invited_twice(
    change: dict[str, str], words: str, ada: User, ines: User, as_person: As
) -> None:
    """And nobody's account is taken over by an invitation."""
    page = as_person(ada).post("/people/invite/", LENA | change).content.decode()
    assert words in page
    assert set(User.objects.values_list("username", flat=True)) == {"ada", "ines"}


def test_without_mail_nobody_is_invited(ada: User, as_person: As, settings: Any) -> None:
    """The page says what to do instead, and no half person is made."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    client = as_person(ada)
    assert b"manage.py appoint" in client.get("/people/invite/").content
    client.post("/people/invite/", LENA)
    assert not User.objects.filter(username="lena").exists()


def test_mails_that_are_only_written_to_files_are_said_to_be(ada: User, as_person: As, settings: Any) -> None:
    """On the system's page, where an administrator looks for a link that never came."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/srv/holdfast/mail"
    page = as_person(ada).get("/system/").content.decode()
    assert "written to files in /srv/holdfast/mail, sent to nobody" in page


def test_nobody_appoints_themselves(ada: User, as_person: As) -> None:
    """Not by the page, not by the service, not by the admin; and the try is in the trail."""
    client = as_person(ada)
    assert client.post(f"/people/{ada.pk}/roles/", {"roles": ["Compliance officer"]}).status_code == 403
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("refused", f"person/{ada.pk}")
    with pytest.raises(PermissionDenied, match="nobody appoints themselves"):
        people.appoint(
            username="ada", email="", full_name="Ada Osei", roles=[Role.REVIEWER], password=None, by=ada,
            now=timezone.now(),
        )  # fmt: skip
    for deed in ("switch", "link", "factors"):
        assert client.post(f"/people/{ada.pk}/{deed}/", {"active": "no"}).status_code == 403
    assert permissions.roles(User.objects.get(pk=ada.pk)) == {Role.ADMINISTRATOR}


def test_an_appointment_to_reading_is_told_to_whoever_watches(ada: User, ines: User, as_person: As) -> None:
    """Ada gives Nia a role that reads; Ines hears of it at once. One that does not read makes no noise."""
    nia = cast.person(None)
    client = as_person(ada)
    client.post(f"/people/{nia.pk}/roles/", {"roles": ["Auditor"]})
    assert not Told.objects.exists()
    client.post(f"/people/{nia.pk}/roles/", {"roles": ["Reviewer", "Auditor"]})
    line = Told.objects.get(person=ines)
    assert line.text == "Nia Newcome (nia) may read messages from now on, by Ada Osei (ada)."
    assert details() == {"roles": ["Auditor", "Reviewer"], "were": ["Auditor"]}
    assert client.post(f"/people/{nia.pk}/roles/", {}).status_code == 302
    assert permissions.roles(User.objects.get(pk=nia.pk)) == frozenset()


def test_somebody_switched_off_is_out_with_their_next_request(ada: User, ines: User, as_person: As) -> None:
    """Sessions end, a new sign-in gets nowhere, and switching on again gives the roles back."""
    hers = Client()
    codes.sign_in(hers, ines)
    client = as_person(ada)
    assert client.post(f"/people/{ines.pk}/switch/", {"active": "no"}).status_code == 302
    assert hers.get("/").status_code == 302
    assert details() == {"active": False, "sessions ended": 1}
    codes.sign_in(hers, ines)
    assert hers.get("/").status_code == 302
    client.post(f"/people/{ines.pk}/switch/", {"active": "yes"})
    codes.sign_in(hers, ines)
    assert hers.get("/").status_code == 200


def test_lost_factors_are_taken_off_by_an_administrator(
    ada: User, ines: User, ravi: User, as_person: As, client: Client
) -> None:
    """Ines lost her telephone; her sessions end, whoever watches is told, the trail says what there was."""
    cast.person(Role.AUDITOR)
    codes.with_app(client, ines)
    assert as_person(ada).post(f"/people/{ines.pk}/factors/").status_code == 302
    assert client.get("/").status_code == 302
    assert details() == {"second factors taken off": ["authenticator app"], "sessions ended": 1}
    assert [line.person.username for line in Told.objects.all()] == ["tomas"]
    assert codes.sign_in(client, ines) == 302
    assert client.get("/").status_code == 200


def test_a_changed_address_is_told_before_a_link_goes_there(
    ada: User, ines: User, ravi: User, as_person: As
) -> None:
    """Ravi's mails go elsewhere: Ines hears of it; an address of somebody else is refused."""
    client = as_person(ada)
    client.post(f"/people/{ravi.pk}/describe/", {"full_name": "Ravi Kapoor", "email": "r@example.test"})
    assert "has another e-mail, r@example.test" in Told.objects.get(person=ines).text
    assert details()["was"] == {"name": "Ravi Kapoor (ravi)", "email": "ravi@example.test"}
    client.post(f"/people/{ravi.pk}/describe/", {"full_name": "Ravi Kapoor", "email": "ines@example.test"})
    assert User.objects.get(pk=ravi.pk).email == "r@example.test"


def test_a_forgotten_password_is_set_by_link(ada: User, ines: User, as_person: As, client: Client) -> None:
    """The old one is good until the new one is set; sessions of whoever knew it end."""
    other = Client()
    codes.sign_in(other, ines)
    as_person(ada).post(f"/people/{ines.pk}/link/")
    address = mailed()
    assert other.get("/").status_code == 200
    set_password(client, address)
    assert other.get("/").status_code == 302
    assert codes.sign_in(client, ines) == 200  # the old password


def test_a_change_that_cannot_be_recorded_does_not_happen(ada: User, as_person: As) -> None:
    """No event, no appointment."""
    nia = cast.person(None)
    client = as_person(ada)
    client.raise_request_exception = False
    world.fill_up_the_trail()
    assert client.post(f"/people/{nia.pk}/roles/", {"roles": ["Reviewer"]}).status_code == 500
    assert not nia.groups.exists()


def test_the_pages_say_who_can_do_what(
    ada: User, ines: User, ravi: User, as_person: As, client: Client
) -> None:
    """Roles, second factor, last sign-in, on or off; what is missing where it must be there."""
    codes.with_app(client, ines)
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="everyone"):
        codes.with_app(Client(), ada)
        page = as_person(ada).get("/people/").content.decode()
    assert "Compliance officer" in page
    assert "none, must have one" in page
    assert "1 person has to set up a second factor" in page
    one = as_person(ada).get(f"/people/{ines.pk}/").content.decode()
    assert "authenticator app" in one
    assert "Take off the second factors" in one
    own = as_person(ada).get(f"/people/{ada.pk}/").content.decode()
    assert "another administrator changes your roles" in own
    assert "Set the roles" not in own


def test_the_list_keeps_to_its_budget(
    ada: User, as_person: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However many people there are."""
    client = as_person(ada)
    for number in range(30):
        User.objects.create_user(f"person{number}", f"person{number}@example.test")
    client.get("/people/")
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="off"), django_assert_max_num_queries(12):
        assert client.get("/people/").status_code == 200


def test_the_only_administrator_who_lost_every_factor_is_helped_at_the_machine(
    ada: User, ines: User, client: Client
) -> None:
    """With a reason: in the trail, told to the other officer, and Ada signs in by her password again."""
    codes.with_app(client, ada)
    with pytest.raises(CommandError, match="Say why"):
        call_command("people", "factors", "ada")
    call_command("people", "factors", "ada", reason="Phone and key were stolen.")
    assert details()["second factors taken off"] == ["authenticator app"]
    assert details()["reason"] == "Phone and key were stolen."
    assert "taken off at the machine, because: Phone" in Told.objects.get(person=ines).text
    assert not Told.objects.filter(person=ada).exists()
    assert codes.sign_in(client, ada) == 302
    with pytest.raises(CommandError, match="no second factor"):
        call_command("people", "factors", "ada", reason="Again.")
    with pytest.raises(CommandError, match="nobody of the sign-in name"):
        call_command("people", "factors", "nobody", reason="Again.")


def test_who_does_not_own_the_machine_is_refused(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way into the database is not enough."""
    settings.HOLDFAST_DATA.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(os, "geteuid", lambda: settings.HOLDFAST_DATA.stat().st_uid + 1)
    with pytest.raises(CommandError, match="owner of the data folder"):
        call_command("people", "factors", "ada", reason="Lost.")
