"""Reading one file, whatever it is: tell its kind, hand it to its format, and gather what is inside.

Used by the child for every file, and by the formats for every entry of a file. A parser that fails in a way of its
own has met a file that is broken; running out of memory is a reason of its own.
"""

from collections.abc import Callable
from typing import BinaryIO

from archive.extraction import detection, outcomes
from archive.extraction.formats import (
    calendars,
    hypertext,
    mail,
    markup,
    office,
    opendocument,
    pdf,
    plain,
    rtf,
    zips,
)
from archive.extraction.gathered import Exhausted, Gathered, Unreadable
from archive.extraction.limits import Limits
from archive.extraction.outcomes import Reason

_BINARY: dict[str, Callable[[BinaryIO, Gathered], None]] = {
    "pdf": pdf.read,
    "docx": office.read_document,
    "xlsx": office.read_workbook,
    "pptx": office.read_slides,
    "odt": opendocument.read,
    "ods": opendocument.read,
    "odp": opendocument.read,
    "zip": zips.read,
}
_TEXT: dict[str, Callable[[bytes, Gathered], None]] = {
    "html": hypertext.read,
    "xml": markup.read,
    "json": plain.read_json,
    "mail": mail.read,
    "calendar": calendars.read,
    "rtf": rtf.read,
}
_WHOLE_ONLY = ("json", "xml", "mail")  # the beginning of one is none


def read(stream: BinaryIO, into: Gathered) -> None:
    """Read what is in `stream`, a file or an entry of one. Raises Unreadable."""
    head = stream.read(detection.HEAD_BYTES)
    stream.seek(0)
    kind = detection.kind_of(head)
    into.is_a(kind)
    if kind in detection.WITHOUT_TEXT or kind == "nothing":
        return
    if kind in detection.UNSUPPORTED:
        raise Unreadable(Reason.UNSUPPORTED)
    try:
        _read(stream, into, kind=kind)
    except Unreadable as error:
        if error.reason is Reason.UNKNOWN_FORMAT:
            into.is_a("unknown")
        raise
    except MemoryError as error:
        raise Unreadable(Reason.MEMORY) from error
    except Exception as error:  # whatever a stranger's file does to a parser, it is broken; that is recorded
        raise Unreadable(Reason.BROKEN) from error


def whole(stream: BinaryIO, *, limits: Limits) -> dict[str, object]:
    """All that is to be said of one file, as the child answers it."""
    into = Gathered(limits, read)
    try:
        read(stream, into)
    except Unreadable as error:
        if not getattr(error, "is_noted", False):
            into.note(error.reason)
    reasons = [problem.reason for problem in into.problems]
    outcome = outcomes.of(has_text=into.has_text, reasons=reasons)
    return {
        "kind": into.kind,
        "outcome": outcome.value,
        "reason": reasons[0].value if len(reasons) > 0 else "",
        "problems": [[problem.name, problem.reason.value] for problem in into.problems],
        "parts": [[part.name, storable("".join(part.pieces))] for part in into.parts],
    }


def storable(text: str) -> str:
    """Text without lone surrogates and NUL, which UTF-8 and Postgres do not keep."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _read(stream: BinaryIO, into: Gathered, *, kind: str) -> None:
    if kind == "ole":
        office.refuse_old(stream)
    if kind == "zip":
        kind = zips.kind_of(stream)
        into.is_a(kind)
    if kind in _BINARY:
        _BINARY[kind](stream, into)
        return
    most = 4 * into.limits.characters
    data = stream.read(most + 1)
    is_cut = len(data) > most
    if kind == "unknown":
        kind = detection.kind_of_text(plain.peek(data))
    if is_cut and kind in _WHOLE_ONLY:
        kind = "text"
    into.is_a(kind if kind in _TEXT else "text")
    _TEXT.get(kind, plain.read)(data[:most], into)
    if is_cut:
        raise Exhausted(Reason.TOO_LARGE)
