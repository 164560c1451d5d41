"""Signing in in a real browser: app, passkey, provider, each under the strict policy and without a console error."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from compliance.models import AuditEvent
from tests.browser.accessibility import faults
from tests.browser.conftest import Open
from tests.compliance import cast
from tests.compliance.entrance import codes
from tests.compliance.entrance.provider import Provider, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Visitor:
    """A browser with a device that keeps passkeys; what the console of the browser complains of is kept, too."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.errors: list[str] = []
        page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
        }
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def goes(self, address: str) -> Page:
        self.page.goto(self.home + address)
        return self.page

    def signs_in(self, name: str = "ines") -> Page:
        page = self.goes("/accounts/login/")
        page.fill("#id_login", name)
        page.fill("#id_password", cast.PASSWORD)
        page.click("form.stack button.primary")
        page.wait_for_load_state()  # what a passkey is asked for with comes last
        return page

    def confirms(self) -> None:
        assert faults(self.page) == []
        self.page.fill("#id_password", cast.PASSWORD)
        self.page.click("button.primary")
        self.page.wait_for_load_state()

    def leaves(self) -> None:
        self.page.context.clear_cookies()


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, archive: dict[str, int]) -> Iterator[Visitor]:
    """Somebody in front of the entrance; passkeys are for a name, so it is called localhost."""
    context = browser.new_context(timezone_id="Europe/Berlin")
    context.set_default_timeout(60_000)
    someone = Visitor(context.new_page(), live_server.url.replace("127.0.0.1", "localhost"))
    yield someone
    context.close()


@pytest.fixture
def acme(live_server: LiveServer, settings: Any) -> Iterator[Provider]:
    with running() as provider:
        for name, value in provider.settings(legal="reviewer").items():
            setattr(settings, name, value)
        yield provider


def test_an_app_is_set_up_and_asked_for(visitor: Visitor) -> None:
    """Ines scans, gives the code, keeps her recovery codes, and is asked for the next code when she comes back."""
    visitor.signs_in()
    page = visitor.goes("/account/")
    assert faults(page) == []
    page.click("text=Use an authenticator app…")
    visitor.confirms()
    assert faults(page) == []
    assert page.locator(".qr svg path").bounding_box()["width"] > 100  # type: ignore[index]
    page.click("text=No camera?")
    secret = page.locator(".howto .mono").inner_text()
    page.fill("#id_code", codes.code(secret))
    page.click("text=Use this app from now on")
    expect(page.locator(".codes li")).to_have_count(10)
    assert faults(page) == []
    visitor.leaves()
    visitor.signs_in()
    assert faults(page) == []
    page.fill("#id_code", codes.code(secret, ahead=1))
    page.click("text=Go on")
    page.wait_for_selector(".rail")
    assert visitor.errors == []


def test_a_passkey_lets_one_in_alone(visitor: Visitor) -> None:
    """Made once, then one press and no password; the trail says so; removed, it opens nothing."""
    visitor.signs_in()
    page = visitor.goes("/accounts/passkeys/add/")
    visitor.confirms()
    assert faults(page) == []
    page.fill("#id_name", "My laptop")
    page.click("#passkey_add")
    page.wait_for_selector(".codes")
    assert "signs in alone" in visitor.goes("/account/").locator("main").inner_text()
    visitor.leaves()
    visitor.goes("/accounts/login/?next=/sessions/").click("#passkey_login")
    page.wait_for_selector(".rail")
    assert page.url.endswith("/sessions/")
    assert AuditEvent.objects.filter(action="signed_in").latest("pk").details == {"with": ["passkey"]}
    visitor.goes("/account/").click("text=Rename My laptop")
    visitor.confirms()
    page.fill("#id_name", "Old laptop")
    page.click("text=Rename the passkey")
    page.click("text=Remove Old laptop")
    page.click("text=Remove the passkey")
    assert "The passkey is removed." in page.locator("main").inner_text()
    assert visitor.errors == []


def test_a_passkey_serves_as_second_factor(visitor: Visitor) -> None:
    """After the password; and it confirms who it is."""
    visitor.signs_in()
    page = visitor.goes("/accounts/passkeys/add/")
    visitor.confirms()
    page.uncheck("#id_passwordless")
    page.click("#passkey_add")
    page.wait_for_selector(".codes")
    visitor.leaves()
    visitor.signs_in()
    page.click("text=Use a passkey instead")
    page.wait_for_selector(".rail")
    visitor.goes("/accounts/recovery-codes/new/")
    page.click("text=Use a passkey")
    assert faults(page) == []
    page.click("#passkey_use")
    page.wait_for_selector("text=Make new recovery codes")
    assert visitor.errors == []


def test_a_passkey_that_does_not_come_is_said_in_words(visitor: Visitor) -> None:
    """A device without one: the page says so, and the password still opens the console."""
    page = visitor.goes("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_selector("text=The browser gave no passkey")
    assert faults(page) == []
    assert visitor.errors == []


def test_whoever_must_have_a_factor_is_led_to_a_passkey(visitor: Visitor, settings: Any) -> None:
    """From the password straight to setting one up, then the console."""
    settings.HOLDFAST_REQUIRE_SECOND_FACTOR = "officers"
    page = visitor.signs_in()
    page.wait_for_selector("text=Set up a second factor")
    assert faults(page) == []
    assert visitor.goes("/sessions/").url.endswith("/accounts/second-factor/")
    page.click("text=Add a passkey")
    visitor.confirms()
    page.click("#passkey_add")
    page.wait_for_selector(".codes")
    visitor.goes("/").wait_for_selector(".rail")
    assert visitor.errors == []


def test_the_provider_lets_a_colleague_in(visitor: Visitor, acme: Provider) -> None:
    """By a link at the entrance, to the provider and back, as a reviewer; a stranger reads whom to ask."""
    acme.claims = {"sub": "1", "email": "lena@example.test", "name": "Lena Ortiz", "groups": ["legal"]}
    page = visitor.goes("/accounts/login/?next=/sessions/")
    assert faults(page) == []
    page.click("text=Sign in with Acme")
    page.wait_for_selector(".rail")
    assert page.url.endswith("/sessions/")
    assert User.objects.get(username="lena").groups.get().name == "Reviewer"
    visitor.leaves()
    acme.claims = {"sub": "2", "email": "olu@example.test", "groups": []}
    visitor.goes("/accounts/login/").click("text=Sign in with Acme")
    page.wait_for_selector("text=No account here")
    assert faults(page) == []
    assert [error for error in visitor.errors if "403" not in error] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_and_are_accessible(theme: str, visit: Open) -> None:
    """On a telephone, in both themes."""
    page = visit("/account/", theme=theme, width=390)
    home = page.url.removesuffix("/account/")
    page.goto(f"{home}/accounts/second-factor/app/add/")
    page.fill("#id_password", cast.PASSWORD)
    page.click("button.primary")
    for address in (
        "/account/",
        "/accounts/second-factor/app/add/",
        "/accounts/passkeys/add/",
        "/accounts/password/",
    ):
        page.goto(home + address)
        assert faults(page) == [], address
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
