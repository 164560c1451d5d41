"""PDF/A-2b transcripts: a document for each conversation and month, at most 2,000 messages each, to print and to file.

Set by typst in a process of its own (`typesetter`), from values: no text of a stranger is ever markup. Each page says which
of how many it is and has the digest of the records printed in its document; every message names its leaves. Characters no
font on this machine has are printed as their code points, said so on the first page, and listed in
`data/pdf/missing-characters.csv`, which is there even when it says none.

Promises: the same days give the same bytes where the fonts are the same; no more than one document's messages in memory.
"""

import csv
import hashlib
import io
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from archive.packages import names, stories, telling
from archive.packages.content import Day, Message, Request, Sink, Step
from archive.packages.html import words
from archive.packages.pdf import items, values
from archive.packages.pdf.typesetter import CannotSet, Typesetter
from archive.packages.pdf.values import Value

__all__ = ["CannotSet", "Writer"]

FOLDER = "data/pdf"
MOST_MESSAGES = 2_000
MOST_CHARACTERS = 1_000_000
_LISTED = 2_000
"""Documents in the certificate; of more it names these, and the manifest has all."""


class Writer:
    """Writes the transcripts of one package."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._zone = UTC if request.zone == "UTC" else ZoneInfo(request.zone)
        self._typesetter = Typesetter()
        self._open: _Document | None = None
        self._missing: list[tuple[str, str]] = []
        self._documents: list[tuple[str, str]] = []
        self._messages = self._open_days = 0

    def day(self, day: Day, into: Sink) -> None:
        """The next day, or part of one."""
        for start in range(0, max(1, len(day.messages)), MOST_MESSAGES):
            some = day.messages[start : start + MOST_MESSAGES]
            document = self._document_for(day, some, into)
            steps = stories.steps_among(day, start, some)
            if day.part == 1 and start == 0 and day.state != "complete":
                document.tear(day)
                self._open_days += 1
            document.add(day, some, steps, zone=self._zone)

    def end(self, into: Sink) -> None:
        """The last document, the certificate, and the list of characters without a font."""
        self._finish(into)
        with into.file(f"{FOLDER}/certificate.pdf") as file:
            file.write(self._certificate())
        self._typesetter.close()
        out = io.StringIO(newline="")
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow(("document", "characters"))
        rows.writerows(self._missing or [("none", "")])
        with into.file(f"{FOLDER}/missing-characters.csv") as file:
            file.write(out.getvalue().encode())

    def _certificate(self) -> bytes:
        """What was printed, and each document's digest; of the package as a whole see `pdf.certificates`."""
        asked = self._request
        printed = [
            ("Documents", f"{len(self._documents):,}"),
            ("Messages", f"{self._messages:,}"),
            ("Log", f"{asked.size:,} leaves at {asked.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            ("Days not proven complete", f"{self._open_days:,}"),
            ("Documents with characters no font has", f"{len(self._missing):,}"),
        ]
        more = f", the first {_LISTED:,}" if len(self._documents) > _LISTED else ""
        data = {
            "title": f"Certificate of the transcripts of export {asked.export_id}",
            "date": values.day(asked.made_at.astimezone(UTC)),
            "lines": [values.line(asked.title)],
            "sections": [
                {"heading": "What was printed", "rows": [values.row(*pair) for pair in printed]},
                {
                    "heading": f"SHA-256 of each document{more}",
                    "rows": [values.row(*pair, mono=True) for pair in self._documents[:_LISTED]],
                },
            ],
            "notes": [
                values.line(
                    "These are copies for reading. What is missing, and why, is in data/about/exceptions.csv; the evidence "
                    "is in data/records, and python3 verify.py in the package’s folder checks it and every file here."
                )
            ],
            "foot": f"Export {asked.export_id}",
            "digest": "documents "
            + hashlib.sha256("".join(one for _, one in self._documents).encode()).hexdigest(),
            "missing": [],
        }
        return self._typesetter.set(
            "certificate.typ", data, at=asked.made_at, name=f"{FOLDER}/certificate.pdf"
        ).pdf

    def _document_for(self, day: Day, some: tuple[Message, ...], into: Sink) -> "_Document":
        before = self._open
        if before is not None and before.takes(day, some):
            return before
        self._finish(into)
        part = 1
        if before is not None and before.key == _key(day):
            part = before.part + 1
        self._open = _Document(day, part)
        return self._open

    def _finish(self, into: Sink) -> None:
        document = self._open
        if document is None:
            return
        name = document.path
        done = self._typesetter.set(
            "transcript.typ", document.data(self._request), at=self._request.made_at, name=name
        )
        with into.file(name) as file:
            file.write(done.pdf)
        self._documents.append((name, hashlib.sha256(done.pdf).hexdigest()))
        self._messages += document.count
        if len(done.missing) > 0:
            self._missing.append((name, " ".join(done.missing)))


class _Document:
    """What will stand in one document."""

    def __init__(self, day: Day, part: int) -> None:
        self.key = _key(day)
        self.part = part
        self._conversation = day.conversation
        self._title = telling.title(day)
        self._first = self._last = day.day
        self._items: list[Value] = []
        self._today: date | None = None
        self.count = self._characters = 0
        self._records: list[tuple[int, bytes]] = []

    @property
    def path(self) -> str:
        part = f"-part-{self.part}" if self.part > 1 else ""
        return f"{FOLDER}/{names.folder(self._conversation)}/{self._first:%Y-%m}{part}.pdf"

    def takes(self, day: Day, some: tuple[Message, ...]) -> bool:
        """Whether so many more messages may stand in it."""
        fits = self.count + len(some) <= MOST_MESSAGES and self._characters + _length(some) <= MOST_CHARACTERS
        return self.key == _key(day) and fits

    def tear(self, day: Day) -> None:
        """Say that a day is not proven complete."""
        self._items.append(items.tear(day))
        self._today = None

    def add(self, day: Day, some: tuple[Message, ...], steps: list[Step], *, zone: Any) -> None:
        """Some messages of a day."""
        found, self._today = items.of(some, steps, zone=zone, today=self._today)
        self._items += found
        self._last = day.day
        self.count += len(some)
        self._characters += _length(some)
        self._records += [
            (version.leaf, version.raw_sha256) for message in some for version in message.versions
        ]

    def data(self, request: Request) -> dict[str, Any]:
        """The values of `transcript.typ`."""
        of = self._conversation
        period = words.day(self._first)
        if self._last != self._first:
            period += f" to {words.day(self._last)}"
        digest = hashlib.sha256(b"".join(one for _, one in sorted(self._records))).hexdigest()
        lines = [
            f"{period} (days in UTC); times of {request.zone}",
            f"{of.type or 'type unknown'}, session {of.zoom_id}, account {of.account}",
            f"{words.count(self.count, 'message')} in {words.count(len(self._records), 'record')}; "
            f"{request.title}, export {request.export_id}",
            f"Made from the log as it was {request.made_at:%Y-%m-%d %H:%M:%S} UTC, with {request.size:,} leaves. "
            "A copy for reading: the evidence is in data/records of the package. The digest at the foot is the SHA-256 "
            "over the SHA-256 of each record printed here, in order of leaf.",
        ]
        return {
            "title": values.shown(f"{self._title}, {period}").replace(values.BREAK, ""),
            "date": values.day(request.made_at.astimezone(UTC)),
            "heading": values.line(self._title),
            "period": period,
            "lines": [values.line(one) for one in lines],
            "foot": f"Export {request.export_id}",
            "digest": f"records {digest}",
            "items": self._items,
            "end": "The document ends here.",
            "missing": [],
        }


def _key(day: Day) -> tuple[int, int, int]:
    return day.conversation.session_id, day.day.year, day.day.month


def _length(some: tuple[Message, ...]) -> int:
    return sum(len(version.text) for message in some for version in message.versions)
