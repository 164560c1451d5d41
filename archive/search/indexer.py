"""Following the log: every message whose revision was logged becomes findable, in the log's order.

A file that was read is a leaf too: its message is taken again, with what is inside the file.

One step reads the next leaves, writes the documents of the messages they touch (replacing those already there) and
moves the position; a commit makes documents and position durable together. Killed at any moment, the next run
goes on from the last commit and ends with the same index. What the database is told afterwards (IndexState,
DayIndexed) is read back from what was committed, never counted along. Memory is bounded by the size of a step and
the writer's buffer. Must never write anything but the index folder and those two tables.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog
import tantivy
from django.db import InterfaceError, OperationalError, connection, transaction

from archive.models import DayIndexed, IndexState, Leaf
from archive.search import documents, engine, index
from archive.search.errors import IndexUnavailable
from archive.search.query import EPOCH

log = structlog.get_logger(__name__)

LEAVES_A_STEP = 5_000
DOCUMENTS_A_COMMIT = 50_000
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0
IDLE_COMMIT = timedelta(seconds=30)  # how long a move over leaves that are no messages may stay in memory
WRITER_MEMORY_BYTES = 128_000_000

_LEAVES = (
    "SELECT index, kind, subject_id, commitment FROM archive_leaf WHERE index >= %s ORDER BY index LIMIT %s"
)
# With each message comes the one it replies to, which is now known to be replied to.
_MESSAGES_OF = """
    WITH fresh AS (
        SELECT message_id AS id FROM archive_revision WHERE id = ANY(%s)
        UNION SELECT a.message_id FROM archive_reading r JOIN archive_attachment a ON a.id = r.attachment_id
        WHERE r.id = ANY(%s)
    )
    SELECT id FROM fresh
    UNION SELECT main.id FROM fresh JOIN archive_message reply USING (id)
        JOIN archive_message main ON main.session_id = reply.session_id AND main.zoom_id = reply.reply_to_zoom_id
        WHERE reply.reply_to_zoom_id <> ''
"""


def follow(*, stop: threading.Event, clock: Callable[[], datetime], once: bool = False) -> None:
    """Keep the index in use up with the log until `stop` is set; with `once`, until the log's end is reached.

    Raises IndexBusy when another process follows already, IndexUnavailable when the index needs a rebuild. A
    database that goes away is waited for, and what was not committed is read again.
    """
    with index.writing():
        while not stop.is_set():
            try:
                _follow_current(stop=stop, clock=clock, once=once)
            except (OperationalError, InterfaceError):
                if once:
                    raise
                log.warning("indexer_lost_database", exc_info=True)
                connection.close()
                stop.wait(RETRY_SECONDS)
            else:
                if once:
                    return


def _follow_current(*, stop: threading.Event, clock: Callable[[], datetime], once: bool) -> None:
    """Follow with the generation in use; returns when told to stop, at the end with `once`, or after a swap."""
    name = index.current()
    if name is None:
        name = index.create()
        index.make_current(name)
    with Writer(name) as writer:
        forget(index.discard_unused(name))
        while not stop.is_set() and index.current() == name:
            if not writer.advance(clock=clock):
                if once:
                    break
                stop.wait(POLL_SECONDS)
        if writer.has_moved:
            writer.commit(now=clock())


def forget(names: list[str]) -> None:
    """Drop what the database knows of generations that are gone."""
    IndexState.objects.filter(name__in=names).delete()


class Writer:
    """Writes one generation; holds the position reached and what has not been committed yet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._index = index.open_generation(name)
        self._schema = self._index.schema
        self._recorded: dict[int, int] | None = None
        self.marker = self._committed = index.marker_of(self._index.searcher())
        self._committed_at: datetime | None = None
        self.uncommitted = 0
        self._check_same_log()
        # Last: it holds the engine's lock, which nobody would let go of when something above fails.
        self._writer = self._index.writer(WRITER_MEMORY_BYTES, 1)

    @property
    def has_moved(self) -> bool:
        """Whether the position is beyond the last commit."""
        return self.marker != self._committed

    def is_due(self, *, now: datetime) -> bool:
        """Whether there is something to commit once the log's end is reached."""
        waited = self._committed_at is None or now - self._committed_at >= IDLE_COMMIT
        return self.uncommitted > 0 or (self.has_moved and waited)

    def step(self) -> int:
        """Take the next leaves into the writer; how many there were."""
        with transaction.atomic(), connection.cursor() as cursor:
            # A table that has just grown has no statistics yet, and the planner would read all of it for each step.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(_LEAVES, [self.marker.complete_to, LEAVES_A_STEP])
            leaves = cursor.fetchall()
            revisions = {subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.REVISION}
            readings = [subject_id for _, kind, subject_id, _ in leaves if kind == Leaf.Kind.READING]
            cursor.execute(_MESSAGES_OF, [list(revisions), readings])
            message_ids = [message_id for (message_id,) in cursor.fetchall()]
            said = documents.said(message_ids)
        if not leaves:
            return 0
        self._take(said, revisions)
        last, _, _, commitment = leaves[-1]
        self.marker = replace(self.marker, complete_to=last + 1, last_leaf=bytes(commitment).hex())
        return len(leaves)

    def commit(self, *, now: datetime) -> None:
        """Make what was taken durable, together with the position; then tell the database."""
        self._writer.delete_documents_by_query(index.marker_query(self._schema))
        self._writer.add_document(index.marker_document(self.marker))
        self._writer.commit()
        self.uncommitted = 0
        self._committed, self._committed_at = self.marker, now
        self._index.reload()
        self._record(now=now)

    def advance(self, *, clock: Callable[[], datetime]) -> bool:
        """One step, and a commit when it is time for one; whether there may be more to take right away."""
        taken = self.step()
        at_the_end = taken < LEAVES_A_STEP
        if self.uncommitted >= DOCUMENTS_A_COMMIT or (at_the_end and self.is_due(now=clock())):
            self.commit(now=clock())
        return not at_the_end

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        """Give the folder free; what was not committed is dropped."""
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def _take(self, messages: Iterable[documents.Said], revisions: set[int]) -> None:
        """Write documents; one whose message has revisions from another step may be there already."""
        for said in messages:
            if not revisions.issuperset(said.revisions):
                self._writer.delete_documents_by_query(
                    tantivy.Query.term_query(self._schema, "message", said.message_id)
                )
            self._writer.add_document(documents.document(said))
            self.uncommitted += 1

    def _check_same_log(self) -> None:
        if self.marker.version != index.VERSION:
            raise IndexUnavailable(f"The search index was made by another version. {index.REBUILD}")
        if self.marker.complete_to == 0:
            return
        last = (
            Leaf.objects.filter(index=self.marker.complete_to - 1)
            .values_list("commitment", flat=True)
            .first()
        )
        if last is None or bytes(last).hex() != self.marker.last_leaf:
            raise IndexUnavailable(f"The search index was not built from this log. {index.REBUILD}")

    def _record(self, *, now: datetime) -> None:
        """What the database knows of this index, read from the commit just made."""
        searcher = self._index.searcher()
        snapshot = index.Snapshot(self.name, self._schema, searcher, self.marker)
        counts = engine.counts_by_day(snapshot)
        with transaction.atomic():
            state, _ = IndexState.objects.update_or_create(
                name=self.name,
                defaults={
                    "version": self.marker.version,
                    "complete_to": self.marker.complete_to,
                    "documents": sum(counts.values()),
                    "committed_at": now,
                    "last_error": "",
                },
            )
            if self._recorded is None:
                self._recorded = {
                    day.toordinal() - EPOCH: messages
                    for day, messages in DayIndexed.objects.filter(state=state).values_list("day", "messages")
                }
            changed = {day for day in counts | self._recorded if counts.get(day) != self._recorded.get(day)}
            DayIndexed.objects.bulk_create(
                [
                    DayIndexed(state=state, day=date.fromordinal(day + EPOCH), messages=counts.get(day, 0))
                    for day in sorted(changed)
                ],
                update_conflicts=True,
                unique_fields=["state", "day"],
                update_fields=["messages"],
            )
        self._recorded = counts
