"""Word, Excel and PowerPoint files (ECMA-376): zips of XML, read part by part as they unpack.

Deleted text that is still in the file, comments, notes, headers, hidden sheets and what is embedded are read too: they
are in the evidence, whether a program shows them or not.
"""

import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from archive.extraction.formats import markup, zips
from archive.extraction.gathered import Gathered, Unreadable
from archive.extraction.outcomes import Reason

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLE_LOOK_BYTES = 1 << 20
_DOCUMENT = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_SLIDES = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide|comments/[A-Za-z]*omment)[^/]*\.xml")
_SHEETS = re.compile(r"xl/(worksheets/sheet|comments|threadedComments/)[^/]*\.xml")
_PROPERTIES = re.compile(r"docProps/(core|custom)\.xml")
_EMBEDDED = re.compile(r"(word|xl|ppt)/embeddings/[^/]+")
_NUMBER = re.compile(r"(\d+)")
_APART = {"p": "\n", "tab": "\t", "br": "\n", "cr": "\n", "tc": "\t", "tr": "\n"}


def refuse_old(stream: BinaryIO) -> None:
    """An OLE container: a protected new document, or one of the old formats, which are not read."""
    is_encrypted = _ENCRYPTED_PACKAGE in stream.read(_OLE_LOOK_BYTES)
    raise Unreadable(Reason.ENCRYPTED if is_encrypted else Reason.UNSUPPORTED)


def read_document(stream: BinaryIO, into: Gathered) -> None:
    """A Word document."""
    _read(stream, into, parts=_DOCUMENT)


def read_slides(stream: BinaryIO, into: Gathered) -> None:
    """A PowerPoint presentation, slide by slide, and its notes."""
    _read(stream, into, parts=_SLIDES)


def read_workbook(stream: BinaryIO, into: Gathered) -> None:
    """An Excel workbook: cells as they are stored, a row a line; names of sheets; comments."""
    with zips.opened(stream) as archive:
        names = archive.namelist()
        _write_sheet_names(archive, into)
        shared = _shared_strings(archive, into) if "xl/sharedStrings.xml" in names else []
        for name in _ordered(names, _SHEETS):
            with zips.part(archive, name, into) as part:
                sheet = _Sheet(shared, into)
                markup.walk(markup.chunks(part, into), start=sheet.start, end=sheet.end, said=sheet.said)
                sheet.flush()
        _read_rest(archive, into)


def _read(stream: BinaryIO, into: Gathered, *, parts: re.Pattern[str]) -> None:
    with zips.opened(stream) as archive:
        for name in _ordered(archive.namelist(), parts):
            _write_text(archive, name, into)
        _read_rest(archive, into)


def _read_rest(archive: zipfile.ZipFile, into: Gathered) -> None:
    """Title, author and the like; then every embedded file as an entry of its own."""
    names = archive.namelist()
    for name in _ordered(names, _PROPERTIES):
        with zips.part(archive, name, into) as part:
            pieces: list[str] = []
            markup.walk(markup.chunks(part, into), start=_pass, end=_pass, said=pieces.append)
            into.write("\n".join(pieces))
    for name in _ordered(names, _EMBEDDED):
        into.inside(name.rpartition("/")[2], zips.entry(archive, name, into))


def _write_text(archive: zipfile.ZipFile, name: str, into: Gathered) -> None:
    with zips.part(archive, name, into) as part:
        text = _Text(into)
        markup.walk(markup.chunks(part, into), start=text.start, end=text.end, said=text.said)
        text.flush()


class _Text:
    """Runs of text and what stands between them, the same in documents and slides."""

    def __init__(self, into: Gathered) -> None:
        self._into = into
        self._pieces: list[str] = []
        self._inside = False
        self._fallbacks = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "Fallback":
            self._fallbacks += 1  # the same text again, for programs that know less
        elif name in ("t", "delText", "text"):
            self._inside = True
        elif name in ("tab", "br", "cr"):
            self._put(_APART[name])

    def end(self, name: str) -> None:
        if name == "Fallback":
            self._fallbacks -= 1
        elif name in ("t", "delText", "text"):
            self._inside = False
        elif name in ("p", "tc", "tr"):
            self._put(_APART[name])
        if len(self._pieces) > 10_000:
            self.flush()

    def said(self, text: str) -> None:
        if self._inside:
            self._put(text)

    def flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._into.write(text if text.strip() else "")

    def _put(self, text: str) -> None:
        if self._fallbacks == 0:
            self._pieces.append(text)


class _Sheet:
    """Cells of a sheet, and texts of its comments."""

    def __init__(self, shared: list[str], into: Gathered) -> None:
        self._shared, self._into = shared, into
        self._pieces: list[str] = []
        self._kind = ""
        self._value: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._kind = attributes.get("t", "")
        elif name in ("v", "t", "text"):
            self._value = []

    def end(self, name: str) -> None:
        if name in ("v", "t", "text") and self._value is not None:
            value = "".join(self._value)
            self._value = None
            if name == "v" and self._kind == "s":
                number = int(value) if value.strip().isdigit() else -1
                value = self._shared[number] if 0 <= number < len(self._shared) else ""
            self._pieces.append(value)
        elif name in ("c", "row", "comment", "is"):
            self._pieces.append("\t" if name == "c" else "\n")
        if len(self._pieces) > 10_000:
            self.flush()

    def said(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._into.write(text if text.strip() else "")


def _shared_strings(archive: zipfile.ZipFile, into: Gathered) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    inside = [False, False]  # in a text; in a reading aid, which says the same again

    def start(name: str, _: dict[str, str]) -> None:
        inside[0] = inside[0] or name == "t"
        inside[1] = inside[1] or name == "rPh"

    def end(name: str) -> None:
        if name == "t":
            inside[0] = False
        elif name == "rPh":
            inside[1] = False
        elif name == "si":
            found.append("".join(pieces))
            pieces.clear()

    def said(text: str) -> None:
        if inside == [True, False]:
            pieces.append(text)

    with zips.part(archive, "xl/sharedStrings.xml", into) as part:
        markup.walk(markup.chunks(part, into), start=start, end=end, said=said)
    return found


def _write_sheet_names(archive: zipfile.ZipFile, into: Gathered) -> None:
    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            into.write(attributes.get("name", "") + "\n")

    with zips.part(archive, "xl/workbook.xml", into) as part:
        markup.walk(markup.chunks(part, into), start=start, end=_pass, said=_pass)


def _pass(*_: object) -> None:
    """Nothing to do."""


def _ordered(names: Iterable[str], wanted: re.Pattern[str]) -> list[str]:
    """The parts wanted, with slide 10 after slide 9."""
    found = [name for name in names if wanted.fullmatch(name)]
    return sorted(
        dict.fromkeys(found), key=lambda name: [int(p) if p.isdigit() else p for p in _NUMBER.split(name)]
    )
