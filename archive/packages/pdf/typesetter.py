"""Sets documents in a process of its own, within limits of memory and time, and starts it anew when it has ended.

Only values go in and bytes come out: no text is ever part of a program. What a document may cost is fixed, so that a text
made to be expensive ends with a sentence and not with the worker.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

MEMORY_BYTES = 3 << 30
"""Address space of the child. Fonts alone are some hundred megabytes of it, mapped and not read."""
SECONDS = 120
"""Processor time for one document; by the clock it may be four times as long."""
_LARGE_BYTES = 300_000_000
_CHILD = Path(__file__).with_name("child.py")


class CannotSet(Exception):
    """A document could not be set; says which and why, without a word of it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF/A-2b, and the characters no font had, as `U+XXXX`; the same values give the same bytes where fonts are the same."""

    pdf: bytes
    missing: tuple[str, ...]


class Typesetter:
    """Holds the child, until `close`. One that has grown large is replaced: typst keeps what it has set before."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, seconds: int = SECONDS) -> None:
        self._memory_bytes, self._seconds = memory_bytes, seconds
        self._child: subprocess.Popen[bytes] | None = None

    def set(self, template: str, data: Mapping[str, Any], *, at: datetime, name: str) -> Document:
        """The document. Raises CannotSet; `name` is what it is called there."""
        asked = {"template": template, "data": data, "at": int(at.timestamp()), "seconds": self._seconds}
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            raise self._ended(name) from None
        until = time.monotonic() + 4 * self._seconds
        head = self._heard(child, b"", until, name)
        said = json.loads(head.partition(b"\n")[0])
        if "error" in said:
            raise CannotSet(f"{name} could not be set: {said['error']}")
        pdf = head.partition(b"\n")[2]
        while len(pdf) < said["size"]:
            pdf += self._piece(child, until, name)
        if said["memory"] > _LARGE_BYTES:
            self.close()
        return Document(pdf, tuple(said["missing"]))

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _heard(self, child: subprocess.Popen[bytes], said: bytes, until: float, name: str) -> bytes:
        while b"\n" not in said:
            said += self._piece(child, until, name)
        return said

    def _piece(self, child: subprocess.Popen[bytes], until: float, name: str) -> bytes:
        assert child.stdout is not None
        left = until - time.monotonic()
        if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
            self.close()
            raise CannotSet(f"{name} could not be set within {4 * self._seconds} seconds.")
        piece = os.read(child.stdout.fileno(), 1 << 20)
        if piece == b"":
            raise self._ended(name)
        return piece

    def _ended(self, name: str) -> CannotSet:
        self.close()
        return CannotSet(f"{name} could not be set: it costs more memory or time than one document may.")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-I", str(_CHILD), str(self._memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self._child
