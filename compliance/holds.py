"""Which standing rules are in force, what they say of a message, and what may therefore be destroyed.

A hold is a row that only ever ends (compliance.models.Hold); what it covers is worked out by archive.holding whenever
somebody asks. Places one lock: whoever is about to destroy locks the table of holds against changes first, so that a
hold placed meanwhile, by whatever code, waits until the destruction is over or is seen by it. Whoever places a hold
therefore writes its rows before the audit event, never after: the event holds the log's lock, which destruction needs.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from archive import directory, explaining, holding, taking_part
from archive.explaining import Decision
from archive.holding import Rule
from compliance import matters, pages, refusals
from compliance.models import Hold
from compliance.pages import Page
from compliance.permissions import Action

PAGE_SIZE = 50
MOST_TOLD = 20
"""Matters of which a message tells why they hold it, or do not; of hundreds nobody reads, the others are counted."""


@dataclass(frozen=True)
class Reason:
    """What one rule of a matter decided of a message, and whom the rule names ("" for nobody)."""

    decision: Decision
    person: str


@dataclass(frozen=True)
class OfMatter:
    """A matter the reader may see, with the rules of it that hold a message, or that nearly do."""

    matter_id: int
    name: str
    reasons: list[Reason]


@dataclass(frozen=True)
class OfMessage:
    """How the holds stand to a message: the oldest matters that hold it, or nearly do, and how many more there are.

    `unseen` matters hold it too, and the reader is no member of them.
    """

    held_by: list[OfMatter]
    more: int
    unseen: int
    nearly: list[OfMatter]
    more_nearly: int

    @property
    def matters(self) -> int:
        """How many matters hold the message."""
        return len(self.held_by) + self.more + self.unseen

    @property
    def others(self) -> int:
        """How many of the reader's matters nearly hold it."""
        return len(self.nearly) + self.more_nearly


def rules(*, lock: bool = False) -> list[Rule]:
    """The rules in force; with `lock` they stay exactly these until the caller's transaction ends.

    The lock is on the table (SHARE): rows locked one by one could not keep a new one out. Reading goes on; placing and
    ending holds waits. Several that destroy do not wait for each other.
    """
    if lock:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "A lock on the holds needs a transaction to last for."
            )
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE compliance_hold IN SHARE MODE")
    return _read(Hold.objects.filter(released_at=None))


def of_matter(matter_id: int) -> list[Rule]:
    """The rules of one matter in force."""
    return _read(Hold.objects.filter(released_at=None, matter_id=matter_id))


def of_matters(matter_ids: Collection[int]) -> list[Rule]:
    """The rules of several matters in force."""
    return _read(Hold.objects.filter(released_at=None, matter__in=matter_ids))


def of_ids(hold_ids: Collection[int]) -> list[Rule]:
    """The rules of these holds, in force or ended since: what an export was asked for under."""
    return _read(Hold.objects.filter(pk__in=hold_ids))


def of_custodians(custodian_ids: Collection[int]) -> list[Rule]:
    """The rules in force that are for these custodians."""
    return _read(Hold.objects.filter(released_at=None, custodian__in=custodian_ids))


def by_matter() -> dict[int, list[Rule]]:
    """The rules in force of every matter that has any."""
    found: dict[int, list[Rule]] = {}
    for matter_id, rule in _rows(Hold.objects.filter(released_at=None)):
        found.setdefault(matter_id, []).append(rule)
    return found


def listed(
    *,
    matter_id: int | None = None,
    is_released: bool | None = None,
    before: int | None = None,
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> Page[Hold]:
    """The holds of the person's matters, newest first; of one of them, where one is named. Raises NoSuchMatter."""
    refusals.check(Action.SEE_MATTER, subject="holds", by=by, now=now)
    found = Hold.objects.filter(matter__in=matters.of(by))
    if matter_id is not None:
        found = found.filter(matter=matters.get(matter_id=matter_id, by=by))
    if is_released is not None:
        found = found.filter(released_at__isnull=not is_released)
    return pages.newest(found, before=before, size=limit)


def owners(rule_ids: Collection[int], *, otherwise: int) -> dict[int, int]:
    """The custodian each rule is for, by the rule's id; `otherwise` for one that is for none."""
    known = Hold.objects.filter(pk__in=rule_ids).exclude(custodian=None)
    custodians = dict(known.values_list("pk", "custodian_id"))
    return {key: custodians.get(key, otherwise) for key in rule_ids}


def may_go(message_ids: Collection[int]) -> frozenset[int]:
    """Those of the messages that may be destroyed, now and by this transaction: nothing holds them, and nothing can
    come to hold them before it ends. The one function that decides it.

    Call it in the transaction that destroys, first of all; see archive.holding.may_go for what it locks.
    """
    return holding.may_go(message_ids, rules=rules(lock=True))


def held(message_ids: Collection[int]) -> frozenset[int]:
    """Those of the messages that some rule holds: for marking them on a page, never for deciding what may go."""
    return holding.held(message_ids, rules=_read(_concerning(message_ids)))


def of_message(*, message_id: int, by: User | None, now: datetime) -> OfMessage:
    """Which matters hold a message and why, and which nearly do; matters the reader may not see are only counted."""
    refusals.check(Action.READ_MESSAGES, subject=f"message/{message_id}", by=by, now=now)
    concerning = _concerning([message_id])
    decisions = explaining.explain(message_id, rules=_read(concerning))
    matter_of = dict(concerning.values_list("pk", "matter_id"))
    telling = [decision for decision in decisions if decision.way is not None or decision.is_near]
    of_matters: dict[int, list[Decision]] = {}
    for decision in telling:
        of_matters.setdefault(matter_of[decision.rule.id], []).append(decision)
    seen = dict(matters.of(by).filter(pk__in=of_matters).order_by("pk").values_list("pk", "name"))
    holding_it = {key for key, found in of_matters.items() if any(d.way is not None for d in found)}
    held_by = [key for key in seen if key in holding_it]
    nearly = [key for key in seen if key not in holding_it]
    told = {key: _telling(of_matters[key]) for key in (*held_by[:MOST_TOLD], *nearly[:MOST_TOLD])}
    persons = {d.rule.person for found in told.values() for d in found if d.rule.person is not None}
    names = directory.people_names(persons)
    lines = {
        key: OfMatter(
            key,
            seen[key],
            [Reason(d, "" if d.rule.person is None else names.get(d.rule.person, "")) for d in found],
        )
        for key, found in told.items()
    }
    return OfMessage(
        held_by=[lines[key] for key in held_by[:MOST_TOLD]],
        more=len(held_by[MOST_TOLD:]),
        unseen=len(holding_it - seen.keys()),
        nearly=[lines[key] for key in nearly[:MOST_TOLD]],
        more_nearly=len(nearly[MOST_TOLD:]),
    )


def _telling(found: list[Decision]) -> list[Decision]:
    """Of a matter that holds it, what holds it; of another, what nearly does."""
    holding_it = [decision for decision in found if decision.way is not None]
    return holding_it or found


def _concerning(message_ids: Collection[int]) -> QuerySet[Hold]:
    """The holds in force that could say something of these messages: of hundreds of matters, rarely many."""
    in_force = Hold.objects.filter(released_at=None)
    sessions = holding.sessions(message_ids)
    named = in_force.order_by().values_list("person_id", flat=True).distinct()
    people = {person_id for person_id in named if person_id is not None}
    there = taking_part.known(sessions=sessions, people=people)
    about = Q(session_id=None) | Q(session_id__in=sessions)
    return in_force.filter(about, Q(person_id=None) | Q(person_id__in=there))


def _read(holds: QuerySet[Hold]) -> list[Rule]:
    return [rule for _, rule in _rows(holds)]


def _rows(holds: QuerySet[Hold]) -> Iterator[tuple[int, Rule]]:
    """Each hold's matter and rule, in one query and without an object for each row: there are thousands."""
    columns = ("pk", "account_id", "person_id", "session_id", "covers_received", "since", "until")
    for matter_id, key, account, person, session, received, since, until in (
        holds.order_by("pk").values_list("matter_id", *columns).iterator()
    ):
        yield (
            matter_id,
            Rule(
                id=key,
                account=account,
                person=person,
                session=session,
                covers_received=received,
                since=since,
                until=until,
            ),
        )
