"""How long the archive keeps what, and how it goes, in a real browser: those who decide, a hold, and a certificate."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache, caches
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from archive import log
from archive.models import Account, Message, Revision, Session
from compliance import approvals
from compliance.disposition import executing, gathering
from compliance.models import Disposition, KeepingRule, Matter, MatterMember
from compliance.permissions import Role
from tests.archive.disposition import zips
from tests.archive.packages.test_pdf import words as printed
from tests.browser.accessibility import faults
from tests.browser.conftest import Open, Picture
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import second_officer
from tests.compliance.disposition.test_disposing import hold_session

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
COOL = timedelta(days=4)


@pytest.fixture
def archive(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, int]]:
    """Three sessions of November, indexed and signed; the first one is held; a rule keeps everything for seven years."""
    cache.clear()
    caches["process"].clear()
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        session = world.fill(sessions=3, messages=12)[0]
        world.store_files()
        world.index()
        world.sign()
        for role in (Role.COMPLIANCE_OFFICER, Role.RECORDS_MANAGER, Role.AUDITOR):
            cast.person(role)
        second_officer()
        hold_session(session)
        rule = world.keeping_rule(name="Everything", amount=84, law="Records policy 7, section 3")
        yield {"session": session.pk, "rule": rule.pk, "matter": released_with_a_zip(session).pk}


def released_with_a_zip(session: Session) -> Matter:
    """A released matter of Ines with a zip of two messages that nothing holds, and one of a session that is held."""
    matter = zips.matter_at_zoom(session.account, name="Inquiry 2025-031")
    for member in User.objects.filter(username="ines"):
        MatterMember.objects.create(
            matter=matter, user=member, added_at=matter.opened_at, added_by_name="Ines"
        )
    free = Message.objects.exclude(session=session).order_by("pk")[:2]
    zips.zipped(session.account, *free)
    zips.zipped(session.account, *Message.objects.filter(session=session).order_by("pk")[:1], file_key="k2")
    zips.release(matter)
    return matter


def words(page: Page) -> str:
    page.wait_for_load_state()
    return " ".join(page.locator("main").inner_text().split())


def carry_out() -> None:
    """What the workers do once it has cooled off."""
    approvals.carry_out_due(clock=lambda: timezone.now() + COOL)
    while gathering.carry_out_next(clock=timezone.now):
        pass
    while executing.carry_out_next(clock=lambda: timezone.now() + COOL):
        pass


def approve(visit: Open, address: str, *, by: tuple[str, ...] = ("ines",), typed: str = "") -> None:
    """Each reads what exactly and approves it; the last one's word counts for all."""
    for name in by:
        page = visit(address, by=name)
        assert faults(page) == []
        if typed:
            page.fill("#id_typed", typed)
        page.click("button:has-text('Approve')")
        said = (
            "Approved. It runs after" if name == by[-1] else "You have approved it. One more person has to."
        )
        assert said in words(page)
        assert faults(page) == []


def test_a_rule_is_shortened_and_the_hold_stops_it(
    visit: Open, archive: dict[str, int], picture: Picture, tmp_path: Path
) -> None:
    """Mei shortens, Ines approves; Ines and Samir let go what is due; what is held stays; the certificate holds."""
    mei = visit(f"/disposition/rules/{archive['rule']}/", by="mei")
    mei.click("text=Replace it…")
    assert faults(mei) == []
    mei.fill("#id_amount", "2")
    mei.select_option("#id_unit", "days")
    mei.fill("#id_why", "The policy was changed on 20 November.")
    mei.click("text=Replace the rule…")
    assert "a second person decides" in words(mei)
    approve(visit, mei.url.partition("/approvals/")[1] + mei.url.partition("/approvals/")[2])
    carry_out()
    assert KeepingRule.objects.get(ended_at=None).amount == 2
    mei.goto(mei.url.partition("/approvals/")[0] + "/disposition/rules/?ended")
    assert faults(mei) == []
    picture(mei, "keeping-rules")
    mei.click(".tabs a:has-text('What is due')")
    mei.click("text=Put together what is due")
    carry_out()
    mei.reload()
    row = Disposition.objects.get()
    held = Revision.objects.filter(message__session=archive["session"]).values("message").distinct().count()
    assert (row.held, row.sessions) == (held, 2)
    assert "a hold covers them" in words(mei)
    assert faults(mei) == []
    picture(mei, "disposition-review")
    mei.fill("#reason-ask", "They are past their period.")
    mei.fill("#typed", "destroy")
    assert (row.zips, row.zips_kept) == (1, 1)
    mei.click(f"text=Ask to destroy {row.messages} messages and 1 zip…")
    approve(visit, "/approvals/" + mei.url.partition("/approvals/")[2], by=("ines", "samir"), typed="destroy")
    carry_out()
    log.checkpoint(now=timezone.now() + COOL)
    mei.goto(mei.url.partition("/approvals/")[0] + f"/disposition/{row.pk}/")
    assert f"{row.messages} of {row.messages} messages and 1 of 1 zip of legal holds are destroyed" in words(
        mei
    )
    assert faults(mei) == []
    picture(mei, "disposition-done")
    assert not Revision.objects.exclude(message__session=archive["session"]).exists()
    assert Revision.objects.filter(message__session=archive["session"]).exists()
    verify(mei, tmp_path)
    of_matter = visit(f"/matters/{archive['matter']}/", by="ines")
    assert "Destroyed here" in words(of_matter)
    assert "Still kept here" in words(of_matter)
    assert faults(of_matter) == []
    picture(of_matter, "matter-zips-ended")
    tell_why(visit, archive, picture)


def verify(mei: Page, folder: Path) -> None:
    """The certificate, checked by a program that stands alone."""
    with mei.expect_download() as taking:
        mei.click("text=Take the certificate")
    with mei.expect_download() as on_paper:
        mei.click("text=Certificate on paper (PDF)")
    assert "Records policy 7, section 3" in printed(on_paper.value.path().read_bytes())
    kept = folder / "certificate.json"
    taking.value.save_as(kept)
    checked = subprocess.run(
        [sys.executable, ROOT / "archive" / "verify.py", kept],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "It is as it was issued." in checked.stdout
    kept.write_bytes(kept.read_bytes().replace(b"Records policy 7", b"Records policy 8"))
    changed = subprocess.run(
        [sys.executable, ROOT / "archive" / "verify.py", kept],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert changed.returncode == 1


def tell_why(visit: Open, archive: dict[str, int], picture: Picture) -> None:
    """The page of what went, and of what is held, each say why."""
    gone = Session.objects.exclude(pk=archive["session"]).order_by("pk")[0].messages.order_by("pk")[0]
    ines = visit(f"/messages/{gone.pk}/")
    assert "When and why it went" in words(ines)
    assert "Approved by Ines Moreau (ines)" in words(ines)
    assert "and Samir Haddad (samir)" in words(ines)
    assert faults(ines) == []
    picture(ines, "message-destroyed")
    there = Session.objects.get(pk=archive["session"]).messages.order_by("pk")[0]
    ines = visit(f"/messages/{there.pk}/", theme="dark", width=1024)
    assert "Due and held:" in words(ines)
    assert faults(ines) == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_is_accessible(theme: str, width: int, visit: Open, archive: dict[str, int]) -> None:
    """Nothing for axe to find and nothing to scroll sideways, empty and filled."""
    page = visit("/disposition/", by="mei", theme=theme, width=width)
    found = faults(page)
    KeepingRule.objects.update(ended_at=timezone.now(), ended_by_name="Mei", ending="x")
    world.keeping_rule(name="Short", amount=2, unit="days")
    row = gathering.start(
        account_id=Account.objects.get().pk, by=cast.User.objects.get(username="mei"), now=timezone.now()
    )
    addresses = [
        f"/disposition/{row.pk}/",
        "/disposition/",
        "/disposition/rules/?ended",
        "/disposition/rules/write/",
        "/disposition/erasures/",
        "/disposition/erasures/take/?find=ines",
        f"/disposition/erasures/{world.erasure().pk}/",
    ]
    base = page.url.partition("/disposition/")[0]
    for address in addresses:
        page.goto(base + address)
        found += faults(page)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
    gathering.carry_out_next(clock=timezone.now)
    page.goto(base + addresses[0])
    found += faults(page)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert found == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_request_is_withdrawn_and_the_set_is_asked_for_again_put_together_anew_and_discarded(
    theme: str, width: int, visit: Open, archive: dict[str, int]
) -> None:
    """Mei reads what became of it in the list and on its page, and each way out of it leads somewhere."""
    KeepingRule.objects.update(ended_at=timezone.now(), ended_by_name="Mei", ending="x")
    world.keeping_rule(name="Short", amount=2, unit="days")
    mei = visit("/disposition/", by="mei", theme=theme, width=width)
    mei.click("text=Put together what is due")
    carry_out()
    row = Disposition.objects.get()
    mei.reload()
    for _ in range(2):
        mei.fill("#reason-ask", "They are past their period.")
        mei.fill("#typed", "destroy")
        mei.click("button:has-text('Ask to destroy')")
        mei.fill("#withdraw_reason", "Asked too early.")
        mei.click("text=Withdraw the request")
        mei.goto(mei.url.partition("/approvals/")[0] + "/disposition/")
        assert "It destroys nothing and holds nothing." in words(mei)
        assert faults(mei) == []
        assert not mei.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        mei.click("text=Ask again…")
        assert "was withdrawn by Mei Tanaka (mei)" in words(mei)
        assert faults(mei) == []
        assert not mei.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        mei.click("text=Ask again…")
        expect(mei.locator("#ask")).to_be_in_viewport()
    world.keeping_rule(name="Board", amount=120, named="board*")
    mei.reload()
    assert "“Board” began." in words(mei)
    assert faults(mei) == []
    mei.click("text=Discard this one and put together anew")
    begun = Disposition.objects.latest("pk")
    assert mei.url.endswith(f"/disposition/{begun.pk}/")
    row.refresh_from_db()
    assert (row.state, begun.state) == ("discarded", "gathering")
    carry_out()
    mei.reload()
    mei.fill("#reason-discard", "Not this quarter.")
    mei.click("text=Discard, and destroy nothing")
    assert "Discarded by Mei Tanaka (mei)" in words(mei)
