"""What axe finds on a page."""

import json

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = (("light", 1440), ("dark", 1024), ("light", 390))
COLOURS = ("color-contrast", "link-in-text-block")  # the rules that look at colours


def faults(page: Page, *, rules: tuple[str, ...] = WCAG) -> list[str]:
    """What is violated, a line each: the rule and the first place."""
    return violations(page, {"runOnly": rules})


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """The same for any options of axe.

    The package's own `Axe().run()` also brings every place where all is well out of the browser, which takes as long
    as looking. A click is over when the next page has but begun, so that all of it is waited for.
    """
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    asked = json.dumps({**options, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({asked}).then(all => all.violations)")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def flaws(page: Page, looks: tuple[tuple[str, int], ...] = LOOKS) -> list[str]:
    """What is violated, and what scrolls sideways, in each palette and width; the page stays in the last."""
    found = []
    for theme, width in looks:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{theme}, {width}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{theme}, {width}: scrolls sideways")
    return found
