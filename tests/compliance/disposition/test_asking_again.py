"""A set whose request has ended stays, and says so; it is asked for again as the world is then, or put together anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from archive.models import Account, Message, Person, Revision, Session
from compliance import approvals
from compliance.approvals import figuring
from compliance.disposition import asking, erasures, gathering, outdated, reviewing
from compliance.models import AuditEvent, Disposition, KeepingRule, Request, RequestCount
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.approvals.shelf import third_officer
from tests.compliance.conftest import As
from tests.compliance.disposition.test_disposing import (
    LATER,
    WHY,
    approved,
    clock,
    gather,
    gathered,
    hold_session,
    rule,
    run,
)
from tests.compliance.disposition.test_erasures import wanted
from tests.compliance.test_pages import cost

__all__ = ["gathered", "rule"]
HELD = "of them are held now and would stay"
LEFT = "destroys nothing and holds nothing"


def ask(row: Disposition, *, by: User) -> Request:
    return asking.ask(disposition_id=row.pk, typed="destroy", reason=WHY, by=by, now=LATER)


def withdrawn(row: Disposition, *, by: User) -> Request:
    asked = ask(row, by=by)
    approvals.withdraw(request_id=asked.pk, reason="Asked too early.", by=by, now=LATER)
    return asked


def anew(row: Disposition, *, by: User) -> Disposition:
    return outdated.put_together_anew(disposition_id=row.pk, by=by, now=LATER)


def end(rule: KeepingRule) -> None:
    KeepingRule.objects.filter(pk=rule.pk).update(ended_at=LATER, ended_by_name="Mei", ending="Repealed.")


def page(client_of: As, person: User, row: Disposition) -> str:
    return " ".join(client_of(person).get(f"/disposition/{row.pk}/").content.decode().split())


def test_the_page_and_the_list_say_that_it_was_withdrawn(
    gathered: Disposition, mei: User, tomas: User, as_person: As
) -> None:
    """By whom, when and why; what follows; and to whoever may, what to do next."""
    withdrawn(gathered, by=mei)
    said = page(as_person, mei, gathered)
    when = timezone.localtime(LATER).strftime("%-d %b %Y, %H:%M")
    assert "was withdrawn by Mei Tanaka (mei)" in said
    assert when in said
    assert "Asked too early." in said
    assert LEFT in said
    for button in ("Ask again…", "Put together anew…", "Discard…"):
        assert button in said, button
    assert "As it stands" in page(as_person, tomas, gathered)
    assert "Ask again…" not in page(as_person, tomas, gathered)
    listed = " ".join(as_person(mei).get("/disposition/").content.decode().split())
    assert "was withdrawn by Mei Tanaka (mei)" in listed
    assert LEFT in listed
    assert f'href="/disposition/{gathered.pk}/#discard"' in listed
    theirs = as_person(tomas).get("/disposition/").content.decode()
    assert LEFT in theirs
    assert "#discard" not in theirs


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (
            lambda asked, ines: approvals.refuse(
                request_id=asked.pk, reason="The audit is not over.", by=ines, now=LATER
            ),
            "was refused by Ines Moreau (ines)",
        ),
        (lambda *_: approvals.carry_out_due(clock=lambda: LATER + timedelta(days=8)), "expired"),
    ],
)
def test_refused_and_expired_are_told_apart(
    deed: Callable[[Request, User], object],
    words: str,
    gathered: Disposition,
    mei: User,
    ines: User,
    as_person: As,
) -> None:
    """Each with why."""
    asked = ask(gathered, by=mei)
    deed(asked, ines)
    asked.refresh_from_db()
    said = page(as_person, mei, gathered)
    assert words in said
    assert asked.ending in said
    assert LEFT in said


def test_while_it_waits_or_goes_nothing_is_said_of_an_earlier_request(
    gathered: Disposition, mei: User, ines: User, as_person: As
) -> None:
    """Asked again, it waits; carried out, it is done."""
    withdrawn(gathered, by=mei)
    ask(gathered, by=mei)
    assert LEFT not in page(as_person, mei, gathered)
    listed = as_person(mei).get("/disposition/").content.decode()
    assert LEFT not in listed
    assert "waits for approval" in listed
    waiting = Request.objects.get(state="asked")
    for officer in (ines, third_officer()):
        approvals.approve(request_id=waiting.pk, digest=waiting.digest, by=officer, now=LATER)
    approvals.carry_out_due(clock=lambda: LATER + timedelta(days=4))
    run()
    assert LEFT not in page(as_person, mei, gathered)


def test_a_hold_of_meanwhile_is_counted_when_it_is_asked_for_again(
    gathered: Disposition, session: Session, mei: User
) -> None:
    """The new request has figures of its own, of that moment; those of the old one stay what they were."""
    before = withdrawn(gathered, by=mei)
    hold_session(session)
    again = ask(gathered, by=mei)
    assert before.figures[HELD] == 0
    assert again.figures[HELD] == Message.objects.filter(session=session).count()
    assert RequestCount.objects.get(request=before).figures[HELD] == 0


def test_what_takes_long_to_count_is_counted_again_before_anybody_approves(
    gathered: Disposition, session: Session, mei: User, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures of the request that was withdrawn are not used."""
    withdrawn(gathered, by=mei)
    hold_session(session)
    monkeypatch.setattr(figuring, "PATIENCE", timedelta(0))
    again = ask(gathered, by=mei)
    with pytest.raises(approvals.Obstacle, match="waiting to be counted"):
        approvals.approve(request_id=again.pk, digest=again.digest, by=ines, now=LATER)
    assert approvals.count_next(clock=clock)
    seen = approvals.seen(request_id=again.pk, by=ines, now=LATER)
    assert seen.figures == {HELD: Message.objects.filter(session=session).count()}


def test_under_other_rules_it_is_not_asked_for_again(
    gathered: Disposition, rule: KeepingRule, mei: User, as_person: As
) -> None:
    """It says which ended and which began; nothing was asked for, and the page offers what can be done."""
    withdrawn(gathered, by=mei)
    end(rule)
    world.keeping_rule(name="Two years", amount=24)
    with pytest.raises(gathering.Unfit, match=r"“A month” ended; “Two years” began.*put it together anew"):
        ask(gathered, by=mei)
    assert not Request.objects.filter(state="asked").exists()
    said = page(as_person, mei, gathered)
    assert "Out of date." in said
    assert "“A month” ended; “Two years” began." in said
    assert "Ask again…" not in said
    assert "Discard this one and put together anew" in said


def test_nor_is_one_that_was_never_asked_for(gathered: Disposition, mei: User) -> None:
    """Its lines name a rule that governs nothing any more, or leave out one that does."""
    world.keeping_rule(name="Board", amount=120, named="board*")
    with pytest.raises(gathering.Unfit, match="“Board” began"):
        ask(gathered, by=mei)


def test_it_is_put_together_anew_by_the_rules_and_holds_of_now(
    gathered: Disposition, session: Session, mei: User, ines: User
) -> None:
    """The old one is discarded, with why; the new one leaves out what is held, can be asked for, and goes."""
    withdrawn(gathered, by=mei)
    world.keeping_rule(name="Short", amount=1, unit="days")
    hold_session(session)
    begun = anew(gathered, by=mei)
    gathered.refresh_from_db()
    assert (gathered.state, gathered.stop_reason) == (
        "discarded",
        "Put together anew. The rules changed since it was put together: “Short” began.",
    )
    assert gathering.carry_out_next(clock=clock)
    begun.refresh_from_db()
    assert begun.held == Message.objects.filter(session=session).count()
    assert begun.messages == Message.objects.exclude(session=session).count()
    approved(begun, by=mei, second=ines)
    run()
    assert Disposition.objects.get(pk=begun.pk).state == "done"
    assert not Revision.objects.exclude(message__session=session).exists()


def test_where_nothing_can_be_put_together_the_old_one_stays(
    gathered: Disposition, rule: KeepingRule, mei: User, as_person: As
) -> None:
    """All or nothing: without a rule there is nothing to put together, and nothing is discarded."""
    withdrawn(gathered, by=mei)
    end(rule)
    said = as_person(mei).post(f"/disposition/{gathered.pk}/anew/", follow=True).content.decode()
    assert "There is no rule, so everything is kept for good." in said
    gathered.refresh_from_db()
    assert gathered.state == "review"
    assert not AuditEvent.objects.filter(action="ended", subject=f"disposition/{gathered.pk}").exists()


def test_what_is_asked_for_is_not_put_together_anew(gathered: Disposition, mei: User, tomas: User) -> None:
    """First the request is withdrawn; and Tomás, who audits, may not at all."""
    ask(gathered, by=mei)
    with pytest.raises(gathering.Unfit, match="Withdraw the request first"):
        anew(gathered, by=mei)
    with pytest.raises(PermissionDenied):
        anew(gathered, by=tomas)
    with pytest.raises(reviewing.NoSuchDisposition):
        outdated.put_together_anew(disposition_id=0, by=mei, now=LATER)


def test_an_erasure_is_asked_for_again_by_the_duties_of_now(
    account: Account, mei: User, as_person: As
) -> None:
    """A rule that is no duty is nothing to it; a duty is, and what it binds is left out of the new one."""
    author = Person.objects.get(member_id="m-ines", account=account)
    taken = erasures.take(wanted=wanted(author), by=mei, now=NOW)
    row = gathering.start_erasure(erasure_id=taken.pk, by=mei, now=LATER)
    gathering.carry_out_next(clock=clock)
    row.refresh_from_db()
    withdrawn(row, by=mei)
    world.keeping_rule(name="No duty", made_at=LATER + timedelta(hours=1))
    withdrawn(row, by=mei)
    world.keeping_rule(name="Tax", named="zz*", is_duty=True, made_at=LATER + timedelta(hours=1))
    with pytest.raises(gathering.Unfit, match="“Tax” began"):
        ask(row, by=mei)
    assert "what can go now of the request for erasure" in page(as_person, mei, row)
    begun = anew(row, by=mei)
    assert (begun.erasure_id, begun.state) == (taken.pk, "gathering")


def test_the_list_costs_no_more_for_more_that_ended(
    gathered: Disposition, account: Account, mei: User, as_person: As
) -> None:
    """One that was withdrawn, and many."""
    client = as_person(mei)
    withdrawn(gathered, by=mei)
    few = cost(client, "/disposition/")
    for _ in range(5):
        withdrawn(gathered, by=mei)
        reviewing.discard(disposition_id=gathered.pk, reason="Again.", by=mei, now=LATER)
        gathered = gather(account.pk, by=mei)
    withdrawn(gathered, by=mei)
    assert cost(client, "/disposition/") == few
