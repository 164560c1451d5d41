"""A real Chromium against the console, signed in as Ines, with a small archive to look at."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache, caches
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from compliance import audit
from compliance.permissions import Role
from tests.archive import scenes
from tests.archive.extraction import samples
from tests.browser.chromium import FLAGS
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import Shelf, second_officer
from tests.compliance.conftest import nobody_is_impatient as nobody_is_impatient  # for pages, too

Open = Callable[..., Page]
Picture = Callable[[Page, str], None]
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in the thread of the test
        expect.set_options(timeout=60_000)
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def archive(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, int]]:
    """One of everything, indexed and signed; the keys to put into addresses."""
    cache.clear()
    caches["process"].clear()
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        session = world.fill(sessions=3, messages=12)[0]
        world.store_files()
        world.attach("main", "minutes.txt", b"the heliotrope <script>window.hurt = 1</script> budget")
        world.attach("main", "deal.pdf", samples.locked_pdf(password="x"))
        world.attach("reply", "all.zip", samples.zipped({"../up.txt": "words", "deal.pdf": b"%PDF- broken"}))
        world.read_files()
        world.index()
        world.sign()
        cast.person(Role.COMPLIANCE_OFFICER)
        cast.person(Role.ADMINISTRATOR)
        with transaction.atomic():
            event = audit.record(action=audit.Action.SIGNED_OUT, subject="console", by=None, now=scenes.NOW)
        yield {
            "session": session.pk,
            "message": world.message("edited").pk,
            "event": event.pk,
            "request": Shelf.stocked(monkeypatch).ask(second_officer(), now=timezone.now(), begins="old").pk,
            **world.keep(),
        }


def sign_in(context: BrowserContext, username: str, *, at: str) -> None:
    """Give a browser what it has after the entrance, which has tests of its own: a session and its time zone."""
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    kept = {settings.SESSION_COOKIE_NAME: session, "timezone": "Europe/Berlin"}
    context.add_cookies([{"name": name, "value": value, "url": at} for name, value in kept.items()])


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    """Keep what a page shows under a name: for the documentation when HOLDFAST_PICTURES is set."""
    folder = IMAGES if os.environ.get("HOLDFAST_PICTURES") else tmp_path

    def kept(page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.screenshot(path=folder / f"{name}.png")

    return kept


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, archive: dict[str, int]) -> Iterator[Open]:
    """Open a page as a person of the cast: `visit("/", theme="dark", width=390)`."""
    contexts: list[BrowserContext] = []

    def opened(
        address: str,
        *,
        by: str | None = "ines",
        theme: str = "light",
        width: int = 1440,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            timezone_id="Europe/Berlin",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        if by is not None:
            sign_in(context, by, at=live_server.url)
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()
