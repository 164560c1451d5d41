"""What the demo shows besides a pretend company's chat: people to sign in as, a matter with three custodians, a
reconciliation by the calendar, and rules of retention with a plan.
"""

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import candidates, channels
from archive.channels import Reading
from compliance import membership, opening, reconciliations
from compliance.models import Matter, Reconciliation, RetentionRule
from compliance.permissions import Role
from compliance.retention import plans, rules
from compliance.retention.conditions import Conditions

PEOPLE = (
    ("ines", "Ines Investigates", Role.COMPLIANCE_OFFICER),
    ("samir", "Samir Seconds", Role.COMPLIANCE_OFFICER),  # what takes two people can be tried
    ("ravi", "Ravi Reviews", Role.REVIEWER),
    ("tomas", "Tomas Audits", Role.AUDITOR),
    ("ada", "Ada Administers", Role.ADMINISTRATOR),
)
MATTER = "Inquiry 2026-114"
CUSTODIANS = 3
RECONCILIATION = "Daily, to compliance"
RULES = (
    ("Public channels", "5y", "Regulation (EU) 2017/565, Art. 76: five years.", Conditions(kinds=("public",))),
    ("Small private channels", "1y", "Policy 7: what is older is in the archive.",
     Conditions(kinds=("private",), most_members=12)),
)  # fmt: skip
"""Name, period, reason and conditions."""


def show(*, now: datetime) -> bool:
    """Everything there is to show, as far as it can be shown already; whether it all is."""
    return open_matter(now=now) and plan_reconciliation(now=now) and plan_retention(now=now)


def plan_retention(*, now: datetime) -> bool:
    """Write the demo's rules and make a plan of them once most channels were read; whether it is there."""
    if RetentionRule.objects.exists():
        return True
    ines = User.objects.filter(username="ines").first()
    seen = channels.every()
    read = [one for one in seen if one.reading is not Reading.UNREAD]
    if ines is None or len(read) == 0 or 2 * len(read) < len(seen):
        return False
    try:
        with transaction.atomic():
            _write_rules(seen[0].account_id, by=ines, now=now)
            plans.make(by=ines, now=now)
    except plans.Unfit:
        return True  # the company has no channel that a rule covers: there is nothing to show
    return True


def _write_rules(account_id: int, *, by: User, now: datetime) -> None:
    for name, period, reason, asked in RULES:
        draft = rules.Draft(account_id=account_id, name=name, period=period, reason=reason, conditions=asked)
        rules.write(draft=draft, by=by, now=now)


def plan_reconciliation(*, now: datetime) -> bool:
    """Plan the demo's daily reconciliation once an account is there; whether it is planned."""
    if Reconciliation.objects.filter(name=RECONCILIATION).exists():
        return True
    ines = User.objects.filter(username="ines").first()
    told = User.objects.filter(username__in=["ines", "tomas"]).order_by("pk").values_list("pk", flat=True)
    if ines is None or not candidates.accounts():
        return False
    day = Reconciliation.Period.DAY
    reconciliations.plan(
        name=RECONCILIATION, period=day, account_ids=None, recipient_ids=list(told), by=ines, now=now
    )
    return True


def open_matter(*, now: datetime) -> bool:
    """Open the demo's matter once its people were captured; whether it is there."""
    if Matter.objects.filter(name=MATTER).exists():
        return True
    ines = User.objects.filter(username="ines").first()
    accounts = candidates.accounts()
    if ines is None or not accounts:
        return False
    account_id = accounts[0][0]
    found = candidates.named("@", account_id=account_id)
    users = [
        one for one in found if one.identifier and one.name != one.email
    ]  # names come with the directory
    if len(users) < CUSTODIANS:
        return False
    draft = opening.Draft(
        request_key=uuid.uuid4(),
        account_id=account_id,
        name=MATTER,
        reason="Letter of the authority of 2 November 2026: keep everything about the Lisbon tender.",
        person_ids=[one.person_id for one in users[:CUSTODIANS]],
    )
    matter = opening.open_matter(draft, by=ines, now=now)
    for user in User.objects.filter(username__in=["ravi", "samir"]).order_by("pk"):
        membership.add(matter_id=matter.pk, user_id=user.pk, by=ines, now=now)
    return True
