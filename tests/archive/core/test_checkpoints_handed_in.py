"""A checkpoint that somebody kept is compared with the log: it fits, or it is named."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from archive import keys, log, notes
from archive.models import Checkpoint
from tests.archive.core.record import NOON, Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailed(record: Record) -> str:
    """The note of the first ten leaves, as it was mailed; the log went on, and was signed again."""
    record.grow_to(10)
    first = log.checkpoint(now=NOON)
    assert first is not None
    record.grow_to(300)
    log.checkpoint(now=NOON)
    return Checkpoint.objects.get(size=10).note


def told(*files: Path | str) -> str:
    """What `manage.py verify` says of notes that are handed in, whether it agrees or not."""
    out, code = io.StringIO(), 0
    try:
        call_command("verify", checkpoint=[str(file) for file in files], stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == (0 if out.getvalue().endswith("Everything agrees.\n") else 1)
    return out.getvalue()


def forged(size: int) -> str:
    """A note that the log's own key signs for a log that was never this one."""
    key = keys.load(may_create=False)
    head = notes.Head(key.verifier.name, size, b"\x07" * 32)
    return notes.write(head, key=key.verifier, sign=key.sign)


def test_a_note_that_was_kept_fits(mailed: str, tmp_path: Path) -> None:
    """Of any age, saved by a mail program that ends lines otherwise; how many were handed in is counted."""
    plain, from_mail, newest = (tmp_path / name for name in ("a.note", "b.note", "c.note"))
    plain.write_text(mailed)
    from_mail.write_bytes(b"\n" + mailed.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    newest.write_text(Checkpoint.objects.get(size=300).note)
    said = told(plain, from_mail, newest)
    assert said.endswith("Everything agrees.\n")
    assert "3 checkpoints handed in" in said


def test_a_log_that_was_written_anew_does_not_fit(mailed: str, tmp_path: Path) -> None:
    """Though every checkpoint in the database agrees with every leaf; of the newest size, and of one never signed."""
    for size in (10, 11, 300):
        note = tmp_path / f"{size}.note"
        note.write_text(forged(size))
        said = told(note)
        assert f"checkpoint handed in ({note}): The first {size} leaves of the log are not those" in said


def test_leaves_that_were_cut_off_are_missed(mailed: str, tmp_path: Path) -> None:
    """Whatever the database was made to say."""
    note = tmp_path / "later.note"
    note.write_text(forged(5_000))
    assert "It was signed at 5000 leaves, and the log has 300: its newest were cut off." in told(note)


def test_what_the_log_s_key_did_not_sign_is_named(
    mailed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed note, something else, read from standard input too; a file that is not there is said so."""
    note = tmp_path / "changed.note"
    note.write_text(mailed.replace("\n10\n", "\n12\n"))
    assert "The signature of the checkpoint is not valid" in told(note)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Dear keeper,\n")))
    assert "checkpoint handed in (standard input)" in told("-")
    with pytest.raises(CommandError, match="cannot be read"):
        told(tmp_path / "none.note")
