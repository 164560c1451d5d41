"""How complete the index is, and whether it is what the database thinks it is.

`beside` goes with every answer: up to which leaf all is findable, since when records wait, how many, and what was
destroyed since. `check` compares
what the index says of itself, its messages and the digest of their versions by day, what the database recorded at
the last commit, and the archive; an index that was rolled back, replaced or changed is named. A lag is not a fault.
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

from archive import bulk, log
from archive.models import IndexState, Leaf
from archive.scope import EVERYTHING, Scope
from archive.search import days, folder, index, unsearched
from archive.search.errors import IndexOfAnotherLog, IndexUnavailable

# The upper bound says nothing new, but tells the planner of a table it has no statistics of that the range is small, and
# whatever the position the same. One statement, and one prepared for good: to ask several times, or to plan it each time,
# would take longer than most searches.
_BESIDE: LiteralString = f"""
    SELECT pending.records, pending.since,
        array(SELECT message_id FROM archive_tombstone WHERE id = ANY(pending.stones)),
        (SELECT commitment FROM archive_leaf WHERE index = %b::bigint - 1),
        (SELECT count(*) FROM archive_dayindexed d JOIN archive_indexstate s ON s.id = d.state_id
            WHERE s.name = %b::text AND d.finding = 'differs'),
        files.*
    FROM (
        SELECT count(*) FILTER (WHERE kind = {Leaf.Kind.REVISION}) AS records,
            min(at) FILTER (WHERE kind = {Leaf.Kind.REVISION}) AS since,
            array_agg(subject_id) FILTER (WHERE kind = {Leaf.Kind.TOMBSTONE}) AS stones,
            array_agg(subject_id) FILTER (WHERE kind = {Leaf.Kind.READING}) AS readings
        FROM archive_leaf WHERE index >= %b::bigint AND index <= (SELECT max(index) FROM archive_leaf)
    ) AS pending, LATERAL ({{files}}) AS files
"""
_KNOWN: LiteralString = "SELECT %b::bigint, %b::bigint"

MANY_FILES = 1_000
REMEMBERED_S = 10.0
LOOK_AGAIN_S = 0.25
_counted: dict[tuple[str, int, Scope], tuple[float, tuple[int, int]]] = {}


@dataclass(frozen=True, slots=True)
class Coverage:
    """All records below leaf `complete_to` are findable.

    `pending` records wait, the oldest stored at `waiting_since`; None and 0: everything stored is findable. On
    `days_at_fault` days the index was found to differ from the record and has not been healed yet. Of files within
    the scope, `unread` have not been read or indexed yet and `unreadable` cannot be (see `unsearched`).
    """

    complete_to: int
    pending: int
    waiting_since: datetime | None
    days_at_fault: int = 0
    unread: int = 0
    unreadable: int = 0


class Beside(NamedTuple):
    """What the database knows beside one state of the index: its coverage, and the messages destroyed since."""

    coverage: Coverage
    gone: Collection[int]


def beside(snapshot: index.Snapshot, *, scope: Scope = EVERYTHING) -> Beside:
    """One state of the index against the log as it is now. Refuses an index of another log."""
    with asked(snapshot, scope=scope) as told:
        return told()


@contextmanager
def asked(snapshot: index.Snapshot, *, scope: Scope = EVERYTHING) -> Iterator[Callable[[], Beside]]:
    """The same of the moment this begins, told once it is wanted: the database works at it meanwhile."""
    marker = snapshot.marker
    position = marker.complete_to
    known = _remembered(snapshot.name, position, scope)
    files, values = _counting(scope) if known is None else (_KNOWN, [*known])
    with bulk.asked(_beside(files), [position, snapshot.name, position, *values]) as rows:
        yield lambda: _told(rows(), snapshot, scope, is_counted=known is None)


def _told(rows: list[tuple[Any, ...]], snapshot: index.Snapshot, scope: Scope, *, is_counted: bool) -> Beside:
    marker = snapshot.marker
    ((pending, waiting_since, gone, last, days_at_fault, unread, unreadable),) = rows
    if marker.complete_to > 0 and (last is None or last.hex() != marker.last_leaf):
        raise IndexOfAnotherLog("The search index was built from another log than this database holds.")
    if is_counted and unread + unreadable >= MANY_FILES:
        _remember(snapshot.name, marker.complete_to, scope, (unread, unreadable))
    coverage = Coverage(
        complete_to=marker.complete_to,
        pending=pending,
        waiting_since=waiting_since,
        days_at_fault=days_at_fault,
        unread=unread,
        unreadable=unreadable,
    )
    return Beside(coverage, gone)


@lru_cache(maxsize=100)
def _beside(files: LiteralString) -> LiteralString:
    return _BESIDE.format(files=files)


def _counting(scope: Scope) -> tuple[LiteralString, list[Any]]:
    files, (limits, same) = unsearched.counting("pending.readings", scope=scope)
    return files, [*limits, *same]


def _remembered(name: str, position: int, scope: Scope) -> tuple[int, int] | None:
    """How many files are not searched, and how many cannot be, as of a moment ago; None when they are to be counted.

    While hundreds of thousands wait to be read, to count them takes longer than to search. For a few seconds a count of
    this state of the index is as good: what is read meanwhile is in no answer before the index has moved on, and what
    arrives meanwhile is of records that are said to be pending.
    """
    at, files = _counted.get((name, position, scope), (-REMEMBERED_S, (0, 0)))
    return files if time.monotonic() - at < REMEMBERED_S else None


def _remember(name: str, position: int, scope: Scope, files: tuple[int, int]) -> None:
    """Keep a count that was long in the making, with no other beside those of this state of the index."""
    for key in list(_counted):
        if key[:2] != (name, position):
            _counted.pop(key, None)
    _counted[name, position, scope] = time.monotonic(), files


def now() -> Coverage:
    """The coverage of the index in use; raises IndexUnavailable when there is none."""
    return beside(index.snapshot()).coverage


def check() -> list[str]:
    """What is wrong with this host's index, a sentence each; empty when nothing is. None at all is not wrong.

    Indexes of other hosts are theirs to check. What is wrong was so at a second look, too: an index that takes another's
    place while one looks is seen before the database has been told.
    """
    found = _problems()
    if len(found) == 0:
        return found
    time.sleep(LOOK_AGAIN_S)
    return _problems()


def _problems() -> list[str]:
    try:
        name = folder.current()
        if name is None:
            known = IndexState.objects.filter(home=folder.home()).exists()
            return ["The search index is gone: the database knows of one here."] if known else []
        # What is recorded comes first: an index that goes on while one looks would seem to be behind it.
        state = IndexState.objects.filter(name=name).first()
        snapshot = index.snapshot()
    except IndexUnavailable as error:
        return [str(error)]
    if state is None:
        if snapshot.marker.complete_to == 0:
            return []
        return [f"The database knows nothing of the search index {name}: it was put in another's place."]
    try:
        return _position_problems(snapshot.marker, state) or _day_problems(snapshot)
    except IndexUnavailable as error:
        return [str(error)]


def _position_problems(marker: index.Marker, state: IndexState) -> list[str]:
    if marker.complete_to < state.complete_to:
        return [
            f"The search index was rolled back: it ends at leaf {marker.complete_to}, and "
            f"{state.complete_to} was recorded."
        ]
    size = log.size()
    if marker.complete_to > size:
        return [f"The search index ends at leaf {marker.complete_to}, beyond the end of the log at {size}."]
    if marker.complete_to > 0:
        last = Leaf.objects.values_list("commitment", flat=True).get(index=marker.complete_to - 1)
        if bytes(last).hex() != marker.last_leaf:
            return [f"The search index was built from another log: leaf {marker.complete_to - 1} differs."]
    return []


def _day_problems(snapshot: index.Snapshot) -> list[str]:
    archived = days.in_archive(position=snapshot.marker.complete_to)
    indexed = days.in_index(snapshot)
    wrong = [
        _difference(day, indexed.get(day, days.NOTHING), archived.get(day, days.NOTHING))
        for day in sorted(archived | indexed)
        if archived.get(day) != indexed.get(day)
    ]
    strays = snapshot.searcher.num_docs - sum(day.messages for day in indexed.values())
    if strays > 1 or (strays == 1 and snapshot.marker.complete_to == 0):
        wrong.append(f"The search index has {strays} documents that are no messages; 1 is its own.")
    return wrong


def _difference(day: int, indexed: days.Day, archived: days.Day) -> str:
    if indexed.messages == archived.messages:
        return f"The search index has other versions of messages of {days.date_of(day)} than the archive."
    return (
        f"The search index has {indexed.messages} messages of {days.date_of(day)}, "
        f"the archive has {archived.messages}."
    )
