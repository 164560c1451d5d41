"""What the demo shows besides a pretend company's chat: people to sign in as, and a matter with three custodians."""

import uuid
from datetime import datetime

from django.contrib.auth.models import User

from archive import candidates
from compliance import membership, opening
from compliance.models import Matter
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
