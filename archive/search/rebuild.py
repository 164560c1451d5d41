"""Building the index anew beside the one in use, then swapping.

Searches go on in the old index until the new one is complete, unless the old one cannot answer. A build that is
interrupted, killed as well, goes on from its last commit the next time. What is stored while it runs is in the new
index before the swap.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from archive import log as ledger
from archive.models import IndexState
from archive.search import folder, index
from archive.search.errors import IndexBusy, IndexUnavailable, IndexUnwritable
from archive.search.folder import BUILD, Building
from archive.search.indexer import Writer, forget

log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]
DOCUMENTS_A_COMMIT = 200_000
"""Nobody searches what is being built, so it commits seldom: a quarter of the segments, which are merged once less."""


class Interrupted(Exception):
    """The build was told to stop; it goes on the next time."""


def reindex(*, clock: Callable[[], datetime], progress: Progress, is_fresh: bool = False) -> int:
    """Build a complete index and use it from then on; returns its position in the log.

    `progress` is called with leaves done and leaves in all. With `is_fresh` nothing of an interrupted build is used.
    Raises IndexBusy when another rebuild is under way.
    """
    name, complete_to = build(clock=clock, progress=progress, is_fresh=is_fresh)
    progress(complete_to, complete_to)
    with suppress(IndexBusy), folder.writing():  # otherwise the indexer that follows discards the old one
        forget(folder.discard_unused(name))
    return complete_to


def build(
    *,
    clock: Callable[[], datetime],
    progress: Progress,
    is_fresh: bool = False,
    is_last_resort: bool = False,
) -> tuple[str, int]:
    """Build, or go on building, a generation up to the log's end and swap; its name and position.

    What `progress` raises ends the build after a commit, to be gone on with.
    """
    with folder.writing(BUILD):
        name = None if is_fresh else _begun()
        if name is None:
            discard_begun()
            name = index.create()
            folder.note_building(Building(name, 0, ledger.size()))
            log.info("index_build_began", index=name)
        else:
            log.info("index_build_goes_on", index=name)
        with Writer(name) as writer:
            _fill(writer, clock=clock, progress=progress)
            complete_to = writer.marker.complete_to
        if is_last_resort:
            IndexState.objects.filter(name=name).update(is_last_resort=True)
        folder.make_current(name)
        folder.note_building(None)
    log.info("index_swapped", index=name, complete_to=complete_to)
    return name, complete_to


def discard_begun() -> None:
    """Drop what an interrupted build left. Only for the holder of the right to build."""
    begun = folder.building()
    if begun is not None:
        folder.discard(begun.name)
        forget([begun.name])
    folder.note_building(None)


def _fill(writer: Writer, *, clock: Callable[[], datetime], progress: Progress) -> None:
    is_behind = True
    while is_behind:
        is_behind = writer.advance(clock=clock, every=DOCUMENTS_A_COMMIT)
        done, total = writer.marker.complete_to, ledger.size()
        with index.changing(writer.name):
            folder.note_building(Building(writer.name, done, total))
        try:
            progress(done, total)
        except Interrupted:
            writer.commit(now=clock())
            raise
    writer.commit(now=clock())


def _begun() -> str | None:
    """The generation to go on with: whole, of this version, of this log; None when there is none."""
    begun = folder.building()
    if begun is None:
        return None
    try:
        index.check_files(begun.name)
        with Writer(begun.name):
            return begun.name
    except IndexUnwritable:
        raise
    except IndexUnavailable:
        return None
