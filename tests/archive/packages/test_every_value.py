"""The values that break software, all in one package: every one is there, proven, and inert."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import commitments, hashing, ingest, merkle
from archive.models import Checkpoint, Revision
from archive.packages import formats
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk
from tests.archive.ingest.test_torture import corpus, record
from tests.archive.packages.conftest import EXPORT, everything, make


@pytest.fixture
def bag(talk: Talk, tmp_path: Path) -> Path:
    """A package of all of them, in every form, unpacked."""
    cases = corpus()
    if not cases:
        pytest.skip("the corpus folder is not beside this checkout")
    offered = scenes.page([record(number, case) for number, case in enumerate(cases)])
    ingest.message_page(offered, window=talk.window, pull=1, now=scenes.NOW)
    request = everything(talk, formats=frozenset(formats.WRITERS))
    assert make(request, tmp_path).revisions == Revision.objects.count()
    for part in tmp_path.glob("*.zip"):
        with zipfile.ZipFile(part) as zipped:
            zipped.extractall(tmp_path / "out")
    return tmp_path / "out" / f"holdfast-export-{EXPORT}"


def lines(bag: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(bag.glob(pattern)) for line in path.read_bytes().splitlines()]


def revision_entry(line: dict[str, Any]) -> bytes:
    """The bytes of a leaf, made from its line alone."""
    commitment = commitments.revision(
        salt=bytes.fromhex(line["salt"]),
        session=line["session"],
        message=line["message"],
        kind=line["kind"],
        raw=b64decode(line["raw"]),
        page_id=line["page_id"],
        stored_at=datetime.fromisoformat(line["stored_at"]),
    )
    return hashing.entry(
        kind=1, subject_id=line["subject_id"], at=datetime.fromisoformat(line["at"]), commitment=commitment
    )


def test_every_record_is_there_byte_for_byte_and_leads_to_the_root(bag: Path) -> None:
    """Records and cover, walked in step, come to what the checkpoint states."""
    records = lines(bag, "data/records/*.ndjson")
    stored = {bytes(one.raw) for one in Revision.objects.all()}
    assert {b64decode(line["raw"]) for line in records if line["type"] == "revision"} == stored
    assert all(line["type"] == "revision" for line in records)
    pieces = [(line["leaf"], 0, hashing.leaf(revision_entry(line))) for line in records]
    pieces += [
        (line["start"], line["level"], bytes.fromhex(line["hash"]))
        for line in lines(bag, "data/log/cover.ndjson")
    ]
    found = {(level, start >> level): hashed for start, level, hashed in pieces}

    def node(level: int, number: int) -> bytes:
        known = found.get((level, number))
        if known is not None:
            return known
        return hashing.node(node(level - 1, 2 * number), node(level - 1, 2 * number + 1))

    checkpoint = Checkpoint.objects.order_by("size").first()
    assert checkpoint is not None
    assert merkle.root(checkpoint.size, at=node) == bytes(checkpoint.root)


def test_no_cell_of_a_table_begins_a_formula(bag: Path) -> None:
    """In any table of the package, whoever wrote what is in it."""
    for path in bag.rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        assert len({len(row) for row in rows}) == 1
        for row in rows[1:]:
            for cell in row:
                is_number = cell.lstrip("-").isdecimal()
                assert is_number or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n|%＝＋－＠")), path


def test_a_validator_of_others_takes_the_bag(bag: Path) -> None:
    """The Library of Congress's own, which reads every file again."""
    bagit = pytest.importorskip("bagit")
    found = bagit.Bag(str(bag))
    found.validate(processes=1)
    assert found.info["External-Identifier"] == f"holdfast-export-{EXPORT}"
    (bag / "data/about/counts.csv").write_bytes(b"by,id\r\n")
    with pytest.raises(bagit.BagValidationError):
        found.validate(processes=1)


def test_the_package_checks_itself_with_nothing_but_python(bag: Path) -> None:
    """Its own program finds it in order; with one byte of one record changed, not any more."""
    argv = [sys.executable, "-I", "-S", str(bag / "verify.py")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    records = bag / "data/records/00001.ndjson"
    records.write_bytes(records.read_bytes().replace(b'"kind": "sent"', b'"kind": "SENT"', 1))
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0
