"""A compliance officer's case in a real browser: opened in under two minutes, a fourth person held, let go by two."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from archive import ingest
from archive.models import Account, Person, Window
from compliance import approvals, releasing
from compliance.approvals import kinds
from compliance.models import Custodian, Hold, Matter
from tests.archive import scenes
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture
from tests.compliance import world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = ("Mira Lang", "Tom Berg", "Zoë Adler", "Olu Outside")
MIRA = {"sender": "custodian0@acme.example", "sender_member_id": "m0", "sender_display_name": "Mira Lang"}
SAID = 6


@pytest.fixture
def people(archive: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """Four people of the account, the last of them outside; the kinds of request that matters have.

    Mira has said something that nobody else's hold covers.
    """
    for kind in releasing.KINDS:
        monkeypatch.setitem(kinds._KINDS, kind.key, kind)
    account = Account.objects.get()
    made = [
        Person.objects.create(
            account=account,
            member_id=f"m{number}",
            user_id=f"u{number}",
            email=f"custodian{number}@acme.example",
            display_name=name,
            is_external=name == "Olu Outside",
        )
        for number, name in enumerate(NAMES)
    ]
    window = scenes.conversation("lisbon", of=account)
    records = [scenes.said(f"bid {n}", id=f"bid{n}", by=MIRA, minute=n) for n in range(SAID)]
    ingest.message_page(scenes.page(records), window=window, pull=1, now=scenes.NOW)
    window.state, window.pulls = Window.State.COMPLETE, 1
    window.complete_through = window.closed_at = scenes.NOW
    window.save()
    return made


def test_from_the_first_click_to_the_release(visit: Open, people: list[Person], picture: Picture) -> None:
    """Every step as a person takes it, with what axe and the policy say on the way."""
    page = visit("/matters/")
    begun, pages = time.monotonic(), [page.url]
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    page.click("main .head a.button.primary")
    page.fill("#id_name", "Tender Lisbon")
    page.fill("#id_reason", "Order of the court of 3 November 2026")
    page.wait_for_load_state()  # what looks for names comes last
    page.fill("#find-people", "mira")
    page.wait_for_selector("#people-found >> text=Mira Lang")
    page.locator("#people-found input[name=person]").check()
    page.wait_for_selector("#people-found >> text=1 ticked here")
    page.fill("#find-people", "zo")
    page.wait_for_selector("#people-found >> text=Zoë Adler")
    page.locator("#people-found label:has-text('Zoë') input").check()
    page.wait_for_selector("#people-found >> text=2 ticked here")
    expect(page.locator("#people-found :checked")).to_have_count(2)
    assert faults(page) == []
    page.click("text=Paste a list")
    page.fill("#pasted", "custodian1@acme.example\nSomebody Else")
    page.click("button[value=paste]")
    page.wait_for_selector("text=Somebody Else: nobody of this name")
    expect(page.locator("input[name=person]:checked")).to_have_count(3)
    assert faults(page) == []
    page.click("button[value=preview]")
    page.wait_for_selector("#preview >> text=3 people")
    picture(page, "matter-preview")
    page.click("text=Open the matter and hold 3 people")
    page.wait_for_selector("text=3 custodians")
    assert len(pages) <= 5, pages
    assert time.monotonic() - begun < 120
    assert faults(page) == []
    matter = Matter.objects.get(name="Tender Lisbon")
    assert Hold.objects.filter(matter=matter, released_at=None).count() == 3

    page.click("text=Hold more people…")
    page.wait_for_load_state()
    page.fill("#find-people", "olu outside")
    page.wait_for_selector("#people-found >> text=Olu Outside")
    page.locator("#people-found input[name=person]").check()
    page.click("text=Hold the ticked people")
    page.wait_for_selector("text=held here only")
    picture(page, "matter-custodians")
    assert faults(page) == []

    page.click("text=Drop custodians, or release the matter…")
    page.fill("#reason", "Settled out of court")
    page.click("button[value=foresee-release]")
    page.wait_for_selector(f"#foreseen >> text={SAID} messages")
    picture(page, "matter-foreseen")
    assert faults(page) == []
    page.click("text=Ask to release the matter…")
    page.wait_for_selector("text=so somebody else has to decide it")
    request = page.url

    samir = User.objects.get(username="samir")
    home = request.partition("/approvals/")[0]
    page.goto(f"{home}/matters/{matter.pk}/members/")
    page.select_option("#user", label=samir.get_full_name())
    page.click("text=Make them a member")
    page.wait_for_selector("tbody >> text=samir")
    assert faults(page) == []
    other = visit(request.removeprefix(home), by="samir")
    other.wait_for_selector("text=Messages become destroyable")
    picture(other, "matter-release-request")
    other.fill("[name=typed]", "release")
    other.click("text=Approve these 4 items")
    other.wait_for_selector("text=cooling off")
    assert Hold.objects.filter(matter=matter, released_at=None).count() == 4
    approvals.carry_out_due(clock=lambda: timezone.now() + timedelta(days=2))
    page.goto(f"{home}/matters/{matter.pk}/")
    page.wait_for_selector(f"text={SAID} messages and 0 files in 1 session became destroyable by it")
    assert not Custodian.objects.filter(matter=matter, dropped_at=None).exists()
    page.goto(f"{home}/matters/{matter.pk}/timeline/")
    page.wait_for_selector("text=released the matter, so that")
    picture(page, "matter-timeline")
    assert faults(page) == []


def test_it_works_without_a_script(visit: Open, people: list[Person]) -> None:
    """People are found by a button, and nothing chosen is lost on the way."""
    page = visit("/matters/open/", scripts=False)
    page.fill("#id_name", "Quiet")
    page.fill("#id_reason", "Letter")
    page.fill("#find-people", "tom")
    page.click("button[value=find]")
    page.locator("#people-found input[name=person]").check()
    page.click("button[value=preview]")
    page.click("text=Open the matter and hold 1 person")
    page.wait_for_selector("text=1 custodian")
    assert Matter.objects.filter(name="Quiet").count() == 1


def test_a_matter_is_renamed_and_found_by_both_names(
    visit: Open, people: list[Person], picture: Picture
) -> None:
    """From its page, with why; the list finds it by the name it had."""
    matter = world.matter(User.objects.get(username="ines"))
    page = visit(f"/matters/{matter.pk}/")
    page.click("text=Rename…")
    page.fill("#name", "SEC inquiry 2026-114")
    page.fill("#reason", "The SEC took it over")
    assert faults(page) == []
    page.click("text=Rename the matter")
    page.wait_for_selector("h1 >> text=SEC inquiry 2026-114")
    page.wait_for_selector("text=“Inquiry 2026-114” until")
    assert faults(page) == []
    home = page.url.partition("/matters/")[0]
    page.goto(f"{home}/matters/{matter.pk}/rename/")
    page.wait_for_selector("text=The SEC took it over")
    picture(page, "matter-rename")
    assert faults(page) == []
    page.goto(f"{home}/matters/")
    page.fill("#called", "inquiry 2026-114")
    page.press("#called", "Enter")
    page.wait_for_selector("tbody >> text=SEC inquiry 2026-114")
    page.goto(f"{home}/matters/{matter.pk}/timeline/")
    page.wait_for_selector("text=renamed the matter from")
