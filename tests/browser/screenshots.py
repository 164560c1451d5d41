"""The pictures of the documentation: `python -m tests.browser.screenshots`, beside a running `make demo`.

Signs in as Ines, the demo's compliance officer, goes where a first visit goes, and writes docs/images/*.png. Chromium
comes from CHROMIUM or the path; the password from the demo's data folder (HOLDFAST_DATA). Its looks are like anybody's: each
page seen here is in the demo's audit trail.
"""

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import FLAGS

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
FILED = "/search/?q=is:deleted+has:file"
EDITED = "/search/?q=is:edited+is:deleted"


def _as_it_is(page: Page) -> None:
    page.wait_for_selector("main")


def _preview(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_selector("#preview .message.is-target")


def _first_hit(page: Page) -> None:
    page.locator("a[data-open]").first.click()
    page.wait_for_selector(".message.is-target")


def _first_hit_and_drawer(page: Page) -> None:
    _first_hit(page)
    page.locator(".message.is-target .when").first.click()
    page.wait_for_selector("#drawer h2")


def _message(page: Page) -> None:
    _first_hit_and_drawer(page)
    page.click("#drawer >> text=Open as a page")
    page.wait_for_selector("h1")


def _calendar(page: Page) -> None:
    page.locator("a.rowlink").first.click()
    page.click(".head-row .button")
    page.wait_for_selector(".calendar")


@dataclass(frozen=True)
class Shot:
    """One picture: where it begins, what is done there, and how large and dark the window is."""

    name: str
    address: str
    do: Callable[[Page], None] = _as_it_is
    width: int = 1440
    height: int = 900
    theme: str = "light"


SHOTS = (
    Shot("overview", "/"),
    Shot("overview-dark", "/", theme="dark"),
    Shot("capture", "/capture/"),
    Shot("search", "/search/?q=invoice", _preview),
    Shot("conversation", FILED, _first_hit),
    Shot("conversation-dark", EDITED, _first_hit_and_drawer, theme="dark"),
    Shot("message", EDITED, _message, height=1100),
    Shot("completeness", "/sessions/", _calendar),
    Shot("audit", "/audit/", height=720),
    Shot("phone", FILED, _first_hit, width=390, height=844),
)


def main() -> None:
    """Take all pictures, or those named."""
    parser = ArgumentParser(description=__doc__, prog="python -m tests.browser.screenshots")
    parser.add_argument("names", nargs="*", help="Only these (default: all).")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--to", type=Path, default=IMAGES)
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    password = Path(os.environ.get("HOLDFAST_DATA", "data")) / "demo-password"
    if chromium is None or not password.exists():
        sys.exit("Needs Chromium (CHROMIUM) and the data folder of a running demo (HOLDFAST_DATA).")
    options.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        signed_in = _sign_in(browser, options.url, password.read_text())
        for shot in SHOTS:
            if not options.names or shot.name in options.names:
                path = options.to / f"{shot.name}.png"
                _take(shot, browser, signed_in, url=options.url, path=path)
                print(f"{path} ({path.stat().st_size:,} bytes)")
        browser.close()


def _sign_in(browser: Browser, url: str, password: str) -> BrowserContext:
    context = browser.new_context(timezone_id="Europe/London")
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.fill("#id_login", "ines")
    page.fill("#id_password", password)
    page.click("button[type=submit]")
    page.wait_for_selector(".rail")
    return context


def _take(shot: Shot, browser: Browser, signed_in: BrowserContext, *, url: str, path: Path) -> None:
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        storage_state=signed_in.storage_state(),
    )
    page = context.new_page()
    page.goto(url + shot.address)
    shot.do(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
