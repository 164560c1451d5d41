"""Which messages an export has: chosen once, kept as rows, and read in the order of their key ever after.

Only what is below `size` in the log is chosen, so that what is captured later changes nothing. A message that was
destroyed stays chosen as long as its tombstone tells of it: a package names it among its exceptions. A message whose
time is doubtful meets every condition of time.

Choosing the same again adds nothing. Whoever calls has checked that the person may take what is chosen.

To look one of them up by its message alone goes through all that are chosen, and a planner without statistics (a
table that has just grown has none) does so for each: statements begin from what is chosen (LATERAL, OFFSET 0), or meet it
by its whole key, which a message and its tombstone have too and never change.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString

from django.db import transaction

from archive import bulk, holding, tallies
from archive.holding import Rule
from archive.models import ExportFact, ExportFile, ExportItem, ExportRecord

_BELOW: LiteralString = """
    (EXISTS (SELECT FROM archive_revision version
             JOIN archive_leaf leaf ON leaf.kind = 1 AND leaf.subject_id = version.id
             WHERE version.message_id = said.id AND leaf.index + 0 < %b::bigint)
     OR EXISTS (SELECT FROM archive_tombstone stone
                WHERE stone.message_id = said.id AND stone.leaves[1] < %b::bigint))
"""
_IN_TIME: LiteralString = """
    (said.sent_at_is_doubtful OR ((%b::timestamptz IS NULL OR said.sent_at >= %b::timestamptz)
                                  AND (%b::timestamptz IS NULL OR said.sent_at < %b::timestamptz)))
"""
_PUT: LiteralString = "INSERT INTO archive_exportitem (export_id, session_id, sent_at, message_id) "
_SAID: LiteralString = (
    "SELECT %b::bigint, said.session_id, said.sent_at, said.id FROM archive_message said WHERE "
)
_ONCE: LiteralString = " ON CONFLICT DO NOTHING RETURNING 1"
_COUNTED_BEFORE: LiteralString = "WITH put AS ("
_COUNTED_AFTER: LiteralString = ") SELECT count(*) FROM put"
_MESSAGES: LiteralString = (
    _COUNTED_BEFORE + _PUT + _SAID + "said.id = ANY(%b::bigint[]) AND" + _BELOW + _ONCE + _COUNTED_AFTER
)
_SESSION: LiteralString = (
    _COUNTED_BEFORE
    + _PUT
    + _SAID
    + "said.session_id = %b::bigint AND"
    + _IN_TIME
    + "AND"
    + _BELOW
    + _ONCE
    + _COUNTED_AFTER
)
_HELD: LiteralString = (
    holding.COVERED_IN_SESSION
    + ", put AS ("
    + _PUT
    + _SAID
    + "said.id IN (SELECT id FROM covered) AND"
    + _IN_TIME
    + "AND"
    + _BELOW
    + _ONCE
    + _COUNTED_AFTER
)


def put_messages(*, export_id: int, ids: Collection[int], size: int) -> int:
    """Choose these messages; how many were not chosen yet. Give long lists in parts."""
    return _number(_MESSAGES, export_id, list(ids), size, size)


def put_session(
    *,
    export_id: int,
    session_id: int,
    size: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Choose what was said in a session at `since` or later and before `until`; how many were not chosen yet."""
    return _number(_SESSION, export_id, session_id, since, since, until, until, size, size)


def put_held(
    *,
    export_id: int,
    rules: Sequence[Rule],
    size: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Choose what the rules hold at this moment, of a span of time; how many were not chosen yet."""
    together, put = holding.together(rules), 0
    within = (export_id, since, since, until, until, size, size)
    for session_id in tallies.places(together):
        put += _number(_HELD, session_id, *holding.columns(together), *within)
    return put


def count(*, export_id: int) -> int:
    """How many messages are chosen, those destroyed since among them."""
    return _number("SELECT count(*) FROM archive_exportitem WHERE export_id = %b::bigint", export_id)


@transaction.atomic
def drop(*, export_id: int) -> None:
    """Forget what an export has chosen, and what was kept for it: nothing can be made of it any more."""
    for kept in (ExportItem, ExportFile, ExportFact, ExportRecord):
        kept.objects.filter(export_id=export_id).delete()


def _number(statement: LiteralString, *values: object) -> int:
    ((number,),) = bulk.run(statement, values)
    return int(number)
