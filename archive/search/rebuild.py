"""Building the index anew beside the one in use, then swapping.

Searches go on in the old index until the new one is complete; a rebuild that is interrupted leaves nothing but a
folder that the next one removes.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from archive import log
from archive.search import index
from archive.search.errors import IndexBusy
from archive.search.indexer import Writer, forget

Progress = Callable[[int, int], None]


def reindex(*, clock: Callable[[], datetime], progress: Progress) -> int:
    """Build a complete index and use it from then on; returns its position in the log.

    `progress` is called with leaves done and leaves in all. Raises IndexBusy when another rebuild is under way.
    """
    with index.writing("rebuild.lock"):
        name = index.create()
        with Writer(name) as writer:
            while writer.advance(clock=clock):
                progress(writer.marker.complete_to, log.size())
            writer.commit(now=clock())
            complete_to = writer.marker.complete_to
        index.make_current(name)
    progress(complete_to, complete_to)
    with suppress(IndexBusy), index.writing():  # otherwise the indexer that follows discards the old one
        forget(index.discard_unused(name))
    return complete_to
