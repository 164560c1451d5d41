"""Why a message is still here, or when and why it went: what its page says in each case."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from archive.models import Account, Channel, Session
from compliance import approvals
from compliance.disposition import asking, executing, gathering, reviewing
from compliance.models import Disposition, KeepingRule
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.approvals.shelf import third_officer
from tests.compliance.conftest import As
from tests.compliance.disposition.test_disposing import hold_session

Say = Callable[[], str]


@pytest.fixture(autouse=True)
def that_month() -> Iterator[None]:
    """The clock that everything here goes by: on the real one even the longest of these rules has ended some day."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def page(account: Account, ines: User, as_person: As) -> Say:
    """What the page of one message says about its keeping, as Ines reads it."""
    client = as_person(ines)

    def said() -> str:
        html = client.get(f"/messages/{world.message('main').pk}/").content.decode()
        section = html.partition('<section class="section" id="kept">')[2].partition("</section>")[0]
        return " ".join(section.split())

    return said


def test_without_a_rule_it_is_kept_for_good(page: Say) -> None:
    """And it says that no rule is about it."""
    assert "Kept for good:" in page()
    assert "no rule of the archive is about it" in page()


def test_the_rule_that_decides_comes_first(page: Say) -> None:
    """Of two rules the longer one; one about other sessions is named below with why not."""
    world.keeping_rule(name="A year", amount=12)
    world.keeping_rule(name="Ten years", amount=120)
    world.keeping_rule(name="Deals", amount=1, named="deals*")
    world.keeping_rule(name="Direct", amount=1, kinds=["direct"])
    said = page()
    assert "Kept</span></span> until" in said
    assert "by the rule “Ten years”" in said
    assert said.index("<strong>Ten years</strong>") < said.index("<strong>A year</strong>")
    assert "It decides: of 2 rules it ends last." in said
    assert "<strong>Deals</strong>: this session is not named “deals*”." in said
    assert "<strong>Direct</strong>: it is about other kinds of sessions." in said


def test_a_kind_that_is_not_known_keeps(page: Say, session: Session) -> None:
    """The rule may be about it, so nothing lets it go; once the kind is known, it does."""
    world.keeping_rule(name="Private", amount=1, unit="days", kinds=["private"])
    assert "no rule is about it for certain" in page()
    Session.objects.filter(pk=session.pk).update(channel_id="c1")
    Channel.objects.create(account=session.account, zoom_id="c1", type=2, last_seen_at=timezone.now())
    assert "Due</span></span> since" in page()


def test_due_and_held_says_both(page: Say, session: Session, mei: User) -> None:
    """What is due stays until two people decide; what is held stays whoever decides."""
    world.keeping_rule(name="Day", amount=1, unit="days")
    assert "It stays until two people decide a disposition with it." in page()
    hold_session(session)
    assert "Due and held:" in page()


def test_what_was_done_with_it_stands_there(page: Say, account: Account, mei: User, ines: User) -> None:
    """Taken out of one disposition, refused in the next, gone in the third: with who, when and why."""
    world.keeping_rule(name="Day", amount=1, unit="days", law="Policy 7")
    message = world.message("main")

    def gathered() -> Disposition:
        row = gathering.start(account_id=account.pk, by=mei, now=timezone.now())
        gathering.carry_out_next(clock=timezone.now)
        row.refresh_from_db()
        return row

    def carried_out(row: Disposition, meanwhile: Callable[[], object] = lambda: None) -> None:
        asked = asking.ask(
            disposition_id=row.pk, typed="destroy", reason="It is due.", by=mei, now=timezone.now()
        )
        for officer in (ines, third_officer()):
            approvals.approve(request_id=asked.pk, digest=asked.digest, by=officer, now=timezone.now())
        meanwhile()
        at = timezone.now() + timedelta(days=4)
        approvals.carry_out_due(clock=lambda: at)
        while executing.carry_out_next(clock=lambda: at):
            pass

    first = gathered()
    assert f"disposition {first.pk}</a>, to be looked at" in page()
    out = {"disposition_id": first.pk, "by": mei, "now": timezone.now()}
    reviewing.take_out(session_id=None, message_id=message.pk, reason="Quoted.", **out)  # type: ignore[arg-type]
    assert f"Taken out of disposition {first.pk} by Mei Tanaka (mei)" in page()
    carried_out(first)
    second = gathered()
    carried_out(second, meanwhile=lambda: world.keeping_rule(name="Longer", amount=12))
    assert f"disposition {second.pk} was to destroy it: a rule keeps it longer now." in page()
    KeepingRule.objects.filter(name="Longer").update(ended_at=timezone.now(), ended_by_name="Mei", ending="x")
    third = gathered()
    carried_out(third)
    said = page()
    assert "When and why it went" in said
    assert f"disposition {third.pk}</a>" in said
    assert "kept it 1 day, by Policy 7." in said
    assert "Approved by Ines Moreau (ines)" in said
