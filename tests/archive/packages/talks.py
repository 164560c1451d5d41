"""Days of conversations made by hand, and a sink that keeps what is written in memory."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from archive import readable
from archive.packages.content import (
    Conversation,
    Day,
    File,
    Format,
    Message,
    Person,
    Reaction,
    Request,
    Step,
    Version,
)

TORTURE = next(
    (found for up in Path(__file__).parents if (found := up / "shared/corpus/torture.json").is_file()), None
)
INES = Person(1, "Ines", "ines@example.com")
RAVI = Person(2, "Ravi", "ravi@example.com")
OLU = Person(3, "Olu", is_external=True)
MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
GENERAL = Conversation(7, "general", "Group", "general", "c1", "acme")


class Kept:
    """A sink in memory: paths to bytes, in the order in which they were finished."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        out = io.BytesIO()
        yield out
        assert path not in self.files
        self.files[path] = out.getvalue()

    @contextmanager
    def native(self, file: File) -> Iterator[BinaryIO]:
        yield io.BytesIO(b"")

    def text(self, path: str) -> str:
        return self.files[path].decode()

    def save(self, folder: Path) -> None:
        for path, data in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def request(*formats: Format, title: str = "Heliotrope", zone: str = "Europe/Berlin") -> Request:
    return Request(5, title, frozenset(formats), 4_000, datetime(2026, 11, 20, 12, tzinfo=UTC), zone)


def version(
    text: str, *, kind: str = "sent", at: datetime = MORNING, number: int = 1, sender: str = "Ines"
) -> Version:
    return Version(
        revision_id=number, kind=kind, at=at, at_is_known=True, text=text, sender_name=sender, raw_sha256=hashlib.sha256(b"{}").digest(),
        page_id=1, stored_at=at + timedelta(days=1), leaf=1_000 + number, leaf_at=at,
    )  # fmt: skip


def said(number: int, text: str, *, by: Person = INES, minutes: int | None = None, **more: Any) -> Message:
    """One message, sent so many minutes after nine (its number by default)."""
    at = MORNING + timedelta(minutes=number if minutes is None else minutes)
    given: dict[str, Any] = {
        "versions": (version(text, at=at, number=number, sender=by.display_name),),
        "reply_to_zoom_id": "",
        **more,
    }
    return Message(number, f"z{number}", at, False, by, by.display_name, **given)


def day(messages: Sequence[Message], *, of: Conversation = GENERAL, **more: Any) -> Day:
    at = messages[0].sent_at.date() if len(messages) > 0 else MORNING.date()
    given: dict[str, Any] = {"day": at, "part": 1, "parts": 1, "participants": (INES, RAVI, OLU), **more}
    return Day(conversation=of, messages=tuple(messages), **given)


def torture() -> list[str]:
    """The nasty values, as the archive stores their text."""
    values = json.loads(TORTURE.read_text()) if TORTURE is not None else []
    return [readable.text(str(one["value"])) for one in values if isinstance(one["value"], str)]


def lively() -> list[Day]:
    """Two conversations with one of everything."""
    edited = said(2, "", by=RAVI).sent_at
    later = edited + timedelta(minutes=4)
    minutes = File(
        1, "f1", "minutes <b>.txt", 48, "text/plain", bytes(32), "data/files/00/" + "00" * 32 + ".txt"
    )
    page = File(2, "f2", "page.html", 48, "text/html", b"\1" * 32, "data/files/01/" + "01" * 32 + ".html")
    gone = File(3, "f3", "gone.pdf", None, "", None, None, "gone at Zoom before capture")
    first = day(
        [
            said(1, "The heliotrope budget is due on friday"),
            said(
                2,
                "",
                by=RAVI,
                versions=(
                    version("ship it friday", at=edited, number=2, sender="Ravi"),
                    version("ship it monday", kind="edited", at=later, number=3, sender="Ravi"),
                ),
            ),
            said(
                4, "Agreed", by=OLU, reply_to_zoom_id="z1", reactions=(Reaction("👍", 3, ("Ines", "Ravi")),)
            ),
            said(
                5,
                "",
                versions=(
                    version("I should not have said that", number=5),
                    version("I should not have said that", kind="deleted", at=later, number=6),
                ),
            ),
            said(7, "the minutes", files=(minutes, page, gone)),
            said(8, "東京都の予算はどうですか 👩‍👩‍👧 Crème BRÛLÉE מה שלומך"),
            said(9, "<script>window.hurt = 1</script> javascript:alert(1) \u202egnp.exe"),
            said(10, "", versions=(), by=RAVI),
        ],
        steps=(
            Step(MORNING, OLU, True, INES),
            Step(MORNING + timedelta(hours=5), RAVI, False),
        ),
    )
    later_day = day(
        [said(20, "Back again: budget approved", minutes=60 * 24 * 2, reply_to_zoom_id="z1")],
        state="gap",
        reason="A pull broke off.",
    )
    aside = Conversation(9, "aside", "1:1", "Ines \u202e<i>and</i> Olu", "", "acme", has_external_member=True)
    return [first, later_day, day([said(30, "just us: the budget", by=OLU)], of=aside)]
