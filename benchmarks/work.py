"""How long work on a whole answer takes: freezing it, running it again for what is new, comparing, tagging.

On the texts of the benchmark of search, in a database of its own. An answer of a third of all messages and one of
nearly all are frozen and compared; everything is as exact as on the pages. Memory is the process's at the end.
"""

from __future__ import annotations

import random
import resource
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from django.test import override_settings

from archive import search as engine
from archive.scope import EVERYTHING
from benchmarks import search
from compliance import comparing, gathering, lists, parts, saved, tagging
from compliance.models import MessageList

T = TypeVar("T")

NEWEST = engine.Order.NEWEST
SOME, NEARLY_ALL = "the", "NOT compliance"


def run(*, messages: int = 200_000) -> dict[str, float]:
    """Seconds and milliseconds of each deed; needs an empty, migrated database."""
    texts = list(search._texts(random.Random(1), min(messages, 100_000)))
    with tempfile.TemporaryDirectory() as folder, override_settings(HOLDFAST_DATA=Path(folder)):
        search._load(messages, texts)
        search._follow()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures: dict[str, float] = {}
        some = _freeze(SOME, figures)
        every = _freeze(NEARLY_ALL, figures)
        figures |= _reading(some, every)
        figures |= _running_again()
        figures |= _tagging()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures["memory more than before, at most, MB"] = (after - before) / 1024
    return figures


def _freeze(query: str, figures: dict[str, float]) -> MessageList:
    frozen, seconds = _timed(
        lambda: _done(lists.freeze(name=query, query=query, order=NEWEST, by=None, now=_now()))
    )
    figures[f"freeze {frozen.count:,} of “{query}”, s"] = seconds
    return frozen


def _reading(some: MessageList, every: MessageList) -> dict[str, float]:
    middle = (every.count or 0) // 2
    steps: dict[str, Callable[[], object]] = {
        "first page of a list, ms": lambda: lists.seen(list_id=every.pk, by=None, now=_now()),
        "page in the middle, ms": lambda: lists.seen(list_id=every.pk, after=middle, by=None, now=_now()),
        "check the digest, ms": lambda: lists.is_intact(list_id=every.pk, by=None, now=_now()),
        "how two lists overlap, ms": lambda: parts.overlap(some.pk, every.pk, scope=EVERYTHING),
        "compare with a page, ms": lambda: comparing.compare(
            first=f"list/{every.pk}", second=f"list/{some.pk}", by=None, now=_now()
        ),
    }
    return {name: _timed(step)[1] * 1000 for name, step in steps.items()}


def _running_again() -> dict[str, float]:
    kept = saved.save(name="again", query=SOME, order=NEWEST, by=None, now=_now())
    _finish()
    _, run_seconds = _timed(lambda: _done(saved.run(search_id=kept.pk, by=None, now=_now())))
    seen, page_seconds = _timed(lambda: saved.seen(search_id=kept.pk, by=None, now=_now()))
    found = seen.counts[saved.Part.ALL]
    return {
        f"run again, {found:,} found, s": run_seconds,
        "page of what is new, ms": page_seconds * 1000,
    }


def _tagging() -> dict[str, float]:
    tag = tagging.make(name="hot", colour="plain", by=None, now=_now())
    job, seconds = _timed(
        lambda: _done(tagging.put_on_all(tag_id=tag.pk, query=SOME, order=NEWEST, by=None, now=_now()))
    )
    times = [
        _timed(lambda: engine.messages("tag:hot", scope=EVERYTHING, known=engine.Known(tags=_tags())))[1]
        for _ in range(5)
    ]
    return {f"tag {job.count:,}, s": seconds, "search for the tag, ms": sorted(times)[2] * 1000}


def _tags() -> engine.Tags:
    return gathering.tags.known()


def _done(asked: MessageList) -> MessageList:
    _finish()
    asked.refresh_from_db()
    return asked


def _finish() -> None:
    while gathering.carry_out_next(clock=_now):
        pass


def _now() -> datetime:
    return datetime.now(UTC)


def _timed(step: Callable[[], T]) -> tuple[T, float]:
    begun = perf_counter()
    result = step()
    return result, perf_counter() - begun
