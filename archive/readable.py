"""Text from outside made safe to store, to read and to print, without losing a character unseen.

Postgres stores neither NUL nor lone surrogates; a terminal obeys control characters. Such characters are shown
as visible signs instead: controls as their Unicode control pictures, lone surrogates as U+FFFD. Line feeds and
tabs stay, since they are part of how a message reads. Text is never cut short; `line` cuts names that have a
longest length in their column and marks the cut.

What these functions give is for eyes and for search. Evidence is the exact bytes, which lie beside it.
"""

import hashlib
import re

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TURNING = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]")
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
CUT = "\u2026"


def text(value: str) -> str:
    """`value` with unstorable and unprintable characters shown as signs; nothing is left out."""
    if _ODD.search(value) is None:
        return value
    return _ODD.sub(_sign, value)


def line(value: str | None, *, limit: int) -> str:
    """A name on one line, at most `limit` characters: a longer one ends in an ellipsis. None becomes ""."""
    if value is None:
        return ""
    shown = text(value).replace("\n", "\u240a").replace("\t", "\u2409")
    return shown if len(shown) <= limit else shown[: limit - 1] + CUT


def printed(value: str, *, limit: int = 300) -> str:
    """A stranger's words on one line of a terminal: what could turn the line or move the cursor as its code point."""
    return _TURNING.sub(lambda found: f"[U+{ord(found[0]):04X}]", line(value, limit=limit))


def size(size_bytes: int) -> str:
    """Bytes in the largest unit that leaves at least one whole."""
    amount = float(size_bytes)
    for unit in ("bytes", "KB", "MB", "GB"):
        if abs(amount) < 1000:
            return f"{size_bytes} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def identifier(value: str | None, *, limit: int = 200) -> str | None:
    """Zoom's id of something as we can store it: itself, or a name made from its hash. None when there is none.

    `long:<SHA-256>` stands for an id past `limit` characters, `unstorable:<SHA-256>` for one with characters
    that Postgres refuses. Two different ids never become the same.
    """
    if value is None or value == "":
        return None
    if len(value) <= limit and _ODD.search(value) is None:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"long:{digest}" if len(value) > limit else f"unstorable:{digest}"


def _sign(match: re.Match[str]) -> str:
    return _PICTURES.get(ord(match.group()), "\ufffd")
