"""Plain text in the encodings people use, and JSON.

A byte order mark decides, then whether the bytes are UTF-8 or, by where their zeros stand, UTF-16. What is none of
these and is mostly ASCII is read as Windows-1252, the superset of Latin-1 that wrote such files in western Europe;
what is mostly other bytes could be any alphabet and is not guessed at.
"""

import codecs
import json

from archive.extraction.gathered import Gathered, Unreadable
from archive.extraction.outcomes import Reason

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(code for code in range(32) if code not in (8, 9, 10, 12, 13, 26, 27))
_HIGH = bytes(range(128, 256))
MOST_CONTROL = 0.01
MOST_HIGH = 0.3


def read(data: bytes, into: Gathered) -> None:
    """The text as it stands; CSV and notes in Markdown are no different."""
    into.write(decode(data))


def read_json(data: bytes, into: Gathered) -> None:
    """Keys and values, a line each, so that escaped letters can be found; what is no JSON is text."""
    text = decode(data)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        into.write(text)
        return
    lines: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key, inner in reversed(one.items()):
                waiting += (
                    [inner, f"{key}:"] if isinstance(inner, dict | list) else [f"{key}: {_shown(inner)}"]
                )
        elif isinstance(one, list):
            waiting += reversed(one)
        else:
            lines.append(_shown(one))
    into.write("\n".join(lines))


def peek(data: bytes) -> str:
    """The beginning, decoded well enough to tell what kind of text it is."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[: 1 << 13].decode(encoding, "replace")
    half = _half_zeros(data)
    return data[: 1 << 13].decode("latin-1" if half is None else half, "replace")


def decode(data: bytes, *, declared: str = "") -> str:
    """The text of the bytes; `declared` is tried first when nothing marks them. Raises Unreadable."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _whole(
                data[len(mark) :], encoding, width=4 if "32" in encoding else 2 if "16" in encoding else 1
            )
    half = _half_zeros(data)
    if half is not None:
        return _whole(data, half, width=2)
    control = len(data) - len(data.translate(None, _CONTROL))
    if control > MOST_CONTROL * len(data):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    for encoding in (declared, "utf-8"):
        if encoding and is_known(encoding):
            try:
                return _utf_8(data) if encoding == "utf-8" else data.decode(encoding)
            except (UnicodeDecodeError, ValueError):
                continue
    if control > 0:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    high = len(data) - len(data.translate(None, _HIGH))
    if high > MOST_HIGH * len(data):
        raise Unreadable(Reason.UNKNOWN_ENCODING)
    return data.decode("cp1252", "replace")


def _utf_8(data: bytes) -> str:
    """UTF-8; a character cut in two at the very end, where reading stopped, is left out."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(data):
            return data[: error.start].decode()
        raise


def _whole(data: bytes, encoding: str, *, width: int) -> str:
    try:
        return (
            _utf_8(data)
            if width == 1
            else data[: len(data) // width * width].decode(encoding, "surrogatepass")
        )
    except UnicodeDecodeError as error:
        raise Unreadable(Reason.BROKEN) from error


def _half_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark: in western text every other byte is zero, and on one side only."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 4 or min(even, odd) > 0.02 * len(head) or max(even, odd) < 0.2 * len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def is_known(encoding: str) -> bool:
    """Whether an encoding is one of text that this Python knows."""
    try:
        return bool(codecs.lookup(encoding)._is_text_encoding)  # no hex, no zip
    except (LookupError, ValueError):
        return False


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
