"""A request for erasure in a real browser: parked while a hold covers it, let go by others, complete in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive.models import Person, Revision
from compliance.disposition import looking
from compliance.models import Erasure, Hold, Matter
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture
from tests.browser.test_disposition import approve, archive, carry_out, words

__all__ = ["archive"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def look(*, days: int) -> None:
    """What the clock does every five minutes, so many days on."""
    while looking.look_next(clock=lambda: timezone.now() + timedelta(days=days)):
        pass


def test_a_request_is_parked_by_a_hold_and_completed_when_it_ends(
    visit: Open, archive: dict[str, int], picture: Picture
) -> None:
    """Mei takes it; what is held waits; the hold ends; two others approve; nothing of it is left."""
    mei = visit("/disposition/erasures/", by="mei")
    assert faults(mei) == []
    mei.click("text=Take a request")
    mei.fill("#find-person", "olu")
    mei.press("#find-person", "Enter")
    mei.locator("input[name=person]").first.check()
    mei.fill("#id_asked_by", "Olu, by letter")
    mei.fill("#id_reason", "Article 17 of the GDPR")
    assert faults(mei) == []
    mei.click("button:has-text('Take the request')")
    mei.wait_for_selector("text=Look what stands in its way")
    row = Erasure.objects.get()
    assert row.state == Erasure.State.PARKED
    assert "matter you are no member of" in words(mei)
    assert faults(mei) == []
    picture(mei, "erasure-parked")

    now = timezone.now()
    Hold.objects.filter(released_at=None).update(released_at=now)
    Matter.objects.filter(state="active").update(state="released", released_at=now)
    look(days=1)
    mei.reload()
    assert "no hold stands in the way" in words(mei)
    mei.click("button:has-text('Put together')")
    mei.wait_for_url("**/disposition/*/")
    carry_out()
    mei.reload()
    mei.fill("#reason-ask", "They have a right to it.")
    mei.fill("#typed", "destroy")
    mei.click("button:has-text('Ask to destroy')")
    mei.wait_for_url("**/approvals/*/")
    approve(visit, "/approvals/" + mei.url.partition("/approvals/")[2], by=("ines", "samir"), typed="destroy")
    carry_out()
    look(days=9)
    mei.goto(mei.url.partition("/approvals/")[0] + f"/disposition/erasures/{row.pk}/")
    row.refresh_from_db()
    assert row.state == Erasure.State.COMPLETED
    assert "complete" in words(mei).casefold()
    assert faults(mei) == []
    picture(mei, "erasure-completed")
    olu = Person.objects.get(pk=row.person_id)
    assert not Revision.objects.filter(message__sender=olu).exists()
