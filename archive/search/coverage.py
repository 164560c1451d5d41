"""How complete the index is, and whether it is what the database thinks it is.

`of` goes with every answer: up to which leaf all is findable, since when records wait, how many. `check` compares
what the index says of itself, its documents counted by day, what the database recorded at the last commit, and
the archive; an index that was rolled back, replaced or changed is named. A lag is not a fault.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from archive import log
from archive.models import IndexState, Leaf
from archive.scope import EVERYTHING, Scope
from archive.search import engine, index, unsearched
from archive.search.errors import IndexUnavailable
from archive.search.query import EPOCH

# The upper bound says nothing new, but tells the planner of a table it has no statistics of that the range is small.
_WAITING = """
    SELECT count(*), min(at) FROM archive_leaf
    WHERE index >= %s AND index <= (SELECT max(index) FROM archive_leaf) AND kind = %s
"""
_ARCHIVED = "SELECT (sent_at AT TIME ZONE 'UTC')::date, count(*) FROM archive_message GROUP BY 1"
_NOT_YET_INDEXED = """
    SELECT (m.sent_at AT TIME ZONE 'UTC')::date, count(DISTINCT m.id)
    FROM archive_leaf l
    JOIN archive_revision r ON r.id = l.subject_id
    JOIN archive_message m ON m.id = r.message_id
    WHERE l.index >= %(position)s AND l.kind = %(kind)s AND NOT EXISTS (
        SELECT FROM archive_revision earlier
        JOIN archive_leaf before ON before.kind = %(kind)s AND before.subject_id = earlier.id
        WHERE earlier.message_id = m.id AND before.index < %(position)s
    )
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All records below leaf `complete_to` are findable.

    `pending` records wait, the oldest stored at `waiting_since`; None and 0: everything stored is findable. Of files
    within the scope, `unread` have not been read or indexed yet and `unreadable` cannot be (see `unsearched`).
    """

    complete_to: int
    pending: int
    waiting_since: datetime | None
    unread: int = 0
    unreadable: int = 0


def of(snapshot: index.Snapshot, *, scope: Scope = EVERYTHING) -> Coverage:
    """The coverage of one state of the index, against the log as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [snapshot.marker.complete_to, Leaf.Kind.REVISION])
        pending, waiting_since = cursor.fetchone()
    files = unsearched.counts(complete_to=snapshot.marker.complete_to, scope=scope)
    return Coverage(snapshot.marker.complete_to, pending, waiting_since, files.unread, files.unreadable)


def now() -> Coverage:
    """The coverage of the index in use; raises IndexUnavailable when there is none."""
    return of(index.snapshot())


def check() -> list[str]:
    """What is wrong with the index, a sentence each; empty when nothing is. No index at all is not wrong."""
    name = index.current()
    states = {state.name: state for state in IndexState.objects.all()}
    if name is None:
        return (
            ["The search index is gone: the database knows of one. Run `manage.py reindex`."]
            if states
            else []
        )
    try:
        snapshot = index.snapshot()
        state = states.get(name)
        if state is None:
            if snapshot.marker.complete_to == 0:
                return []
            return [f"The database knows nothing of the search index {name}: it was put in another's place."]
        return _position_problems(snapshot.marker, state) or _count_problems(snapshot)
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


def _count_problems(snapshot: index.Snapshot) -> list[str]:
    expected = _messages_by_day(snapshot.marker.complete_to)
    found = {date.fromordinal(day + EPOCH): n for day, n in engine.counts_by_day(snapshot).items()}
    return [
        f"The search index has {found.get(day, 0)} messages of {day}, the archive has {expected.get(day, 0)}."
        for day in sorted(expected | found)
        if found.get(day, 0) != expected.get(day, 0)
    ]


def _messages_by_day(position: int) -> dict[date, int]:
    """Messages whose first leaf is below `position`, by day sent."""
    with transaction.atomic(), connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_ARCHIVED)
        archived: dict[date, int] = dict(cursor.fetchall())
        cursor.execute(_NOT_YET_INDEXED, {"position": position, "kind": Leaf.Kind.REVISION})
        waiting: dict[date, int] = dict(cursor.fetchall())
    return {day: n - waiting.get(day, 0) for day, n in archived.items()}
