"""A package has the time stamp of the checkpoint it stands on, as far as an authority gave one."""

import json
from pathlib import Path

from archive import log
from archive.packages import custody
from archive.packages.content import Request
from tests.archive.core.record import Record
from tests.archive.witnesses.conftest import Authority

CHECKPOINT, STAMP, CUSTODY = "data/log/checkpoint.note", "data/log/timestamp.tsr", "data/about/custody.json"


def settled(record: Record) -> tuple[bytes, dict[str, bytes]]:
    """The note of a checkpoint, and what is settled of a package that stands on it while the log goes on."""
    record.say()
    made = log.checkpoint(now=record.now)
    assert made is not None
    record.say()
    request = Request(export_id=1, title="", formats=frozenset(), size=made.size, made_at=made.made_at)
    return made.note.encode(), custody.files(custody.settle(request, custody={}, now=record.now))


def test_the_stamp_is_of_the_packages_own_checkpoint(
    record: Record, authority: Authority, tmp_path: Path
) -> None:
    """openssl agrees, by the two files of the package and the authority's certificate."""
    note, files = settled(record)
    (tmp_path / "checkpoint.note").write_bytes(note)
    (tmp_path / "timestamp.tsr").write_bytes(files[STAMP])
    assert authority.verifies(tmp_path / "timestamp.tsr", tmp_path / "checkpoint.note")
    assert json.loads(files[CUSTODY])["time_stamp"].startswith("By the authority, ")


def test_an_authority_that_gave_none_is_said(record: Record, authority: Authority) -> None:
    """The package is made all the same, and its custody says why no stamp is in it."""
    authority.status = 503
    _, files = settled(record)
    assert STAMP not in files
    assert json.loads(files[CUSTODY])["time_stamp"] == "The authority answered with HTTP 503."
