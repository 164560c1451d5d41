"""Rules of how long the archive keeps what: at once where only longer, two people where anything goes sooner."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction

from archive.models import Account
from compliance import approvals
from compliance.disposition import rules
from compliance.disposition.rules import Draft
from compliance.models import AuditEvent, KeepingRule
from compliance.permissions import Role
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.conftest import As

WHY = "The policy changed."


def draft(account: Account, **changed: Any) -> Draft:
    values: dict[str, Any] = {
        "account_id": account.pk,
        "name": "Chat",
        "reason": "Nobody needs it longer.",
        "law": "Policy 7",
        "amount": 12,
    }
    return Draft(**values | changed)


def approve(request_id: int, *, by: User) -> None:
    """Approved, cooled off and carried out."""
    asked = approvals.find(request_id, by=by)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=by, now=NOW)
    approvals.carry_out_due(clock=lambda: NOW + timedelta(days=2))


def test_a_first_rule_takes_two_people(account: Account, mei: User, ines: User) -> None:
    """Everything was kept for good until then; it is in force when Ines has approved it, with both names."""
    done = rules.change(draft=draft(account), reason=WHY, by=mei, now=NOW)
    assert done.rule is None
    assert done.request is not None
    assert KeepingRule.objects.count() == 0
    assert done.request.figures["messages would be due"] == 0
    approve(done.request.pk, by=ines)
    rule = KeepingRule.objects.get()
    assert (rule.made_by, rule.approved_by_name) == (mei, "Ines Moreau (ines)")
    saved = AuditEvent.objects.get(action="saved", subject=f"rule/{rule.pk}")
    assert saved.details["law"] == "Policy 7"


def test_another_records_manager_may_approve_a_shorter_period(account: Account, mei: User) -> None:
    """Who may ask may approve, as for channels at Zoom; never what they asked for themselves."""
    lena = User.objects.create_user("lena", "lena@example.test", first_name="Lena", last_name="Ortiz")
    lena.groups.add(Group.objects.get(name=Role.RECORDS_MANAGER.value))
    done = rules.change(draft=draft(account), reason=WHY, by=mei, now=NOW)
    assert done.request is not None
    with pytest.raises(PermissionDenied):
        approvals.approve(request_id=done.request.pk, digest=done.request.digest, by=mei, now=NOW)
    approve(done.request.pk, by=lena)
    assert KeepingRule.objects.get().approved_by_name == "Lena Ortiz (lena)"


def test_nobody_approves_their_own_rule(account: Account, ines: User) -> None:
    """Not even an officer, who may both ask and approve."""
    done = rules.change(draft=draft(account), reason=WHY, by=ines, now=NOW)
    assert done.request is not None
    with pytest.raises(PermissionDenied):
        approvals.approve(request_id=done.request.pk, digest=done.request.digest, by=ines, now=NOW)


def test_keeping_longer_is_done_at_once(account: Account, mei: User) -> None:
    """A longer period, a rule within a shorter one, and one that keeps for good."""
    first = world.keeping_rule(amount=12)
    longer = rules.change(draft=draft(account, amount=24), ends=first.pk, reason=WHY, by=mei, now=NOW)
    within = rules.change(
        draft=draft(account, name="Board", named="board*", amount=None), reason=WHY, by=mei, now=NOW
    )
    assert longer.request is None
    assert within.request is None
    first.refresh_from_db()
    assert (first.ended_at, first.replaced_by, first.ending) == (NOW, longer.rule, WHY)


@pytest.mark.parametrize(
    "changed",
    [{"amount": 11}, {"amount": 365, "unit": "days"}, {"amount": 24, "kinds": ("direct",)}],
    ids=["shorter", "shorter in some years", "longer, and for fewer"],
)
def test_shortening_takes_two_people(account: Account, mei: User, changed: dict[str, Any]) -> None:
    """Whatever can go sooner by it; of the last one, what is not one-to-one falls to another rule."""
    old = world.keeping_rule(amount=12)
    world.keeping_rule(name="Short", amount=1)
    done = rules.change(draft=draft(account, **changed), ends=old.pk, reason=WHY, by=mei, now=NOW)
    assert done.rule is None
    assert done.request is not None
    old.refresh_from_db()
    assert old.ended_at is None


def test_ending_the_only_rule_keeps_for_good(account: Account, mei: User) -> None:
    """Done at once; ended beside a shorter one it takes two."""
    only = world.keeping_rule()
    assert rules.change(draft=None, ends=only.pk, reason=WHY, by=mei, now=NOW).request is None
    long = world.keeping_rule(name="Long", amount=120)
    world.keeping_rule(name="Short", amount=1)
    assert rules.change(draft=None, ends=long.pk, reason=WHY, by=mei, now=NOW).request is not None


def test_a_duty_taken_away_takes_two_people(account: Account, mei: User) -> None:
    """The same period without the duty lets an erasure go sooner."""
    duty = world.keeping_rule(amount=12, is_duty=True)
    done = rules.change(draft=draft(account), ends=duty.pk, reason=WHY, by=mei, now=NOW)
    assert done.request is not None


def test_what_was_approved_is_overtaken_by_another_change(account: Account, mei: User, ines: User) -> None:
    """The rule it was to replace has ended meanwhile, so nothing is done, and it says why."""
    old = world.keeping_rule(amount=12)
    world.keeping_rule(name="Short", amount=1)
    done = rules.change(draft=draft(account, amount=6), ends=old.pk, reason=WHY, by=mei, now=NOW)
    assert done.request is not None
    rules.change(draft=draft(account, name="Longer", amount=24), ends=old.pk, reason=WHY, by=mei, now=NOW)
    with pytest.raises(approvals.Obstacle, match="has ended already"):
        approvals.approve(request_id=done.request.pk, digest=done.request.digest, by=ines, now=NOW)
    assert sorted(KeepingRule.objects.filter(ended_at=None).values_list("amount", flat=True)) == [1, 24]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "Give a name"),
        ({"law": ""}, "Give the law"),
        ({"amount": 1_201}, "Give 1 to 1,200 months"),
        ({"kinds": ()}, "Tick at least one kind"),
        ({"session_id": 4_000_000}, "no such session"),
        ({"account_id": 0}, "Choose an account"),
        ({"name": "Everything"}, "a rule “Everything” already"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(
    account: Account, mei: User, changed: dict[str, Any], words: str
) -> None:
    """Nothing is made, and the sentence says what to mend."""
    world.keeping_rule()
    with pytest.raises(rules.Unfit, match=words):
        rules.change(draft=draft(account, **changed), reason=WHY, by=mei, now=NOW)


def test_the_database_keeps_a_rule_as_it_was_written(account: Account) -> None:
    """Neither its period nor its end can be rewritten, and no rule can be removed."""
    rule = world.keeping_rule()
    for change in ({"amount": 1}, {"named": "x"}, {"is_duty": True}):
        with pytest.raises(Error, match="never changed"), transaction.atomic():
            KeepingRule.objects.filter(pk=rule.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        KeepingRule.objects.filter(pk=rule.pk).delete()
    end = {"ended_at": NOW, "ended_by_name": "Mei", "ending": "x"}
    KeepingRule.objects.filter(pk=rule.pk).update(**end)
    with pytest.raises(Error, match="stays as it ended"), transaction.atomic():
        KeepingRule.objects.filter(pk=rule.pk).update(ending="y")


def test_who_may_not_is_told_and_recorded(account: Account, ravi: User, tomas: User) -> None:
    """Ravi may not see rules; Tomás sees them and may not change them."""
    with pytest.raises(PermissionDenied):
        rules.every(by=ravi, now=NOW)
    assert rules.every(by=tomas, now=NOW) == []
    with pytest.raises(PermissionDenied):
        rules.change(draft=draft(account), reason=WHY, by=tomas, now=NOW)
    assert AuditEvent.objects.filter(action="refused", subject="keeping").count() == 2


def test_a_rule_is_written_on_its_page(account: Account, mei: User, ines: User, as_person: As) -> None:
    """Years become months, what is missing is said beside its field, and what waits stands above the rules."""
    browser = as_person(mei)
    form = {"account": account.pk, "name": "Chat <b>", "law": "HGB 257", "reason": "r", "why": "now", "amount": "6",
            "unit": "years", "kinds": ["direct", "chat"]}  # fmt: skip
    missing = browser.post("/disposition/rules/write/", {**form, "amount": ""})
    assert missing.status_code == 422
    assert "Say how long" in missing.content.decode()
    asked = browser.post("/disposition/rules/write/", form)
    assert asked.status_code == 302
    assert "Chat &lt;b&gt;" in browser.get("/disposition/rules/").content.decode()
    approve(int(asked["Location"].split("/")[-2]), by=ines)
    page = browser.get("/disposition/rules/").content.decode()
    assert "6 years" in page
    assert "one-to-one chats and group chats" in page
    rule = KeepingRule.objects.get()
    assert rule.amount == 72
    again = browser.get(f"/disposition/rules/{rule.pk}/replace/").content.decode()
    assert 'value="6"' in again
    assert browser.post(f"/disposition/rules/{rule.pk}/end/", {"reason": "over"}).status_code == 302
    rule.refresh_from_db()
    assert rule.ending == "over"
