"""What letting people go would mean, before anybody is asked for it: what nothing else would hold, session by session.

Counted when it is looked at, by the same SQL that decides what may be destroyed; behind the page where that takes long
(see weighing). Nothing is changed or asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import directory
from archive.ended_zips import Here
from archive.tallies import Loss
from compliance import audit, losing, matters, weighing
from compliance.hindrances import Hindrance
from compliance.models import Custodian, Hold, LossCount
from compliance.permissions import Action


class Unfit(Hindrance):
    """There is nothing to foresee; the sentence says why."""


@dataclass(frozen=True)
class Foreseen:
    """What would become destroyable if these people were dropped, or the matter released.

    `lost` is None while it is counted. `parts` are the sessions with most of it, each with its name; `beyond` is how
    many more there are. `zips` are those of the matter that are here: only a release lets them go.
    """

    people: list[str]
    is_release: bool
    count: LossCount
    lost: LossCount | None
    parts: list[tuple[Loss, str]]
    beyond: int
    zips: Here


def foresee(
    *, matter_id: int, custodian_ids: Collection[int] | None, by: User | None, now: datetime
) -> Foreseen:
    """What dropping these custodians would let go; None: what releasing the matter would. Recorded as a look.

    It is counted now, as far as that takes no longer than anybody should wait. Raises NoSuchMatter, PermissionDenied,
    Unfit.
    """
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
        people = Custodian.objects.filter(matter=matter, dropped_at=None).order_by("name", "pk")
        if custodian_ids is not None:
            people = people.filter(pk__in=custodian_ids)
        there = list(people.values_list("pk", flat=True))
        if len(there) == 0:
            raise Unfit("Tick the custodians to be dropped first.")
        ending = Hold.objects.filter(matter=matter, released_at=None)
        if custodian_ids is not None:
            ending = ending.filter(custodian_id__in=there)
        row = weighing.want(
            matter=matter,
            holds=list(ending.values_list("pk", flat=True)),
            custodians=None if custodian_ids is None else there,
            by=by,
            now=now,
        )
        details = {"at": "release", "custodians": there}
        audit.record(
            action=audit.Action.LOOKED, subject=f"matter/{matter_id}", details=details, by=by, now=now
        )
    return _foreseen(weighing.at_once(row, clock=lambda: now))


def shown(*, matter_id: int, count_id: int, by: User | None) -> Foreseen | None:
    """A count that was asked for before, however it stands; None when there is no such. Raises NoSuchMatter."""
    row = weighing.seen(matter_id=matter_id, count_id=count_id, by=by)
    return None if row is None else _foreseen(row)


def _foreseen(row: LossCount) -> Foreseen:
    parts = [_loss(*one) for one in row.most]
    titles = directory.titles({part.session_id for part in parts})
    people = Custodian.objects.filter(matter=row.matter_id).order_by("name", "pk")
    people = (
        people.filter(dropped_at=None) if row.custodians is None else people.filter(pk__in=row.custodians)
    )
    return Foreseen(
        people=[one.name for one in people],
        is_release=row.custodians is None,
        count=row,
        lost=row if row.state == LossCount.State.COUNTED else None,
        parts=[(part, titles.get(part.session_id, "")) for part in parts],
        beyond=row.sessions - len(parts),
        zips=losing.zips(row.matter),
    )


def _loss(session_id: int, messages: int, files: int, file_bytes: int, first: str, last: str) -> Loss:
    """A line as it is kept in a row of JSON."""
    return Loss(
        session_id,
        messages,
        files,
        files,
        file_bytes,
        datetime.fromisoformat(first),
        datetime.fromisoformat(last),
        b"",
    )
