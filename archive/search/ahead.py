"""What the indexer takes next: leaves of the log, and the messages they touch, read while those before are written.

Reading waits for the database half the time, and writing does not need it. So as long as there is more to take than one
step, the next one is read by a thread with a connection of its own. What it reads is of the log, which only grows: a
message that changes meanwhile has a leaf further on.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection, transaction

from archive.models import Leaf
from archive.search import documents

_LEAVES = (
    "SELECT index, kind, subject_id, commitment FROM archive_leaf WHERE index >= %s ORDER BY index LIMIT %s"
)
# With each message comes the one it replies to, which is now known to be replied to. That is looked up for each by its
# keys (OFFSET 0): a planner that takes a table for empty while it grows would go through all of it for each reply.
_MESSAGES_OF = """
    WITH fresh AS (
        SELECT message_id AS id FROM archive_revision WHERE id = ANY(%s)
        UNION SELECT a.message_id FROM archive_reading r JOIN archive_attachment a ON a.id = r.attachment_id
        WHERE r.id = ANY(%s)
        UNION SELECT m.id FROM archive_observation o JOIN archive_forward f ON f.forward_id = o.subject
        JOIN archive_message m ON m.id = f.message_id
        JOIN archive_session s ON s.id = m.session_id AND s.account_id = o.account_id
        WHERE o.id = ANY(%s) AND o.kind = 'forward'
    )
    SELECT id FROM fresh
    UNION SELECT main.id FROM fresh,
        LATERAL (SELECT session_id, reply_to_zoom_id FROM archive_message WHERE id = fresh.id OFFSET 0) AS reply,
        LATERAL (
            SELECT id FROM archive_message WHERE session_id = reply.session_id AND zoom_id = reply.reply_to_zoom_id OFFSET 0
        ) AS main
        WHERE reply.reply_to_zoom_id <> ''
"""
_GONE = """
    SELECT message_id, floor(extract(epoch FROM sent_at) / 86400)::int FROM archive_tombstone WHERE id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Some leaves, and what they say is to be done.

    `complete_to` is the position after the last of them, `last_leaf` its commitment. `said` are the messages to be
    written, `again` those of them that may be there already, `gone` those that were destroyed, with their days.
    """

    leaves: int
    complete_to: int
    last_leaf: str
    said: tuple[documents.Said, ...]
    again: tuple[int, ...]
    gone: dict[int, int]


def read(position: int, *, most: int) -> Step:
    """The next leaves from a position on, at most so many; a step of none at the log's end."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A table that has just grown has no statistics yet, and the planner would read all of it for each step.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_LEAVES, [position, most])
        leaves = cursor.fetchall()
        if len(leaves) == 0:
            return Step(0, position, "", (), (), {})
        revisions = {subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.REVISION}
        readings = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.READING]
        observed = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.OBSERVATION]
        stones = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.TOMBSTONE]
        cursor.execute(_GONE, [stones])
        gone = dict(cursor.fetchall())
        cursor.execute(_MESSAGES_OF, [list(revisions), readings, observed])
        message_ids = [message_id for (message_id,) in cursor.fetchall()]
        last, _, _, commitment = leaves[-1]
        said = tuple(documents.said(message_ids, complete_to=last + 1))
    return Step(len(leaves), last + 1, bytes(commitment).hex(), said, _again(said, revisions), gone)


def _again(said: Iterable[documents.Said], revisions: set[int]) -> tuple[int, ...]:
    """Those whose message has versions from another step."""
    return tuple(one.message_id for one in said if not revisions.issuperset(one.revisions))


class Ahead:
    """Hands out steps one after another, and reads the one after each full one before it is asked for."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._next: tuple[int, Future[Step]] | None = None

    def step(self, position: int, *, most: int) -> Step:
        """The step at a position; raises what reading it raised."""
        begun, self._next = self._next, None
        step = begun[1].result() if begun is not None and begun[0] == position else read(position, most=most)
        # Within a transaction of the caller's another connection would not see what this one does.
        if step.leaves == most and not connection.in_atomic_block:
            self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="ahead")
            self._next = step.complete_to, self._thread.submit(read, step.complete_to, most=most)
        return step

    def end(self) -> None:
        """Let go of the thread and its connection."""
        if self._thread is not None:
            self._thread.submit(lambda: connection.close())  # of the thread, not ours
            self._thread.shutdown()
        self._thread = self._next = None
