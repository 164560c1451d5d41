"""PDF, by pypdf: the text of the pages, of forms and notes, the title, and attached files.

A file that only asks for a password to be changed is opened with the empty one, as every reader does. Pages that are
pictures have no text to find: that is said, because whoever searches would believe that they were read.
"""

import io
import logging
from collections.abc import Mapping
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError, WrongPasswordError
from pypdf.generic import DictionaryObject

from archive.extraction.gathered import Exhausted, Gathered, Unreadable
from archive.extraction.outcomes import Reason

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
_PROPERTIES = ("/Title", "/Subject", "/Author", "/Keywords")


def read(stream: BinaryIO, into: Gathered) -> None:
    """All the text of a document."""
    try:
        _read(PdfReader(stream, strict=False), into)
    except (FileNotDecryptedError, WrongPasswordError, DependencyError) as error:
        raise Unreadable(Reason.ENCRYPTED) from error
    except (PyPdfError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(Reason.BROKEN) from error


def _read(document: PdfReader, into: Gathered) -> None:
    if document.is_encrypted and not document.decrypt(""):
        raise Unreadable(Reason.ENCRYPTED)
    _write_properties(document, into)
    has_words = has_pictures = False
    broken = 0
    for page in document.pages:
        try:
            text = page.extract_text()
        except (Unreadable, MemoryError, FileNotDecryptedError, DependencyError):
            raise
        except Exception:  # noqa: BLE001 -- one page of a stranger's file; the others are read and it is counted
            broken += 1
            continue
        if text.strip():
            has_words = True
            into.write(text + "\n")
        elif not has_pictures:
            has_pictures = _has_pictures(page)
        _write_notes(page, into)
    for field in (document.get_fields() or {}).values():
        value = field.get("/V")
        into.write(f"{value}\n" if isinstance(value, str) and not value.startswith("/") else "")
    for name, files in document.attachments.items():
        for data in files:
            into.spend(len(data))
            into.inside(name, io.BytesIO(data))
    if broken > 0:
        raise Unreadable(Reason.BROKEN)
    if has_pictures and not has_words:
        raise Unreadable(Reason.SCANNED)


def _write_properties(document: PdfReader, into: Gathered) -> None:
    properties: Mapping[str, object] = document.metadata or {}
    for name in _PROPERTIES:
        value = properties.get(name)
        if isinstance(value, str) and value.strip():
            into.write(value + "\n")


def _write_notes(page: DictionaryObject, into: Gathered) -> None:
    """What people wrote on a page."""
    try:
        notes = [note.get_object().get("/Contents") for note in page.get("/Annots") or []]
    except Exhausted:
        raise
    except Exception:  # noqa: BLE001 -- notes of a stranger's page; its text is already here
        return
    for note in notes:
        if isinstance(note, str):
            into.write(note + "\n")


def _has_pictures(page: DictionaryObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return False
    return any(one.get_object().get("/Subtype") == "/Image" for one in objects.get_object().values())
