"""Counting what a release would let go: nobody waits for a long one, and nobody approves without its figures."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from compliance import approvals, foreseeing, losing, releasing, weighing
from compliance.approvals import Obstacle
from compliance.models import AuditEvent, Custodian, LossCount, Matter, Request, Told
from tests.archive.scenes import NOON, NOW
from tests.compliance.holds.conftest import Office, office
from tests.compliance.matters.test_foreseeing import ines, matter, nora

__all__ = ["ines", "matter", "nora", "office"]
State = LossCount.State


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every count takes longer than anybody should wait."""
    monkeypatch.setattr(weighing, "PATIENCE", timedelta(0))


def work() -> None:
    """What a worker does within a minute."""
    while weighing.count_next(clock=timezone.now):
        pass


def test_a_long_count_goes_on_behind_the_page(slow: None, client: Client, matter: Matter, ines: User) -> None:
    """The page says how far it is; whoever asked is told, with a link to the figures."""
    client.force_login(ines)
    address = f"/matters/{matter.pk}/release/"
    said = client.post(f"{address}ask/", {"do": "foresee-release", "reason": "Settled"}).content.decode()
    assert "Waiting to be counted" in said
    row = LossCount.objects.get()
    moving = f"{address}counting/{row.pk}/"
    assert moving in said
    work()
    said = client.get(moving).content.decode()
    assert "<strong>3 messages</strong>" in said
    assert "hx-get" not in said
    line = Told.objects.get(person=ines)
    assert (line.text, line.link) == (
        f"What would become destroyable in “{matter.name}” is counted: 3 messages.",
        f"{address}?count={row.pk}",
    )
    assert "<strong>3 messages</strong>" in client.get(line.link).content.decode()


def test_asking_waits_for_no_count_and_approving_needs_it(
    slow: None, client: Client, matter: Matter, ines: User, nora: User
) -> None:
    """The request is there at once without figures; it is approved with them, and not before."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    assert asked.figures == {}
    with pytest.raises(Obstacle, match="waiting to be counted"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    client.force_login(nora)
    said = client.get(f"/approvals/{asked.pk}/").content.decode()
    assert "Nobody can approve it before" in said
    assert 'name="typed"' not in said
    work()
    assert client.get(f"/approvals/{asked.pk}/awaited/").headers["HX-Refresh"] == "true"
    seen = approvals.seen(request_id=asked.pk, by=nora, now=NOW)
    assert seen.figures is not None
    assert seen.figures["messages become destroyable"] == 3
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    assert Request.objects.get().state == Request.State.APPROVED


def test_figures_are_too_old_once_another_hold_ended(
    matter: Matter, office: Office, ines: User, nora: User
) -> None:
    """Its end may have left more to this matter alone; a look at the request has it counted again."""
    other = office.open_matter("Other")
    hold = office.hold(other)
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    assert asked.figures["messages become destroyable"] == 0
    type(hold).objects.filter(pk=hold.pk).update(released_at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    with pytest.raises(Obstacle, match="counted anew"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=later)
    approvals.seen(request_id=asked.pk, by=nora, now=later)
    while weighing.count_next(clock=lambda: later):
        pass
    assert LossCount.objects.get().messages == 3
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=later)


def test_a_count_is_stopped(slow: None, client: Client, matter: Matter, ines: User) -> None:
    """It is in the trail, a worker passes it by, and whoever asks again has it counted anew."""
    foreseen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    client.force_login(ines)
    client.post(f"/matters/{matter.pk}/release/counting/{foreseen.count.pk}/stop/")
    assert not weighing.count_next(clock=lambda: NOW)
    assert LossCount.objects.get().state == State.STOPPED
    assert AuditEvent.objects.filter(action="stopped").count() == 1
    foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    work()
    assert LossCount.objects.get().state == State.COUNTED


def test_a_count_that_is_stopped_on_the_page_of_the_request_is_begun_anew_there(
    slow: None, client: Client, matter: Matter, ines: User, nora: User
) -> None:
    """Who may approve stops it; a look begins nothing, nobody approves, and asking for it counts what there is now."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=timezone.now())
    client.force_login(nora)
    address = f"/approvals/{asked.pk}/"
    assert "Stop counting" in client.get(address).content.decode()
    said = client.post(f"{address}awaited/stop/", follow=True).content.decode()
    assert "Counting what would become destroyable was stopped." in said
    assert LossCount.objects.get().state == State.STOPPED
    work()
    with pytest.raises(Obstacle, match="was stopped"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=timezone.now())
    assert "It is counted anew." in client.post(f"{address}awaited/anew/", follow=True).content.decode()
    work()
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=timezone.now())
    said = client.get(f"/matters/{matter.pk}/timeline/").content.decode()
    assert "stopped counting its figures: Release the matter" in said
    assert "began counting its figures anew: Release the matter" in said


def test_a_worker_that_died_is_followed(slow: None, matter: Matter, ines: User) -> None:
    """After a while another takes over, from the beginning; what the dead one still says does not count."""
    foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    LossCount.objects.update(state=State.CLAIMED, claimed_at=NOW - timedelta(minutes=9))
    assert not weighing.count_next(clock=lambda: NOW)
    LossCount.objects.update(claimed_at=NOW - timedelta(minutes=11))
    assert weighing.count_next(clock=lambda: NOW)
    assert LossCount.objects.get().messages == 3


def test_what_is_captured_meanwhile_moves_the_figures_by_the_next_day(
    matter: Matter, office: Office, ines: User
) -> None:
    """They are of a moment, which is shown; a day later they are counted again."""
    first = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    office.say(NOON - timedelta(minutes=1))
    same = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW + timedelta(hours=23))
    again = foreseeing.foresee(
        matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW + timedelta(hours=25)
    )
    assert [one.count.messages for one in (first, same, again)] == [3, 3, 4]
    assert LossCount.objects.count() == 1


def test_dropping_some_is_another_count(matter: Matter, office: Office, ines: User) -> None:
    """Of their holds alone."""
    office.hold(matter, session_id=office.session.pk, person_id=None)
    chosen = [Custodian.objects.get().pk]
    seen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=chosen, by=ines, now=NOW)
    assert (seen.count.custodians, seen.count.messages, seen.is_release) == (chosen, 0, False)
    assert foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW).count.messages == 4


def approved(matter: Matter, ines: User, nora: User) -> Request:
    """A release that another officer approved."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    return asked


def ended(matter: Matter) -> dict[str, object]:
    """What the trail says became destroyable."""
    found = AuditEvent.objects.get(action="released", subject=f"matter/{matter.pk}").details["destroyable"]
    assert isinstance(found, dict)
    return found


def test_what_became_destroyable_is_exact_though_it_was_counted_before(
    matter: Matter, office: Office, ines: User, nora: User
) -> None:
    """Sessions of which nothing new is known are not counted again; those with a new message are."""
    asked = approved(matter, ines, nora)
    office.say(NOON - timedelta(minutes=1))
    exactly = losing.of_matter(matter.pk)
    assert exactly.messages == 4
    approvals.carry_out_due(clock=lambda: NOW + timedelta(days=2))
    asked.refresh_from_db()
    assert asked.state == "carried_out"
    assert LossCount.objects.get().messages == 3
    assert (ended(matter)["messages"], ended(matter)["sha256"]) == (4, exactly.sha256)


def test_a_release_waits_for_a_worker_where_much_has_changed(
    slow: None, monkeypatch: pytest.MonkeyPatch, matter: Matter, office: Office, ines: User, nora: User
) -> None:
    """Nothing is counted while holds end; it is carried out once the worker has counted, and that is no failure."""
    releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    work()
    asked = Request.objects.get()
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    monkeypatch.setattr(weighing, "MOST_CHANGED", 0)
    office.say(NOON - timedelta(minutes=1))
    later = asked.asked_at + timedelta(days=1, minutes=1)
    approvals.carry_out_due(clock=lambda: later)
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("approved", 0)
    assert "counted once more" in asked.last_error
    while weighing.count_next(clock=lambda: later):
        pass
    approvals.carry_out_due(clock=lambda: later + timedelta(minutes=2))
    asked.refresh_from_db()
    assert asked.state == "carried_out"
    assert ended(matter)["messages"] == 4


def test_no_release_waits_for_longer_than_an_hour(slow: None, matter: Matter, ines: User, nora: User) -> None:
    """However much changes: then it is counted while the holds end."""
    releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    work()
    asked = Request.objects.get()
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    LossCount.objects.update(complete_to=None)
    approvals.carry_out_due(clock=lambda: NOW + timedelta(days=1, hours=2))
    asked.refresh_from_db()
    assert asked.state == "carried_out"
    assert ended(matter)["messages"] == 3


def test_another_hold_that_ends_meanwhile_has_it_counted_as_a_whole(
    matter: Matter, office: Office, ines: User, nora: User
) -> None:
    """What was counted says nothing any more of a session in which nothing was said since."""
    other = office.open_matter("Other")
    hold = office.hold(other)
    asked = approved(matter, ines, nora)
    assert asked.figures["messages become destroyable"] == 0
    type(hold).objects.filter(pk=hold.pk).update(released_at=NOW + timedelta(hours=1))
    row = LossCount.objects.get()
    assert weighing.as_of_now(row) is None
    assert not weighing.is_near(row)
    approvals.carry_out_due(clock=lambda: NOW + timedelta(days=2))
    assert ended(matter)["messages"] == 3
