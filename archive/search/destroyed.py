"""What was destroyed since some position of the log: left out of every answer at once, and to be forgotten by the files.

A tombstone is a leaf, so a state of the index knows of those below its position; of later ones the log tells, in
`coverage`. How far
the files of an index have forgotten is `IndexState.forgotten_to`: up to there no word of a destroyed message is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from archive.models import IndexState, Leaf

QUIET = timedelta(minutes=1)
LONG = timedelta(hours=1)
"""Forgetting rewrites whole parts of an index: it waits until a disposition has ended, but not for longer than this."""

_BETWEEN = """
    SELECT stone.message_id FROM archive_leaf leaf JOIN archive_tombstone stone ON stone.id = leaf.subject_id
    WHERE leaf.index >= %s AND leaf.index < %s AND leaf.kind = %s
"""
# The upper bound says nothing new, but tells the planner of a table it has no statistics of that the range is small.
_WAITING = """
    SELECT count(*), min(at), max(at) FROM archive_leaf
    WHERE index >= %s AND index < least(%s, (SELECT max(index) + 1 FROM archive_leaf)) AND kind = %s
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many destroyed messages the files of an index have not forgotten yet, and since when."""

    name: str
    home: str
    messages: int
    since: datetime | None


def between(first: int, last: int) -> list[int]:
    """The messages destroyed at position `first` of the log or later, and before `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, [first, last, Leaf.Kind.TOMBSTONE])
        return [message_id for (message_id,) in cursor.fetchall()]


def is_due(name: str, *, now: datetime, at_once: bool = False) -> bool:
    """Whether the files of an index should forget now. When nothing waits, notes that they have nothing to forget."""
    state = IndexState.objects.filter(name=name).first()
    if state is None or state.forgotten_to >= state.complete_to:
        return False
    count, first, last = _waiting(state.forgotten_to, state.complete_to)
    if count == 0 or first is None or last is None:
        note(name, forgotten_to=state.complete_to)
        return False
    return at_once or last <= now - QUIET or first <= now - LONG


def note(name: str, *, forgotten_to: int) -> None:
    """The files of an index have forgotten all that was destroyed before this position."""
    IndexState.objects.filter(name=name, forgotten_to__lt=forgotten_to).update(forgotten_to=forgotten_to)


def waiting() -> list[Waiting]:
    """What every index, on this host and on others, has still to forget; also what it has not heard of yet."""
    found = []
    for state in IndexState.objects.order_by("pk"):
        count, first, _ = _waiting(state.forgotten_to, 2**62)
        found.append(Waiting(state.name, state.home, count, first))
    return found


def _waiting(first: int, last: int) -> tuple[int, datetime | None, datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [first, last, Leaf.Kind.TOMBSTONE])
        count, oldest, newest = cursor.fetchone() or (0, None, None)
    return count, oldest, newest
