"""Invitations and address cards (RFC 5545, RFC 6350): folded lines joined, escapes undone, and all of it kept."""

import re

from archive.extraction.formats import plain
from archive.extraction.gathered import Gathered

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\([nN;,\\])")


def read(data: bytes, into: Gathered) -> None:
    """The lines, as whoever wrote them meant them."""
    text = _FOLD.sub("", plain.decode(data))
    into.write(_ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).replace("\r\n", "\n"))
