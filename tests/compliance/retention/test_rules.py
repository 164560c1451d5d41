"""Rules: which channels they cover, which of several holds, and that none is ever changed in place."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from compliance import audit
from compliance.models import ChannelSetting, RetentionRule
from compliance.permissions import Role
from compliance.retention import conditions, rules
from compliance.retention.conditions import Conditions
from tests.compliance import cast
from tests.compliance.retention.conftest import Desk


def described(**more: object) -> ChannelSetting:
    known = {"account_id": 1, "title": "Legal-Lisbon", "kind": "private", "members": 12, "owner_id": "u1",
             "owner_name": "Ines Moreau", "space_id": "s1"}  # fmt: skip
    return ChannelSetting(**known | more)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kinds": ("private",)},
        {"named": "legal-*"},
        {"named": "*LISBON"},
        {"space_id": "s1"},
        {"owner": "u1"},
        {"owner": "ines moreau"},
        {"least_members": 12, "most_members": 12},
        {"kinds": ("public", "private"), "named": "legal-?*", "owner": "u1", "most_members": 100},
    ],
)
def test_what_a_channel_meets(asked: dict[str, object]) -> None:
    """Each condition, and several at once."""
    assert conditions.meets(described(), Conditions(**asked))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        {"kinds": ("public",)},
        {"named": "legal"},
        {"space_id": "s2"},
        {"owner": "Ines"},
        {"least_members": 13},
        {"most_members": 11},
        {"named": "legal-*", "owner": "u2"},
    ],
)
def test_what_it_does_not_meet(asked: dict[str, object]) -> None:
    """All must be so; part of a name is not the name."""
    assert not conditions.meets(described(), Conditions(**asked))  # type: ignore[arg-type]


def test_what_is_unknown_meets_no_condition() -> None:
    """Neither few members nor many."""
    unknown = described(members=None, owner_name="", owner_id="", space_id="", kind="unknown")
    for asked in ({"most_members": 10}, {"least_members": 0}, {"owner": "u1"}, {"space_id": "s1"}):
        assert not conditions.meets(unknown, Conditions(**asked))  # type: ignore[arg-type]
    assert conditions.meets(unknown, Conditions())


def test_the_longest_period_holds_and_of_two_as_long_the_older_rule() -> None:
    """Whatever the order in which they are given."""
    short, old, new, other = (
        RetentionRule(pk=pk, account_id=account, period=period)
        for pk, account, period in ((1, 1, "1y"), (2, 1, "84m"), (3, 1, "7y"), (4, 2, "10y"))
    )
    pairs = [(rule, Conditions()) for rule in (other, new, short, old)]
    assert conditions.winner(described(), pairs) == old
    assert conditions.winner(described(), [(other, Conditions())]) is None


def test_a_rule_is_looked_over_before_it_is_kept(desk: Desk) -> None:
    """Which channels, what they keep, and which keep longer by another rule; nothing is written by looking."""
    desk.rule("7y", named="desk-01")
    found = rules.preview(desk.draft("1y", name="All desks", named="desk-*"))
    assert found.in_words == "all channels, called desk-*"
    assert [(one.setting.title, one.current, one.difference) for one in found.covered] == [
        (name, "2y", "shorter") for name in desk.names
    ]
    assert (found.total, found.elsewhere) == (3, 1)
    assert found.covered[0].holds is not None
    assert RetentionRule.objects.count() == 1


def test_a_rule_is_written_ended_and_replaced_on_record(desk: Desk) -> None:
    """Each step is an event; the new one leads to the old."""
    first = desk.rule("7y", named="desk-*")
    assert desk.row("desk-01").rule == first
    assert desk.row("general").rule is None
    second = rules.write(draft=desk.draft("5y", named="desk-*"), replaces=first.pk, by=desk.mei, now=desk.now)
    first.refresh_from_db()
    assert (second.replaces, first.ended_by, first.ended_at) == (first, desk.mei, second.made_at)
    assert desk.row("desk-01").rule == second
    rules.end(rule_id=second.pk, why="The law was repealed.", by=desk.ines, now=desk.now)
    assert desk.row("desk-01").difference == "no_rule"
    assert [one["period"] for one in desk.events(audit.Action.SAVED)] == ["7y", "5y"]
    assert desk.events(audit.Action.ENDED)[-1]["why"] == "The law was repealed."
    with pytest.raises(rules.Unfit, match="ended already"):
        rules.end(rule_id=second.pk, why="Again", by=desk.ines, now=desk.now)


def test_a_rule_cannot_be_changed_or_removed(desk: Desk) -> None:
    """The database refuses it: by a trigger what is written, and by right what would go."""
    rule = desk.rule("7y")
    for change in ({"period": "1d"}, {"conditions": {"named": "x"}}, {"reason": "other"}):
        with pytest.raises(DatabaseError, match="ended and replaced"), transaction.atomic():
            RetentionRule.objects.filter(pk=rule.pk).update(**change)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk)._raw_delete("default")
    rules.end(rule_id=rule.pk, why="Over", by=desk.ines, now=desk.now)
    with pytest.raises(DatabaseError, match="ended and replaced"), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk).update(ended_why="Never")


def test_two_rules_in_force_are_not_called_the_same(desk: Desk) -> None:
    """Nobody should wonder which of the two is meant."""
    desk.rule("7y")
    with pytest.raises(rules.Unfit, match="in force already"):
        desk.rule("5y")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"period": "11y"}, "1 to 10 years"),
        ({"name": " \u202e "}, "name"),
        ({"least_members": 5, "most_members": 4}, "No channel has more"),
    ],
)
def test_what_no_rule_can_be(desk: Desk, change: dict[str, object], words: str) -> None:
    """A sentence says why."""
    with pytest.raises(rules.Unfit, match=words):
        rules.preview(desk.draft(**{"period": "1y"} | change))  # type: ignore[arg-type]


def test_a_reviewer_writes_no_rule(desk: Desk) -> None:
    """And that they tried is on record."""
    ravi = cast.person(Role.REVIEWER)
    with pytest.raises(PermissionDenied, match="records manager"):
        rules.write(draft=desk.draft("1y"), by=ravi, now=desk.now)
    assert desk.events(audit.Action.REFUSED)
