"""What letting people go would mean, before anybody is asked for it: what nothing else would hold, session by session.

Counted when it is looked at, by the same SQL that decides what may be destroyed; behind the page where that takes long
(see weighing). Nothing is changed or asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import directory
from archive.ended_zips import Here
from archive.tallies import Loss
from compliance import audit, losing, matters, places, weighing
from compliance.hindrances import Hindrance
from compliance.models import Custodian, Hold, LossCount, Matter
from compliance.models.matters import PLACES
from compliance.permissions import Action


class Unfit(Hindrance):
    """There is nothing to foresee; the sentence says why."""


@dataclass(frozen=True)
class Foreseen:
    """What would become destroyable if these people, or these conversations, were dropped, or the matter released.

    `lost` is None while it is counted. `parts` are the sessions with most of it, each with its name; `beyond` is how
    many more there are. `zips` are those of the matter that are here: only a release lets them go.
    """

    people: list[str]
    places: list[str]
    is_release: bool
    count: LossCount
    lost: LossCount | None
    parts: list[tuple[Loss, str]]
    beyond: int
    zips: Here


def foresee(
    *,
    matter_id: int,
    custodian_ids: Collection[int] | None = None,
    hold_ids: Collection[int] | None = None,
    by: User | None,
    now: datetime,
) -> Foreseen:
    """What dropping these custodians, or conversations by their holds, would let go; neither: what releasing the matter
    would. Recorded as a look.

    It is counted now, as far as that takes no longer than anybody should wait. Raises NoSuchMatter, PermissionDenied,
    Unfit.
    """
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
        there, ending = _ending(matter, custodian_ids, hold_ids)
        row = weighing.want(
            matter=matter,
            holds=ending,
            custodians=None if custodian_ids is None and hold_ids is None else there,
            by=by,
            now=now,
        )
        details: dict[str, Any] = {"at": "release", "custodians": there}
        details |= {} if hold_ids is None else {"holds": ending}
        audit.record(
            action=audit.Action.LOOKED, subject=f"matter/{matter_id}", details=details, by=by, now=now
        )
    return _foreseen(weighing.at_once(row, clock=lambda: now))


def _ending(
    matter: Matter, custodian_ids: Collection[int] | None, hold_ids: Collection[int] | None
) -> tuple[list[int], list[int]]:
    """Who would be dropped, and which holds would end. Raises Unfit."""
    if hold_ids is not None:
        ending = places.held(matter).filter(pk__in=hold_ids)
        if not ending.exists():
            raise Unfit("Tick the conversations to be dropped first.")
        if not Hold.objects.filter(matter=matter, released_at=None).exclude(pk__in=ending).exists():
            raise Unfit("Nothing would be held in the matter any more. Look at releasing it instead.")
        return [], list(ending.values_list("pk", flat=True))
    people = Custodian.objects.filter(matter=matter, dropped_at=None).order_by("name", "pk")
    ending = Hold.objects.filter(matter=matter, released_at=None)
    if custodian_ids is None:
        there = list(people.values_list("pk", flat=True))
        if len(there) == 0 and not ending.exists():
            raise Unfit("Nothing is held in the matter.")
    else:
        there = list(people.filter(pk__in=custodian_ids).values_list("pk", flat=True))
        ending = ending.filter(custodian_id__in=there)
        if len(there) == 0:
            raise Unfit("Tick the custodians to be dropped first.")
    return there, list(ending.values_list("pk", flat=True))


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
    there = Hold.objects.filter(PLACES, pk__in=row.holds).order_by("session_name", "pk")
    return Foreseen(
        people=[one.name for one in people],
        places=list(there.values_list("session_name", flat=True)),
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
