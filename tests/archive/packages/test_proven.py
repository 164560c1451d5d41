"""Packages as they are really made, checked by verify.py as whoever takes them checks them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive import attestation, verify_package
from archive.packages.content import Format
from tests.archive.disposition.conftest import Talk, destroy
from tests.archive.packages.conftest import everything, make
from tests.archive.packages.test_every_value import bag
from tests.archive.packages.test_making import said, unpacked
from tests.archive.packages.written import put, seal

__all__ = ["bag", "said"]
Said = pytest.CaptureFixture[str]


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
    for one in ("2", "3"):
        destroy(said.message(one))
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


FORMS = ("csv", "rsmf", "eml", "dat", "html")
ABOUT = ("exceptions.csv", "coverage.csv", "counts.csv", "query.json")


def test_no_other_form_can_be_changed(said: Talk, tmp_path: Path, capsys: Said) -> None:
    """Whoever writes the manifests anew cannot write the event that names the digest: it is another package then."""
    make(everything(said, formats=frozenset(map(Format, FORMS))), tmp_path / "made")
    folder = unpacked(tmp_path / "made")
    for place in [f"data/{form}" for form in FORMS] + [f"data/about/{name}" for name in ABOUT]:
        file = folder / place
        if file.is_dir():
            file = next(path for path in sorted(file.rglob("*")) if path.is_file())
        whole = file.read_bytes()
        put(folder, str(file.relative_to(folder)), whole + b"\n")
        seal(folder)
        status, told = checked(folder, capsys=capsys)
        assert status == 1, place
        assert "This is not the package that was measured" in told, place
        assert place in told
        put(folder, str(file.relative_to(folder)), whole)
    file.unlink()
    seal(folder)
    assert checked(folder, capsys=capsys)[0] == 1


def test_a_file_that_is_taken_out_with_its_place_is_found(said: Talk, tmp_path: Path, capsys: Said) -> None:
    """Where a file lies is no part of what the log commits to: the digest of the package has it."""
    make(everything(said), tmp_path / "made")
    folder = unpacked(tmp_path / "made")
    name = "data/records/00001.ndjson"
    lines = [json.loads(line) for line in (folder / name).read_text().splitlines()]
    for line in lines:
        if line["type"] == "blob":
            (folder / line["about"]["path"]).unlink()
            line["about"]["path"] = None
    put(folder, name, b"".join(attestation.line(line) + b"\n" for line in lines))
    seal(folder)
    status, told = checked(folder, capsys=capsys)
    assert status == 1
    assert "This is not the package that was measured" in told


def test_no_record_of_a_package_can_be_changed(said: Talk, tmp_path: Path, capsys: Said) -> None:
    """Field by field of every line, with the manifests written anew: its line is named; or, where only the
    leaf itself says it, the root that no longer comes out; or, where nothing in the log says it, the package's digest."""
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
        for field in sorted(json.loads(line)):
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
            is_named = f"{name}, line {number + 1}" in told
            assert is_named or field in {"at", "leaf", "subject_id", *free}, (number, field, told)
            assert is_named or "This is not the package that was measured" in told
            tried += 1
    assert tried > 40
