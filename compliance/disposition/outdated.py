"""A set that was put together by rules that are no longer those in force cannot be asked for, only put together anew.

What was put together says under which rule each message goes, and that is what people approve. Whether each message is
still due is asked again when it is to go, so nothing goes because of an old set; but nobody should decide by one. What a
hold covers needs nothing here: that is counted whenever a set is asked for.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from compliance import keeping, refusals
from compliance.disposition import gathering, reviewing
from compliance.models import Disposition, KeepingRule
from compliance.permissions import Action

MOST_NAMED = 5


def changed(row: Disposition) -> str:
    """What became of the rules since it was put together, in a sentence; "" where they are the same."""
    ended, begun = _duties(row) if row.erasure_id is not None else _rules(row)
    parts = [f"{_named(names)} {verb}" for names, verb in ((ended, "ended"), (begun, "began")) if names]
    return f"The rules changed since it was put together: {'; '.join(parts)}." if parts else ""


def check(row: Disposition) -> None:
    """Raise gathering.Unfit where the rules are not those it was put together by."""
    if words := changed(row):
        raise gathering.Unfit(f"{words} Nothing was asked for: put it together anew.")


def put_together_anew(*, disposition_id: int, by: User, now: datetime) -> Disposition:
    """Discard a set that waits for somebody, and begin to put together what can go now. All or nothing.

    Raises NoSuchDisposition, Unfit.
    """
    refusals.check(Action.DISPOSE, subject=f"disposition/{disposition_id}", by=by, now=now)
    with transaction.atomic():
        row = reviewing.in_review(disposition_id)
        why = f"Put together anew. {changed(row)}".strip()
        reviewing.discard(disposition_id=row.pk, reason=why, by=by, now=now)
        if row.erasure_id is None:
            return gathering.start(account_id=row.account_id, by=by, now=now)
        return gathering.start_erasure(erasure_id=row.erasure_id, by=by, now=now)


def _rules(row: Disposition) -> tuple[list[str], list[str]]:
    """The names of the rules it was put together by that have ended, and of those that have begun."""
    written = {int(one["id"]): str(one["name"]) for one in row.rules}
    there = dict(keeping.in_force().filter(account_id=row.account_id).values_list("pk", "name"))
    ended = [name for key, name in written.items() if key not in there]
    return ended, [name for key, name in there.items() if key not in written]


def _duties(row: Disposition) -> tuple[list[str], list[str]]:
    """The same of the duties alone, by which what is erased is bound: the set names none of them."""
    duties = KeepingRule.objects.filter(account_id=row.account_id, is_duty=True).order_by("pk")
    moved = duties.filter(Q(ended_at__gt=row.as_of) | Q(ended_at=None, made_at__gt=row.as_of))
    names = list(moved.values_list("name", "ended_at"))
    return [name for name, at in names if at is not None], [name for name, at in names if at is None]


def _named(names: list[str]) -> str:
    beyond = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + beyond
