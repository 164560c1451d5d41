"""What keeping the search index true costs: comparing every day, reading every byte, forgetting one message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from archive.models import Message
from archive.search import days, folder, forgetting, index, watch


def figures(messages: int) -> dict[str, float]:
    """Of the index in use, which has so many messages."""
    every = days.of_the_archive()
    name = str(folder.current())
    compared = _seconds(lambda: watch.look(now=datetime.now(UTC), only=every))
    read = _seconds(lambda: index.check_files(name, thorough=True))
    one = [Message.objects.earliest("id").pk]
    forgotten = _seconds(lambda: forgetting.forget(message_ids=one, clock=lambda: datetime.now(UTC)))
    return {
        "comparing every day with the record, messages/s": messages / compared,
        "reading every byte of the index, s": read,
        "forgetting one message, s": forgotten,
    }


def _seconds(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun
