"""The reading process, started once a module, and what it says of some bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.extraction import texts
from archive.extraction.limits import Limits
from archive.extraction.reader import Reader, Result

Read = Callable[[bytes], "Seen"]


@dataclass(frozen=True)
class Seen:
    """What became of a file: the result, and its texts by the names of entries."""

    result: Result
    texts: dict[str, str]

    @property
    def text(self) -> str:
        return "\n".join(self.texts.values())

    @property
    def problems(self) -> dict[str, str]:
        return {name: reason for name, reason in self.result.problems if name != ""}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """With limits that a test can reach in a moment, but for time: a machine that others use reaches that by itself."""
    limits = Limits(memory_bytes=96 << 20, characters=50_000, unpacked_bytes=24 << 20, entries=50, depth=3)
    with Reader(limits) as opened:
        yield opened


@pytest.fixture
def read(reader: Reader, tmp_path: Path) -> Read:
    """Have the process read some bytes."""

    def seen(data: bytes) -> Seen:
        path = tmp_path / "blob"
        path.write_bytes(data)
        result = reader.read(path)
        entries = texts.unpack(result.packed) if result.packed else []
        return Seen(result, {entry.name: entry.text for entry in entries})

    return seen
