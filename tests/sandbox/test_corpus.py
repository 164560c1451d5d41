"""A corpus folder becomes a world: every line is offered, moved into the last six months."""

import gzip
import json
from pathlib import Path

import pytest

from sandbox import corpus, server
from sandbox.clock import Clock
from sandbox.instance import Account
from tests.sandbox.conftest import NOON, Client

SHARED = [folder / "shared/corpus/public-sample" for folder in Path(__file__).parents[3:5]]
PUBLIC = next((folder for folder in SHARED if folder.is_dir()), SHARED[0])
MONTHS = [
    ("2025-11-20", "2025-12-19"),
    ("2025-12-20", "2026-01-19"),
    ("2026-01-20", "2026-02-19"),
    ("2026-02-20", "2026-03-19"),
    ("2026-03-20", "2026-04-19"),
    ("2026-04-20", "2026-05-20"),
]


def _write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with gzip.open(folder / f"{name}.ndjson.gz", "wt") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people, one session, three messages: one edited, one deleted, one with a file."""
    people = [{"id": n, "email": f"{n}@a.example", "display_name": n, "member_id": "m" + n} for n in "ab"]
    said = {"session_id": "s", "sender": "a"}
    _write(tmp_path, "users", people)
    _write(tmp_path, "sessions", [{"id": "s", "type": "Group", "channel_id": "c", "member_ids": ["a", "b"]}])
    edits = {"edited_timestamp": 1000, "edited_versions": [{"message": "was", "timestamp": 0}]}
    messages = [
        {**said, "id": "1", "timestamp": 0, "message": "is", **edits},
        {**said, "id": "2", "timestamp": 0, "message": "gone", "deleted": True, "deleted_timestamp": 2000},
        {
            **said,
            "id": "3",
            "timestamp": 10**12,
            "message": "",
            "files": [{"file_id": "f", "file_name": "f"}],
        },
    ]
    _write(tmp_path, "messages", messages)
    return tmp_path


def test_a_corpus_brings_its_edits_deletions_and_files(folder: Path) -> None:
    """Earlier wordings, deletions and files arrive as the corpus has them, equal times stay equal."""
    world = corpus.load(folder, clock=Clock(start=NOON, speed=0))
    first, second, third = world.sessions["s"].messages
    assert [v.text for v in first.versions] == ["was", "is"]
    assert first.timestamp == second.timestamp
    assert second.deleted_at is not None
    assert world.files["f"].content.size == 64 * 1024
    assert NOON.timestamp() * 1000 - third.timestamp >= corpus.SETTLED_MS


def test_a_broken_line_is_named(folder: Path) -> None:
    """The sentence says which file and which line."""
    with gzip.open(folder / "users.ndjson.gz", "at") as out:
        out.write("{}\n")
    with pytest.raises(ValueError, match=r"users\.ndjson.gz, line 3"):
        corpus.load(folder, clock=Clock(start=NOON, speed=0))


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public sample is not beside this checkout")
def test_paging_the_public_sample_yields_its_truth(account: Account) -> None:
    """Six months, page by page, are exactly the lines of the corpus."""
    world = corpus.load(PUBLIC, clock=Clock(start=NOON, speed=0))
    with server.running(world, account=account) as sandbox:
        client = Client(sandbox)
        seen = {
            (row["id"], message["id"])
            for first, last in MONTHS
            for row in client.sessions(first, last)
            for message in client.messages(row["id"], first, last, page_size=100)["messages"]
        }
        truth = client.control("truth")
    assert len(seen) == truth["messages"] == truth["revisions"]["total"] == 8801
    assert truth["sessions"] == 41
