"""A package that was taken, checked with what its keeper has from elsewhere, as the archive gives it over REST."""

import json
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from archive import verify_package
from compliance.exports import folders
from compliance.models import Export, Matter
from tests.compliance import world
from tests.compliance.exports.conftest import Worker, made, of_matter
from tests.compliance.test_api_resources import Program


def unpacked(row: Export, to: Path) -> Path:
    """The folder of a package, from all its parts."""
    for part in sorted(folders.of(row.pk).rglob("*.zip")):
        with zipfile.ZipFile(part) as opened:
            opened.extractall(to)
    (bag,) = (one.parent for one in to.rglob("verify.py"))
    return bag


def test_the_proof_that_rest_gives_is_the_one_that_is_taken(
    matter: Matter, ines: User, worker: Worker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A checkpoint kept from before, and the answer of the archive as it was saved: the log goes on from it."""
    program = Program(ines)
    world.sign()
    old = program.get("log/")["newest"]
    row = made(of_matter(matter), worker, ines)
    assert row.size is not None
    assert row.size > old["size"]
    files = {
        "old.note": old["note"],
        "it.json": json.dumps(program.get("log/consistency/", old=old["size"], new=row.size)),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    bag = unpacked(row, tmp_path / "taken")
    checkpoint = [str(bag), "--checkpoint", str(tmp_path / "old.note")]
    assert verify_package.main(checkpoint) == 2
    assert "give the proof" in capsys.readouterr().out
    assert verify_package.main([*checkpoint, "--consistency", str(tmp_path / "it.json")]) == 0
    proven, _ = capsys.readouterr().out.split("NOT PROVEN")
    assert "(--checkpoint)" in proven
