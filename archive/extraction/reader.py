"""A worker's side of reading files: one process that does it, asked for one file at a time.

The process gets an empty environment (no address of the database, no key), no files but its standard streams, and
less of the processor than anything else. When it does not answer in time or is gone it is ended and started anew;
what it says is checked before it is believed. The worker itself never holds a stranger's text, only its packed bytes.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.extraction import child, confinement
from archive.extraction.limits import Limits
from archive.extraction.outcomes import Outcome, Reason

ROOT = Path(__file__).resolve().parent.parent.parent
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from archive.extraction import child; child.serve()"
_START_SECONDS = 30.0
_GRACE_SECONDS = 15.0
_MOST_BYTES = 256 << 20


class ReaderFailed(Exception):
    """The reading process does not work; the file may be innocent, so it is tried again."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file; `packed` is its text as `texts` stores it."""

    kind: str
    outcome: Outcome
    reason: str
    problems: list[list[str]]
    characters: int
    text_sha256: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of a zip. `refused` when it is a trap that must not be opened; `entries`: name, place, what is wrong."""

    reason: str
    refused: bool
    entries: list[tuple[str, list[int], str]]


@dataclass(frozen=True, slots=True)
class Unzipped:
    """One entry of a zip: what became of it, its digest and size (None: unknown), and what a chat log counts."""

    result: Result
    sha256: bytes | None
    size_bytes: int | None
    messages: int | None
    packed_ids: bytes


class Reader:
    """Use as a context manager; a process starts with the first file."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_confined(self) -> bool:
        """Whether the kernel itself keeps the reader from files and the network here."""
        return confinement.can_filter()

    def read(self, path: Path) -> Result:
        """Read one file. Raises ReaderFailed."""
        with self._minding():
            return _checked(*self._asked(path)[:2])

    def index(self, path: Path) -> Listed:
        """Read the list of a zip, whatever its size. Raises ReaderFailed."""
        with self._minding():
            said, _, more = self._asked(path, "zip")
            entries = json.loads(zlib.decompress(more)) if more else []
            listed = [(str(name), [int(part) for part in place], str(why)) for name, place, why in entries]
            return Listed(_checked(said, b"").reason, bool(said.get("refused", False)), listed)

    def entry(self, path: Path, *, name: str, place: list[int]) -> Unzipped:
        """Read one entry of a zip by what `index` said of it. Raises ReaderFailed."""
        with self._minding():
            said, packed, more = self._asked(path, [name, place])
            sha256 = bytes.fromhex(said.get("sha256") or "")
            size, rows = said.get("unpacked"), said.get("rows")
            return Unzipped(
                result=_checked(said, packed),
                sha256=sha256 or None,
                size_bytes=None if size is None else int(size),
                messages=None if rows is None else int(rows),
                packed_ids=more,
            )

    @contextlib.contextmanager
    def _minding(self) -> Iterator[None]:
        """Whatever goes wrong with the process ends it, and the next file finds a new one."""
        try:
            yield
        except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
            self.close()
            raise ReaderFailed(
                f"The reading process gave no usable answer ({type(error).__name__})."
            ) from error

    def close(self) -> None:
        """End the process and whatever it started."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _asked(self, path: Path, what: object = None) -> tuple[dict[str, Any], bytes, bytes]:
        process = self._process or self._started()
        assert process.stdin is not None
        process.stdin.write(child.request(str(path), self._limits, what))
        process.stdin.flush()
        hear = _Ear(process, seconds=2 * self._limits.seconds + _GRACE_SECONDS)
        said: dict[str, Any] = json.loads(hear.line())
        sizes = int(said["size"]), int(said["more"])
        if not all(0 <= size <= _MOST_BYTES for size in sizes):
            raise ValueError("an impossible size")
        packed, more = (hear.exactly(size) for size in sizes)
        return said, packed, more

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={"LANG": "C.UTF-8", "TZ": "UTC0", "PATH": os.defpath},
            start_new_session=True,
        )
        self._process = process
        os.setpriority(os.PRIO_PROCESS, process.pid, 10)
        if _Ear(process, seconds=_START_SECONDS).line() != child.READY:
            raise OSError("the reading process did not start")
        return process


class _Ear:
    """Listens to a process until a moment."""

    def __init__(self, process: subprocess.Popen[bytes], *, seconds: float) -> None:
        assert process.stdout is not None
        self._descriptor = process.stdout.fileno()
        self._until = time.monotonic() + seconds
        self._heard = bytearray()

    def line(self) -> bytes:
        return self._take(lambda: self._heard.find(b"\n") + 1)

    def exactly(self, size: int) -> bytes:
        return self._take(lambda: size if len(self._heard) >= size else 0) if size > 0 else b""

    def _take(self, ready: Callable[[], int]) -> bytes:
        while (size := ready()) == 0:
            left = self._until - time.monotonic()
            if left <= 0 or not select.select([self._descriptor], [], [], left)[0]:
                raise TimeoutError("the reading process does not answer")
            chunk = os.read(self._descriptor, 1 << 16)
            if chunk == b"":
                raise EOFError("the reading process is gone")
            self._heard += chunk
        taken = bytes(self._heard[:size])
        del self._heard[:size]
        return taken


def _checked(said: dict[str, Any], packed: bytes) -> Result:
    """The answer as values of the kinds they must have. Raises ValueError, KeyError or TypeError."""
    reason = str(said["reason"])
    problems = [[str(name)[:1_000], Reason(why).value] for name, why in said["problems"]]
    return Result(
        kind=str(said["kind"])[:20],
        outcome=Outcome(said["outcome"]),
        reason=Reason(reason).value if reason else "",
        problems=problems,
        characters=int(said["characters"]),
        text_sha256=bytes.fromhex(said["text_sha256"]),
        packed=packed,
    )
