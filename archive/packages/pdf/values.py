"""Text of strangers as values of a document: inert, breakable, and with the direction it is read in.

Characters that turn the writing or act are written as their code points, and so are those that mean nothing without a
private agreement or have no meaning at all: no font can show them. A run that has no place to break gets some, of no width,
so that nothing runs off the paper.
"""

import re
import unicodedata
from datetime import datetime
from typing import Any

from archive import inert

BREAK = "\u200b"
_RUN = re.compile(r"[^\s\u200b]{40}(?=[^\s\u200b])")
_NAMELESS = frozenset(("Co", "Cn", "Cs"))
_RTL = frozenset(("R", "AL"))
_STRONG = frozenset(("L", "R", "AL"))

Value = dict[str, Any]


def shown(text: str) -> str:
    """The text as it is printed."""
    plain = inert.plain(text)
    if not plain.isascii():
        plain = "".join(
            f"[U+{ord(char):04X}]" if unicodedata.category(char) in _NAMELESS else char for char in plain
        )
    return _RUN.sub(_broken, plain)


def line(text: str) -> Value:
    """A text with its direction: that of its first letter that has one."""
    printed = shown(text)
    return {"text": printed, "rtl": is_rtl(printed)}


def row(name: str, value: str, *, mono: bool = False) -> Value:
    """A row of a table in a certificate."""
    return {"name": line(name), "value": line(value), "mono": mono}


def is_rtl(text: str) -> bool:
    """Whether a text is read from the right."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), "L")
    return strong in _RTL


def day(at: datetime) -> dict[str, int]:
    """The moment of a document, as typst takes one; in UTC."""
    return {
        "year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": at.second,
    }  # fmt: skip


def _broken(found: re.Match[str]) -> str:
    """A place to break after forty characters, but not before one that belongs to the last."""
    return found[0] + BREAK
