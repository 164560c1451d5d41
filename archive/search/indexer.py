"""Following the log: every message whose revision was logged becomes findable, in the log's order.

A file that was read is a leaf too: its message is taken again, with what is inside the file. And so is a message that was
destroyed: its document goes.

One step reads the next leaves, writes the documents of the messages they touch (replacing those already there) and
moves the position; a commit makes documents and position durable together. Killed at any moment, the next run
goes on from the last commit and ends with the same index. What the database is told afterwards (IndexState,
DayIndexed) is read back from what was committed, never counted along. Memory is bounded by the size of a step and
the writer's buffer. Must never write anything but the index folder and those two tables.
"""

import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
import tantivy
from django.db import InterfaceError, OperationalError, connection, transaction

from archive.models import DayIndexed, IndexState, Leaf
from archive.search import ahead, days, documents, files, folder, index
from archive.search.errors import IndexOfAnotherLog

log = structlog.get_logger(__name__)

LEAVES_A_STEP = 5_000
DOCUMENTS_A_COMMIT = 50_000
DOCUMENTS_AT_ONCE = 200
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0
IDLE_COMMIT = timedelta(seconds=30)  # how long a move over leaves that are no messages may stay in memory
WRITER_MEMORY_BYTES = 128_000_000


def follow(*, stop: threading.Event, clock: Callable[[], datetime], once: bool = False) -> None:
    """Keep the index in use up with the log until `stop` is set; with `once`, until the log's end is reached.

    Raises IndexBusy when another process follows already, IndexUnavailable when the index needs a rebuild. A
    database that goes away is waited for, and what was not committed is read again.
    """
    with folder.writing():
        while not stop.is_set():
            try:
                follow_current(stop=stop, clock=clock, once=once, rest=lambda _: False)
            except (OperationalError, InterfaceError):
                if once:
                    raise
                wait_for_database(stop)
            else:
                if once:
                    return


def follow_current(
    *,
    stop: threading.Event,
    clock: Callable[[], datetime],
    once: bool,
    rest: Callable[["Writer"], bool],
) -> None:
    """Follow with the generation in use; returns when told to stop, at the end with `once`, or after a swap.

    Whenever the log's end is reached, `rest` may use the writer; when it says so the writer is given up, and this ends.
    Only for the holder of the right to write.
    """
    name = folder.current()
    if name is None:
        name = index.create()
        folder.make_current(name)
    with Writer(name) as writer:
        forget(folder.discard_unused(name))
        while not stop.is_set() and folder.current() == name:
            if not writer.advance(clock=clock):
                if rest(writer) or once:
                    break
                stop.wait(POLL_SECONDS)
        if writer.has_moved:
            writer.commit(now=clock())


def wait_for_database(stop: threading.Event) -> None:
    """Let go of a connection that is gone, and of some time."""
    log.warning("indexer_lost_database", exc_info=True)
    connection.close()
    stop.wait(RETRY_SECONDS)


def forget(names: list[str]) -> None:
    """Drop what the database knows of generations that are gone."""
    IndexState.objects.filter(name__in=names).delete()


class Writer:
    """Writes one generation; holds the position reached and what has not been committed yet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._index = index.open_generation(name)
        self._schema = self._index.schema
        self._recorded: dict[int, days.Day] | None = None
        self._touched: set[int] = set()
        self._ahead = ahead.Ahead()
        self.marker = self._committed = index.marker_of(self._index.searcher())
        self._committed_at: datetime | None = None
        self.uncommitted = 0
        self._check_same_log()
        if self.marker.complete_to == 0:  # known before anybody sees a commit of it
            IndexState.objects.get_or_create(
                name=name, defaults={"home": folder.home(), "version": index.VERSION}
            )
        # Last: it holds the engine's lock, which nobody would let go of when something above fails.
        with index.changing(name):
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
        step = self._ahead.step(self.marker.complete_to, most=LEAVES_A_STEP)
        if step.leaves == 0:
            return 0
        self._touched.update(step.gone.values())
        self._take(step.said, replacing=[*step.again, *step.gone])
        self.marker = replace(self.marker, complete_to=step.complete_to, last_leaf=step.last_leaf)
        return step.leaves

    def commit(self, *, now: datetime) -> None:
        """Make what was taken durable, together with the position; then tell the database."""
        with index.changing(self.name):
            self._writer.delete_documents_by_query(index.marker_query(self._schema))
            self._writer.add_document(index.marker_document(self.marker))
            self._writer.commit()
        self.uncommitted = 0
        self._committed, self._committed_at = self.marker, now
        with index.reading(self.name):
            self._index.reload()
        self._record(now=now)
        with suppress(files.Damaged):  # whoever reads it will say so
            files.check(self.name)

    def advance(self, *, clock: Callable[[], datetime], every: int | None = None) -> bool:
        """One step, and a commit after so many documents or at the log's end; whether there may be more to take right away."""
        taken = self.step()
        at_the_end = taken < LEAVES_A_STEP
        enough = DOCUMENTS_A_COMMIT if every is None else every
        if self.uncommitted >= enough or (at_the_end and self.is_due(now=clock())):
            self.commit(now=clock())
        return not at_the_end

    def __enter__(self) -> "Writer":
        return self

    def renew(self, message_ids: Collection[int]) -> int:
        """Write these messages anew as the record has them below the position; how many it still has."""
        self._recorded = None  # what goes may be of any day
        wanted, written = list(message_ids), 0
        for first in range(0, len(wanted), LEAVES_A_STEP):
            some = wanted[first : first + LEAVES_A_STEP]
            said = list(documents.said(some, complete_to=self.marker.complete_to))
            self._take(said, replacing=some)
            written += len(said)
        return written

    def renew_days(self, wanted: Collection[int]) -> int:
        """Write whole days anew as the record has them: what else is in the index of those days goes."""
        with index.changing(self.name):
            self._writer.delete_documents_by_query(days.sent_on(self._schema, wanted))
        self._recorded = None
        return sum(self.renew(days.messages_of(day)) for day in wanted)

    def collect(self) -> None:
        """Delete the files no committed state needs, once the engine has ended what it does by itself."""
        with index.changing(self.name):
            self._writer.garbage_collect_files()

    def __exit__(self, *_: object) -> None:
        """Give the folder free; what was not committed is dropped."""
        self._ahead.end()
        try:
            self._writer.rollback()
            self._writer.wait_merging_threads()
        except BaseException as error:  # after a failed write there is nothing to roll back
            if not index.is_of_the_engine(error):
                raise

    def _take(self, messages: Iterable[documents.Said], *, replacing: Collection[int]) -> None:
        """Write documents, in the place of those of `replacing`; a few at a time, as some have whole books inside."""
        waiting, written = list(messages), 0
        if len(replacing) > 0:
            with index.changing(self.name):
                self._writer.delete_documents_by_query(
                    tantivy.Query.term_set_query(self._schema, "message", list(replacing))
                )
        for first in range(0, len(waiting), DOCUMENTS_AT_ONCE):
            some = [(one.day, documents.document(one)) for one in waiting[first : first + DOCUMENTS_AT_ONCE]]
            with index.changing(self.name):
                for day, document in some:
                    self._writer.add_document(document)
                    self._touched.add(day)
            written += len(some)
        self.uncommitted += max(written, len(replacing))

    def _check_same_log(self) -> None:
        index.check_version(self.marker)
        if self.marker.complete_to == 0:
            return
        last = (
            Leaf.objects.filter(index=self.marker.complete_to - 1)
            .values_list("commitment", flat=True)
            .first()
        )
        if last is None or bytes(last).hex() != self.marker.last_leaf:
            raise IndexOfAnotherLog(
                "The search index was not built from this log. Put the data folder of this database back, or run "
                "`manage.py reindex`."
            )

    def _record(self, *, now: datetime) -> None:
        """What the database knows of this index, read from the commit just made: of the days it touched."""
        changed = self._changed()
        assert self._recorded is not None
        self._recorded.update(changed)
        with transaction.atomic():
            state, _ = IndexState.objects.update_or_create(
                name=self.name,
                defaults={
                    "home": folder.home(),
                    "version": self.marker.version,
                    "complete_to": self.marker.complete_to,
                    "documents": sum(day.messages for day in self._recorded.values()),
                    "committed_at": now,
                    "seen_at": now,
                    "last_error": "",
                },
            )
            DayIndexed.objects.bulk_create(
                [
                    DayIndexed(state=state, day=days.date_of(day), messages=one.messages, digest=one.digest)
                    for day, one in sorted(changed.items())
                ],
                update_conflicts=True,
                unique_fields=["state", "day"],
                update_fields=["messages", "digest"],
            )
        self._touched = set()

    def _changed(self) -> dict[int, days.Day]:
        """The days that are not as the database last recorded them; the first time all days are looked at."""
        snapshot = index.Snapshot(self.name, self._schema, self._index.searcher(), self.marker)
        if self._recorded is None:
            self._recorded = _recorded(self.name)
            found = days.in_index(snapshot)
            looked_at = self._recorded.keys() | found.keys()
        else:
            looked_at = self._touched
            found = days.in_index(snapshot, days=looked_at) if len(looked_at) > 0 else {}
        now_there = {day: found.get(day, days.NOTHING) for day in looked_at}
        return {day: one for day, one in now_there.items() if self._recorded.get(day) != one}


def _recorded(name: str) -> dict[int, days.Day]:
    rows = DayIndexed.objects.filter(state__name=name).values_list("day", "messages", "digest")
    return {days.number_of(day): days.Day(messages, digest) for day, messages, digest in rows}
