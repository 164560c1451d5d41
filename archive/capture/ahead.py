"""Asking for the next pages of a window while the last ones are being stored.

Zoom gives one page after another, so a thread of its own fetches them, a few pages ahead and no further; whatever has
arrived when the store is free, or comes right after, is stored together: a transaction of ten pages costs a third less
than ten of one. Order, attempts and errors stay as they were: an error comes after
the pages before it, and pages of two attempts never come together. The thread is gone when the reader is.
"""

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

from zoom.replies import Page

AT_ONCE = 10
"""Pages stored in one transaction at most."""
LINGER_S = 0.02
"""How long the next page may take to be stored with the last one; the fetching goes on meanwhile."""
_CHECK_S = 0.2

P = TypeVar("P", bound=Page)


def batches(pages: Iterator[P], *, at_once: int = AT_ONCE) -> Generator[list[P], None, None]:
    """The pages in order, as many together as have arrived, never more than `at_once`."""
    first = next(pages, None)
    if first is None:
        return
    if first.is_last and first.attempt == 0:
        yield [first]
        yield from ([page] for page in pages)
        return
    fetcher = _Fetcher(pages, room=at_once)
    try:
        yield from fetcher.batches(at_once, first=first)
    finally:
        fetcher.close()


class _Fetcher(Generic[P]):
    """A thread that reads an iterator of pages into a queue with little room."""

    def __init__(self, pages: Iterator[P], *, room: int) -> None:
        self._pages = pages
        self._queue: queue.Queue[P | Exception | None] = queue.Queue(maxsize=room)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="pages-ahead", daemon=True)
        self._thread.start()

    def batches(self, at_once: int, *, first: P) -> Iterator[list[P]]:
        """What has arrived, page by page in order, after the `first`; raises what the iterator raised."""
        held: P | None = first
        while True:
            item = self._queue.get() if held is None else held
            held = None
            if isinstance(item, Exception):
                raise item
            if item is None:
                return
            batch = [item]
            ending: Exception | bool = False
            while len(batch) < at_once and held is None and ending is False:
                try:
                    following = self._queue.get(timeout=LINGER_S)
                except queue.Empty:
                    break
                if following is None:
                    ending = True
                elif isinstance(following, Exception):
                    ending = following
                elif following.attempt != item.attempt:
                    held = following
                else:
                    batch.append(following)
            yield batch
            if isinstance(ending, Exception):
                raise ending
            if ending:
                return

    def close(self) -> None:
        """End the thread, after the request it may be waiting for."""
        self._closed.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            for page in self._pages:
                if not self._put(page):
                    return
        except Exception as error:  # noqa: BLE001 -- raised again where the pages are read
            self._put(error)
        else:
            self._put(None)

    def _put(self, item: P | Exception | None) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_CHECK_S)
            except queue.Full:
                continue
            return True
        return False
