"""EML: a mail for each conversation and day, as archives of mail (Smarsh, Global Relay) take chat.

From whoever spoke first to everybody there, so that a supervisor finds it under each person; dated by the last thing said,
so that a period of keeping that counts from the date is never too short; the day as text and as HTML, and the files
attached. People without an address that mail can carry get one under `no-address.invalid`, a domain that can never exist.

`Message-ID` follows from the conversation and the day alone: an archive that is given two exports of the same day sees the
same mail.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO
from zoneinfo import ZoneInfo

from archive.packages import eml_page, enclosures, mail, names, plain, stories, telling
from archive.packages.content import Day, Request, Sink
from archive.packages.enclosures import Enclosure


class Writer:
    """One mail for each day or part of one. Files beyond `most_bytes` are replaced by a text that says where they are."""

    def __init__(self, request: Request, *, most_bytes: int = enclosures.MOST_BYTES) -> None:
        self._zone = UTC if request.zone == "UTC" else ZoneInfo(request.zone)
        self._most_bytes = most_bytes

    def day(self, day: Day, into: Sink) -> None:
        enclosed = enclosures.of(day, into=into, most_bytes=self._most_bytes)
        message_id = _message_id(day)
        outer, inner = mail.boundary("eml", message_id), mail.boundary("eml", "words", message_id)
        with into.file(f"data/eml/{names.folder(day.conversation)}/{names.of_day(day)}.eml") as file:
            for header in _headers(day, message_id):
                file.write(header)
            file.write(
                f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="{outer}"\r\n'.encode()
            )
            file.write(f"\r\n--{outer}\r\n".encode())
            self._write_words(day, inner, file)
            for enclosure in enclosed.values():
                file.write(f"\r\n--{outer}\r\n".encode() + _head(enclosure))
                mail.encoded(enclosures.pieces(enclosure, into=into), into=file)
            file.write(f"\r\n--{outer}--\r\n".encode())

    def end(self, into: Sink) -> None:
        """Nothing is left to be written."""

    def _write_words(self, day: Day, border: str, file: BinaryIO) -> None:
        file.write(f'Content-Type: multipart/alternative;\r\n boundary="{border}"\r\n'.encode())
        for kind, texts in (
            ("text/plain", plain.transcript(day, zone=self._zone)),
            ("text/html", eml_page.page(day, zone=self._zone)),
        ):
            file.write(f"\r\n--{border}\r\n".encode() + mail.part(kind))
            mail.encoded(mail.in_pieces(texts), into=file)
        file.write(f"\r\n--{border}--\r\n".encode())


def _message_id(day: Day) -> str:
    return f"{stories.collection(day)}.{day.day.isoformat()}.{day.part}-{day.parts}@holdfast.invalid"


def _headers(day: Day, message_id: str) -> Iterator[bytes]:
    first = stories.first_speaker(day) or stories.NOBODY
    known = day.conversation
    missing = sum(file.sha256 is None for message in day.messages for file in message.files)
    yield mail.addresses("From", [first])
    yield mail.addresses("To", stories.people(day))
    yield mail.header("Subject", f"Zoom Team Chat: {telling.title(day)}, {names.of_day(day)}")
    yield mail.dated(stories.ends_at(day))
    yield f"Message-ID: <{message_id}>\r\n".encode()
    yield mail.header("Auto-Submitted", "auto-generated")
    for name, value in (
        ("Account", known.account),
        ("Session-ID", known.zoom_id),
        ("Session-Type", known.type),
        ("Channel-ID", known.channel_id),
        ("Conversation", telling.title(day)),
        ("Day", day.day.isoformat()),
        ("Part", f"{day.part} of {day.parts}"),
        ("Messages", str(len(day.messages))),
        ("Missing-Files", str(missing)),
        ("Complete", telling.completeness(day)),
    ):
        if mail.on_one_line(value) != "":
            yield mail.header(f"X-Holdfast-{name}", value)


def _head(enclosure: Enclosure) -> bytes:
    file = enclosure.file
    kind = file.media_type if enclosure.words is None else "text/plain"
    about = [("X-Holdfast-Attachment", str(file.attachment_id)), ("X-Holdfast-Size", str(enclosure.size))]
    if file.sha256 is not None:
        about.append(("X-Holdfast-SHA256", file.sha256.hex()))
    return mail.part(kind, name=enclosure.shown, headers=about)
