"""From a Zoom account to a proven archive by the commands alone: every count exact, nothing twice, nothing overwritten."""

import csv
import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest

from tests.proof.conftest import Install, Zoom
from tests.proof.installation import Installation
from tests.proof.pretend_zoom import PretendZoom

pytestmark = [pytest.mark.slow, pytest.mark.system, pytest.mark.timeout(900)]

SAMPLE = next(
    (found for up in Path(__file__).parents if (found := up / "shared/corpus/public-sample").is_dir()), None
)
WORLDS = [
    pytest.param(
        ("--corpus", str(SAMPLE)),
        id="public-sample",
        marks=pytest.mark.skipif(SAMPLE is None, reason="no shared corpus beside the checkout"),
    ),
    pytest.param(("--scenario", "acme"), id="acme"),
]
QUIET = """
    SELECT s.zoom_id, (array_agg(m.zoom_id ORDER BY m.sent_at))[1:2]
    FROM archive_session s JOIN archive_message m ON m.session_id = s.id
    WHERE NOT EXISTS (SELECT FROM archive_revision r WHERE r.message_id = m.id AND r.kind <> 'sent')
    GROUP BY s.zoom_id
    HAVING max(m.sent_at) < now() - interval '60 days' AND count(*) > 1
    ORDER BY max(m.sent_at) LIMIT 1
"""


def counts(world: tuple[str, ...], zoom: PretendZoom) -> dict[str, int]:
    """What the archive must count: of a corpus by its own lines, of a scenario by the sandbox's truth."""
    if world[0] == "--corpus":
        with gzip.open(f"{world[1]}/messages.ndjson.gz", "rt") as lines:
            said = [json.loads(line) for line in lines]
        return {
            "sessions": len({one["session_id"] for one in said}),
            "messages": len(said),
            "revisions": len(said),
            "attachments": sum(len(one.get("files", ())) for one in said),
        }
    truth = zoom.truth()
    return {**{name: truth[name] for name in COUNTED}, "revisions": truth["revisions"]["total"]}


COUNTED = ("sessions", "messages", "revisions", "attachments")


def counted(installation: Installation) -> dict[str, Any]:
    told = installation.status()
    assert (told["is_complete"], told["gap_count"]) == (True, 0)
    return {name: told[name] for name in COUNTED}


def kept(installation: Installation, zoom_id: str) -> list[tuple[str, bytes]]:
    """Kind and bytes of every state of a message, in the order they were stored."""
    return installation.rows(
        "SELECT r.kind, r.raw FROM archive_revision r JOIN archive_message m ON m.id = r.message_id"
        f" WHERE m.zoom_id = '{zoom_id}' ORDER BY r.id"
    )


@pytest.mark.parametrize("world", WORLDS)
def test_an_account_is_captured_exactly_once_and_late_changes_stand_beside_the_first(
    world: tuple[str, ...], zoom: Zoom, install: Install
) -> None:
    """Counts are exact, verify agrees, a second capture adds nothing, and a change of today is there too."""
    pretend, holdfast = zoom(*world), install()
    holdfast.connect(pretend.url)
    assert "Complete to" in holdfast.must("capture")
    wanted = counts(world, pretend)
    assert counted(holdfast) == wanted
    holdfast.must("capture")
    assert counted(holdfast) == wanted
    [(session, (edited, deleted))] = holdfast.rows(QUIET)
    before = {name: kept(holdfast, name) for name in (edited, deleted)}
    pretend.edit(session_id=session, message_id=edited, text="as nobody said it at first")
    pretend.delete(session_id=session, message_id=deleted)
    holdfast.must("capture")
    assert counted(holdfast) == wanted | {"revisions": wanted["revisions"] + 2}
    for name, kind in ((edited, "edited"), (deleted, "deleted")):
        assert kept(holdfast, name)[:-1] == before[name]
        assert kept(holdfast, name)[-1][0] == kind
    assert b"as nobody said it at first" in bytes(kept(holdfast, edited)[-1][1])
    found = holdfast.verify()
    assert found["problems"] == []
    assert found["figures"]["leaves not yet signed over"] == 0
    holdfast.must("indexer", "--once")
    assert packaged(holdfast) == wanted["messages"]


def packaged(holdfast: Installation) -> int:
    """All of it exported by the commands, and checked by the file in the package with nothing but Python; its messages."""
    holdfast.must("search", "before:2100-01-01", "--freeze", "All of it")
    holdfast.must(
        "export", "ask", "list", "1", "--title=All", "--reason=Order", "--format=csv", "--format=rsmf"
    )
    holdfast.must("export", "work")
    measured = json.loads(holdfast.must("export", "show", "1", "--json"))[0]
    assert measured["state"] == "measured", measured
    holdfast.must("export", "make", "1")
    holdfast.must("export", "work")
    made, *parts = json.loads(holdfast.must("export", "show", "1", "--json"))
    assert (made["state"], made["sha256"]) == ("ready", measured["sha256"])
    folder = holdfast.folder / "taken"
    for part in parts:
        [file] = (holdfast.data / "exports").rglob(part["name"])
        assert hashlib.sha256(file.read_bytes()).hexdigest() == part["sha256"]
        with zipfile.ZipFile(file) as zipped:
            zipped.extractall(folder)
    [program] = folder.glob("*/verify.py")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(program)], env={}, capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == 0, done.stdout
    bagit.Bag(str(program.parent)).validate()
    [lines] = (program.parent / "data/about").glob("counts.csv")
    rows = list(csv.DictReader(lines.read_text("utf-8-sig").splitlines()))
    return int(next(row["messages"] for row in rows if row["by"] == "all"))
