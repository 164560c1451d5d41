"""Which bytes of a file somebody asks for by HTTP (RFC 9110, 13 and 14): all, from here to there, or none that exist. Pure.

One range is answered; several at once, and any unit but bytes, are answered with the whole, as the RFC allows. A range is
for the file that `If-Range` names: for another, and for a date, which says too little, the whole is given.
"""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `first` to before `end` of a file of `size` bytes."""

    first: int
    end: int
    size: int

    @property
    def length(self) -> int:
        return self.end - self.first

    @property
    def is_whole(self) -> bool:
        return self.length == self.size

    @property
    def content_range(self) -> str:
        """The value of the header Content-Range."""
        return f"bytes {self.first}-{self.end - 1}/{self.size}"


class NotSatisfiable(Exception):
    """There are no such bytes; the answer is 416."""


def asked(header: str | None, *, size: int, etag: str, if_range: str | None = None) -> Stretch | None:
    """The stretch that is asked for; None for the whole. Raises NotSatisfiable."""
    if header is None or (if_range is not None and if_range.strip() != etag):
        return None
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.group(1, 2) == ("", ""):
        return None
    first, last = found.group(1, 2)
    if first == "":
        begin, end = max(0, size - int(last)), size
        if int(last) == 0:
            raise NotSatisfiable
    else:
        begin, end = int(first), size if last == "" else min(size, int(last) + 1)
        if last != "" and int(last) < int(first):
            return None
    if begin >= size:
        raise NotSatisfiable
    return Stretch(begin, end, size)


def is_known(header: str | None, *, etag: str) -> bool:
    """Whether `If-None-Match` says that the asker has the file already."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags
