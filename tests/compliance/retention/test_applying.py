"""Applying: one channel after the other at Zoom, read back; whatever breaks, nothing held is shortened."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import at_zoom, audit, claiming
from compliance.models import Hold, Matter, RetentionItem, RetentionPlan, Told
from compliance.retention import applying, plans, progress, rules
from tests.compliance.conftest import As
from tests.compliance.retention.conftest import Desk
from tests.waiting import is_waited_for, wait_until

State = RetentionItem.State


def periods(desk: Desk) -> dict[str, str]:
    """What each channel keeps at Zoom."""
    channels = desk.town.world.channels.values()
    return {one.name: one.retention_period if one.custom_retention else "" for one in channels}


def test_every_channel_is_changed_once_and_read_back(desk: Desk) -> None:
    """Its plan ends, with an event a channel, and who began it is told."""
    desk.rule("1y")
    plan = desk.plan()
    desk.begin(plan)
    assert desk.work() == 4
    plan.refresh_from_db()
    assert set(periods(desk).values()) == {"1y"}
    assert plan.state == RetentionPlan.State.DONE
    assert desk.town.asked("updateChannelRetention") == 4
    events = desk.events(audit.Action.APPLIED)
    assert {(one["title"], one["from"], one["to"], one["read_back"]) for one in events} == {
        (name, "2y", "1y", "1y") for name in periods(desk)
    }
    line = Told.objects.filter(person=desk.ines).latest("pk")
    assert line.text == "Retention at Zoom: 4 channels changed and read back"
    assert line.link == f"/retention/plans/{plan.pk}/"
    assert desk.work() == 0


def test_a_hold_placed_after_the_approval_wins(desk: Desk) -> None:
    """Approved, cooled off, due; then Ravi is held: his channel is left alone, the others are not."""
    desk.rule("1y")
    plan = desk.plan()
    desk.begin(plan)
    hold = desk.hold()
    desk.work()
    assert periods(desk)["general"] == "2y"
    assert desk.items(plan)["general"] == State.HELD
    assert [state for name, state in desk.items(plan).items() if name != "general"] == [State.DONE] * 3
    (event,) = [one for one in desk.events(audit.Action.REFUSED) if one.get("by") == "a hold"]
    assert (event["title"], event["matters"]) == ("general", [hold.matter_id])
    assert "1 left alone because of a hold" in Told.objects.filter(person=desk.ines).latest("pk").text


def test_a_hold_does_not_stop_what_lengthens(desk: Desk) -> None:
    """Keeping longer lets nothing go."""
    desk.rule("7y")
    desk.hold()
    plan = desk.plan()
    assert desk.parts(plan)["general"] == "lengthen"
    desk.begin(plan)
    desk.work()
    assert periods(desk)["general"] == "7y"


def test_a_hold_that_is_being_placed_is_waited_for(desk: Desk) -> None:
    """Another connection has written the hold and not committed: the worker waits, and then sees it."""
    desk.rule("1y", named="general")
    plan = desk.plan()
    desk.begin(plan)

    def works() -> int:
        try:
            return desk.work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            desk.hold()
            working = pool.submit(works)
            wait_until(lambda: desk.town.asked("getChannelRetention") >= 1 and is_waited_for())
        assert working.result() == 1
    assert periods(desk)["general"] == "2y"
    assert desk.items(plan) == {"general": State.HELD}


def test_a_hold_cannot_be_placed_while_zoom_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking at the holds and Zoom's answer there is no gap for one: it is placed before, or after."""
    desk.rule("1y", named="general")
    plan = desk.plan()
    desk.begin(plan)
    matter = desk.matter()
    answered, tried, ask = threading.Event(), threading.Event(), at_zoom.set_retention

    def late(**asked: Any) -> None:
        """Zoom has done it, and the worker hears of it once the hold was tried."""
        ask(**asked)
        answered.set()
        tried.wait()

    monkeypatch.setattr(at_zoom, "set_retention", late)

    def works() -> int:
        try:
            return desk.work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(works)
        try:
            wait_until(lambda: answered.is_set() or working.done())
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '300ms'")
                with pytest.raises(DatabaseError, match="lock timeout"), transaction.atomic():
                    desk.hold(matter=matter)
        finally:
            tried.set()
        assert working.result() == 1
    desk.hold(matter=matter)
    assert periods(desk)["general"] == "1y"


def test_hold_against_shortening_over_and_over(desk: Desk) -> None:
    """Two connections, at once: what the item says is what Zoom keeps, and nothing that was held first is shortened."""
    desk.rule("1y", named="general")
    outcomes = []
    for number in range(6):
        Hold.objects.filter(released_at=None).update(released_at=desk.now)
        desk.set_at_zoom("general", "2y")
        desk.pass_by(hours=7)
        desk.read()
        plan = desk.plan()
        desk.begin(plan)
        with ThreadPoolExecutor(1) as pool:
            placing = pool.submit(_place, desk, desk.matter(name=f"Inquiry {number}")) if number > 0 else None
            desk.work()
            if placing is not None:
                placing.result()
        outcomes.append(desk.items(plan)["general"])
        assert periods(desk)["general"] == {"done": "1y", "held": "2y"}[outcomes[-1]]
    assert outcomes[0] == "done"


def _place(desk: Desk, matter: Matter) -> None:
    try:
        desk.hold(matter=matter)
    finally:
        connection.close()


def test_a_reply_that_is_lost_is_found_by_reading(desk: Desk) -> None:
    """Zoom did it and nobody heard, however often it was asked: later it is read, and not asked again."""
    desk.rule("7y", named="desk-01")
    plan = desk.plan()
    desk.begin(plan)
    desk.town.misbehave("lost_reply@updateChannelRetention:every=1,seconds=0")
    desk.work()
    assert periods(desk)["desk-01"] == "7y"
    assert desk.items(plan) == {"desk-01": State.DUE}
    asked = desk.town.asked("updateChannelRetention")
    desk.pass_by(minutes=1)
    desk.work()
    assert desk.items(plan) == {"desk-01": State.DONE}
    assert desk.town.asked("updateChannelRetention") == asked


def test_a_limit_puts_everything_off_until_zoom_says(desk: Desk) -> None:
    """Nothing is given up, no try is counted, and the page says until when."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    desk.town.misbehave("rate_day@getChannelRetention:every=1,seconds=7200")
    desk.work()
    assert set(desk.items(plan).values()) == {State.DUE}
    found = progress.of(plan, now=desk.now)
    assert found.waits_until is not None
    assert found.waits_until - desk.now > timedelta(hours=1)
    assert "no more requests" in found.last_error
    assert max(plan.items.values_list("attempts", flat=True)) == 0
    desk.town.behave()
    assert desk.work() == 0
    desk.pass_by(hours=2, minutes=1)
    assert desk.work() == 4
    assert set(desk.items(plan).values()) == {State.DONE}


def test_a_worker_that_died_is_followed(desk: Desk) -> None:
    """It asked Zoom and was killed: another reads, finds it done, and goes on with the rest."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    killed = plan.items.order_by("place")[0]
    RetentionItem.objects.filter(pk=killed.pk).update(
        state=State.CLAIMED, claimed_at=desk.now, claim="6f8b1a52-2f35-4f25-9c2b-6d1c37d0c0a1", attempts=1
    )
    desk.set_at_zoom(killed.title, "7y")
    assert desk.work() == 3
    plan.refresh_from_db()
    assert plan.state == RetentionPlan.State.APPLYING
    desk.pass_by(minutes=6)
    assert desk.work() == 1
    plan.refresh_from_db()
    assert plan.state == RetentionPlan.State.DONE
    assert desk.town.asked("updateChannelRetention") == 3


def test_a_worker_that_lost_its_claim_says_nothing(desk: Desk) -> None:
    """What it would write is fenced out."""
    desk.rule("7y", named="desk-01")
    plan = desk.plan()
    desk.begin(plan)
    item = plan.items.get()
    item.state, item.claim = State.CLAIMED, "6f8b1a52-2f35-4f25-9c2b-6d1c37d0c0a1"
    with pytest.raises(claiming.Lost):
        applying._apply(item, clock=desk.town.now)
    assert periods(desk)["desk-01"] == "2y"


def test_what_was_changed_meanwhile_is_left_alone(desk: Desk) -> None:
    """The plan was for another setting; it is said, and read again."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    desk.set_at_zoom("desk-02", "9y")
    desk.work()
    item = plan.items.get(title="desk-02")
    assert item.state == State.MOVED
    assert item.last_error == "It keeps 9 years now, and 2 years when it was planned."
    assert periods(desk)["desk-02"] == "9y"


def test_what_failed_stays_visible_and_is_tried_again(desk: Desk) -> None:
    """Zoom refuses one; the others are done; later it takes it."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    desk.at_zoom("desk-02").archived_at = desk.town.world.clock.now_ms()
    desk.work()
    item = plan.items.get(title="desk-02")
    assert item.state == State.FAILED
    assert "permission" in item.last_error
    assert [one["by"] for one in desk.events(audit.Action.REFUSED)] == ["Zoom"]
    desk.at_zoom("desk-02").archived_at = None
    assert progress.again(plan_id=plan.pk, by=desk.mei, now=desk.now) == 1
    assert desk.work() == 1
    assert set(desk.items(plan).values()) == {State.DONE}
    with pytest.raises(plans.Unfit, match="Nothing of it has failed"):
        progress.again(plan_id=plan.pk, by=desk.ines, now=desk.now)
    desk.pass_by(days=8)
    with pytest.raises(plans.Unfit, match="seven days"):
        progress.again(plan_id=plan.pk, by=desk.ines, now=desk.now)


def test_what_is_tried_again_by_a_rule_that_was_replaced_is_left_alone(desk: Desk, as_person: As) -> None:
    """Approved and failed at Zoom, and a rule of seven years took its place: nothing gets shorter, and the page says why."""
    rule = desk.rule("1y")
    plan = desk.plan()
    desk.begin(plan)
    desk.at_zoom("desk-02").archived_at = desk.town.world.clock.now_ms()
    desk.work()
    assert plan.items.get(title="desk-02").state == State.FAILED
    desk.at_zoom("desk-02").archived_at = None
    rules.write(draft=desk.draft("7y", name="Longer"), replaces=rule.pk, by=desk.mei, now=desk.now)
    assert progress.again(plan_id=plan.pk, by=desk.mei, now=desk.now) == 1
    assert desk.work() == 1
    assert periods(desk)["desk-02"] == "2y"
    item = plan.items.get(title="desk-02")
    assert item.state == State.MOVED
    words = "Left alone: another rule holds for it now, “Longer”. It was planned by “Trading”."
    assert item.last_error == words
    assert desk.events(audit.Action.REFUSED)[-1]["reason"] == words
    assert words in as_person(desk.ines).get(f"/retention/plans/{plan.pk}/").content.decode()


def test_what_waits_for_a_limit_is_left_alone_when_its_rule_ends(desk: Desk) -> None:
    """Approved and put off by Zoom for two hours, in which the rule ends: no channel gets shorter."""
    rule = desk.rule("1y")
    plan = desk.plan()
    desk.begin(plan)
    desk.town.misbehave("rate_day@getChannelRetention:every=1,seconds=7200")
    desk.work()
    desk.town.behave()
    rules.end(rule_id=rule.pk, why="The law was repealed.", by=desk.mei, now=desk.now)
    desk.pass_by(hours=2, minutes=1)
    assert desk.work() == 4
    assert set(periods(desk).values()) == {"2y"}
    assert set(desk.items(plan).values()) == {State.MOVED}
    reasons = {one["reason"] for one in desk.events(audit.Action.REFUSED)}
    assert reasons == {"Left alone: no rule covers it any more. It was planned by “Trading”."}
    assert desk.town.asked("updateChannelRetention") == 0


def test_a_channel_that_never_answers_is_given_up(desk: Desk) -> None:
    """After some tries, each later than the one before; the plan ends."""
    desk.rule("7y", named="desk-01")
    plan = desk.plan()
    desk.begin(plan)
    desk.town.misbehave("error_500@getChannelRetention:every=1")
    for _ in range(applying.MOST_ATTEMPTS + 1):
        desk.work()
        desk.pass_by(hours=1)
    item = plan.items.get()
    plan.refresh_from_db()
    assert (item.state, plan.state) == (State.FAILED, RetentionPlan.State.DONE)
    assert "Given up after 8 tries" in item.last_error


def test_it_is_stopped_between_two_channels(desk: Desk) -> None:
    """What is done stays done, what waits is taken back, and the plan says so."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    assert applying.carry_out_next(clock=desk.town.now)
    assert progress.stop(plan_id=plan.pk, by=desk.mei, now=desk.now) == 3
    assert desk.work() == 0
    plan.refresh_from_db()
    assert plan.state == RetentionPlan.State.CANCELLED
    assert sorted(desk.items(plan).values()) == ["cancelled"] * 3 + ["done"]
    with pytest.raises(plans.Unfit, match="not being applied"):
        progress.stop(plan_id=plan.pk, by=desk.ines, now=desk.now)


def test_how_far_it_is(desk: Desk) -> None:
    """Done of total, the rate, and what is left."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)
    plan.refresh_from_db()
    assert (progress.of(plan, now=desk.now).done, progress.of(plan, now=desk.now).time_left) == (0, "")
    applying.carry_out_next(clock=desk.town.now)
    found = progress.of(plan, now=(plan.begun_at or desk.now) + timedelta(minutes=2))
    assert (found.done, found.total, found.per_minute, found.time_left) == (1, 4, 0.5, "about 6 minutes")


def test_two_workers_share_the_work(desk: Desk) -> None:
    """Each channel is asked for once."""
    desk.rule("7y")
    plan = desk.plan()
    desk.begin(plan)

    def works() -> int:
        try:
            return desk.work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = sum(one.result() for one in [pool.submit(works), pool.submit(works)])
    plan.refresh_from_db()
    assert (done, plan.state) == (4, RetentionPlan.State.DONE)
    assert desk.town.asked("updateChannelRetention") == 4
