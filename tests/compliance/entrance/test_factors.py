"""Second factors without a browser: codes, lock-out, who must have one, and what the trail says."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings

from compliance.models import AuditEvent
from tests.compliance import world
from tests.compliance.cast import PASSWORD
from tests.compliance.entrance import codes, passkeys

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, dict[str, object]]]:
    """The trail's events, without who and when."""
    return [(event.action, event.details) for event in AuditEvent.objects.order_by("pk")]


@pytest.fixture
def app(client: Client, ines: User) -> str:
    """Ines has an authenticator app, and is signed out; its secret."""
    secret = codes.with_app(client, ines)
    client.post("/accounts/logout/")
    return secret


def test_a_code_is_asked_for_after_the_password(client: Client, ines: User, app: str) -> None:
    """The password alone opens nothing; the code does, and the trail says with what she signed in."""
    assert codes.sign_in(client, ines) == 302
    assert client.get("/").status_code == 302
    assert client.post("/accounts/second-factor/code/", {"code": codes.code(app, ahead=1)}).status_code == 302
    assert client.get("/").status_code == 200
    assert told()[-2:] == [
        ("confirmed", {"used": "authenticator app"}),
        ("signed_in", {"with": ["password", "authenticator app"]}),
    ]


def test_setting_up_is_in_the_trail_and_sealed_in_the_database(ines: User, app: str) -> None:
    """Who added what; and a copy of the database lets nobody make codes."""
    added = [details for _, details in told() if "second factor" in details]
    assert added == [
        {"second factor": {"added": "authenticator app"}},
        {"second factor": {"added": "recovery codes"}},
    ]
    assert AuditEvent.objects.filter(details__has_key="second factor", actor=ines).count() == 2
    assert app not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_code_is_good_once(client: Client, ines: User, app: str) -> None:
    """Whoever read it over a shoulder is late."""
    codes.sign_in(client, ines)
    code = codes.code(app, ahead=1)
    client.post("/accounts/second-factor/code/", {"code": code})
    client.post("/accounts/logout/")
    codes.sign_in(client, ines)
    assert b"does not fit" in client.post("/accounts/second-factor/code/", {"code": code}).content


def test_a_code_is_good_once_for_as_long_as_it_fits(client: Client, ines: User, app: str) -> None:
    """A code one step early fits for a minute and a half, three times as long as allauth remembers it."""
    code = codes.code(app, ahead=1)
    codes.sign_in(client, ines)
    assert client.post("/accounts/second-factor/code/", {"code": code}).status_code == 302
    client.post("/accounts/logout/")
    cache.delete(f"allauth.mfa.totp.used?user={ines.pk}&code={code}")  # as half a minute later
    codes.sign_in(client, ines)
    for typed in (code, f"{code[:3]} {code[3:]}"):
        answer = client.post("/accounts/second-factor/code/", {"code": typed})
        assert b"does not fit" in answer.content
    assert told()[-1][1]["reason"] == "wrong code"


def test_five_wrong_codes_lock_the_right_one_out(client: Client, ines: User, app: str) -> None:
    """Guessing codes stops working as guessing passwords does, in any browser, and is in the trail."""
    codes.sign_in(client, ines)
    for _ in range(5):
        client.post("/accounts/second-factor/code/", {"code": "000000"})
    elsewhere = Client()
    codes.sign_in(elsewhere, ines)
    answer = elsewhere.post("/accounts/second-factor/code/", {"code": codes.code(app, ahead=1)})
    assert b"Wait five minutes" in answer.content
    reasons = [details["reason"] for action, details in told() if action == "sign_in_failed"]
    assert reasons == ["wrong code"] * 5 + ["locked out after too many wrong codes"]


def test_a_recovery_code_is_good_once_and_counted(client: Client, ines: User, app: str) -> None:
    """It opens the console when the telephone is lost; the trail says how many are left, never which."""
    codes.sign_in(client, ines)
    client.post("/accounts/second-factor/code/", {"code": codes.code(app, ahead=1)})
    codes.confirm(client)
    page = client.get("/accounts/recovery-codes/").content.decode()
    one, *others = re.findall(r'<li class="mono">(\d{8})</li>', page)
    client.post("/accounts/logout/")
    for expected in (302, 200):
        codes.sign_in(client, ines)
        assert client.post("/accounts/second-factor/code/", {"code": one}).status_code == expected
        client.post("/accounts/logout/")
    assert len(others) == 9
    assert ("confirmed", {"used": "recovery codes", "left": 9}) in told()
    assert one not in str(told())


def test_a_factor_that_cannot_be_recorded_is_not_added(client: Client, ines: User) -> None:
    """No event, no factor."""
    client.raise_request_exception = False
    codes.sign_in(client, ines)
    codes.confirm(client)
    client.get("/accounts/second-factor/app/add/")
    secret = client.session["mfa.totp.secret"]
    world.fill_up_the_trail()
    answer = client.post("/accounts/second-factor/app/add/", {"code": codes.code(secret)})
    assert answer.status_code == 500
    assert not Authenticator.objects.exists()


def test_changing_how_one_signs_in_asks_who_it_is(client: Client, ines: User) -> None:
    """A browser left open adds nobody's passkey; a wrong password there is in the trail."""
    codes.sign_in(client, ines)
    answer = client.get("/accounts/passkeys/add/")
    assert answer["Location"].startswith("/accounts/confirm/")
    client.post("/accounts/confirm/", {"password": "guess"})
    assert told()[-1][1]["reason"] == "wrong password to confirm who it is"


@pytest.mark.parametrize(("setting", "led"), [("off", False), ("officers", True), ("everyone", True)])
def test_an_officer_who_must_have_a_factor_is_led_to_one(
    setting: str, led: bool, client: Client, ines: User
) -> None:
    """And reaches nothing else until it is there."""
    codes.sign_in(client, ines)
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR=setting):
        for address in ("/", "/search/?q=x", "/account/", "/accounts/password/", "/admin/", "/metrics"):
            answer = client.get(address)
            is_led = answer.status_code == 302 and answer["Location"] == "/accounts/second-factor/"
            assert is_led == led, address
        if led:
            page = client.get("/accounts/second-factor/").content.decode()
            assert "You can use the console once you have a second factor" in page
            assert 'class="rail"' not in page


def test_officers_are_those_who_decide_and_who_set_passwords(client: Client, ravi: User, ada: User) -> None:
    """Ravi reviews and need not; Ada administers and must."""
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="officers"):
        codes.sign_in(client, ravi)
        assert client.get("/").status_code == 200
        client.post("/accounts/logout/")
        codes.sign_in(client, ada)
        assert client.get("/")["Location"] == "/accounts/second-factor/"


def test_whoever_has_set_one_up_goes_on(client: Client, ines: User) -> None:
    """From the password to the app to the console; and the only factor cannot be removed again."""
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="everyone"):
        codes.with_app(client, ines)
        assert client.get("/accounts/recovery-codes/").status_code == 200
        assert client.get("/").status_code == 200
        page = client.post("/accounts/second-factor/app/remove/")
        assert b"Your role needs a second factor" in page.content
        assert Authenticator.objects.filter(user=ines, type="totp").exists()


def test_the_last_passkey_of_somebody_who_must_have_one_stays(client: Client, ines: User) -> None:
    """The page says why; where nobody must, it goes."""
    made = {"name": "Key", "credential": passkeys.credential("ines")}
    key = Authenticator.objects.create(user=ines, type="webauthn", data=made)
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    codes.confirm(client)
    address = f"/accounts/passkeys/{key.pk}/remove/"
    with override_settings(HOLDFAST_REQUIRE_SECOND_FACTOR="officers"):
        assert b"Your role needs a second factor" in client.post(address, follow=True).content
        assert Authenticator.objects.filter(pk=key.pk).exists()
    assert client.post(address).status_code == 302
    assert not Authenticator.objects.exists()


def test_removing_the_app_is_in_the_trail(client: Client, ines: User) -> None:
    """With the recovery codes that hung on it."""
    codes.with_app(client, ines)
    assert client.post("/accounts/second-factor/app/remove/").status_code == 302
    removed = [details["second factor"] for _, details in told() if "second factor" in details][-2:]
    assert removed == [{"removed": "authenticator app"}, {"removed": "recovery codes"}]
    assert not Authenticator.objects.exists()


def test_a_changed_key_fits_no_code(client: Client, ines: User, app: str) -> None:
    """After SECRET_KEY is lost no code opens anything, least of all the code of an empty secret."""
    codes.sign_in(client, ines)
    with override_settings(SECRET_KEY="another one", SECRET_KEY_FALLBACKS=[]):
        codes.sign_in(client, ines)
        for secret in (app, ""):
            answer = client.post("/accounts/second-factor/code/", {"code": codes.code(secret, ahead=1)})
            assert b"does not fit" in answer.content


def test_a_password_changed_ends_the_other_sessions(client: Client, ines: User) -> None:
    """Whoever knew the old one is out, and the trail says where they were."""
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    codes.sign_in(elsewhere, ines)
    codes.sign_in(client, ines)
    new = "another long and quiet one"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/", given).status_code == 302
    assert elsewhere.get("/").status_code == 302
    assert client.get("/").status_code == 200
    ended = AuditEvent.objects.get(action="ended")
    assert (ended.subject, ended.details["session"]) == (f"person/{ines.pk}", "Firefox on Linux")
