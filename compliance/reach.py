"""How far a person may read: the whole archive, or what the matters they work on hold, and nothing else.

Whoever investigates reads everything. Whoever reviews reads what the holds in force of their matters cover: a custodian's
own words, and what was said where and while they took part. It is worked out from the record when it is asked for, once
a person object and so once a request: a hold placed or a membership ended counts from the next one on.

Never decides what may be destroyed: a message whose time or sender is doubtful can be held and lie outside.
"""

from collections.abc import Collection

from django.contrib.auth.models import User

from archive import held_pieces
from archive.scope import EVERYTHING, NOTHING, Pieces, Scope
from compliance import holds, matters, permissions
from compliance.permissions import Action


def of(person: User | None) -> Scope:
    """What a person may read; everything for the operator at the command line."""
    if person is None or permissions.can(Action.READ_EVERYTHING, by=person):
        return EVERYTHING
    if not permissions.can(Action.READ_MESSAGES, by=person):
        return NOTHING
    cached: Scope | None = getattr(person, "_holdfast_reach", None)
    if cached is None:
        theirs = matters.of(person).values_list("pk", flat=True)
        cached = of_matters(set(theirs)).narrowed(EVERYTHING)
        person._holdfast_reach = cached  # type: ignore[attr-defined]
    return cached


def of_matters(matter_ids: Collection[int]) -> Pieces:
    """What the holds in force of some matters cover together; nothing without one."""
    return held_pieces.of(holds.of_matters(matter_ids))


def of_custodians(custodian_ids: Collection[int]) -> Pieces:
    """What the holds in force on some custodians cover."""
    return held_pieces.of(holds.of_custodians(custodian_ids))
