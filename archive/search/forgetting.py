"""Taking words out of the index files themselves, when the record they came from was destroyed.

The engine only marks what is deleted: the words stay in the dictionary of the segment until that is merged, which may
be never. So the messages are written anew as the record has them now (not at all, when it has them no more), which
takes them out of every answer at once; then every segment that held them, in any version, is emptied into new ones
some documents a commit, and goes with all its words. Searches and their exactness are not affected meanwhile, and a
process killed in the middle leaves a true index: do it again. What an interrupted rebuild left is dropped.

A reader that has a deleted file open keeps it until its next search; the sectors of a disk and its backups are
another matter.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
import tantivy

from archive.models import IndexState
from archive.search import destroyed, files, folder, index, rebuild
from archive.search.errors import IndexUnavailable
from archive.search.indexer import DOCUMENTS_A_COMMIT, Writer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many segments went, and how many messages were written anew because they shared one."""

    segments: int
    rewritten: int


def forget(*, message_ids: Collection[int], clock: Callable[[], datetime]) -> Forgotten:
    """Leave no word in any index file of this host that the record has no more for these messages.

    Call it when the record is destroyed and committed. Raises IndexBusy while an indexer follows or a rebuild runs,
    IndexUnavailable when there is no usable index.
    """
    with folder.writing():
        return _forget(frozenset(message_ids), clock=clock)


def forget_destroyed(*, clock: Callable[[], datetime]) -> Forgotten:
    """The same for every message whose destruction the index in use has come to; notes how far it has forgotten.

    Only for the holder of the right to write, with no writer open. Raises IndexBusy while a rebuild runs.
    """
    state = IndexState.objects.filter(name=folder.named()).first()
    if state is None:
        return Forgotten(0, 0)
    gone = frozenset(destroyed.since(state.forgotten_to, until=state.complete_to))
    forgotten = _forget(gone, clock=clock) if len(gone) > 0 else Forgotten(0, 0)
    destroyed.note(state.name, forgotten_to=state.complete_to)
    return forgotten


def _forget(wanted: frozenset[int], *, clock: Callable[[], datetime]) -> Forgotten:
    with folder.writing(folder.BUILD):
        rebuild.discard_begun()
        name = folder.current()
        if name is None:
            return Forgotten(0, 0)
        for other in folder.generations():
            if other != name:
                folder.discard(other)
        with Writer(name):
            pass  # ends merges begun before: what they write would still have the words
        doomed = _doomed(name, wanted)
        rewritten = _empty(name, doomed, wanted, clock=clock) if len(doomed) > 0 else 0
        files.sweep(name)
    log.info("index_forgot", index=name, messages=len(wanted), segments=len(doomed), rewritten=rewritten)
    return Forgotten(len(doomed), rewritten)


def _empty(
    name: str,
    doomed: dict[str, tuple[int, int]],
    wanted: frozenset[int],
    *,
    clock: Callable[[], datetime],
) -> int:
    """Write anew what must go and all that shares a segment with it; how many messages that were."""
    before = index.open_generation(name).searcher()
    with Writer(name) as writer:
        rewritten = writer.renew(wanted)
        writer.commit(now=clock())
        for number, documents in doomed.values():
            for ids in _held(name, before, number, documents):
                rewritten += writer.renew(ids)
                writer.commit(now=clock())
        writer.collect()
    if not doomed.keys().isdisjoint(segment for segment, _ in files.segments(name)):
        raise IndexUnavailable(
            "A part of the search index could not be emptied: `manage.py reindex --fresh`."
        )
    return rewritten


def _doomed(name: str, wanted: frozenset[int]) -> dict[str, tuple[int, int]]:
    """The segments that hold a message or did: the deleted are still in their files. Number and size of each."""
    searcher = index.open_generation(name).searcher()
    return {
        segment: (number, documents)
        for number, (segment, documents) in enumerate(files.segments(name))
        if any(not wanted.isdisjoint(ids) for ids in _held(name, searcher, number, documents))
    }


def _held(name: str, searcher: tantivy.Searcher, number: int, documents: int) -> Iterator[list[int]]:
    """The messages a segment holds or held, as many at a time as go into one commit."""
    for first in range(0, documents, DOCUMENTS_A_COMMIT):
        last = min(first + DOCUMENTS_A_COMMIT, documents)
        addresses = [tantivy.DocAddress(number, document) for document in range(first, last)]
        with index.reading(name):
            found = searcher.fast_field_values("message", addresses)
        yield [int(one) for one in found if one is not None]
