"""Concordance DAT: what a load file has is read back by its delimiters alone, whatever was said."""

import csv
import io
from dataclasses import replace

from archive.packages import dat
from archive.packages.content import Day, Person
from tests.archive.packages import days
from tests.archive.packages.days import INES, RAVI, REQUEST, Memory, day, lost, minutes, said, version


def files_of(*made: Day, into: Memory | None = None) -> dict[str, bytes]:
    return days.written(dat.Writer(REQUEST), *made, into=into)


def rows(*made: Day, into: Memory | None = None) -> list[dict[str, str]]:
    """Read as reviewers' tools do: split by the delimiters, nothing unescaped."""
    raw = files_of(*made, into=into)["data/dat/loadfile.dat"]
    text = raw.decode("utf-8-sig")
    read = csv.reader(
        io.StringIO(text, newline=""), delimiter="\x14", quotechar="þ", doublequote=False, strict=True
    )
    head, *found = list(read)
    assert tuple(head) == dat.COLUMNS
    assert all(len(row) == len(head) for row in found)
    plain = [line[1:-1].split("þ\x14þ") for line in text.removesuffix("\r\n").split("\r\n")]
    assert plain == [head, *found]
    return [dict(zip(head, row, strict=True)) for row in found]


def test_a_message_and_its_files_are_a_family() -> None:
    """With one range of control numbers, natives by path, and what is missing with its reason."""
    sink = Memory()
    plan = sink.holding(b"%PDF", id=5, name="Plan.PDF", media_type="application/pdf")
    message, file, missing, other = rows(
        day(said(id=41, files=(plan, lost(id=6))), said("hi", id=42, at=minutes(1), by=RAVI)), into=sink
    )
    assert [row["DOCID"] for row in (message, file, missing, other)] == [
        "HF000000000041",
        "HF000000000041.0001",
        "HF000000000041.0002",
        "HF000000000042",
    ]
    assert {(row["BEGATTACH"], row["ENDATTACH"]) for row in (message, file, missing)} == {
        ("HF000000000041", "HF000000000041.0002")
    }
    assert (other["BEGATTACH"], other["ENDATTACH"]) == ("HF000000000042", "HF000000000042")
    assert (file["NATIVEPATH"], file["FILENAME"], file["FILEEXT"]) == (plan.path, "Plan.PDF", "pdf")
    assert plan.sha256 is not None
    assert file["SHA256"] == plan.sha256.hex()
    assert (missing["NATIVEPATH"], missing["FILEMISSING"]) == ("", "It was gone at Zoom.")
    assert (message["FROM"], message["TO"]) == ("Ines Roth <ines@example.com>", "Ravi Rao <ravi@example.com>")
    assert (message["DATESENT"], message["TIMESENT"]) == ("2026-11-02", "12:00:00")


def test_an_edit_and_a_deletion_are_in_the_row() -> None:
    """The last words, the ones before, and when."""
    later = (version("monday", kind="edited", at=minutes(5), leaf=3),)
    gone = (version("oops", kind="deleted", at=minutes(7), leaf=4),)
    edited, deleted = rows(day(said("friday", later=later), said("oops", id=2, at=minutes(6), later=gone)))
    assert (edited["TEXT"], edited["STATE"], edited["DATEEDITED"]) == (
        "monday",
        "edited",
        "2026-11-02T12:05:00.000Z",
    )
    assert edited["EARLIERWORDINGS"] == "2026-11-02 12:00:00.000Z friday"
    assert (deleted["TEXT"], deleted["STATE"]) == ("oops", "deleted")
    assert edited["LOGLEAF"] == "101; 3"


def test_the_delimiters_themselves_are_written_as_code_points() -> None:
    """Readers disagree about a doubled quote, so there is none."""
    [row] = rows(day(said("Sigurþór® said\x14 so\r\nand more")))
    assert row["TEXT"] == "Sigur[U+00FE]ór[U+00AE] said[U+0014] so®and more"
    text = files_of(day(said("Sigurþór®")))["data/dat/text/session-12-general/2026-11-02.txt"].decode()
    assert "    Sigurþór®\n" in text


def test_whatever_is_said_every_row_comes_back() -> None:
    """A row per message and per file, nothing that acts, every text file there."""
    sink = Memory()
    made = days.nasty_day(sink)
    found = rows(made, into=sink)
    files = [file for message in made.messages for file in message.files]
    assert [row["RECORDTYPE"] for row in found].count("Message") == len(made.messages)
    assert [row["RECORDTYPE"] for row in found].count("File") == len(files)
    assert not set("\u202e\x00\x1b\n\r") & set("".join("".join(row.values()) for row in found))
    assert {row["NATIVEPATH"] for row in found if row["RECORDTYPE"] == "File"} == {
        file.path or "" for file in files
    }
    assert {row["TEXTPATH"] for row in found if row["RECORDTYPE"] == "Message"} <= set(sink.files)
    numbers = [row["DOCID"] for row in found]
    assert len(set(numbers)) == len(numbers)


def test_a_reply_names_the_control_number_of_what_it_answers() -> None:
    """Or Zoom's id, where that is not of the same day."""
    _, reply, stray = rows(
        day(
            said(id=1),
            said(id=2, at=minutes(1), reply_to="z-1"),
            said(id=3, at=minutes(2), reply_to="elsewhere"),
        )
    )
    assert (reply["REPLYTO"], stray["REPLYTO"]) == ("HF000000000001", "elsewhere")


def test_a_crowd_is_counted_and_not_repeated_on_every_row() -> None:
    """All of them are in the text file."""
    crowd = tuple(Person(id=n, display_name=f"Person {n}") for n in range(1, 200))
    made = day(said(by=INES), participants=crowd)
    [row] = rows(made)
    assert (row["TO"], row["PARTICIPANTCOUNT"]) == ("general (198 others)", "199")
    text = files_of(made)["data/dat/text/session-12-general/2026-11-02.txt"].decode()
    assert "Person 199" in text


def test_one_load_file_has_all_days_and_a_package_of_nothing_has_its_head() -> None:
    """Whatever the number of conversations."""
    other = replace(days.GENERAL, session_id=14, title="")
    found = rows(day(said(id=1)), day(said(id=2), of=other))
    assert [row["CONVERSATION"] for row in found] == ["general", "Session 14"]
    assert rows() == []


def test_the_same_day_is_the_same_rows_in_every_export() -> None:
    """A message keeps its control number."""
    sink = Memory()
    made = days.nasty_day(sink)
    again = dat.Writer(replace(REQUEST, export_id=8))
    assert days.written(again, made) == files_of(made)
