"""An auditor in a real browser: a second factor, the one matter granted, its export watched, taken and verified."""

import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from compliance.models import AuditEvent, Export, Matter
from compliance.permissions import Role
from tests.browser.accessibility import faults
from tests.browser.conftest import Open
from tests.compliance import cast, world
from tests.compliance.entrance import codes
from tests.compliance.exports.conftest import Worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OTHER = "Project Kestrel"


@pytest.fixture
def tomas(archive: dict[str, int]) -> User:
    """An auditor."""
    return cast.person(Role.AUDITOR)


@pytest.fixture
def granted(tomas: User) -> Matter:
    """The matter that Tomás is a member of."""
    return world.matter(tomas)


@pytest.fixture
def other(archive: dict[str, int]) -> Export:
    """An export, ready to be taken, of a matter that Tomás is no member of."""
    return world.export(world.matter(User.objects.get(username="ines"), name=OTHER))


@pytest.fixture
def worker() -> Worker:
    worker = Worker()
    worker.at = timezone.now() + timedelta(hours=1)
    return worker


def test_an_auditor_takes_what_is_theirs_and_verifies_it(
    visit: Open, tomas: User, granted: Matter, other: Export, worker: Worker, tmp_path: Path
) -> None:
    """From the entrance to the proof; of the other matter not even that it exists."""
    page = visit("/accounts/login/?next=/matters/", by=None)
    signs_in(page, tomas, codes.with_app(Client(), tomas))
    knows_nothing_of(page, other)
    page.goto(origin(page) + "/matters/")
    page.click(f"main >> text={granted.name}")
    page.click("nav >> text=Exports >> nth=-1")
    page.click("text=Export what is held…")
    page.fill("#id_reason", "Audit of the third quarter")
    page.click("text=Measure what would come")
    page.wait_for_selector("#job progress")
    worker.work()
    page.wait_for_selector("text=Make this export")  # by itself: nobody pressed reload
    row = Export.objects.get(matter=granted)
    messages = page.locator(".fact", has=page.get_by_text("Messages", exact=True))
    expect(messages.locator(".figure")).to_have_text(str(row.contents["messages"]))
    expect(page.locator("main")).to_contain_text("Whoever may see this page can take them.")
    assert faults(page) == []
    page.click("text=Make this export")
    page.wait_for_selector("text=Waiting to be made")
    worker.work()
    page.wait_for_selector("a[download]")
    assert faults(page) == []
    taken = takes(page, tmp_path)
    verified = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=taken, capture_output=True, text=True, timeout=300
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    ends = AuditEvent.objects.filter(subject=f"export/{row.pk}", actor=tomas, details__is_whole=True)
    assert ends.count() == 1


def signs_in(page: Page, person: User, secret: str) -> None:
    """By password, which alone opens nothing, and the code of the app."""
    page.fill("#id_login", person.username)
    page.fill("#id_password", cast.PASSWORD)
    page.click("form.stack button.primary")
    page.wait_for_selector("#id_code")
    assert page.request.get(origin(page) + "/matters/", max_redirects=0).status == 302
    page.fill("#id_code", codes.code(secret, ahead=1))
    page.click("text=Go on")
    page.wait_for_selector(".rail")
    assert page.url == origin(page) + "/matters/"


def knows_nothing_of(page: Page, export: Export) -> None:
    """Neither the matter nor its export is listed, found by name or state, or there at its address."""
    expect(page.locator("main tbody tr")).to_have_count(1)
    for address in ("/matters/", "/matters/?name=Kestrel", "/exports/", "/exports/?state=ready"):
        page.goto(origin(page) + address)
        assert OTHER not in page.content(), address
        assert f"/exports/{export.pk}/" not in page.content(), address
    matter = export.matter_id
    for address in (
        f"/matters/{matter}/", f"/matters/{matter}/exports/", f"/exports/ask/matter/{matter}/",
        f"/exports/{export.pk}/", f"/exports/{export.pk}/parts/1/",
    ):  # fmt: skip
        response = page.request.get(origin(page) + address)
        assert response.status == 404, address
        assert OTHER not in response.text(), address


def takes(page: Page, folder: Path) -> Path:
    """The one part, as the browser saves it, unpacked: the folder in it."""
    with page.expect_download() as coming:
        page.click("a[download]")
    coming.value.save_as(folder / "part.zip")
    with zipfile.ZipFile(folder / "part.zip") as part:
        part.extractall(folder / "taken")
    (only,) = (folder / "taken").iterdir()
    return only


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))
