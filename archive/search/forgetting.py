"""Taking words out of the index files themselves, when the record they came from was destroyed.

The engine only marks what is deleted: the words stay in the dictionary of the segment until that is merged, which may
be never. So the messages are written anew as the record has them now (not at all, when it has them no more), which
takes them out of every answer at once; then every segment that held them, in any version, is merged into a new one
without them, beside the index in use, which is then swapped (`merging`). However many messages are forgotten at once, a
segment is merged once. Searches and their exactness are not affected meanwhile, and a process killed in the middle
leaves a true index: do it again. What an interrupted rebuild left is dropped.

A reader that has a deleted file open keeps it until its next search; the sectors of a disk and its backups are
another matter.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
import tantivy

from archive.models import IndexState
from archive.search import destroyed, files, folder, index, merging, rebuild
from archive.search.indexer import Writer

log = structlog.get_logger(__name__)

LOOKED_AT = 50_000
"""Documents of a segment looked at in one go."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many segments went, and how many documents were merged anew because they shared one."""

    segments: int
    rewritten: int


def forget(*, message_ids: Collection[int], clock: Callable[[], datetime]) -> Forgotten:
    """Leave no word in any index file of this host that the record has no more for these messages.

    Call it when the record is destroyed and committed, for many messages at once. Raises IndexBusy while an indexer
    follows or a rebuild runs, IndexUnavailable when there is no usable index.
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
    gone = frozenset(destroyed.between(state.forgotten_to, state.complete_to))
    forgotten = _forget(gone, clock=clock) if len(gone) > 0 else Forgotten(0, 0)
    destroyed.note(folder.named(), forgotten_to=state.complete_to)  # the index in use has another name now
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
        files.sweep(folder.current() or name)
    log.info("index_forgot", index=name, messages=len(wanted), segments=len(doomed), rewritten=rewritten)
    return Forgotten(len(doomed), rewritten)


def _empty(
    name: str, doomed: Collection[str], wanted: frozenset[int], *, clock: Callable[[], datetime]
) -> int:
    """Write anew what must go, and merge all that shared a segment with it; how many documents that were."""
    with Writer(name) as writer:
        writer.renew(wanted)
        writer.commit(now=clock())
        writer.collect()
    # Of those the engine has merged by itself meanwhile nothing is left.
    left = {segment: alive for segment, alive in files.alive(name).items() if segment in doomed}
    if len(left) > 0:
        fresh = merging.without(name, left)
        folder.make_current(fresh)
        IndexState.objects.filter(name=name).update(name=fresh)
        folder.discard(name)
    return sum(left.values())


def _doomed(name: str, wanted: frozenset[int]) -> set[str]:
    """The segments that hold a message or did: the deleted are still in their files."""
    searcher = index.open_generation(name).searcher()
    return {
        segment
        for number, (segment, documents) in enumerate(files.segments(name))
        if any(not wanted.isdisjoint(ids) for ids in _held(name, searcher, number, documents))
    }


def _held(name: str, searcher: tantivy.Searcher, number: int, documents: int) -> Iterator[list[int]]:
    """The messages a segment holds or held, some at a time."""
    for first in range(0, documents, LOOKED_AT):
        last = min(first + LOOKED_AT, documents)
        addresses = [tantivy.DocAddress(number, document) for document in range(first, last)]
        with index.reading(name):
            found = searcher.fast_field_values("message", addresses)
        yield [int(one) for one in found if one is not None]
