"""How fast the days of an export become the documents of each format, and how much memory a large file takes on its way.

The writers alone, on one core, from days that are in memory already and into nothing: reading them from the database and
laying the package are not in these figures. The ceiling is JSON of the same words and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import process_time
from typing import BinaryIO, cast

from archive.packages import formats
from archive.packages.content import (
    Conversation,
    Day,
    File,
    Format,
    Message,
    Person,
    Reaction,
    Request,
    Version,
)
from benchmarks import _texts

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
A_DAY = 10_000
FILM_BYTES = 500_000_000


def run(*, messages: int = 100_000) -> dict[str, float]:
    """Megabytes of a large file, then messages a second of each format on one core."""
    figures: dict[str, float] = {}
    film = File(1, "f", "film.mp4", FILM_BYTES, "video/mp4", bytes(32), "data/files/00/film.mp4")
    before = _peak_mb()  # before anything else has taken more than a file does
    for one in (Format.RSMF, Format.EML):
        carried = _day(["look"], 0, files=(film,))
        figures[f"{one.value} with a file of 500 MB, MB/s"] = FILM_BYTES / 1e6 / _taken(one, [carried])
    figures["memory such a file takes, MB"] = _peak_mb() - before
    texts = list(_texts.texts(min(messages, A_DAY)))
    days = [_day(texts, number) for number in range(max(1, messages // A_DAY))]
    count = sum(len(day.messages) for day in days)
    begun = process_time()
    for day in days:
        json.dumps([(one.zoom_id, one.sent_at.isoformat(), one.versions[-1].text) for one in day.messages])
    figures["bare JSON of the words, messages/s"] = count / (process_time() - begun)
    for form in formats.WRITERS:
        figures[f"{form.value}, messages/s"] = count / _taken(form, days)
    return figures


def _taken(one: Format, days: list[Day]) -> float:
    request = Request(1, "bench", frozenset({one}), size=1, made_at=NOON)
    begun = process_time()
    writer, sink = formats.WRITERS[one](request), _Nowhere()
    for day in days:
        writer.day(day, sink)
    writer.end(sink)
    return process_time() - begun


def _day(texts: list[str], number: int, *, files: tuple[File, ...] = ()) -> Day:
    """A conversation of thirty: one message in twenty edited, in ten reacted to, in four a reply."""
    people = tuple(Person(n, f"Person {n}", f"person{n}@acme.example") for n in range(30))
    said = tuple(_message(n, text, people[n % 30], files) for n, text in enumerate(texts))
    place = Conversation(number, f"session{number}", "Group", f"Channel {number}", f"channel{number}", "acme")
    return Day(place, NOON.date(), 1, 1, people, said)


def _message(number: int, text: str, by: Person, files: tuple[File, ...]) -> Message:
    at = NOON + timedelta(seconds=2 * number)
    kinds = ("sent", "edited") if number % 20 == 0 else ("sent",)
    versions = tuple(_version(number, kind, f"{text}{'.' * place}", at) for place, kind in enumerate(kinds))
    reply = f"message {number - 3}" if number % 4 == 0 else ""
    reactions = (Reaction("👍", 2, ("Person 3", "Person 4")),) if number % 10 == 0 else ()
    return Message(
        number, f"message {number}", at, False, by, by.display_name, reply, versions, reactions, files
    )


def _version(number: int, kind: str, text: str, at: datetime) -> Version:
    written = at if kind == "sent" else at + timedelta(minutes=1)
    raw = json.dumps({"id": number, "message": text}).encode()
    return Version(number, kind, written, True, text, "", raw, sha256(raw).digest()[:16], 1, at, number, at)


class _Nowhere:
    """A sink that forgets what is written, and gives files of nothing but zeros."""

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:  # noqa: ARG002  # what is forgotten needs no name
        yield cast(BinaryIO, _Forgetful())

    @contextmanager
    def native(self, file: File) -> Iterator[BinaryIO]:
        yield cast(BinaryIO, _Zeros(file.size_bytes or 0))


class _Forgetful(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return len(cast(bytes, data))


class _Zeros:
    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int) -> bytes:
        given = min(size, self._left)
        self._left -= given
        return bytes(given)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
