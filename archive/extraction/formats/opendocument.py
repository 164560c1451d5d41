"""OpenDocument texts, sheets and presentations (ISO 26300): everything between the tags of their content."""

from typing import BinaryIO

from archive.extraction.formats import markup, zips
from archive.extraction.gathered import Gathered, Unreadable
from archive.extraction.outcomes import Reason

_PARTS = ("content.xml", "styles.xml", "meta.xml")
_APART = {
    "p": "\n",
    "h": "\n",
    "table-cell": "\t",
    "table-row": "\n",
    "line-break": "\n",
    "tab": "\t",
    "s": " ",
}
_TEXTS = frozenset({"p", "h"})
_PROPERTIES = frozenset(
    {"title", "subject", "description", "keyword", "creator", "initial-creator", "user-defined"}
)


def read(stream: BinaryIO, into: Gathered) -> None:
    """The text, then headers and footers, then title and author."""
    with zips.opened(stream) as archive:
        names = set(archive.namelist())
        if "META-INF/manifest.xml" in names:
            with zips.part(archive, "META-INF/manifest.xml", into) as part:
                markup.walk(markup.chunks(part, into), start=_check, end=_pass, said=_pass)
        for name in _PARTS:
            if name in names:
                with zips.part(archive, name, into) as part:
                    text = _Text(_PROPERTIES if name == "meta.xml" else _TEXTS, into)
                    markup.walk(markup.chunks(part, into), start=text.start, end=text.end, said=text.said)
                    text.flush()


class _Text:
    def __init__(self, wanted: frozenset[str], into: Gathered) -> None:
        self._wanted, self._into = wanted, into
        self._pieces: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += name in self._wanted
        if name in ("line-break", "tab", "s"):
            self._pieces.append(_APART[name])
        elif name == "table" and attributes.get("name"):
            self._pieces.append(attributes["name"] + "\n")

    def end(self, name: str) -> None:
        if name in self._wanted:
            self._depth -= 1
            self._pieces.append(_APART.get(name, "\n"))
        elif name in ("table-cell", "table-row"):
            self._pieces.append(_APART[name])
        if len(self._pieces) > 10_000:
            self.flush()

    def said(self, text: str) -> None:
        if self._depth > 0:
            self._pieces.append(text)

    def flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._into.write(text if text.strip() else "")


def _check(name: str, _: dict[str, str]) -> None:
    if name == "encryption-data":
        raise Unreadable(Reason.ENCRYPTED)


def _pass(*_: object) -> None:
    """Nothing to do."""
