"""Packages as they are really made, checked by verify.py as whoever takes them checks them."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from archive import verify_package
from archive.packages import custody, making
from archive.packages.content import Format, Request
from compliance import audit
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk, destroy
from tests.archive.packages.conftest import EXPORT, everything
from tests.archive.packages.test_every_value import bag
from tests.archive.packages.test_making import said, unpacked
from tests.archive.packages.written import put, seal

__all__ = ["bag", "said"]
Said = pytest.CaptureFixture[str]


def make(request: Request, folder: Path) -> None:
    """Measured, recorded in the log, settled and made, as an export is."""
    folder.mkdir()
    contents = making.measure(request)
    details = {"sha256": contents.sha256, "contents": contents.as_data()}
    with transaction.atomic():
        event = audit.record(
            action=audit.Action.MEASURED, subject=f"export/{EXPORT}", details=details, by=None, now=scenes.NOW
        )
    later = scenes.NOW + timedelta(hours=1)
    settled = custody.settle(request, custody={"asked_by": "Ines", "event_ids": [event.pk]}, now=later)
    making.make(request, folder=folder, expected=contents, settled=settled)


def checked(*paths: Path, capsys: Said) -> tuple[int, str]:
    status = verify_package.main([str(path) for path in paths])
    return status, capsys.readouterr().out


def bare(program: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Run with nothing but Python."""
    command = [sys.executable, "-I", "-S", str(program), *map(str, paths)]
    return subprocess.run(command, env={}, capture_output=True, text=True, cwd="/")


def test_a_package_verifies_with_nothing_but_python(said: Talk, tmp_path: Path) -> None:
    """Unpacked by the program that lies in it, and in its zips as they come; nothing is left unproven but what must be."""
    request = everything(said, formats=frozenset({Format.CSV, Format.RSMF, Format.EML, Format.DAT}))
    make(request, tmp_path / "made")
    folder = unpacked(tmp_path / "made")
    for ran in (
        bare(folder / "verify.py"),
        bare(folder / "verify.py", *sorted((tmp_path / "made").glob("*.zip"))),
    ):
        assert ran.returncode == 0, ran.stdout + ran.stderr
        proven, unproven = ran.stdout.split("NOT PROVEN")
        assert "4 of them versions of messages" in proven
        assert "Nothing was left out or changed, in any form" in proven
        assert "(--key)" in unproven


def test_a_package_with_tombstones_verifies(said: Talk, tmp_path: Path, capsys: Said) -> None:
    """What was destroyed is proven to have been there, and counted."""
    destroy(said.message("3"))
    make(everything(said), tmp_path / "made")
    status, told = checked(unpacked(tmp_path / "made"), capsys=capsys)
    assert status == 0, told


def test_every_value_that_breaks_software_verifies(bag: Path) -> None:
    """NUL, lone surrogates, absurd numbers and depths: the bytes are proven, and no text is said to be false."""
    ran = bare(bag / "verify.py", bag)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_an_empty_package_verifies(talk: Talk, tmp_path: Path, capsys: Said) -> None:
    """Nothing was chosen: the cover is the whole log."""
    talk.say("not chosen", id="1")
    make(everything(), tmp_path / "made")
    status, told = checked(unpacked(tmp_path / "made"), capsys=capsys)
    assert status == 0, told


@pytest.mark.parametrize("form", ["data/csv", "data/rsmf"])
def test_another_form_that_was_changed_is_no_longer_bound(
    said: Talk, tmp_path: Path, capsys: Said, form: str
) -> None:
    """Whoever writes the manifests anew cannot write the event that names the digest."""
    make(everything(said, formats=frozenset({Format.CSV, Format.RSMF})), tmp_path / "made")
    folder = unpacked(tmp_path / "made")
    (file, *_) = [path for path in sorted((folder / form).rglob("*")) if path.is_file()]
    put(folder, str(file.relative_to(folder)), file.read_bytes() + b"\n")
    seal(folder)
    status, told = checked(folder, capsys=capsys)
    assert status == 0
    assert "Nothing was left out or changed, in any form" in told.split("NOT PROVEN")[1]


def test_no_record_of_a_package_can_be_changed(said: Talk, tmp_path: Path, capsys: Said) -> None:
    """Field by field of every line, with the manifests written anew: its line is named, or, where only
    the leaf itself says it, the root that no longer comes out."""
    make(everything(said), tmp_path / "made")
    folder = unpacked(tmp_path / "made")
    name = "data/records/00001.ndjson"
    whole = (folder / name).read_bytes().splitlines(keepends=True)
    free = {
        "about",
        "session_id",
        "sender",
        "reply_to",
        "action_at",
        "files",
        "message_id",
        "sent_at_is_doubtful",
    }
    tried = 0
    for number, line in enumerate(whole):
        for field in sorted(json.loads(line).keys() - free):
            changed = json.loads(line)
            changed[field] = 7 if isinstance(changed[field], str) else "other"
            lines = [
                *whole[:number],
                json.dumps(changed, sort_keys=True).encode() + b"\n",
                *whole[number + 1 :],
            ]
            put(folder, name, b"".join(lines))
            seal(folder)
            status, told = checked(folder, capsys=capsys)
            assert status == 1, (number, field)
            assert f"{name}, line {number + 1}" in told or field in ("at", "leaf", "subject_id"), (
                number,
                field,
                told,
            )
            tried += 1
    assert tried > 40
