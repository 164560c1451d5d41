"""The zips of a matter in a real browser: every state of them, what is inside one, and words found there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive import holdings
from archive.models import HoldCustodian, HoldFile
from compliance.models import Matter, ZoomMatter
from tests.browser.accessibility import LOOKS, flaws
from tests.browser.conftest import Open, Picture
from tests.browser.test_console import archive
from tests.compliance.matters.test_files import TABLE, add

__all__ = ["archive"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fill(matter_id: int) -> HoldFile:
    """A zip in each state; the one that is here and opened."""
    now, matter = timezone.now(), Matter.objects.get(pk=matter_id)
    at_zoom = ZoomMatter.objects.create(matter=matter, name="At Zoom", asked_at=now, not_before=now)
    ZoomMatter.objects.filter(pk=at_zoom.pk).update(state="held", zoom_id="zm-1", created_at=now)
    who = [("u-mira", "mira.lang@acme.example")]
    holdings.expect(account_id=matter.account_id, zoom_matter_id="zm-1", people=who, now=now)
    HoldCustodian.objects.update(state="listed", listed_at=now)
    here = add({"chat_messages.csv": TABLE, "files/plan.txt": "the plan", "../../up.txt": "slipped"})
    HoldFile.objects.update(messages_unreported=1, messages_reported=4)
    add(state="waiting", ready=False)
    add(state="claimed", size_bytes_claimed=4_200_000_000, bytes_done=1_300_000_000, begun_at=now,
        claimed_at=now + timedelta(seconds=100))  # fmt: skip
    add(state="mismatch", last_error="Zoom's list says 540,123 bytes, and 270,061 came; they are kept.")
    add({"a.txt": "x"}, opening="refused", opening_error="Opening it would be dangerous. It unpacks to far more than it"
        " is, as a zip bomb does. It is kept as it came.")  # fmt: skip
    return here


def test_the_zips_of_a_matter_are_accessible_in_every_state(
    visit: Open, archive: dict[str, int], picture: Picture
) -> None:
    """The list, words found, and the inside of one; nothing for axe to find, nothing to scroll sideways."""
    here = fill(archive["matter"])
    start = f"/matters/{archive['matter']}/files/"
    for name, at in (
        ("matter-files", ""),
        ("matter-files-found", "?q=brightwater"),
        ("matter-file", f"{here.pk}/"),
    ):
        page = visit(f"{start}{at}")
        for theme, width in LOOKS:
            assert flaws(page, ((theme, width),)) == [], at
            picture(page, f"{name}-{theme}-{width}")


def test_a_download_moves_while_one_looks_on(visit: Open, archive: dict[str, int]) -> None:
    """The bar follows the row, and the page is fetched anew when nothing moves any more."""
    fill(archive["matter"])
    page = visit(f"/matters/{archive['matter']}/files/")
    moving = HoldFile.objects.filter(state="claimed")
    moving.update(bytes_done=2_100_000_000)
    page.wait_for_selector("text=2.1 GB of 4.2 GB")
    moving.update(state="stored", blob_id=HoldFile.objects.exclude(blob=None).values("blob_id")[:1])
    page.wait_for_selector("#moving progress", state="detached")
