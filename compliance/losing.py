"""What would become destroyable if holds ended: what they hold and nothing else does.

For whoever asks two people to release a matter or drop custodians. The digest is over the exact messages, so that an
approval can be bound to them: SHA-256 over a line for each session, `session messages digest`, in order of their ids,
where the digest is that over the session's message ids in decimal, a line each, in order. Reads only; a matter of a
million messages takes a minute, so for pages compliance.weighing counts it behind them.

The zips of a matter are kept as long as it goes on, whoever is held in it; released, each goes that no hold covers
something in. How many there are is known at once; which of them other holds cover, the disposition asks of each.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from archive import ended_zips, tallies
from archive.ended_zips import Here
from archive.holding import Rule
from archive.tallies import Loss
from compliance import holds, matters
from compliance.models import Hold, Matter


@dataclass(frozen=True)
class WouldLose:
    """So much would be held by nothing; `sessions` has each session that has some of it, in order of their ids."""

    messages: int
    files: int
    file_bytes: int
    sessions: tuple[Loss, ...]
    sha256: str


def of_matter(matter_id: int) -> WouldLose:
    """What would be held by nothing if the matter were released."""
    return of_holds(Hold.objects.filter(matter_id=matter_id, released_at=None).values_list("pk", flat=True))


def of_custodians(custodian_ids: Collection[int]) -> WouldLose:
    """What would be held by nothing if these custodians were dropped."""
    theirs = Hold.objects.filter(custodian_id__in=custodian_ids, released_at=None)
    return of_holds(theirs.values_list("pk", flat=True))


def zips(matter: Matter) -> Here:
    """The zips of a matter that are here, which a release no longer keeps as its own."""
    return ended_zips.here(matters.ids_at_zoom(matter), account_id=matter.account_id)


def of_holds(hold_ids: Collection[int], *, step: Callable[[int, int], None] = lambda *_: None) -> WouldLose:
    """What would be held by nothing if these holds ended and all others stayed; `step` is told how far it is."""
    ending, staying = _parted(hold_ids)
    return together(tallies.losses(ending=ending, staying=staying, step=step))


def brought_up_to_date(
    counted: Sequence[Loss], *, hold_ids: Collection[int], changed: Collection[int]
) -> WouldLose:
    """The same, of which everything but these sessions is as it was counted. For rules that stayed what they were."""
    ending, staying = _parted(hold_ids)
    fresh = tallies.losses(ending=ending, staying=staying, within=changed)
    there = places(hold_ids)
    kept = [loss for loss in counted if loss.session_id not in changed and loss.session_id in there]
    return together(sorted([*kept, *fresh], key=lambda loss: loss.session_id))


def places(hold_ids: Collection[int]) -> frozenset[int]:
    """The sessions in which these holds can hold something."""
    return frozenset(tallies.places(_parted(hold_ids)[0]))


def by_others(hold_ids: Collection[int]) -> bytes:
    """What else holds, in 32 bytes: as long as they are the same, what was counted of a session stays so."""
    _, staying = _parted(hold_ids)
    return hashlib.sha256("\n".join(map(repr, sorted(staying, key=lambda rule: rule.id))).encode()).digest()


def together(found: Iterable[Loss]) -> WouldLose:
    """Losses of sessions, in order of their ids, as a whole."""
    lost = tuple(found)
    lines = "".join(f"{loss.session_id} {loss.messages} {loss.digest.hex()}\n" for loss in lost)
    return WouldLose(
        messages=sum(loss.messages for loss in lost),
        files=sum(loss.files for loss in lost),
        file_bytes=sum(loss.file_bytes for loss in lost),
        sessions=lost,
        sha256=hashlib.sha256(lines.encode()).hexdigest(),
    )


def _parted(hold_ids: Collection[int]) -> tuple[list[Rule], list[Rule]]:
    ending = frozenset(hold_ids)
    rules = holds.rules()
    return [rule for rule in rules if rule.id in ending], [rule for rule in rules if rule.id not in ending]
