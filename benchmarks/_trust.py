"""What keeping the search index true costs: comparing every day, reading every byte, forgetting.

A message is forgotten, and then a thousand at once, of all times.
"""

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
    return {
        "comparing every day with the record, messages/s": messages / compared,
        "reading every byte of the index, s": read,
        "forgetting one message, s": _forgotten(1),
        "forgetting a thousand messages at once, s": _forgotten(1_000),
    }


def _forgotten(number: int) -> float:
    """Messages spread over the whole archive; their record stays, so that they are there again afterwards."""
    every = max(1, Message.objects.count() // number)
    wanted = list(Message.objects.order_by("id").values_list("id", flat=True)[::every][:number])
    return _seconds(lambda: forgetting.forget(message_ids=wanted, clock=lambda: datetime.now(UTC)))


def _seconds(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun
