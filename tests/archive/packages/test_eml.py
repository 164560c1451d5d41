"""EML: one mail for a conversation's day that any reader of mail takes, and nothing in it acts."""

import email
import email.policy
import mailbox
import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.packages import eml, rsmf
from archive.packages.content import Day, File, Person, Reaction, Step
from tests.archive.packages import days
from tests.archive.packages.days import (
    DIRECT,
    INES,
    OLU,
    RAVI,
    REQUEST,
    Memory,
    day,
    lost,
    minutes,
    said,
    version,
)

ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=120)
KNOWN = {
    "Auto-Submitted", "Content-Disposition", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
    "MIME-Version", "Message-ID", "Subject", "To",
}  # fmt: skip


def mails(*made: Day, into: Memory | None = None, zone: str = "UTC") -> list[EmailMessage]:
    files = days.written(eml.Writer(replace(REQUEST, zone=zone)), *made, into=into)
    return [parsed(raw) for raw in files.values()]


def parsed(raw: bytes) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert [part.defects for part in mail.walk() if len(part.defects) > 0] == []
    return mail


def words(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def test_a_day_is_a_mail_from_who_spoke_first_to_everybody() -> None:
    """Dated by the last thing said, so that no period of keeping ends too early."""
    [mail] = mails(day(said(by=RAVI), said("bye", id=2, at=minutes(7))))
    assert [a.addr_spec for a in mail["From"].addresses] == ["ravi@example.com"]
    assert [a.addr_spec for a in mail["To"].addresses] == ["ines@example.com", "ravi@example.com"]
    assert mail["Subject"] == "Zoom Team Chat: general, 2026-11-02"
    assert mail["Date"].datetime == minutes(7)
    assert mail["X-Holdfast-Session-ID"] == "s-general"
    assert mail["X-Holdfast-Complete"] == "yes"


def test_both_bodies_tell_everything() -> None:
    """What was said, what it was before, who reacted, who joined, what is attached and what is missing."""
    message = said(
        "friday",
        later=(version("monday", kind="edited", at=minutes(5), leaf=3),),
        reactions=(Reaction("👍", 2, ("Ravi Rao",)),),
        files=(lost(reason="It was gone at Zoom."),),
    )
    deleted = said(
        "oops", id=2, at=minutes(6), later=(version("oops", kind="deleted", at=minutes(7), leaf=4),)
    )
    step = Step(minutes(1), OLU, has_joined=True, operator=INES)
    [mail] = mails(day(message, deleted, steps=(step,), state="gap", reason="Zoom refused"))
    for kind in ("plain", "html"):
        told = re.sub("<[^>]*>", "", words(mail, kind))
        for expected in (
            "monday",
            "Earlier wording, 2026-11-02 12:00:00.000Z",
            "friday",
            "[edited 2026-11-02 12:05" if kind == "plain" else "edited 2026-11-02 12:05",
            "deleted 2026-11-02 12:07",
            "👍 × 2 (Ravi Rao)",
            "joined (by Ines Roth)",
            "gone.pdf (99 bytes), not in the archive: It was gone at Zoom.",
            "not proven (gap): Zoom refused",
            "log leaf 101, 3",
        ):
            assert expected in told, (kind, expected)


def test_natives_are_attached_under_safe_names() -> None:
    """With their digests; one that is missing is a text that says why."""
    sink = Memory()
    files = (
        sink.holding(b"%PDF-1.7", id=5, name="../Plan.pdf", media_type="application/pdf"),
        sink.holding(b"<script>", id=6, name="Übersicht.html", media_type="text/html"),
        lost(id=7, name="gone.png"),
    )
    [mail] = mails(day(said(files=files)), into=sink)
    attached = list(mail.iter_attachments())
    names = [part.get_filename() for part in attached]
    assert names == ["_.._Plan.pdf", "Übersicht.html", "gone.png.UNAVAILABLE.txt"]
    kinds = [part.get_content_type() for part in attached]
    assert kinds == ["application/pdf", "application/octet-stream", "text/plain"]
    assert attached[1].get_payload(decode=True) == b"<script>"
    assert files[0].sha256 is not None
    assert attached[0]["X-Holdfast-SHA256"] == files[0].sha256.hex()
    assert mail["X-Holdfast-Missing-Files"] == "1"


def test_whatever_is_said_a_reader_finds_one_mail_and_nothing_acts(tmp_path: Path) -> None:
    """No header of a stranger's, no second part, no markup, no turning, no line beyond what mail carries."""
    sink = Memory()
    made = days.nasty_day(sink)
    [raw] = days.written(eml.Writer(REQUEST), made, into=sink).values()
    mail = parsed(raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert (mail["Bcc"], mail["X"]) == (None, None)
    assert [part.get_content_type() for part in mail.walk()][:4] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    files = sum(len(message.files) for message in made.messages)
    assert len(list(mail.iter_attachments())) == files
    for kind in ("plain", "html"):
        assert not set("\u202e\u2066\x00\x1b") & set(words(mail, kind))
    shown = words(mail, "html")
    assert not re.search("<(script|img|a|h1 onclick|svg|iframe)[ >/]", shown)
    assert len(re.findall("<section>", shown)) == len(made.messages) + len(made.steps)
    names = [str(part.get_filename()).casefold() for part in mail.iter_attachments()]
    assert len(set(names)) == files
    box = mailbox.mbox(tmp_path / "box")
    box.add(raw)
    box.flush()
    assert len(mailbox.mbox(tmp_path / "box")) == 1
    box.close()


def test_addresses_that_mail_cannot_carry_are_made_up_where_nobody_can_be() -> None:
    """And the one Zoom gave is told beside the name."""
    odd = Person(id=40, display_name='O\'Brien "Bob", Jr.', email="用户@例え.example.org")
    [mail] = mails(day(said(by=odd), participants=(odd, OLU)))
    assert [(a.display_name, a.addr_spec) for a in mail["To"].addresses] == [
        ("Olu (guest)", "person-3@no-address.invalid"),
        ('O\'Brien "Bob", Jr.', "person-40@no-address.invalid"),
    ]
    assert "用户@例え.example.org" in words(mail)


def test_long_names_and_titles_come_back_whole() -> None:
    """Folded and encoded as RFC 2047 has it; some versions of Python read a blank too many between words of a name."""
    title, name = "ערוץ סודי 🚀 " * 12 + "end", "Übergroß " * 30 + "Ende"
    person = replace(INES, display_name=name)
    [mail] = mails(day(said(by=person), of=replace(days.GENERAL, title=title), participants=(person,)))
    assert mail["Subject"] == f"Zoom Team Chat: {title}, 2026-11-02"
    assert mail["From"].addresses[0].display_name.split() == name.split()


def test_times_are_in_the_zone_asked_for_and_told_apart_when_clocks_go_back() -> None:
    """Half past two comes twice."""
    made = day(
        said(at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        said(id=2, at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        on=date(2026, 10, 25),
    )
    [mail] = mails(made, zone="Europe/Berlin")
    told = words(mail)
    assert "2026-10-25 02:30:00.000+02:00" in told
    assert "2026-10-25 02:30:00.000+01:00" in told


def test_a_talk_of_two_and_a_part_of_a_long_day_say_so() -> None:
    """A part has a mail of its own, with an id of its own."""
    first, second = mails(
        day(said(), of=DIRECT, part=1, parts=2), day(said(id=2), of=DIRECT, part=2, parts=2)
    )
    assert first["X-Holdfast-Session-Type"] == "1:1"
    assert (first["X-Holdfast-Part"], second["X-Holdfast-Part"]) == ("1 of 2", "2 of 2")
    assert first["Message-ID"] != second["Message-ID"]


def test_the_same_day_is_the_same_mail_in_every_export() -> None:
    """So an archive of mail that is given it twice keeps it once."""
    sink = Memory()
    made = days.nasty_day(sink)
    again = eml.Writer(replace(REQUEST, export_id=8, made_at=minutes(9)))
    once = days.written(eml.Writer(REQUEST), made, into=Memory(sink.natives))
    assert days.written(again, made, into=Memory(sink.natives)) == once


@settings(max_examples=60)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_no_name_adds_a_header(name: str, address: str, title: str, zoom_id: str) -> None:
    """Whatever people, conversations, files and ids are called, the headers are ours, each once, without a defect."""
    sink = Memory()
    called = Person(id=5, display_name=name, email=address)
    made = day(
        said(
            by=called,
            name_then=title,
            zoom_id=zoom_id,
            files=(sink.holding(b"x", name=name), lost(id=2, name=title)),
        ),
        of=replace(days.GENERAL, title=title, zoom_id=zoom_id, account=name, channel_id=address),
        participants=(called,),
    )
    for writer in (eml.Writer(REQUEST), rsmf.Writer(REQUEST)):
        [raw] = days.written(writer, made, into=Memory(sink.natives)).values()
        for part in parsed(raw).walk():
            assert len(set(part.keys())) == len(part.keys())
            assert all(key.startswith(("X-Holdfast-", "X-RSMF-")) or key in KNOWN for key in part)
            assert [value.defects for value in part.values() if getattr(value, "defects", ())] == []


class _Film:
    """A file of a given size that nobody holds in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        given = min(size, self.left)
        self.left -= given
        return b"\x00" * given


class _Counting:
    """A sink that keeps nothing but how much was written."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        yield cast(BinaryIO, self)

    @contextmanager
    def native(self, file: File) -> Iterator[BinaryIO]:
        assert file.size_bytes is not None
        yield cast(BinaryIO, _Film(file.size_bytes))


def test_a_film_passes_through_in_flat_memory() -> None:
    """It is never held, not even encoded."""
    size = 24_000_000
    film = replace(Memory().holding(b"", name="film.mp4"), size_bytes=size)
    sink = _Counting()
    tracemalloc.start()
    eml.Writer(REQUEST).day(day(said(files=(film,))), sink)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.size > size * 4 / 3
    assert peak < 12_000_000
