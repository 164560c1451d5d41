"""Doing several things at once, and never waiting for a thread."""

import threading

import pytest

from archive.search import together


def test_all_are_done_and_told_in_order() -> None:
    """The first by whoever asks."""
    names = together.done(*[lambda n=n: (n, threading.current_thread().name) for n in range(5)])
    assert [n for n, _ in names] == [0, 1, 2, 3, 4]
    assert names[0][1] == threading.current_thread().name


def test_what_nobody_has_begun_is_done_by_whoever_asks() -> None:
    """While every thread is busy with something that does not end."""
    go = threading.Event()
    busy = [together._pool().submit(go.wait) for _ in range(20)]
    assert together.done(lambda: 1, lambda: 2, lambda: 3) == [1, 2, 3]
    go.set()
    assert all(one.result() for one in busy)


def test_a_failure_is_raised() -> None:
    """Wherever it happened."""

    def fail() -> int:
        raise ValueError("no")

    for several in ([fail, lambda: 1], [lambda: 1, fail]):
        with pytest.raises(ValueError, match="no"):
            together.done(*several)
