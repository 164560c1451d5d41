"""Where the values of a JSON reply begin and end, found without decoding them.

msgspec finds them faster and is asked first, but it refuses bodies that Zoom can send: a lone surrogate
escape, a raw control character, nesting deeper than the interpreter's stack, invalid UTF-8 in a key. One such
message must not cost the ninety-nine beside it, nor its own bytes. This scanner looks at nothing but quotes,
brackets and commas, so every slice is exactly what was sent, and it uses no recursion.

It never judges a value: whoever decodes a slice finds out whether it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{},:]', re.DOTALL)
_SPACE = b" \t\r\n"
_CLOSES = {b"{": b"}", b"[": b"]"}


class Broken(ValueError):
    """The bytes are not one whole JSON value: cut short, or something else altogether."""


def members(body: bytes) -> list[tuple[bytes, bytes]]:
    """The (key, value) slices of a JSON object, in order, duplicates included; keys keep their quotes."""
    found = []
    for part in _parts(body, opened=b"{"):
        first = _TOKEN.match(part)
        if first is None or len(first.group()) < 2:
            raise Broken("an object's member has no key")
        rest = part[first.end() :].lstrip(_SPACE)
        if rest[:1] != b":":
            raise Broken("an object's key has no value")
        found.append((first.group(), rest[1:].strip(_SPACE)))
    return found


def elements(body: bytes) -> list[bytes]:
    """The slices of a JSON array's elements, in order."""
    return list(_parts(body, opened=b"["))


def _parts(body: bytes, *, opened: bytes) -> Iterator[bytes]:
    """What stands between the commas of the outermost bracket."""
    start = len(body) - len(body.lstrip(_SPACE))
    if body[start : start + 1] != opened:
        raise Broken("the value opens with another character")
    expected = [_CLOSES[opened]]
    begin = start + 1
    empty = True
    for token in _TOKEN.finditer(body, begin):
        mark = token.group()
        if mark in _CLOSES:
            expected.append(_CLOSES[mark])
        elif mark in (b"]", b"}"):
            if expected.pop() != mark:
                raise Broken("brackets do not match")
            if not expected:
                last = body[begin : token.start()].strip(_SPACE)
                if last or not empty:
                    yield _filled(last)
                if body[token.end() :].strip(_SPACE):
                    raise Broken("something follows the value")
                return
        elif mark == b"," and len(expected) == 1:
            yield _filled(body[begin : token.start()].strip(_SPACE))
            begin, empty = token.end(), False
        elif mark == b'"':
            raise Broken("a string has no end")
    raise Broken("the value has no end")


def _filled(part: bytes) -> bytes:
    if not part:
        raise Broken("a comma has nothing before or behind it")
    return part
