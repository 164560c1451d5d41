"""What of the days that something is held for is not here: before the first day captured, and in which sessions.

Asked with the values that `proofs` judges the calendar by, without going day by day: a session is open where a pull of its
days broke off and none has closed it since, or where some of them were never read.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import Min, Q

from archive.completeness import by_day, proofs
from archive.models import Window


def captured_since(account_id: int) -> date | None:
    """The first day of which Zoom's list of an account's sessions was read; before it nothing is known. None: no day."""
    lists = Window.objects.filter(account=account_id, session=None, kind=Window.Kind.SESSIONS)
    first: date | None = lists.exclude(complete_through=None).aggregate(first=Min("first_day"))["first"]
    return first


def opened(session_ids: Collection[int], *, first: date | None, last: date | None) -> frozenset[int]:
    """Those of the sessions that are open on a day from `first` to `last`; None: no limit."""
    broke = Q(state=Window.State.GAP) | ~Q(last_error_code="") | Q(complete_through=None)
    rows = Window.objects.filter(broke, session_id__in=list(session_ids), kind__in=by_day.OWN)
    if first is not None:
        rows = rows.filter(last_day__gte=first)
    if last is not None:
        rows = rows.filter(first_day__lte=last)
    found = rows.order_by("id").values_list("session_id", *proofs.COLUMNS)
    return frozenset(session_id for session_id, *columns in found if _is_open(proofs.of(*columns), last=last))


def _is_open(proof: proofs.Proof, *, last: date | None) -> bool:
    if proof.open_from is not None:
        return last is None or proof.open_from <= last
    return proof.proves and proof.whole_to is None
