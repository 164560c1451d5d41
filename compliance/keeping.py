"""Which rules of how long the archive keeps what are in force, as archive.keeping takes them.

Whoever is about to destroy locks the table of rules first, like that of holds, so that a rule that keeps something
longer waits until the destruction is over or is seen by it.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet

from archive import keeping
from archive.keeping import Kind, Period, Rule
from compliance.models import KeepingRule

NOW_AND_LATER = "SHARE"
"""The rules stay what they are; reading goes on, changing waits."""
ALONE = "SHARE ROW EXCLUSIVE"
"""Only one may change rules at a time."""


def in_force() -> QuerySet[KeepingRule]:
    """The rules that have not ended, in order."""
    return KeepingRule.objects.filter(ended_at=None).order_by("pk")


def rules(*, account_id: int | None = None, only_duties: bool = False, lock: bool = False) -> list[Rule]:
    """The rules in force; with `lock` they stay exactly these until the caller's transaction ends."""
    if lock:
        hold(NOW_AND_LATER)
    found = in_force()
    if account_id is not None:
        found = found.filter(account_id=account_id)
    if only_duties:
        found = found.filter(is_duty=True)
    return read(found)


def hold(mode: str) -> None:
    """Lock the table of rules to the end of the transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock on the rules needs a transaction to last for.")
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE compliance_keepingrule IN {mode} MODE")


def read(rows: Iterable[KeepingRule]) -> list[Rule]:
    """Rows as rules."""
    return [rule_of(row) for row in rows]


def rule_of(row: KeepingRule) -> Rule:
    """A row, saved or not, as a rule."""
    return Rule(
        id=row.pk or 0,
        account=row.account_id,
        kinds=None if row.kinds is None else frozenset(Kind(kind) for kind in row.kinds),
        named=row.named,
        session=row.session_id,
        period=period_of(row),
    )


def period_of(row: KeepingRule) -> Period | None:
    """How long; None: for good."""
    if row.amount is None:
        return None
    return Period(months=row.amount) if row.unit == KeepingRule.Unit.MONTHS else Period(days=row.amount)


def weakens(*, before: list[KeepingRule], after: list[KeepingRule]) -> bool:
    """Whether something can go sooner, or be erased sooner, under the rules `after`, today or later."""
    if keeping.weakens(before=read(before), after=read(after)):
        return True
    duties = read(row for row in after if row.is_duty)
    return any(
        not any(one.covers(gone) and one.outlasts(gone) for one in duties)
        for gone in read(row for row in before if row.is_duty)
    )
