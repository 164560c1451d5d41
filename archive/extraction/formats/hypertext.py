"""HTML: what a reader sees, the title, and what stands in for pictures. Scripts, styles and comments are left out."""

import re
from html.parser import HTMLParser

from archive.extraction.formats import plain
from archive.extraction.gathered import Gathered

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "template"})
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
     "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr")
)  # fmt: skip
_SPOKEN = ("alt", "title", "aria-label", "placeholder")


def read(data: bytes, into: Gathered) -> None:
    """The text of a page."""
    found = _CHARSET.search(data[:4096])
    write(plain.decode(data, declared="" if found is None else found[1].decode("ascii")), into)


def write(text: str, into: Gathered) -> None:
    """The text of a page that is already decoded."""
    page = _Page()
    page.feed(text)
    page.close()
    into.write("".join(page.pieces).strip())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            return
        if tag in _UNSEEN:
            self._unseen = tag
            return
        self._apart(tag)
        self.pieces += [f" {value} " for name, value in attrs if name in _SPOKEN and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)

    def _apart(self, tag: str) -> None:
        """What stands in blocks of their own is not one word."""
        if tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag not in _INLINE and (not self.pieces or not self.pieces[-1].endswith("\n")):
            self.pieces.append("\n")
