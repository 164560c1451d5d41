"""Checkpoints: signed, consistent, published outside the database, and refused for a log that was rewritten."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test import override_settings

from archive import hashing, keys, log, merkle, publication, schedule, tasks, tiles, verify
from archive.models import Checkpoint, Leaf, Tile

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Owner = psycopg.Connection[tuple[object, ...]]


def grow(count: int, *, now: datetime = NOON) -> None:
    """Append leaves that commit to nothing in particular."""
    first = log.size()
    subjects = range(first, first + count)
    with transaction.atomic():
        log.append(
            [log.Entry(Leaf.Kind.PAGE, n, hashing.commitment(b"", b"%d" % n)) for n in subjects], now=now
        )


def as_owner(owner: Owner, statement: str) -> None:
    """Tamper: put the triggers aside and write."""
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute(statement.encode())


def key() -> str:
    return str(keys.load(may_create=False).verifier)


@pytest.mark.django_db
def test_an_empty_log_is_not_signed(data: Path) -> None:
    """There is nothing to state, and no key is made for it."""
    assert log.checkpoint(now=NOON) is None
    assert log.head() is None
    assert not (data / "log.key").exists()


@pytest.mark.django_db
def test_a_checkpoint_states_size_and_root() -> None:
    """It verifies under the log's key, and its root is that of the leaves."""
    grow(5)
    made = log.checkpoint(now=NOON)
    assert made is not None
    stated = verify.checkpoint(made.note, key=key())
    root = merkle.root_of(hashing.leaf(log.entry_of(n)) for n in range(5))
    assert (stated.size, stated.root) == (5, root) == (made.size, bytes(made.root))
    assert log.checkpoint(now=NOON) is None


@pytest.mark.django_db
def test_a_growing_log_is_proven_through_its_tiles() -> None:
    """Across two levels of tiles every checkpoint extends the one before, and every sampled leaf is included."""
    sizes = [1, 255, 256, 257, 1000, 65536, 66000]
    for size in sizes:
        grow(size - log.size())
        made = log.checkpoint(now=NOON)
        assert made is not None
        assert made.size == size
    assert list(Tile.objects.filter(level=1).values_list("number", flat=True)) == [0]
    assert Tile.objects.filter(level=0).count() == 66000 // 256
    heads = [verify.checkpoint(note, key=key()) for note in Checkpoint.objects.values_list("note", flat=True)]
    for old, new in pairwise(heads):
        verify.extends(old=old, new=new, proof=log.consistency(old=old.size, new=new.size))
    for head in heads:
        for index in {0, head.size // 2, head.size - 1, min(255, head.size - 1)}:
            proof = log.prove(index=index, size=head.size)
            verify.included(entry=log.entry_of(index), index=index, proof=proof, head=head)


@pytest.mark.django_db
def test_a_proof_costs_few_queries_however_large_the_log(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """Two tiles a level, whichever leaf is asked for."""
    grow(70_000)
    log.checkpoint(now=NOON)
    for index in (0, 40_000, 69_999):
        with django_assert_max_num_queries(7):
            log.prove(index=index, size=70_000)


@pytest.mark.django_db
def test_what_no_checkpoint_covers_is_not_proven() -> None:
    """A proof needs a signed root to lead to."""
    grow(3)
    log.checkpoint(now=NOON)
    grow(1)
    with pytest.raises(merkle.OutOfRange, match="no checkpoint yet"):
        log.prove(index=3, size=4)
    with pytest.raises(merkle.OutOfRange):
        log.consistency(old=3, new=4)


@pytest.mark.django_db
def test_checkpoints_leave_the_database(data: Path, tmp_path: Path) -> None:
    """A file named by its size in the data folder and in the folder of the operator's choice, never rewritten."""
    grow(2)
    with override_settings(HOLDFAST_CHECKPOINT_DIR=str(tmp_path / "elsewhere")):
        made = log.checkpoint(now=NOON)
    assert made is not None
    for folder in (data / "checkpoints", tmp_path / "elsewhere"):
        file = folder / "00000000000000000002.note"
        assert file.read_text() == made.note
        assert (folder / "log.vkey").read_text().strip() == key()
        assert stat.S_IMODE(file.stat().st_mode) == 0o444


@pytest.mark.django_db
def test_a_publication_that_was_missed_is_made_up_for(data: Path) -> None:
    """A process that dies between commit and publication leaves a checkpoint that the next run publishes."""
    grow(2)
    log.checkpoint(now=NOON)
    file = data / "checkpoints" / "00000000000000000002.note"
    file.unlink()
    assert log.checkpoint(now=NOON) is None
    assert file.exists()


@pytest.mark.django_db
def test_a_folder_out_of_reach_is_caught_up_with(tmp_path: Path) -> None:
    """Nobody loses a checkpoint because a disk was away: the error is loud, and all is published when it is back."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not a folder")
    with override_settings(HOLDFAST_CHECKPOINT_DIR=str(elsewhere)):
        for _ in range(3):
            grow(1)
            with pytest.raises(OSError, match="elsewhere"):
                log.checkpoint(now=NOON)
        elsewhere.unlink()
        log.checkpoint(now=NOON)
    assert sorted(publication.size_of(file) for file in elsewhere.glob("*.note")) == [1, 2, 3]


@pytest.mark.django_db
def test_the_key_is_the_logs_own(data: Path) -> None:
    """Made once, for its owner only; once there are checkpoints a missing key is an error, not a new key."""
    grow(1)
    log.checkpoint(now=NOON)
    assert stat.S_IMODE((data / "log.key").stat().st_mode) == 0o600
    first = key()
    os.rename(data / "log.key", data / "moved")
    with override_settings(HOLDFAST_LOG_KEY=(data / "moved").read_text()):
        assert key() == first
    grow(1)
    with pytest.raises(keys.KeyUnusable, match="put back"):
        log.checkpoint(now=NOON)
    assert not (data / "log.key").exists()


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "not base64 at all"])
@pytest.mark.django_db
def test_a_bad_key_is_named(text: str, data: Path) -> None:
    """The sentence says where the key came from, and never what it was."""
    data.mkdir()
    (data / "log.key").write_text(text)
    with pytest.raises(keys.KeyUnusable, match=r"log\.key does not hold the base64"):
        keys.load(may_create=True)


TAMPERINGS = {
    "a leaf changed": ("UPDATE archive_leaf SET subject_id = 9999 WHERE index = 299", "not those"),
    "a commitment changed": (
        "UPDATE archive_leaf SET commitment = sha256('') WHERE index = 299",
        "not those",
    ),
    "leaves cut off": ("DELETE FROM archive_leaf WHERE index >= 290", "were cut off"),
    "a leaf taken out": ("DELETE FROM archive_leaf WHERE index = 280", "Leaf 280 is missing"),
    "a tile dropped": ("DELETE FROM archive_tile", "Tile 0 of level 0 is missing"),
    "a tile changed": (
        "UPDATE archive_tile SET hashes = overlay(hashes PLACING '\\x00' FROM 5)",
        "not those",
    ),
    "the whole past replaced": (
        "DELETE FROM archive_checkpoint; UPDATE archive_leaf SET commitment = sha256('') WHERE index = 299",
        r"are not those .*\.note was signed for",
    ),
    "log and checkpoints cut together": (
        "DELETE FROM archive_checkpoint; DELETE FROM archive_leaf WHERE index >= 290",
        r"\.note was signed at 300: leaves were cut off",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_rewritten_log_is_not_signed(name: str, owner: Owner) -> None:
    """Whatever the owner of the tables does to it, the next checkpoint is refused with the reason."""
    statement, reason = TAMPERINGS[name]
    grow(300)
    log.checkpoint(now=NOON)
    for part in statement.split("; "):
        as_owner(owner, part)
    with pytest.raises(tiles.LogDamaged, match=reason):
        log.checkpoint(now=NOON)
    grow(20, now=NOON + timedelta(hours=1))
    with pytest.raises(tiles.LogDamaged):
        log.checkpoint(now=NOON)
    assert not Checkpoint.objects.filter(size__gt=300).exists()


@pytest.mark.django_db
def test_a_forged_publication_stops_the_signing(data: Path) -> None:
    """A note in the folder that the log's key did not sign is named."""
    grow(2)
    log.checkpoint(now=NOON)
    forged = data / "checkpoints" / f"{7:020}.note"
    forged.write_text(publication.published()[0].read_text().replace("\n2\n", "\n7\n"))
    grow(8)
    with pytest.raises(tiles.LogDamaged, match=r"0007\.note: The signature of the checkpoint is not valid"):
        log.checkpoint(now=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_beside_writers_states_a_beginning_of_the_log() -> None:
    """Signing waits for nobody and nobody waits for it; what it states is what the log began with."""

    def write(writer: int) -> None:
        try:
            for number in range(20):
                with transaction.atomic():
                    log.append([log.Entry(Leaf.Kind.PAGE, writer * 20 + number, bytes(32))], now=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, n) for n in range(4)]
        while not all(writer.done() for writer in writers):
            log.checkpoint(now=NOON)
        for writer in writers:
            writer.result()
    log.checkpoint(now=NOON)
    for size, root in Checkpoint.objects.values_list("size", "root"):
        assert merkle.root_of(hashing.leaf(log.entry_of(n)) for n in range(size)) == bytes(root)


@pytest.mark.django_db
def test_the_clock_signs_the_log_every_hour() -> None:
    """Beat's nudge makes the checkpoint; a second nudge adds nothing."""
    grow(3)
    for _ in range(2):
        tasks.checkpoint_log()
    assert Checkpoint.objects.count() == 1
    assert schedule.BEAT["checkpoint-log"]["task"] == tasks.checkpoint_log.name
