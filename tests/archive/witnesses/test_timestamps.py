"""Time stamps of checkpoints: asked for, checked before they are kept, and what openssl says of them."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from archive import log, publication, timestamps
from archive.models import Checkpoint, Timestamp
from tests.archive.core.record import Record
from tests.archive.witnesses.conftest import Authority, make_authority


@pytest.fixture
def checkpoint(record: Record) -> Checkpoint:
    record.say()
    made = log.checkpoint(now=record.now)
    assert made is not None
    return made


def test_a_checkpoint_is_stamped_once_and_published(checkpoint: Checkpoint, authority: Authority) -> None:
    """The reply is kept byte for byte beside the note; openssl agrees; asking again asks nobody."""
    made = timestamps.stamp(checkpoint)
    assert abs(made.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    note = publication.place(checkpoint.size)
    stamped = note.with_suffix(".tsr")
    assert stamped.read_bytes() == bytes(made.reply) == timestamps.reply_of(checkpoint.size)
    assert authority.verifies(stamped, note)
    authority.status = 500
    assert timestamps.stamp(checkpoint) == made


def test_openssl_and_we_refuse_a_stamp_of_something_else(
    checkpoint: Checkpoint, authority: Authority, tmp_path: Path
) -> None:
    """Of another note, also of one that differs in one byte."""
    made = timestamps.stamp(checkpoint)
    other = checkpoint.note.encode().replace(b"\n", b" ", 1)
    (tmp_path / "other.note").write_bytes(other)
    assert not authority.verifies(
        publication.place(checkpoint.size).with_suffix(".tsr"), tmp_path / "other.note"
    )
    with pytest.raises(timestamps.NotStamped, match="something else"):
        timestamps.check(bytes(made.reply), note=other)


def test_an_answer_to_another_request_is_not_taken(checkpoint: Checkpoint, authority: Authority) -> None:
    """A reply that was given before, over the same note, has another nonce."""
    old = bytes(timestamps.stamp(checkpoint).reply)
    authority.answer = lambda _: old
    with pytest.raises(timestamps.NotStamped, match="another request"):
        timestamps.ask(checkpoint.note.encode(), url=authority.url)


def test_an_authority_that_is_not_ours_is_not_taken(
    checkpoint: Checkpoint, authority: Authority, tmp_path: Path
) -> None:
    """Its certificate does not lead to the one of HOLDFAST_TIMESTAMP_CA; without the setting nobody asks."""
    stranger = make_authority(tmp_path / "stranger")
    root = str(stranger.folder / "root.pem")
    with (
        override_settings(HOLDFAST_TIMESTAMP_CA=root),
        pytest.raises(timestamps.NotStamped, match="not signed"),
    ):
        timestamps.stamp(checkpoint)
    assert not Timestamp.objects.exists()
    with override_settings(HOLDFAST_TIMESTAMP_CA=""):
        assert timestamps.stamp(checkpoint).pk is not None


def test_every_changed_byte_of_a_signed_reply_is_refused(
    checkpoint: Checkpoint, authority: Authority
) -> None:
    """In what is signed: imprint, time and signature."""
    whole, note = bytes(timestamps.stamp(checkpoint).reply), checkpoint.note.encode()
    digest = whole.index(hashlib.sha256(note).digest())
    for position in (digest, digest + 31, digest + 40, digest + 55, len(whole) - 1, len(whole) - 100):
        changed = whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]
        with pytest.raises(timestamps.NotStamped):
            timestamps.check(changed, note=note)


@pytest.mark.parametrize(
    ("status", "reply", "words"),
    [
        (200, b"", "no time stamp"),
        (200, b"<html>", "no time stamp"),
        (200, b"\x30\x03\x02\x01\x02", "no time stamp"),
        (503, b"later", "HTTP 503"),
        (200, b"0" * (timestamps.LARGEST + 1), "too long"),
    ],
    ids=["empty", "a page", "another structure", "busy", "endless"],
)
def test_what_is_no_reply_is_refused_with_a_sentence(
    checkpoint: Checkpoint, authority: Authority, status: int, reply: bytes, words: str
) -> None:
    """Whatever comes, nothing is kept."""
    authority.status, authority.answer = status, lambda _: reply
    with pytest.raises(timestamps.NotStamped, match=words):
        timestamps.stamp(checkpoint)
    assert not Timestamp.objects.exists()


def test_an_authority_out_of_reach_is_said_without_its_address(checkpoint: Checkpoint) -> None:
    """An address may hold a password."""
    with (
        override_settings(HOLDFAST_TIMESTAMP_URL="http://ines:secret@127.0.0.1:9/"),
        pytest.raises(timestamps.NotStamped, match="cannot be reached") as refused,
    ):
        timestamps.stamp(checkpoint)
    assert "secret" not in str(refused.value)
