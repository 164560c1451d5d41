"""RSMF 2.0: a file for each conversation and day, as Relativity and the review tools around it take short messages.

A file is a mail (RFC 5322) with headers that begin with `X-RSMF-`, the day as plain text, and one attachment, `rsmf.zip`,
with the manifest and every file it names, flat. Of the headers those that a reader hashes to find duplicates (From, To,
Subject, Date) follow from the conversation and the day alone, never from the export or from whoever is its custodian, so
that the same day in two exports is found to be the same. All times are UTC.
"""

import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from archive.packages import enclosures, mail, names, plain, rsmf_manifest, slices, stories, telling, volumes
from archive.packages.content import MOST_EVENTS, Day, Request, Sink
from archive.packages.enclosures import Enclosure
from archive.packages.rsmf_manifest import Manifest
from archive.packages.sinks import Entry

GENERATOR = "Holdfast"
_LONGEST_VALUE = 250
_NAME = "rsmf.zip"
_MANIFEST = "rsmf_manifest.json"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Writer:
    """One file for each day, or for each part of a long one; a part that is too large for one file makes several."""

    def __init__(
        self, _request: Request, *, most_events: int = MOST_EVENTS, most_bytes: int = enclosures.MOST_BYTES
    ) -> None:
        self._most_events = most_events
        self._most_bytes = most_bytes

    def day(self, day: Day, into: Sink) -> None:
        most = slices.Most(events=rsmf_manifest.room(day, self._most_events))
        place = f"data/rsmf/{names.folder(day.conversation)}/{names.of_day(day)}"
        for number, each in enumerate(slices.of(day, most=most)):
            self._write(each, f"{place}{_continued(number)}.rsmf", into)

    def end(self, into: Sink) -> None:
        """Nothing is left to be written."""

    def _write(self, day: Day, path: str, into: Sink) -> None:
        enclosed = enclosures.of(day, into=into, most_bytes=self._most_bytes)
        manifest = rsmf_manifest.of(day, enclosed=enclosed)
        border = mail.boundary("rsmf", stories.collection(day), path)
        line = f"\r\n--{border}\r\n".encode()
        with into.file(path) as file:
            for header in _headers(day, manifest):
                file.write(header)
            file.write(
                f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="{border}"\r\n'.encode()
            )
            file.write(line + mail.part("text/plain"))
            mail.encoded(mail.in_pieces(plain.transcript(day)), into=file)
            file.write(line + mail.part("application/zip", name=_NAME))
            _write_zip(manifest, enclosed, file, into)
            file.write(f"\r\n--{border}--\r\n".encode())


def _continued(number: int) -> str:
    """Of the second slice and those after it: `-b`, `-c`, … `-z`, `-zb`."""
    if number == 0:
        return ""
    rounds, letter = divmod(number - 1, len(_LETTERS) - 1)
    return "-" + "z" * rounds + _LETTERS[letter + 1]


def _headers(day: Day, manifest: Manifest) -> Iterator[bytes]:
    first = stories.first_speaker(day)
    yield mail.addresses("From", [first] if first is not None else [stories.NOBODY])
    yield mail.addresses("To", manifest.people)
    yield mail.header("Subject", f"{telling.title(day)}, {names.of_day(day)}")
    yield mail.dated(stories.begins_at(day))
    people = ", ".join(telling.named(person).replace(",", " ") for person in manifest.people)
    known = day.conversation
    for name, value in (
        ("Version", rsmf_manifest.VERSION),
        ("Generator", GENERATOR),
        ("BeginDate", manifest.begins_at),
        ("EndDate", manifest.ends_at),
        ("EventCount", str(len(manifest.events))),
        ("AttachmentCount", str(manifest.attachments)),
        ("Application", "Zoom Team Chat"),
        ("Participants", people),
        ("EventCollectionID", stories.collection(day)),
        ("SessionID", _short(known.zoom_id)),
        ("SessionType", _short(known.type)),
        ("ChannelID", _short(known.channel_id)),
        ("Account", _short(known.account)),
        ("DayIsComplete", _short(telling.completeness(day))),
    ):
        if value != "":
            yield mail.header(f"X-RSMF-{name}", value)


def _short(value: str) -> str:
    shown = mail.on_one_line(value)
    return shown if len(shown) <= _LONGEST_VALUE else shown[: _LONGEST_VALUE - 1] + "…"


def _write_zip(manifest: Manifest, enclosed: dict[int, Enclosure], file: BinaryIO, into: Sink) -> None:
    lines = mail.Base64(file.write)
    packed = volumes.Zip(lines)
    written = json.dumps(manifest.body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    packed.add(_member(_MANIFEST, size=len(written), crc=zlib.crc32(written)), [written])
    for enclosure in enclosed.values():
        pieces = enclosures.pieces(enclosure, into=into)
        packed.add(_member(enclosure.stored_as, size=enclosure.size, crc=enclosure.crc), pieces)
    packed.close()
    lines.end()


def _member(name: str, *, size: int, crc: int) -> Entry:
    return Entry(name, size, b"", crc)
