"""Doing something beside, and never waiting for a thread."""

import os
import threading

import pytest

from archive.search import together


def test_what_nobody_has_begun_is_done_by_whoever_asks() -> None:
    """While every thread is busy with something that does not end."""
    go = threading.Event()
    busy = [together._pool().submit(go.wait) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        assert together.Begun(threading.current_thread).done() is threading.current_thread()
    finally:
        go.set()
    assert all(one.result() for one in busy)


def test_what_is_begun_goes_on_meanwhile() -> None:
    """It ends without being asked for."""
    ended = threading.Event()
    begun = together.Begun(ended.set)
    assert ended.wait(60)
    assert begun.done() is None


def test_a_failure_is_raised() -> None:
    """To whoever asks, whoever did it."""

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        together.Begun(fail).done()
