"""Everything derived again from bytes: an honest record passes, and every tampering is named, the first first."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import transaction

from archive import blobs, inspection, log
from archive.models import Blob, Checkpoint, Leaf, Revision
from archive.search import indexer
from compliance import audit
from tests.archive.core.record import NOON, Record

Owner = psycopg.Connection[tuple[object, ...]]


def silent(what: str, done: int, total: int) -> None:
    """Nobody watches the progress of a test."""


def findings() -> inspection.Findings:
    return inspection.inspect(progress=silent)


def first_problem() -> str:
    return str(findings().problems[0])


def fill(record: Record) -> None:
    """One of everything, twenty messages, a checkpoint, and three messages more."""
    for number in range(20):
        said = record.say(f"line {number}")
    record.edit(said.message, "line 19, corrected")
    record.store(b"%PDF-1.7 minutes of the meeting")
    record.observe()
    record.give_up_on()
    record.close_window(offered=21)
    with transaction.atomic():
        audit.record(
            action=audit.Action.LOOKED, subject="session/1", details={"pages": 1.0}, by=None, now=NOON
        )
    log.checkpoint(now=NOON)
    for number in range(3):
        record.say(f"afterwards {number}")


@pytest.fixture
def tamper(owner: Owner):  # type: ignore[no-untyped-def]
    """Write as the owner of the tables, who can put the triggers aside."""

    def write(statement: str) -> None:
        with owner.transaction():
            owner.execute("SET LOCAL session_replication_role = replica")
            owner.execute(statement.encode())

    return write


@pytest.mark.django_db
def test_an_honest_record_passes(record: Record) -> None:
    """Everything agrees, and the figures say how much was looked at."""
    fill(record)
    found = findings()
    assert found.problems == []
    figures = found.figures
    assert figures["leaves"] == log.size() == 30
    assert (figures["revisions"], figures["blobs"], figures["audit events"]) == (24, 1, 1)
    assert (figures["checkpoints"], figures["published checkpoints"]) == (1, 1)
    assert figures["leaves not yet signed over"] == 3


@pytest.mark.django_db
def test_an_empty_archive_passes() -> None:
    """Nothing is nothing wrong."""
    assert findings().problems == []


@pytest.mark.django_db
def test_a_large_log_passes_with_its_tiles(record: Record) -> None:
    """Three tiles, two checkpoints inside them."""
    for size in (300, 800):
        record.grow_to(size)
        log.checkpoint(now=NOON)
    found = findings()
    assert found.problems == []
    assert found.figures["tiles"] == 3


TAMPERINGS = {
    "bytes of a revision changed": (
        "UPDATE archive_revision SET raw = replace(convert_from(raw, 'UTF8'), 'line 7', 'line 8')::bytea"
        " WHERE text = 'line 7'",
        r"revision \(archive_revision \d+, leaf 8\): Its content digest does not follow from its bytes",
    ),
    "salt changed": (
        "UPDATE archive_revision SET salt = '\\x00' WHERE text = 'line 7'",
        r"revision .*leaf 8\): It is not what the log committed to",
    ),
    "displayed text changed": (
        "UPDATE archive_revision SET text = 'innocent' WHERE text = 'line 7'",
        r"revision .*leaf 8\): Its text does not follow from its bytes",
    ),
    "sender's name changed": (
        "UPDATE archive_revision SET sender_name = 'Olu' WHERE text = 'line 7'",
        r"leaf 8\): Its sender's name does not follow",
    ),
    "revision deleted": (
        "DELETE FROM archive_revision WHERE text = 'line 7'",
        r"revision .*leaf 8\): The log has it, but its row is gone",
    ),
    "message's time changed": (
        "UPDATE archive_message SET sent_at = sent_at - interval '1 day' WHERE zoom_id = 'msg-8'",
        r"leaf 8\): The sent time of message \d+ does not follow",
    ),
    "message's id changed": (
        "UPDATE archive_message SET zoom_id = 'msg-x' WHERE zoom_id = 'msg-8'",
        r"leaf 8\): The id at Zoom of message \d+ does not follow",
    ),
    "message given to another": (
        "UPDATE archive_message SET sender_id = NULL WHERE zoom_id = 'msg-8'",
        r"leaf 8\): The sender of message \d+ does not follow",
    ),
    "message given to another by renaming": (
        "UPDATE archive_person SET member_id = 'm-olu'",
        r"leaf 1\): The sender of message \d+ does not follow",
    ),
    "message moved to another thread": (
        "UPDATE archive_message SET reply_to_zoom_id = 'msg-1' WHERE zoom_id = 'msg-8'",
        r"leaf 8\): The thread of message \d+ does not follow",
    ),
    "revision moved to another page": (
        "UPDATE archive_revision SET page_id = page_id + 1 WHERE text = 'line 7'",
        r"leaf 8\): The page it came on, or its window, is gone",
    ),
    "page changed": (
        "UPDATE archive_page SET status = 500",
        r"page .*leaf 0\): It is not what the log committed",
    ),
    "blob row changed": (
        "UPDATE archive_blob SET size_bytes = 1",
        r"blob .*leaf 22\): It is not what the log",
    ),
    "observation changed": (
        "UPDATE archive_observation SET raw = '{}'",
        r"observation .*leaf 23\): Its content digest is not",
    ),
    "unreadable changed": ("UPDATE archive_unreadable SET reason = ''", r"unreadable record .*leaf 24\)"),
    "closure changed": (
        "UPDATE archive_windowclosure SET account = jsonb_set(account, '{total,failed}', '5')",
        r"window closure .*leaf 25\)",
    ),
    "audit event changed": (
        "UPDATE compliance_auditevent SET actor_name = 'nobody'",
        r"audit event .*leaf 26\): It is not what the log committed to",
    ),
    "audit event deleted": ("DELETE FROM compliance_auditevent", r"audit event .*leaf 26\): .*row is gone"),
    "moment of a leaf changed": (
        "UPDATE archive_leaf SET at = at + interval '1 hour' WHERE index = 8",
        r"leaf 8\): Its leaf carries another moment",
    ),
    "two leaves swapped": (
        "UPDATE archive_leaf SET index = 99 WHERE index = 8; UPDATE archive_leaf SET index = 8 WHERE index = 9;"
        "UPDATE archive_leaf SET index = 9 WHERE index = 99",
        r"checkpoint \(size 27\): The first 27 leaves are not those it was signed for",
    ),
    "a leaf taken out": (
        "DELETE FROM archive_leaf WHERE index = 8",
        r"leaf \(archive_leaf 8, leaf 8\): It is missing",
    ),
    "newest leaves cut off": (
        "DELETE FROM archive_leaf WHERE index > 20",
        r"the log has only|\(size 27\): The log has",
    ),
    "leaves after the checkpoint cut off": (
        "DELETE FROM archive_leaf WHERE index >= 27",
        r"revision \(archive_revision \d+\): It has no leaf",
    ),
    "message put in": (
        "INSERT INTO archive_message (session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id)"
        " SELECT session_id, 'forged', sent_at, false, '' FROM archive_message LIMIT 1",
        r"message \(archive_message \d+\): It has no revision",
    ),
    "revision put in": (
        "INSERT INTO archive_revision (message_id, kind, digest, raw, salt, text, sender_name, page_id, stored_at)"
        " SELECT message_id, kind, sha256(raw), raw, salt, text, sender_name, page_id, stored_at"
        " FROM archive_revision LIMIT 1",
        r"revision \(archive_revision \d+\): It has no leaf",
    ),
    "checkpoint forged": (
        "UPDATE archive_checkpoint SET note = replace(note, E'\\n27\\n', E'\\n28\\n')",
        r"checkpoint \(size 27\): The signature of the checkpoint is not valid",
    ),
    "checkpoint deleted": (
        "DELETE FROM archive_checkpoint",
        r"27\.note\): It was published, and the database has it no longer",
    ),
    "window's totals changed": (
        "UPDATE archive_window SET offered = 22, archived = 22",
        r"window \(archive_window \d+\): Its totals are not those",
    ),
    "day count changed": (
        "UPDATE archive_daycount SET offered = 9, archived = 9",
        r"day count .*: Its counts for 2026-05-04 are wrong",
    ),
    "day count deleted": ("DELETE FROM archive_daycount", r"day count .*It counted 2026-05-04, and .* gone"),
    "window said to be complete": (
        "UPDATE archive_windowclosure SET state = 'gap'",
        r"window closure .*leaf 25\): It is not what the log committed",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_named(name: str, record: Record, tamper) -> None:  # type: ignore[no-untyped-def]
    """Whatever the owner of the tables changes, the first bad item is named with its place in the log."""
    statement, sentence = TAMPERINGS[name]
    fill(record)
    assert findings().problems == []
    tamper(statement)
    assert re.search(sentence, first_problem()), first_problem()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM archive_tile WHERE number = 1", r"tile \(level 0 number 1\): It is missing"),
        (
            "UPDATE archive_tile SET hashes = overlay(hashes PLACING '\\x00' FROM 1) WHERE number = 1",
            r"leaf 256\)",
        ),
        ("UPDATE archive_tile SET number = 9 WHERE number = 1", r"tile \(level 0 number 1\): It is missing"),
        (
            "UPDATE archive_leaf SET index = 999 WHERE index = 300;"
            "UPDATE archive_leaf SET index = 300 WHERE index = 301;"
            "UPDATE archive_leaf SET index = 301 WHERE index = 999",
            r"leaf 300\): It is not the leaf its tile was written with",
        ),
    ],
)
def test_a_tampered_tile_is_named(statement: str, sentence: str, record: Record, tamper) -> None:  # type: ignore[no-untyped-def]
    """Where there are tiles, the very leaf is named; a dropped tile is missed."""
    record.grow_to(600)
    log.checkpoint(now=NOON)
    tamper(statement)
    assert re.search(sentence, first_problem()), first_problem()


@pytest.mark.django_db(transaction=True)
def test_a_log_cut_with_its_rows_and_checkpoints_is_missed_outside(record: Record, tamper) -> None:  # type: ignore[no-untyped-def]
    """Whoever owns the database can cut everything in it together; the published checkpoint remains."""
    fill(record)
    keys = list(
        Leaf.objects.filter(index__gte=20, kind=Leaf.Kind.REVISION).values_list("subject_id", flat=True)
    )
    tamper("DELETE FROM archive_checkpoint")
    tamper("DELETE FROM archive_leaf WHERE index >= 20")
    tamper(f"DELETE FROM archive_revision WHERE id IN ({', '.join(map(str, keys))})")
    sentences = [str(problem) for problem in findings().problems]
    assert any(
        "27.note): It was signed at 27 leaves, and the log has 20: its newest were cut off." in one
        for one in sentences
    )


@pytest.mark.django_db
def test_a_replaced_blob_is_named(record: Record) -> None:
    """The bytes on the disk are read again from end to end."""
    fill(record)
    place = blobs.path_of(bytes(Blob.objects.get().sha256))
    place.chmod(0o600)
    place.write_bytes(b"%PDF-1.7 minutes of the seating")
    assert re.search(r"blob \(archive_blob \d+\): The bytes of the blob \w+ have the digest", first_problem())
    place.unlink()
    assert "is not on the disk" in first_problem()


@pytest.mark.django_db
def test_a_missing_or_forged_publication_is_named(record: Record, data: Path) -> None:
    """Files outside the database are compared with it, and the key beside them with the log's."""
    fill(record)
    note = data / "checkpoints" / f"{27:020}.note"
    genuine = note.read_text()
    note.unlink()
    assert "The published file of it is gone" in first_problem()
    note.write_text(genuine.replace("\n27\n", "\n26\n"))
    assert "The signature of the checkpoint is not valid" in first_problem()
    note.unlink()
    note.write_text(genuine)
    vkey = data / "checkpoints" / "log.vkey"
    vkey.chmod(0o600)
    vkey.write_text("another+00000000+AAAA\n")
    assert "is not the log's key of today" in first_problem()


@pytest.mark.django_db
def test_a_lost_key_is_named(record: Record, data: Path) -> None:
    """Signatures that cannot be checked are not passed over."""
    fill(record)
    os.unlink(data / "log.key")
    assert first_problem().startswith(
        f"key ({data / 'log.key'}): The log has checkpoints, but its key is gone"
    )


@pytest.mark.django_db(transaction=True)
def test_much_damage_does_not_fill_the_memory(record: Record, tamper) -> None:  # type: ignore[no-untyped-def]
    """Twenty of a sort are told, all are counted."""
    for _ in range(50):
        record.say("again")
    tamper("UPDATE archive_revision SET text = ''")
    found = findings()
    assert (len(found.problems), found.counted) == (20, 50)


@pytest.mark.django_db(transaction=True)
def test_a_writer_beside_it_does_not_disturb(record: Record) -> None:
    """It looks at one moment: what is appended meanwhile is neither missing nor too much."""
    for _ in range(10):
        record.say("again")
    log.checkpoint(now=NOON)
    seen = inspection.inspect(progress=silent)
    record.say("later")
    log.checkpoint(now=NOON + timedelta(hours=1))
    assert (seen.problems, seen.figures["leaves"]) == ([], 11)
    assert Checkpoint.objects.count() == 2


@pytest.mark.django_db
def test_the_command_says_so_and_fails(record: Record) -> None:
    """Text for people, JSON for programs, exit status for both."""
    record.say()
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().endswith("Everything agrees.\n")
    blob = record.store(b"x")
    blobs.path_of(bytes(blob.sha256)).unlink()
    with pytest.raises(SystemExit) as left:
        call_command("verify", json=True, stdout=(out := io.StringIO()))
    said = json.loads(out.getvalue())
    assert left.value.code == 1
    assert (said["ok"], said["counted"], said["problems"][0]["kind"]) == (False, 1, "blob")


@pytest.mark.system
@pytest.mark.django_db(transaction=True)
def test_the_program_runs_beside_others(record: Record, product_environment: dict[str, str]) -> None:
    """As an operator runs it: a process of its own, as the application's role."""
    record.say()
    argv = [sys.executable, "manage.py", "verify"]
    done = subprocess.run(argv, env=product_environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 revisions" in done.stdout
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_rolled_back_is_named(record: Record, data: Path, tmp_path: Path) -> None:
    """An older copy of the search index put in place of today's finds less than it claims."""

    def follow() -> None:
        indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)

    record.say("one")
    follow()
    shutil.copytree(data / "index", tmp_path / "older", symlinks=True)
    record.say("two")
    follow()
    assert findings().problems == []
    shutil.rmtree(data / "index")
    shutil.copytree(tmp_path / "older", data / "index", symlinks=True)
    assert first_problem().startswith("search index (index): The search index was rolled back")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("raw", ["\\x", "\\xff00fe", "\\x5b31", "\\x225c756438303022"])
def test_bytes_that_are_no_record_any_more_are_named(raw: str, record: Record, tamper) -> None:  # type: ignore[no-untyped-def]
    """Whatever is put in the place of a record's bytes, the inspection goes on to the end and names it."""
    record.say()
    tamper(f"UPDATE archive_revision SET raw = '{raw}'")
    found = findings()
    assert re.match(r"revision \(archive_revision \d+, leaf 1\): Its content digest", str(found.problems[0]))
    assert found.figures["leaves"] == 2
