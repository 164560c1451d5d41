"""Days for the writers of packages, built by hand, and a sink that keeps in memory what is written to it."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

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
    Writer,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
INES = Person(id=1, display_name="Ines Roth", email="ines@example.com", member_id="m-ines", is_external=False)
RAVI = Person(id=2, display_name="Ravi Rao", email="ravi@example.com", member_id="m-ravi", is_external=False)
OLU = Person(id=3, display_name="Olu (guest)", member_id="m-olu", is_external=True)
GENERAL = Conversation(
    session_id=12, zoom_id="s-general", type="Group", title="general", channel_id="c-general", account="acme"
)
DIRECT = Conversation(
    session_id=13,
    zoom_id="s-direct",
    type="1:1",
    title="Ines Roth, Olu (guest)",
    channel_id="",
    account="acme",
)
REQUEST = Request(export_id=7, title="Case 7", formats=frozenset(Format), size=1000, made_at=NOON)
NASTY = [
    "",
    " \t\u3000\n",
    "before\x00after",
    "".join(map(chr, range(32))),
    "a\x7f\x80\x85\x9fb\u2028c\u2029d",
    "broken \ud83d tail",
    "\ude00\ud83d",
    "\ufffe\uffff\ufdd0\U0010ffff",
    "hello\r\nBcc: victim@example.org\r\n\r\nbody",
    "\n\nFrom attacker@example.org Mon Jan  1 00:00:00 2024\nSubject: forged\n\nbody",
    "--=_boundary\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?Bcc:_victim?=",
    "invoice \u202egnp.exe\u202c please open \u2067\u2066abc",
    '"}\n{"id":"forged"}',
    "=cmd|' /C calc'!A0",
    "þ\x14þ®þþ",
    '"><img src=x onerror=alert(1)>',
    "Lorem ipsum \xfcber \u6f22\u5b57 \U0001f680 " * 4000,
    "A" * 50_000,
    "x\n" * 2000,
]
NASTY_NAMES = [
    "../../etc/passwd",
    "..\\..\\Windows\\System32",
    "C:\\Windows\\win.ini",
    "report.pdf\x00.exe",
    "a\nb\r.txt",
    "CON",
    "aux.txt",
    "COM\xb9.txt",
    "report. . ",
    'a<b>c:d"e|f?g*h.txt',
    ".",
    "..",
    "",
    "   ",
    "-rf",
    "~root",
    ".htaccess",
    "annual_report\u202efdp.exe",
    "re\u0301sume\u0301.pdf",
    "r\xe9sum\xe9.pdf",
    "Readme.MD",
    "README.md",
    "漢" * 100 + ".docx",
    "a" * 300,
    "bad\ud800.txt",
    "=1+1.csv",
    "\U0001f468\u200d\U0001f469 plan.xlsx",
]


def torture(*kinds: str) -> list[str]:
    """The shared nasty texts of some kinds, where a checkout has them beside it; ours in any case."""
    found = beside("corpus/torture.json")
    items = [] if found is None else json.loads(found.read_text())
    return [item["value"] for item in items if item["kind"] in kinds and isinstance(item["value"], str)]


def beside(path: str) -> Path | None:
    """A file of the shared folder, where a checkout has one beside it."""
    places = (parent / "shared" / path for parent in Path(__file__).parents)
    return next((place for place in places if place.exists()), None)


def schema() -> dict[str, object]:
    """The published schema of RSMF 2.0.0; skips where it is not beside the checkout."""
    found = beside("schemas/rsmf_schema_2_0_0.json")
    if found is None:
        pytest.skip("no rsmf_schema_2_0_0.json beside this checkout")
    loaded: dict[str, object] = json.loads(found.read_text())
    return loaded


def version(
    text: str, *, at: datetime = NOON, kind: str = "sent", leaf: int = 10, at_is_known: bool = True
) -> Version:
    return Version(
        revision_id=leaf,
        kind=kind,
        at=at,
        at_is_known=at_is_known,
        text=text,
        sender_name="",
        raw_sha256=hashlib.sha256(json.dumps({"message": text}).encode()).digest(),
        page_id=1,
        stored_at=at,
        leaf=leaf,
        leaf_at=at,
    )


def said(
    text: str = "hello",
    *,
    id: int = 1,
    at: datetime = NOON,
    by: Person | None = INES,
    later: tuple[Version, ...] = (),
    reactions: tuple[Reaction, ...] = (),
    files: tuple[File, ...] = (),
    reply_to: str = "",
    name_then: str = "",
    forwards: tuple[str, ...] = (),
    zoom_id: str | None = None,
    is_doubtful: bool = False,
) -> Message:
    return Message(
        id=id,
        zoom_id=zoom_id if zoom_id is not None else f"z-{id}",
        sent_at=at,
        sent_at_is_doubtful=is_doubtful,
        sender=by,
        sender_name=name_then or (by.display_name if by is not None else ""),
        reply_to_zoom_id=reply_to,
        versions=(version(text, at=at, leaf=100 + id), *later),
        reactions=reactions,
        files=files,
        forwards=forwards,
    )


def day(
    *messages: Message,
    of: Conversation = GENERAL,
    on: date = TODAY,
    participants: tuple[Person, ...] = (INES, RAVI),
    steps: tuple[Step, ...] = (),
    state: str = "complete",
    reason: str = "",
    part: int = 1,
    parts: int = 1,
) -> Day:
    return Day(of, on, part, parts, participants, messages, steps, state, reason)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


class Memory:
    """A sink that keeps every finished file; natives come from `of` by their SHA-256."""

    def __init__(self, of: Mapping[bytes, bytes] | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.natives = dict(of or {})

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        assert path not in self.files, path
        written = io.BytesIO()
        yield written
        self.files[path] = written.getvalue()

    @contextmanager
    def native(self, file: File) -> Iterator[BinaryIO]:
        assert file.sha256 is not None
        yield io.BytesIO(self.natives[file.sha256])

    def holding(self, content: bytes, *, id: int = 1, name: str = "plan.pdf", media_type: str = "") -> File:
        """A file whose bytes are in the archive."""
        digest = hashlib.sha256(content).digest()
        self.natives[digest] = content
        path = f"data/files/{digest.hex()[:2]}/{digest.hex()}"
        return File(id, f"f-{id}", name, len(content), media_type, digest, path)


def lost(*, id: int = 1, name: str = "gone.pdf", reason: str = "It was gone at Zoom.") -> File:
    """A file whose bytes are not in the archive."""
    return File(id, f"f-{id}", name, 99, "", None, None, reason)


def written(writer: Writer, *days: Day, into: Memory | None = None) -> dict[str, bytes]:
    """What a writer makes of some days."""
    sink = into if into is not None else Memory()
    for each in days:
        writer.day(each, sink)
    writer.end(sink)
    return sink.files


def nasty_day(sink: Memory) -> Day:
    """A day on which everything that breaks software is said, sent, called and answered with."""
    texts = [*NASTY, *torture("message")]
    names = [*NASTY_NAMES, *torture("file_name")]
    answers = ["👍", "", ":party-parrot:", "x" * 500, *torture("reaction_emoji")]
    called = ["", '\u202eadmin\u202c "Bob" <bob@example.org>, Ines\r\nBcc: x@example.org', "李", "n" * 400]
    people = [
        Person(id=10 + n, display_name=name, email=email, user_id=name)
        for n, (name, email) in enumerate(
            zip(called, ["", "a@b\r\nX: y", "用户@例え.example.org", "x@y"], strict=True)
        )
    ]
    messages = [
        said(
            text,
            id=n,
            at=minutes(n),
            by=people[n % len(people)] if n % 5 else None,
            name_then=called[n % len(called)],
            later=(version(texts[n - 1], kind="edited", at=minutes(n + 0.5), leaf=10_000 + n),),
            reactions=(Reaction(answers[n % len(answers)], n, (called[n % len(called)], "nobody")),),
            reply_to="z-1" if n % 3 else f"z-{n}",
            forwards=(text[:200],),
            zoom_id=(torture("message_id") or ["z\r\nX: y"])[n % 3] + f" {n}" if n % 7 == 0 else f"z-{n}",
        )
        for n, text in enumerate(texts, start=0)
    ]
    for n, name in enumerate(names):
        file = sink.holding(b"native %d" % n, id=n + 1, name=name) if n % 2 else lost(id=n + 1, name=name)
        place = n % len(messages)
        messages[place] = replace(messages[place], files=(*messages[place].files, file))
    title = 'Q1/Q2 \\ "hold"\r\nBcc: x@example.org \u202e' + "long " * 100
    conversation = replace(
        GENERAL, title=title, zoom_id="s\r\nX: y\x00", account="\ud800", channel_id="ch\n1"
    )
    return day(
        *messages,
        of=conversation,
        participants=tuple(people),
        steps=(Step(minutes(3), people[1], has_joined=True, operator=people[2]),),
        state="gap",
        reason="Zoom\r\nsaid \u202eno",
    )
