"""Names of files: safe on every system, and no two alike."""

import base64
import email
import email.policy
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.packages import mail, names, volumes
from archive.packages.sinks import Entry
from tests.archive.packages import days
from tests.archive.packages.days import GENERAL, day

ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=300)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "_.._.._etc_passwd"),
        ("C:\\Windows\\win.ini", "C__Windows_win.ini"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("COM¹.txt", "_COM¹.txt"),
        ("report. . ", "report"),
        (".htaccess", "_.htaccess"),
        ("-rf", "_-rf"),
        ("=1+1.csv", "_=1+1.csv"),
        ("", "file"),
        ("..", "file"),
        ("annual\u202efdp.exe", "annual[U+202E]fdp.exe"),
        ("re\u0301sume\u0301.pdf", "r\xe9sum\xe9.pdf"),
    ],
)
def test_a_name_names_a_file_and_nothing_else(given_name: str, safe: str) -> None:
    """No folder, no device, no option, no formula, nothing hidden."""
    assert names.safe(given_name) == safe


@given(ANYTHING)
def test_any_name_can_be_a_file_anywhere(value: str) -> None:
    """Short enough, of characters every system takes, and safe again when it is made safe twice."""
    safe = names.safe(value)
    assert 0 < len(safe.encode()) <= 120
    assert re.search(r'[<>:"/\\|?*\x00-\x1f]', safe) is None
    assert safe == safe.strip().rstrip(".")
    assert safe.split(".")[0].rstrip().casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(st.lists(ANYTHING, max_size=20))
def test_no_two_names_are_alike(values: list[str]) -> None:
    """Not to a system that ignores case either."""
    distinct = names.Distinct()
    given_out = [
        distinct.of(names.safe(value)).casefold()
        for value in [*values, "a.txt", "A.txt", "a (2).txt", "a.TXT"]
    ]
    assert len(set(given_out)) == len(given_out)


def test_a_long_name_keeps_its_ending() -> None:
    """By which people know what it is."""
    assert names.safe("漢" * 100 + ".docx").endswith("….docx")


@pytest.mark.parametrize(
    "title", ["", "General", "עֲרוּץ", "../../x", 'Q1/Q2 \\ "hold"', "CON", "long " * 50, "\ud800\x00"]
)
def test_a_conversation_has_a_folder_of_plain_letters(title: str) -> None:
    """That every archiver writes the same way."""
    folder = names.folder(replace(GENERAL, title=title))
    assert re.fullmatch(r"session-12(-[a-z0-9-]{1,40})?", folder)


def test_parts_of_a_day_sort_in_their_order() -> None:
    """Ten comes after nine."""
    parts = [names.of_day(day(part=n, parts=11)) for n in range(1, 12)]
    assert parts == sorted(parts)
    assert parts[0] == "2026-11-02-part-01-of-11"


@given(st.lists(st.binary(max_size=200), max_size=12))
def test_base64_in_pieces_is_base64_of_the_whole(pieces: list[bytes]) -> None:
    """In lines of 76, wherever the pieces end."""
    out = BytesIO()
    mail.encoded(pieces, into=out)
    lines = out.getvalue().split(b"\r\n")
    whole = b"".join(pieces)
    assert base64.b64decode(b"".join(lines)) == whole
    assert all(len(line) == 76 for line in lines[:-2])


@given(ANYTHING)
def test_no_words_leave_their_header(value: str) -> None:
    """One header goes in, one comes out, and it says the same."""
    raw = mail.header("Subject", value) + b"\r\n"
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert parsed.keys() == ["Subject"]
    assert parsed["Subject"] == mail.on_one_line(value)


def test_a_zip_is_read_by_others_and_is_always_the_same() -> None:
    """Stored, with sizes before the bytes."""
    made = []
    for _ in range(2):
        out = BytesIO()
        packed = volumes.Zip(out)
        packed.add(Entry("a.txt", 7, b"", crc32(b"one two")), [b"one ", b"two"])
        packed.add(Entry("b", 0, b"", 0), [])
        packed.close()
        made.append(out.getvalue())
    assert made[0] == made[1]
    with zipfile.ZipFile(BytesIO(made[0])) as read:
        assert (read.namelist(), read.testzip(), read.read("a.txt")) == (["a.txt", "b"], None, b"one two")


def test_a_member_that_changed_while_it_was_read_is_refused() -> None:
    """Half a file is worth nothing."""
    packed = volumes.Zip(BytesIO())
    with pytest.raises(volumes.ChangedOnDisk, match="7 bytes and had 3"):
        packed.add(Entry("a.txt", 7, b"", crc32(b"one two")), [b"one"])


def test_the_nasty_names_are_all_different_files() -> None:
    """The shared torture, as one folder."""
    distinct = names.Distinct()
    values = [*days.NASTY_NAMES, *days.torture("file_name")]
    assert len({distinct.of(names.safe(value)).casefold() for value in values}) == len(values)
