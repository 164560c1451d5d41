"""The form of a certificate of destruction: a JSON document in lines, written in exactly one way, and read back.

The first lines have a name each; then comes a line for each message, so that a certificate of a million is written and
checked without holding more than one. One of a disposition under which zips of legal holds went has a line for each of
them before the messages, and is of another form, so that older copies of `verify.py` refuse what they do not know.
Reading refuses every byte that writing would not have written, and says where.

Standard library only: an auditor's copy of `verify.py` needs it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

FORMAT = "holdfast/certificate/v1"
WITH_ZIPS = "holdfast/certificate/v2"
HEADS = ("format", "certificate", "salt", "leaf", "proof", "checkpoint", "key")
LONGEST_LINE = 64 << 20
_ZIPS, _BETWEEN = b'"zips": [', b"],"
_BEGIN, _END = b'"messages": [', b"]}"


class Malformed(ValueError):
    """Bytes that are not a certificate."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where in the log a certificate is, and what its leaf says; `at` is a moment as `hashing.moment` writes it."""

    index: int
    kind: int
    subject_id: int
    at: str


@dataclass(slots=True)
class Reading:
    """A certificate being read: what its first lines say, its zips (None: it has no place for any), and its messages.

    The messages can be gone through once.
    """

    heads: dict[str, Any]
    zips: list[dict[str, Any]] | None = None
    messages: Iterator[dict[str, Any]] = field(default_factory=lambda: iter(()))


def line(value: Any) -> bytes:
    """A value in the one way in which it is written."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, allow_nan=False).encode()


def document(
    *,
    certificate: Mapping[str, Any],
    salt: bytes,
    leaf: Leaf,
    proof: Sequence[bytes],
    checkpoint: str,
    key: str,
    messages: Iterable[dict[str, Any]],
    zips: Iterable[dict[str, Any]] | None = None,
) -> Iterator[bytes]:
    """The document, piece by piece; `zips` is None where it has no place for any."""
    where = {"index": leaf.index, "kind": leaf.kind, "subject_id": leaf.subject_id, "at": leaf.at}
    proven = [one.hex() for one in proof]
    form = FORMAT if zips is None else WITH_ZIPS
    for name, value in zip(
        HEADS, (form, certificate, salt.hex(), where, proven, checkpoint, key), strict=True
    ):
        yield (b"{" if name == HEADS[0] else b"") + line(name) + b": " + line(value) + b",\n"
    if zips is not None:
        yield _ZIPS
        yield from _listed(zips)
        yield _BETWEEN + b"\n"
    yield _BEGIN
    yield from _listed(messages)
    yield _END + b"\n"


def _listed(values: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    separator = b"\n"
    for value in values:
        yield separator + line(value)
        separator = b",\n"
    yield b"\n"


def read(stream: BinaryIO) -> Reading:
    """The first lines, and the messages to be gone through. Raises Malformed, then and while they are."""
    heads: dict[str, Any] = {}
    for name in HEADS:
        began = (b"{" if name == HEADS[0] else b"") + line(name) + b": "
        found = _line(stream, name)
        if not (found.startswith(began) and found.endswith(b",")):
            raise Malformed(f"The line of its {name} is not as it was written.")
        heads[name] = _value(found[len(began) : -1], name)
    if heads["format"] not in (FORMAT, WITH_ZIPS):
        raise Malformed("It is no certificate of a form known here.")
    zips = None
    if heads["format"] == WITH_ZIPS:
        _expect(stream, _ZIPS, "zips")
        zips = list(_items(stream, "zip", _BETWEEN))
    _expect(stream, _BEGIN, "messages")
    return Reading(heads, zips, _messages(stream))


def _expect(stream: BinaryIO, written: bytes, name: str) -> None:
    if _line(stream, name) != written:
        raise Malformed(f"The line where its {name} begin is not as it was written.")


def _messages(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    yield from _items(stream, "message", _END)
    if stream.read(1) != b"":
        raise Malformed("Something follows after its end.")


def _items(stream: BinaryIO, noun: str, end: bytes) -> Iterator[dict[str, Any]]:
    number, is_last = 0, False
    while True:
        place = f"{noun} {number + 1}"
        found = _line(stream, place)
        if found == end and (is_last or number == 0):
            break
        if is_last or found == end:
            raise Malformed(f"The line before {place} is not as it was written.")
        is_last = not found.endswith(b",")
        value = _value(found if is_last else found[:-1], place)
        if not isinstance(value, dict):
            raise Malformed(f"The line of {place} is not as it was written.")
        number += 1
        yield value


def _line(stream: BinaryIO, name: str) -> bytes:
    found = stream.readline(LONGEST_LINE)
    if not found.endswith(b"\n"):
        raise Malformed(f"It breaks off in the line of its {name}.")
    return found[:-1]


def _value(written: bytes, name: str) -> Any:
    """A value written in the one way, and in no other."""
    try:
        value = json.loads(written.decode("ascii"))
        is_exact = line(value) == written
    except (ValueError, RecursionError):
        is_exact = False
    if not is_exact:
        raise Malformed(f"The line of its {name} is not as it was written.")
    return value
