"""Plans: a dry run that says of each channel what would happen, bound by a digest; who may begin which."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from compliance import approvals, audit
from compliance.models import Request, RetentionItem, RetentionPlan
from compliance.permissions import Role
from compliance.retention import approving, plans
from tests.compliance import cast
from tests.compliance.retention.conftest import Desk


def test_a_plan_reads_like_a_diff(desk: Desk) -> None:
    """Longer, shorter, held, unreadable and agreeing, each with its rule; nothing is changed by it."""
    desk.hold()
    desk.rule("1y", name="Short", named="general")
    desk.rule("7y", name="Long", named="desk-01")
    desk.rule("1y", name="Brief", named="desk-02")
    desk.rule("24m", name="Same", named="desk-03")
    plan = desk.plan()
    assert desk.parts(plan) == {
        "general": "held", "desk-01": "lengthen", "desk-02": "shorten", "desk-03": "agrees",
    }  # fmt: skip
    assert plan.counts == {"shorten": 1, "lengthen": 1, "held": 1, "unreadable": 0, "agrees": 1}
    found = [(one.part, one.before, one.after, one.rule, one.count) for one in plans.groups(plan)]
    assert found == [
        ("shorten", "2 years", "1 year", "Brief", 1),
        ("lengthen", "2 years", "7 years", "Long", 1),
        ("held", "2 years", "1 year", "Short", 1),
        ("agrees", "2 years", "24 months", "Same", 1),
    ]
    seen = plans.seen(plan_id=plan.pk, part="held", by=desk.ines, now=desk.now)
    assert "“Inquiry 2026-114”" in seen.lines[0].why
    assert seen.is_intact
    assert desk.town.asked("updateChannelRetention") == 0


def test_what_cannot_be_read_is_in_the_plan_as_that(desk: Desk) -> None:
    """With why; and nothing is done with it."""
    desk.rule("7y")
    desk.at_zoom("desk-03").archived_at = desk.town.world.clock.now_ms()
    desk.pass_by(hours=7)
    desk.read()
    plan = desk.plan()
    item = plan.items.get(title="desk-03")
    assert (item.part, item.state) == ("unreadable", "left")
    assert "permission" in item.why


def test_without_a_rule_there_is_nothing_to_plan(desk: Desk) -> None:
    """Which is said, with what to do."""
    with pytest.raises(plans.Unfit, match="Write a rule first"):
        desk.plan()


def test_what_lengthens_is_applied_by_one(desk: Desk) -> None:
    """Mei, who manages records, begins it, and nobody is asked."""
    desk.rule("7y")
    approving.begin(plan_id=desk.plan().pk, by=desk.mei, now=desk.now)
    assert desk.work() == 4
    assert desk.at_zoom("desk-01").retention_period == "7y"


def test_what_shortens_takes_a_second_person(desk: Desk) -> None:
    """Alone it is refused, on record; nobody approves their own."""
    desk.rule("1y")
    plan = desk.plan()
    with pytest.raises(plans.Unfit, match="second person"):
        approving.begin(plan_id=plan.pk, by=desk.ines, now=desk.now)
    assert desk.events(audit.Action.REFUSED)[0]["digest"] == plan.digest
    asked = desk.ask(plan)
    assert asked.counts == {"channels get shorter": 4, "channels get longer": 0}
    assert asked.items[0]["words"] == "desk-01: 2 years → 1 year, by the rule “Trading”"
    with pytest.raises(PermissionDenied, match="yourself"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=desk.ines, now=desk.now)
    with pytest.raises(plans.Unfit, match="second person"):
        approving.begin(plan_id=plan.pk, by=desk.mei, now=desk.now)
    desk.approve(asked)
    assert desk.work() == 0
    desk.pass_by(days=1, minutes=1)
    approvals.carry_out_due(clock=desk.town.now)
    assert set(desk.items(plan).values()) == {"due"}


def test_a_reviewer_plans_nothing(desk: Desk) -> None:
    """Nor begins anything."""
    ravi = cast.person(Role.REVIEWER)
    with pytest.raises(PermissionDenied):
        plans.make(by=ravi, now=desk.now)


@pytest.mark.parametrize("change", ["rule", "zoom", "hold", "gone"])
def test_a_plan_whose_ground_moved_is_overtaken(desk: Desk, change: str) -> None:
    """Another rule, another setting, a hold, a channel deleted: nothing is done, and what moved is said."""
    desk.rule("1y")
    plan = desk.plan()
    asked = desk.ask(plan)
    desk.approve(asked)
    if change == "rule":
        desk.rule("5y", name="Longer", named="desk-02")
    elif change == "hold":
        desk.hold()
    elif change == "gone":
        desk.town.world.close_channel(desk.at_zoom("desk-02"), at=desk.town.world.clock.now_ms())
    else:
        desk.set_at_zoom("desk-02", "3y")
    desk.pass_by(days=1, hours=1)
    desk.read()
    approvals.carry_out_due(clock=desk.town.now)
    asked.refresh_from_db()
    assert asked.state == Request.State.OVERTAKEN
    assert "Plan it again" in asked.ending
    assert set(desk.items(plan).values()) == {"waiting"}
    assert desk.work() == 0


def test_a_plan_stays_as_it_was_made(desk: Desk) -> None:
    """The database refuses to change what it says of a channel; a digest that does not fit shows anyway."""
    desk.rule("1y")
    plan = desk.plan()
    for change in ({"after": "1d"}, {"part": "lengthen"}, {"before": "1y"}, {"matters": [1]}):
        with pytest.raises(DatabaseError, match="stays as it was made"), transaction.atomic():
            RetentionItem.objects.filter(plan=plan).update(**change)
    with pytest.raises(DatabaseError, match="stays as it was made"), transaction.atomic():
        RetentionPlan.objects.filter(pk=plan.pk).update(digest="x")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RetentionItem.objects.filter(plan=plan)._raw_delete("default")


def test_a_plan_is_discarded_once_and_only_before(desk: Desk) -> None:
    """It goes from the list, and that it was made stays on record."""
    desk.rule("7y")
    plan = desk.plan()
    plans.discard(plan_id=plan.pk, by=desk.ines, now=desk.now)
    assert plans.page(by=desk.ines, now=desk.now).total == 0
    with pytest.raises(plans.Unfit, match="discarded already"):
        approving.begin(plan_id=plan.pk, by=desk.ines, now=desk.now)
    with pytest.raises(plans.Unfit, match="can be discarded"):
        plans.discard(plan_id=plan.pk, by=desk.ines, now=desk.now)


def test_one_channel_alone_is_planned(desk: Desk) -> None:
    """What “plan it again” does for one that drifted."""
    desk.rule("7y")
    assert desk.parts(desk.plan("desk-02")) == {"desk-02": "lengthen"}


def test_where_nothing_would_change_there_is_nothing_to_apply(desk: Desk) -> None:
    """All agree already, and that is said."""
    desk.rule("2y")
    plan = desk.plan()
    with pytest.raises(plans.Unfit, match="nothing to apply"):
        approving.begin(plan_id=plan.pk, by=desk.ines, now=desk.now)
    with pytest.raises(approvals.Obstacle, match="nothing to ask for"):
        desk.ask(plan)
