"""The process that reads files for a worker, one after another. Started by `reader`; imports no Django.

It reads no file itself. For each it forks: the fork shuts itself in, reads, and writes its answer to a pipe; this one
waits, counts the bytes and the seconds, kills the fork that goes beyond, and answers in its place. So every file finds
the same clean process, whatever the one before did, and starting it costs milliseconds.

A request is a line of JSON with a path, the limits and what is wanted of the file; an answer is a line of JSON and, after
it, the packed text, and of a zip the packed list of its entries or of the ids in one.
"""

import email
import encodings
import gc
import hashlib
import importlib
import json
import os
import pkgutil
import select
import signal
import sys
import time
import zlib
from dataclasses import asdict
from typing import Any, BinaryIO

import pypdf

from archive.extraction import confinement, contents, zipped
from archive.extraction.limits import Limits
from archive.extraction.outcomes import Outcome, Reason

READY = b"ready\n"
_CHUNK_BYTES = 1 << 16
_SPARE_BYTES = 4 << 20


def serve() -> None:
    """Answer requests until there are no more."""
    _load_everything()
    gc.collect()
    gc.freeze()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    while line := requests.readline():
        request = json.loads(line)
        answers.write(_answer(request["path"], Limits(**request["limits"]), request["what"]))
        answers.flush()


def request(path: str, limits: Limits, what: object = None) -> bytes:
    """A request, as `serve` takes it."""
    return json.dumps({"path": path, "limits": asdict(limits), "what": what}).encode() + b"\n"


def _answer(path: str, limits: Limits, what: Any) -> bytes:
    """What became of one file, or of one entry of it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return _failed(Reason.MISSING)
    mouth, ear = os.pipe()[::-1]
    child = os.fork()
    if child == 0:
        _read_and_leave(descriptor, mouth, limits, what)
    os.close(descriptor)
    os.close(mouth)
    try:
        said = _heard(ear, child, limits)
    finally:
        os.close(ear)
        _, status = os.waitpid(child, 0)
    if isinstance(said, Reason):
        return _failed(said)
    if os.WIFSIGNALED(status):
        return _failed(Reason.TIME if os.WTERMSIG(status) == signal.SIGXCPU else Reason.CRASHED)
    whole = os.WEXITSTATUS(status) == 0 and b"\n" in said
    return said if whole else _failed(Reason.MEMORY if os.WEXITSTATUS(status) == 3 else Reason.CRASHED)


def _heard(ear: int, child: int, limits: Limits) -> bytes | Reason:
    """All that the fork says, or why it was killed."""
    until = time.monotonic() + 2 * limits.seconds
    most = 8 * limits.characters + _SPARE_BYTES
    said = bytearray()
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([ear], [], [], left)[0]:
            os.kill(child, signal.SIGKILL)
            return Reason.TIME
        chunk = os.read(ear, _CHUNK_BYTES)
        if chunk == b"":
            return bytes(said)
        said += chunk
        if len(said) > most:
            os.kill(child, signal.SIGKILL)
            return Reason.CRASHED


def _read_and_leave(descriptor: int, mouth: int, limits: Limits, what: Any) -> None:
    """In the fork: shut the doors, read, answer, and end without any of Python's farewells."""
    status = 2
    try:
        os.dup2(mouth, 1)
        os.dup2(descriptor, 0)
        os.closerange(3, 64)
        stream = os.fdopen(0, "rb")
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        confinement.shut_in(limits)
        _say(_packed(stream, limits, what))
        status = 0
    except MemoryError:
        status = 3
    finally:
        os._exit(status)


def _say(answer: bytes) -> None:
    left = memoryview(answer)
    while len(left) > 0:
        left = left[os.write(1, left) :]


def _packed(stream: BinaryIO, limits: Limits, what: Any) -> bytes:
    """The answer: of a file, of a zip's list (`what` is "zip"), or of one entry of a zip (its name and place)."""
    parts: Any = []
    more: Any = []
    if what is None:
        said = contents.whole(stream, limits=limits)
        parts = said.pop("parts")
    elif what == "zip":
        said, more = zipped.index(stream, limits=limits)
    else:
        said, parts, more = zipped.entry(stream, name=what[0], place=zipped.Place(*what[1]), limits=limits)
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    packed = zlib.compress(text, 6) if parts else b""
    said["characters"] = sum(len(name) + len(words) for name, words in parts)
    said["text_sha256"] = hashlib.sha256(text).hexdigest() if parts else ""
    said["size"] = len(packed)
    packed_more = zlib.compress(json.dumps(more, separators=(",", ":")).encode(), 6) if more else b""
    said["more"] = len(packed_more)
    return json.dumps(said).encode() + b"\n" + packed + packed_more


def _failed(reason: Reason) -> bytes:
    said = {
        "kind": "unknown",
        "outcome": Outcome.UNREADABLE.value,
        "reason": reason.value,
        "problems": [["", reason.value]],
        "characters": 0,
        "text_sha256": "",
        "size": 0,
        "more": 0,
    }
    return json.dumps(said).encode() + b"\n"


def _load_everything() -> None:
    """Import what reading may ask for later: once shut in, nothing more can be loaded."""
    for package in (email, encodings, pypdf):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(("__main__", "mbcs", "oem", "cp65001")):
                _load(module.name)
    for name in (
        "quopri",
        "base64",
        "uu",
        "calendar",
        "html.entities",
        "unicodedata",
        "stringprep",
        "lzma",
        "bz2",
    ):
        _load(name)


def _load(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        return
