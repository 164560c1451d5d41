"""What the demo shows of retention: two rules and a plan, once most channels were read."""

import pytest
from django.contrib.auth.models import User

from archive.models import Channel
from compliance import demonstration
from compliance.models import RetentionPlan, RetentionRule
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.retention import desks

pytestmark = pytest.mark.django_db


def test_the_demo_plans_once(ines: User) -> None:
    """Nothing while nothing was read; then the rules and one plan, and no more of them later."""
    world.fill(messages=1)
    assert not demonstration.plan_retention(now=scenes.NOW)
    desks.channel(1)
    desks.channel(2)
    for _ in range(2):
        assert demonstration.plan_retention(now=scenes.NOW)
    assert RetentionRule.objects.count() == len(demonstration.RULES)
    assert RetentionPlan.objects.get().counts["lengthen"] == 2


def test_nothing_is_planned_before_zooms_list_says_which_channels_are_public(ines: User) -> None:
    """The rules are about kinds: made too early, they would change nothing and the demo would have no plan."""
    world.fill(messages=1)
    desks.channel(1)
    Channel.objects.update(type=None)
    assert not demonstration.plan_retention(now=scenes.NOW)
    assert not RetentionRule.objects.exists()


def test_a_demo_without_such_channels_shows_nothing(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """And does not try for ever."""
    world.fill(messages=1)
    desks.channel(1)
    monkeypatch.setattr(demonstration, "RULES", ())
    assert demonstration.plan_retention(now=scenes.NOW)
    assert not RetentionPlan.objects.exists()
