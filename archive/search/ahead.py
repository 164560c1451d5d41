"""What the indexer takes next: leaves of the log, and the messages they touch, read while those before are written.

To read a step is half of the work, most of it in Python, and so is to write it. As long as there is much to take, steps
are therefore read by a process of its own. What it reads is of the log, which only grows: a message that changes
meanwhile has a leaf further on.
"""

from __future__ import annotations

from collections.abc import Iterable
from multiprocessing.connection import Connection

import msgspec
import structlog
from django.db import Error, connection, transaction

from archive import bulk
from archive import log as ledger
from archive.apart import Apart
from archive.models import Leaf
from archive.search import documents

log = structlog.get_logger(__name__)

WORTH_A_PROCESS = 50_000
"""Leaves that wait for which a process is started; that takes a second or two of a processor."""

_LEAVES = "SELECT index, kind, subject_id, commitment FROM archive_leaf WHERE index >= %b::bigint ORDER BY index LIMIT %b::bigint"
# With each message comes the one it replies to, which is now known to be replied to. That is looked up for each by its
# keys (OFFSET 0): a planner that takes a table for empty while it grows would go through all of it for each reply.
_MESSAGES_OF = """
    WITH fresh AS (
        SELECT message_id AS id FROM archive_revision WHERE id = ANY(%t::bigint[])
        UNION SELECT a.message_id FROM archive_reading r JOIN archive_attachment a ON a.id = r.attachment_id
        WHERE r.id = ANY(%t::bigint[])
        UNION SELECT m.id FROM archive_observation o JOIN archive_forward f ON f.forward_id = o.subject
        JOIN archive_message m ON m.id = f.message_id
        JOIN archive_session s ON s.id = m.session_id AND s.account_id = o.account_id
        WHERE o.id = ANY(%t::bigint[]) AND o.kind = 'forward'
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
    SELECT message_id, floor(extract(epoch FROM sent_at) / 86400)::int FROM archive_tombstone WHERE id = ANY(%t::bigint[])
"""


class Step(msgspec.Struct, frozen=True, array_like=True, gc=False):
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
        leaves = bulk.run(_LEAVES, [position, most])
        if len(leaves) == 0:
            return Step(0, position, "", (), (), {})
        revisions = {subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.REVISION}
        readings = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.READING]
        observed = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.OBSERVATION]
        stones = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.TOMBSTONE]
        gone = dict(bulk.run(_GONE, [bulk.numbers(stones)]))
        touched = bulk.run(_MESSAGES_OF, [bulk.numbers(each) for each in (revisions, readings, observed)])
        message_ids = [message_id for (message_id,) in touched]
        last, _, _, commitment = leaves[-1]
        said = tuple(documents.said(message_ids, complete_to=last + 1))
    return Step(len(leaves), last + 1, bytes(commitment).hex(), said, _again(said, revisions), gone)


def _again(said: Iterable[documents.Said], revisions: set[int]) -> tuple[int, ...]:
    """Those whose message has versions from another step."""
    return tuple(one.message_id for one in said if not revisions.issuperset(one.revisions))


class Ahead:
    """Hands out steps one after another; where much waits, a process reads those to come before they are asked for."""

    def __init__(self) -> None:
        self._process: Apart | None = None
        self._at: tuple[int, int] = (0, 0)
        """Position and size of the step that comes through the pipe next."""
        self._is_lost = False

    def step(self, position: int, *, most: int) -> Step:
        """The step at a position; raises what reading it raised."""
        step = self._received(position, most)
        if step is None:
            step = read(position, most=most)
            if step.leaves == most and self._is_worth_it(step.complete_to):
                self._begin(step.complete_to, most)
        if step.leaves < most:
            self.end()
        return step

    def end(self) -> None:
        """Let go of the process."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _is_worth_it(self, position: int) -> bool:
        # Within a transaction of the caller's another connection would not see what this one does.
        if self._is_lost or connection.in_atomic_block:
            return False
        return ledger.size() - position >= WORTH_A_PROCESS

    def _begin(self, position: int, most: int) -> None:
        self._process = Apart(__name__, serve.__name__)
        self._at = position, most
        self._process.pipe.send((position, most))

    def _received(self, position: int, most: int) -> Step | None:
        """The step that the process has read, where it was this one; None where it has not, for whatever reason.

        What it could not read is read here, which raises the error. A process that is gone is not started again.
        """
        if self._process is None:
            return None
        if self._at != (position, most):
            self.end()
            return None
        try:
            step = _decode(self._process.pipe.recv_bytes())
        except (EOFError, OSError):
            log.warning("reading_ahead_ended", position=position)
            self._is_lost = True
            self.end()
            return None
        self._at = step.complete_to, most
        return step


def serve(pipe: Connection) -> None:
    """The process: from the position asked for, each step as soon as there is room in the pipe, to the log's end.

    Ends with the first that cannot be read; whoever asked will see why.
    """
    position, most = pipe.recv()
    while True:
        try:
            step = read(position, most=most)
        except Error:  # the indexer meets it too, and knows what to do
            log.warning("reading_ahead_failed", position=position)
            return
        pipe.send_bytes(_encode(step))
        if step.leaves < most:
            return
        position = step.complete_to


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Step).decode
