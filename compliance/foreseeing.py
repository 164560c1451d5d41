"""What letting people go would mean, before anybody is asked for it: what nothing else would hold, session by session.

Counted when it is looked at, by the same SQL that decides what may be destroyed; nothing is changed or asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import directory
from archive.tallies import Loss
from compliance import audit, losing, matters
from compliance.hindrances import Hindrance
from compliance.losing import WouldLose
from compliance.models import Custodian
from compliance.permissions import Action

MOST_SESSIONS = 50


class Unfit(Hindrance):
    """There is nothing to foresee; the sentence says why."""


@dataclass(frozen=True)
class Foreseen:
    """What would become destroyable if these people were dropped, or the matter released.

    `parts` are the sessions with most of it, each with its name; `beyond` is how many more there are.
    """

    people: list[str]
    is_release: bool
    lost: WouldLose
    parts: list[tuple[Loss, str]]
    beyond: int


def foresee(
    *, matter_id: int, custodian_ids: Collection[int] | None, by: User | None, now: datetime
) -> Foreseen:
    """What dropping these custodians would let go; None: what releasing the matter would. Recorded as a look.

    Raises NoSuchMatter, PermissionDenied, Unfit.
    """
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
        people = Custodian.objects.filter(matter=matter, dropped_at=None).order_by("name", "pk")
        if custodian_ids is not None:
            people = people.filter(pk__in=custodian_ids)
        there = list(people)
        if len(there) == 0:
            raise Unfit("Tick the custodians to be dropped first.")
        details = {"at": "release", "custodians": [one.pk for one in there]}
        audit.record(
            action=audit.Action.LOOKED, subject=f"matter/{matter_id}", details=details, by=by, now=now
        )
    keys = [one.pk for one in there]
    lost = losing.of_matter(matter_id) if custodian_ids is None else losing.of_custodians(keys)
    most = sorted(lost.sessions, key=lambda loss: (-loss.messages, loss.session_id))[:MOST_SESSIONS]
    titles = directory.titles({loss.session_id for loss in most})
    return Foreseen(
        people=[one.name for one in there],
        is_release=custodian_ids is None,
        lost=lost,
        parts=[(loss, titles.get(loss.session_id, "")) for loss in most],
        beyond=len(lost.sessions) - len(most),
    )
