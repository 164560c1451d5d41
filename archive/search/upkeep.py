"""What the indexer is: it follows the log, and keeps the index usable and true without anybody's help.

1. Before it follows: an index that is damaged, gone, or made by another version is built anew beside it; a lost
   `current` is found again. Of another database's index nothing is touched.
2. While it follows: whenever the log's end is reached it says that it is there, compares some days with the record,
   and indexes anew those that differ; when that does not help twice, it builds the whole index anew, once.
3. When records were destroyed: it takes their words out of the files themselves, once no more follow.
4. When it cannot write: it says so where the System page looks, waits, and goes on from its last commit.

Losing the index never loses a record: everything here can be thrown away and made again from the log.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Q

from archive import log as ledger
from archive.models import IndexState
from archive.search import destroyed, folder, forgetting, index, indexer, rebuild, watch
from archive.search.errors import IndexBusy, IndexOfAnotherLog, IndexUnavailable, IndexUnwritable
from archive.search.indexer import LEAVES_A_STEP, Writer

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(minutes=1)
SAY_EVERY = timedelta(seconds=30)
TRIES_ONCE = 4
READ_ALL_EVERY = timedelta(days=1)
GONE_AFTER = timedelta(minutes=4)
"""Sooner than a silent indexer is an alarm."""
FORGET_AFTER = timedelta(days=30)
"""An index of a host that was not heard of for so long is forgotten; one that comes back is known again at once."""


def run(*, stop: threading.Event, clock: Callable[[], datetime], once: bool = False) -> None:
    """Follow until `stop` is set, or with `once` to the log's end, mending what can be mended.

    Raises IndexBusy when another process follows already, IndexOfAnotherLog when the data folder is another
    database's; with `once` also what else keeps it from ending.
    """
    rest = _Rest(clock)
    tries = 0
    while not stop.is_set():
        try:
            with folder.writing():  # each time: a folder that was removed took the lock with it
                is_usable = _make_usable(stop=stop, clock=clock, is_start=tries == 0)
                if is_usable:
                    indexer.follow_current(stop=stop, clock=clock, once=once, rest=rest)
                    _forget_destroyed(clock=clock, at_once=once)
        except (OperationalError, InterfaceError):
            if once:
                raise
            indexer.wait_for_database(stop)
        except (IndexOfAnotherLog, IndexBusy):
            raise
        except IndexUnavailable as error:
            _tell(error)
            if once and (tries >= TRIES_ONCE or isinstance(error, IndexUnwritable)):
                raise
            stop.wait(0 if once else indexer.RETRY_SECONDS)
        else:
            if once and is_usable and not rest.wants_more:
                return
        tries += 1


class _Rest:
    """What is done whenever the log's end is reached, each thing at its own interval."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._name = ""
        self._said_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._read_at = clock()  # all is read at the start
        self.wants_more = False

    def __call__(self, writer: Writer) -> bool:
        """Whether the writer is wanted back: to forget what was destroyed."""
        now = self._clock()
        index.snapshot()  # a folder that was damaged or removed under us
        if self._name != writer.name:
            self._name, self._looked_at = writer.name, None
        if self._said_at is None or now - self._said_at >= SAY_EVERY:
            self._said_at = now
            IndexState.objects.filter(name=writer.name).update(seen_at=now)
            _forget_gone(now=now)
        if now - self._read_at >= READ_ALL_EVERY:
            self._read_at = now
            index.check_files(writer.name, thorough=True)
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY or self.wants_more:
            self._looked_at = now
            watch.look(now=now)
            self.wants_more = heal(writer, now=now)
            return not self.wants_more and destroyed.is_due(writer.name, now=now)
        return False


def heal(writer: Writer, *, now: datetime) -> bool:
    """Index anew the days that differ from the record, in one commit; whether some still differ.

    Raises IndexUnavailable when it did not help as often as it may: the index is then built anew, if it was not
    built for that already.
    """
    wrong = watch.at_fault(writer.name)
    if len(wrong) == 0:
        return False
    if watch.is_beyond_healing(writer.name):
        if _is_last_resort(writer.name):
            return False
        raise _BeyondHealing(
            "Days of the search index differ from the record although they were indexed anew."
        )
    written = writer.renew_days(wrong)
    writer.commit(now=now)
    watch.note_tries(writer.name, wrong, messages=written, now=now)
    return len(watch.look(now=now, only=wrong).differing) > 0


class _BeyondHealing(IndexUnavailable):
    """Days differ from the record whatever is done about them."""


def _forget_destroyed(*, clock: Callable[[], datetime], at_once: bool) -> None:
    """Take what was destroyed out of the files, if it is time to; a rebuild under way is waited for."""
    if destroyed.is_due(folder.named(), now=clock(), at_once=at_once):
        with suppress(IndexBusy):
            forgetting.forget_destroyed(clock=clock)


def _make_usable(*, stop: threading.Event, clock: Callable[[], datetime], is_start: bool) -> bool:
    """Leave a usable index in `current`: the one there, another one that is here, or a new one.

    False when another process is building one, or when told to stop before it was complete.
    """
    _forget_gone(now=clock())
    name = folder.named()
    if name in folder.generations() and _is_usable(name, thorough=is_start):
        return True
    is_last_resort = watch.is_beyond_healing(name)
    for other in [] if is_last_resort else _others(name):
        if _is_usable(other, thorough=True):
            log.warning("index_found_again", index=other)
            folder.make_current(other)
            return True
    if name == "" and folder.building() is None and ledger.size() <= LEAVES_A_STEP:
        folder.make_current(index.create())
        return True

    def stop_when_told(_done: int, _total: int) -> None:
        if stop.is_set():
            raise rebuild.Interrupted

    try:
        rebuild.build(clock=clock, progress=stop_when_told, is_last_resort=is_last_resort)
    except rebuild.Interrupted:
        return False
    except IndexBusy:
        stop.wait(indexer.RETRY_SECONDS)
        return False
    return True


def _is_usable(name: str, *, thorough: bool) -> bool:
    """Whether every byte is what the engine wrote, in this version, and healing has not failed."""
    try:
        index.check_files(name, thorough=thorough)
        opened = index.open_generation(name)
        with index.reading(name):
            index.check_version(index.marker_of(opened.searcher()))
    except IndexUnavailable as error:
        log.warning("index_unusable", index=name)
        _tell(error, name=name)
        return False
    return not watch.is_beyond_healing(name) or _is_last_resort(name)


def _others(name: str) -> list[str]:
    """Other complete indexes in this folder, the furthest first: what a lost or garbled `current` may have named."""
    begun = folder.building()
    here = set(folder.generations()) - {name, "" if begun is None else begun.name}
    known = IndexState.objects.filter(name__in=here, version=index.VERSION, last_error="")
    return list(known.order_by("-complete_to").values_list("name", flat=True))


def _is_last_resort(name: str) -> bool:
    return IndexState.objects.filter(name=name, is_last_resort=True).exists()


def _forget_gone(*, now: datetime) -> None:
    """Drop what the database knows of indexes that are gone: from this folder, or with a host silent for long.

    What was heard of just now stays: two hosts may call themselves and their folder the same.
    """
    mine = IndexState.objects.filter(home=folder.home()).exclude(name__in=folder.generations())
    mine.filter(Q(seen_at__lt=now - GONE_AFTER) | Q(seen_at=None, complete_to=0)).delete()
    mine.update(last_error="")
    IndexState.objects.exclude(home=folder.home()).filter(seen_at__lt=now - FORGET_AFTER).delete()


def _tell(error: IndexUnavailable, *, name: str | None = None) -> None:
    """Say what keeps the index from going on where the System page looks, and in the log without its words."""
    log.warning("indexer_held_up", reason=type(error).__name__)
    with suppress(DatabaseError):
        IndexState.objects.filter(name=folder.named() if name is None else name).update(
            last_error=str(error)[:500]
        )
