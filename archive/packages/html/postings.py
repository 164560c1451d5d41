"""Which words stand in which messages, gathered in little memory for exports of any size.

Messages are numbered in the order they are added. Words and numbers gather in memory up to a limit; then they go, sorted,
into a temporary file, and `merged` reads all such files side by side. Words are ordered by their UTF-16 code units, as
browsers compare strings. The numbers of a word that is nearly everywhere come in blocks, so that they need no memory either.
"""

import heapq
import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from operator import itemgetter
from types import TracebackType
from typing import IO, Self

BLOCK = 1 << 16
"""The most numbers at once, of one word."""
_A_WORD = 32
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_Line = tuple[bytes, str, list[int]]


class Postings:
    """The words of messages; a context manager, since it holds temporary files."""

    def __init__(self, *, in_memory: int = 2_000_000) -> None:
        """`in_memory`: how many numbers are gathered before they go to a file; a word counts for some as well."""
        self._in_memory = in_memory
        self._gathered: dict[str, array[int]] = {}
        self._count = 0
        self._runs: list[IO[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the temporary files."""
        for run in self._runs:
            run.close()

    def add(self, number: int, words: Iterable[str]) -> None:
        """The words of one message, each once; numbers must rise."""
        for word in words:
            found = self._gathered.get(word)
            if found is None:
                found = self._gathered[word] = array("q")
            found.append(number)
            self._count += 1
        if self._count + _A_WORD * len(self._gathered) >= self._in_memory:
            self._put_aside()

    def merged(self) -> Iterator[tuple[str, list[int]]]:
        """Every word in order with the numbers of its messages, rising; again and again the same for more than a block."""
        runs = [_read(run) for run in self._runs]
        word, numbers = "", list[int]()
        # The newest are last, and merging keeps the order of the runs among equal words, so numbers rise.
        for _, other, more in heapq.merge(*runs, self._sorted(), key=itemgetter(0)):
            if len(numbers) > 0 and (other != word or len(numbers) + len(more) > BLOCK):
                yield word, numbers
                numbers = []
            word = other
            numbers = numbers + more if len(numbers) > 0 else more
        if len(numbers) > 0:
            yield word, numbers

    def _sorted(self) -> Iterator[_Line]:
        for key, word in sorted((_key(word), word) for word in self._gathered):
            numbers = self._gathered[word]
            for start in range(0, len(numbers), BLOCK):
                yield key, word, numbers[start : start + BLOCK].tolist()

    def _put_aside(self) -> None:
        run = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  # open until everything is merged
        self._runs.append(run)
        for _, word, numbers in self._sorted():
            run.write(f"{json.dumps(word)}\t{' '.join(map(str, numbers))}\n")
        self._gathered = {}
        self._count = 0


def written(numbers: list[int]) -> str:
    """Rising numbers as the steps between them, in base 36 with commas: what the reader's script counts back."""
    steps: list[str] = []
    before = 0
    for number in numbers:
        steps.append(_base36(number - before))
        before = number
    return ",".join(steps)


def _read(run: IO[str]) -> Iterator[_Line]:
    run.seek(0)
    for line in run:
        word, _, numbers = line.partition("\t")
        text: str = json.loads(word)
        yield _key(text), text, [int(one) for one in numbers.split()]


def _key(word: str) -> bytes:
    return word.encode("utf-16-be", "surrogatepass")


def _base36(value: int) -> str:
    if value < 36:
        return _DIGITS[value]
    return _base36(value // 36) + _DIGITS[value % 36]
