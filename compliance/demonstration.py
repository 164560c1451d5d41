"""What the demo shows besides a pretend company's chat: people to sign in as, a matter with three custodians, and a
reconciliation by the calendar.
"""

import uuid
from datetime import datetime

from django.contrib.auth.models import User

from archive import candidates
from compliance import membership, opening, reconciliations
from compliance.models import Matter, Reconciliation
from compliance.permissions import Role

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
