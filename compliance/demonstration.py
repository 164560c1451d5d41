"""What the demo shows besides a pretend company's chat: people to sign in as, a matter with three custodians and a
conversation held itself, a reconciliation by the calendar, rules of retention with a plan, rules of how long the archive
itself keeps what, and an export of the matter.
"""

import uuid
from contextlib import suppress
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from archive import candidates, channels, completeness, conversations
from archive.channels import Kind, Reading
from compliance import audit, membership, opening, preserved, reconciliations
from compliance.exports import asking, deciding
from compliance.exports.choosing import Source
from compliance.hindrances import Hindrance
from compliance.models import Export, KeepingRule, Matter, Reconciliation, RetentionRule
from compliance.permissions import Role
from compliance.retention import plans, rules
from compliance.retention.conditions import Conditions

PEOPLE = (
    ("ines", "Ines Investigates", Role.COMPLIANCE_OFFICER),
    ("samir", "Samir Seconds", Role.COMPLIANCE_OFFICER),  # what takes two people can be tried
    ("mei", "Mei Manages", Role.RECORDS_MANAGER),
    ("ravi", "Ravi Reviews", Role.REVIEWER),
    ("tomas", "Tomas Audits", Role.AUDITOR),
    ("ada", "Ada Administers", Role.ADMINISTRATOR),
)
MATTER = "Inquiry 2026-114"
CUSTODIANS = 3
CONVERSATION = "oficina-iberia"
EXPORT = "For the authority, first delivery"
EXPORT_KEY = uuid.UUID("0b5f0a52-3c1e-4a57-9f5b-2d8c1c1f7a10")
RECONCILIATION = "Daily, to compliance"
RULES = (
    ("Public channels", "5y", "Regulation (EU) 2017/565, Art. 76: five years.", Conditions(kinds=("public",))),
    ("Small private channels", "1y", "Policy 7: what is older is in the archive.",
     Conditions(kinds=("private",), most_members=12)),
)  # fmt: skip
"""Name, period, reason and conditions."""
KEPT = (
    ("Correspondence", 72, ["direct", "chat", "private"], True, "Commercial code, section 257",
     "What people write to each other can be commercial correspondence."),
    ("Open talk", 3, ["public"], False, "Records policy 7, section 3",
     "It is of use for a quarter, and minutes are kept elsewhere."),
)  # fmt: skip
"""Of the archive: name, months, kinds of sessions, whether it is a duty, law, reason."""


def show(*, now: datetime) -> bool:
    """Everything there is to show, as far as it can be shown already; whether it all is."""
    return all(shown(now=now) for shown in SHOWN)


def export_matter(*, now: datetime) -> bool:
    """Ask for an export of the matter once what it holds was captured, and have it made; whether it is made or ended."""
    ines = User.objects.filter(username="ines").first()
    matter = _matter()
    if ines is None or matter is None:
        return False
    row = Export.objects.filter(matter=matter).order_by("pk").first()
    if row is not None:
        if row.state == Export.State.MEASURED and row.request is None:
            with suppress(Hindrance):  # something of it was destroyed meanwhile: its page says so
                deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=now)
        return row.state != Export.State.MEASURING
    counted = preserved.summary(matter.pk)
    so_far = completeness.summary(now=now)
    if counted is None or not counted.messages or so_far.run is not None or so_far.files.due:
        return False  # what is exported while capture runs lacks files, and says so on every page of it
    asking.ask(
        asking.Draft(
            source=Source(Export.Kind.MATTER, matter.pk),
            title=EXPORT,
            reason="Letter of the authority of 9 November 2026: hand over what is kept.",
            formats=frozenset(asking.offered()),
            request_key=uuid.uuid5(EXPORT_KEY, str(matter.pk)),
        ),
        by=ines,
        now=now,
    )
    return False


def keep_archive(*, now: datetime) -> bool:
    """Have rules of the archive in force from the beginning, so that something is due; whether they are there.

    As they would stand after two people decided them last month: a real first rule waits until a second person approves.
    """
    if KeepingRule.objects.exists():
        return True
    mei, accounts = User.objects.filter(username="mei").first(), candidates.accounts()
    if mei is None or not accounts:
        return False
    for name, months, kinds, is_duty, law, reason in KEPT:
        with transaction.atomic():
            rule = KeepingRule.objects.create(
                account_id=accounts[0][0], name=name, amount=months, kinds=kinds, is_duty=is_duty, law=law,
                reason=reason, made_by=mei, made_by_name=audit.name_of(mei), made_at=now,
                approved_by_name="Samir Seconds (samir)",
            )  # fmt: skip
            details = {"name": name, "amount": months, "why": "For the demo."}
            audit.record(
                action=audit.Action.SAVED, subject=f"rule/{rule.pk}", details=details, by=mei, now=now
            )
    return True


def plan_retention(*, now: datetime) -> bool:
    """Write the demo's rules and make a plan of them once most channels were read and listed; whether it is there.

    Its rules are about kinds of channels, and nobody knows which are public before Zoom's list was read.
    """
    if RetentionRule.objects.exists():
        return True
    ines = User.objects.filter(username="ines").first()
    seen = channels.every()
    read = [one for one in seen if one.reading is not Reading.UNREAD]
    if ines is None or len(read) == 0 or 2 * len(read) < len(seen):
        return False
    if all(one.kind is Kind.UNKNOWN for one in seen):
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
    """Open the demo's matter once its people and a conversation were captured; whether it is there."""
    if _matter() is not None:
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
    there = conversations.called(CONVERSATION, account_id=account_id)
    there = there or conversations.named("", account_id=account_id)  # another company has none of this name
    if len(users) < CUSTODIANS or len(there) == 0:
        return False
    draft = opening.Draft(
        request_key=uuid.uuid4(),
        account_id=account_id,
        name=MATTER,
        reason="Letter of the authority of 2 November 2026: keep everything about the Lisbon tender.",
        person_ids=[one.person_id for one in users[:CUSTODIANS]],
        session_ids=[there[0].session_id],
    )
    matter = opening.open_matter(draft, by=ines, now=now)
    for user in User.objects.filter(username__in=["ravi", "samir"]).order_by("pk"):
        membership.add(matter_id=matter.pk, user_id=user.pk, by=ines, now=now)
    return True


def _matter() -> Matter | None:
    """The demo's matter, also once somebody renamed it: its name is taken for good."""
    called_so = Q(name=MATTER) | Q(former_names__name=MATTER)
    return Matter.objects.filter(called_so).order_by("pk").first()


SHOWN = (open_matter, keep_archive, plan_reconciliation, plan_retention, export_matter)
"""What the demo shows, each asked for again until it is there."""
