"""An export in a real browser: asked for, measured, made, taken in two halves, and verified with nothing but Python."""

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from compliance.exports import keeping
from compliance.models import Export, Matter
from tests.archive.packages.test_pdf import words
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture
from tests.compliance import cast
from tests.compliance.exports.conftest import Worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def matter(archive: dict[str, int]) -> Matter:
    """Ines' matter, which holds everything there is."""
    return cast.let_into_everything(User.objects.get(username="ines"))


@pytest.fixture
def worker() -> Worker:
    worker = Worker()
    worker.at = timezone.now() + timedelta(hours=1)
    return worker


def checked(page: Page) -> None:
    """Nothing for axe to find, nothing to scroll sideways."""
    assert faults(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, (page.url, page.viewport_size)


def test_from_the_matter_to_the_proof(
    visit: Open, matter: Matter, worker: Worker, picture: Picture, tmp_path: Path
) -> None:
    """What a person does, and what whoever gets the files does then, on a machine with Python alone."""
    page = visit(f"/matters/{matter.pk}/exports/")
    checked(page)
    page.click("text=Export what is held…")
    page.fill("#id_reason", "Letter of the authority of 2 November")
    page.wait_for_load_state()
    for box in page.locator("fieldset.formats input").all():
        box.check()
    checked(page)
    picture(page, "export-ask")
    page.click("text=Measure what would come")
    page.wait_for_selector("#job progress")
    checked(page)
    picture(page, "export-progress")
    worker.work()
    page.wait_for_selector("text=Make this export")  # by itself: the part that moves says when it is old
    checked(page)
    picture(page, "export-measured")
    page.click("button.primary")
    page.wait_for_selector("text=Waiting to be made")
    worker.work()
    page.wait_for_selector("a[download]")
    checked(page)
    picture(page, "export-ready")
    row = Export.objects.get()
    with page.expect_download() as taking:
        page.click("text=Certificate as PDF")
    assert taking.value.suggested_filename == f"export-{row.pk}-certificate.pdf"
    assert row.parts[0]["sha256"] in "".join(words(taking.value.path().read_bytes()).split())  # on two lines
    data = in_two_halves(page, page.locator("a[download]").first.get_attribute("href") or "")
    assert hashlib.sha256(data).hexdigest() == row.parts[0]["sha256"]
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path / "taken")
    (folder,) = (tmp_path / "taken").iterdir()
    verified = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py")],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def in_two_halves(page: Page, address: str) -> bytes:
    """A file taken to its middle, and then on from there, as a browser or curl goes on with a download."""
    origin = page.evaluate("location.origin")
    first = page.request.get(origin + address, headers={"Range": "bytes=0-999"})
    assert first.status == 206
    etag = first.headers["etag"]
    rest = page.request.get(origin + address, headers={"Range": "bytes=1000-", "If-Range": etag})
    assert rest.status == 206
    return first.body() + rest.body()


@pytest.mark.parametrize(("theme", "width"), [("dark", 1440), ("light", 390), ("dark", 390)])
def test_every_page_fits_every_window(
    theme: str, width: int, visit: Open, matter: Matter, worker: Worker, picture: Picture
) -> None:
    """Empty, measured, ready, expired; in the dark and on a telephone."""
    page = visit("/exports/", theme=theme, width=width)
    checked(page)
    origin = page.evaluate("location.origin")
    page.goto(f"{origin}/exports/ask/matter/{matter.pk}/")
    checked(page)
    picture(page, f"ask-{theme}-{width}")
    page.fill("#id_reason", "Letter")
    page.click("text=Measure what would come")
    page.wait_for_selector("#job")
    worker.work()
    page.reload()
    checked(page)
    picture(page, f"measured-{theme}-{width}")
    page.click("button.primary")
    page.wait_for_selector("#job")
    worker.work()
    page.reload()
    checked(page)
    picture(page, f"ready-{theme}-{width}")
    row = Export.objects.get()
    keeping.sweep(now=row.expires_at)
    for address in (f"/exports/{row.pk}/", "/exports/", f"/matters/{matter.pk}/exports/"):
        page.goto(origin + address)
        checked(page)
    picture(page, f"list-{theme}-{width}")
