"""Pages fetched ahead come in order, never two attempts together, and errors after the pages before them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from archive.capture import ahead


@dataclass(frozen=True)
class Numbered:
    """As much of a page as its order needs."""

    number: int
    attempt: int = 0
    is_last: bool = False


def pages(*numbers: int, attempt: int = 0) -> Iterator[Numbered]:
    for number in numbers:
        yield Numbered(number, attempt)
    yield Numbered(len(numbers) + 1, attempt, is_last=True)


def read(source: Iterator[Numbered]) -> list[list[Numbered]]:
    return list(ahead.batches(source))  # type: ignore[type-var]


def test_every_page_comes_once_and_in_order() -> None:
    """However they are put together."""
    batches = read(pages(*range(1, 40)))
    assert [page.number for batch in batches for page in batch] == list(range(1, 41))
    assert all(1 <= len(batch) <= ahead.AT_ONCE for batch in batches)


def test_a_single_page_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most windows have one page."""
    monkeypatch.setattr(ahead, "threading", None)
    assert read(pages()) == [[Numbered(1, 0, is_last=True)]]


def test_attempts_never_mix() -> None:
    """A window that began again is counted again from zero."""

    def twice() -> Iterator[Numbered]:
        yield from (Numbered(number) for number in range(1, 4))
        yield from pages(1, 2, attempt=1)

    batches = read(twice())
    assert all(len({page.attempt for page in batch}) == 1 for batch in batches)
    assert [page.attempt for batch in batches for page in batch] == [0, 0, 0, 1, 1, 1]


def test_an_error_comes_after_the_pages_before_it() -> None:
    """What arrived is stored before the window is left as a gap."""

    def breaks() -> Iterator[Numbered]:
        yield from (Numbered(number) for number in range(1, 8))
        raise TimeoutError

    seen: list[int] = []
    reading = (seen.append(page.number) for batch in ahead.batches(breaks()) for page in batch)  # type: ignore[type-var]
    with pytest.raises(TimeoutError):
        list(reading)
    assert seen == list(range(1, 8))


def test_the_thread_ends_with_the_reader() -> None:
    """A reader that stops early leaves nothing running."""
    before = set(threading.enumerate())
    batches = ahead.batches(pages(*range(1, 10_000)))  # type: ignore[type-var]
    next(batches)
    next(batches)
    (fetching,) = (one for one in set(threading.enumerate()) - before if one.name == "pages-ahead")
    batches.close()
    assert not fetching.is_alive()
