"""Milliseconds of one thing done again and again, warm or from the disk.

Each cold measurement is made in a fork that has nothing open yet, after what is in memory of files was forgotten:
everything, where that is allowed (`/proc/sys/vm/drop_caches` needs root), or the files of one folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

WARM_UP = 2
MOST = 40
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Times:
    """What each of several runs took, in milliseconds."""

    ms: tuple[float, ...]

    @property
    def p50(self) -> float:
        return self._at(0.50)

    @property
    def p95(self) -> float:
        return self._at(0.95)

    def _at(self, share: float) -> float:
        return sorted(self.ms)[min(len(self.ms) - 1, round(share * (len(self.ms) - 1)))]


def warm(*steps: Callable[[], object], seconds: float) -> list[Times]:
    """Each step timed in turns with the others, for so many seconds in all and at least a few times."""
    for step in steps * WARM_UP:
        step()
    taken: list[list[float]] = [[] for _ in steps]
    until = perf_counter() + seconds
    while len(taken[0]) < FEWEST or (len(taken[0]) < MOST and perf_counter() < until):
        for step, times in zip(steps, taken, strict=True):
            times.append(_timed(step))
    return [Times(tuple(times)) for times in taken]


def cold(
    step: Callable[[], object], *, before: Callable[[], object], forget: Callable[[], object], runs: int
) -> Times:
    """The step, each time in a fork and after `forget`; `before` is done in the fork and not timed."""
    taken = []
    for _ in range(runs):
        forget()
        taken.append(float(told(lambda: str(_timed(step)), before=before)))
    return Times(tuple(taken))


def told(step: Callable[[], str], *, before: Callable[[], object]) -> str:
    """What the step says in a fork that then ends, so that this process has opened nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            before()
            os.write(writer, step().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError("what was to be measured in a fork failed")
    return said


def drop_caches() -> None:
    """Forget all files that the kernel has in memory; raises OSError where that is not allowed."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3\n")


def evict(files: Path) -> None:
    """Forget the files of a folder only, as far as no process has them mapped."""
    os.sync()
    for path in files.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _timed(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return (perf_counter() - begun) * 1_000
