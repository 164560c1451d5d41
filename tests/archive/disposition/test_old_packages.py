"""A package that was made before a disposition goes on proving itself: its words are elsewhere by then, and its log is ours.

The package is a real one, taken by whoever asked; the disposition goes its whole way, through rule, two approvals and three
days; the check is that of an auditor: verify.py with nothing but Python, and the newest checkpoint as its keeper has it.
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from archive import keys, log
from archive.models import Message, Revision, Session, Tombstone
from compliance import approvals
from compliance.disposition import asking, executing, gathering, reviewing
from compliance.exports import folders, keeping
from compliance.models import Disposition, Export, Hold
from compliance.permissions import Role
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import third_officer
from tests.compliance.conftest import As, _nothing_remembered, as_person, ines
from tests.compliance.exports.conftest import State, Worker, made, matter, of_matter, ready, session, worker

__all__ = ["_nothing_remembered", "as_person", "ines", "matter", "ready", "session", "worker"]

pytestmark = pytest.mark.django_db
Ran = subprocess.CompletedProcess[str]


def taken(row: Export, to: Path) -> Path:
    """The parts of an export, as somebody took them, unpacked into one folder."""
    for part in sorted(folders.of(row.pk).rglob("*.zip")):
        with zipfile.ZipFile(part) as opened:
            opened.extractall(to)
    (bag,) = (one.parent for one in to.rglob("verify.py"))
    return bag


def check(bag: Path, *arguments: str) -> Ran:
    """As an auditor runs it: no environment, no site packages, no file of ours but those in the package."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(bag / "verify.py"), *arguments], env={}, capture_output=True, text=True,
        cwd="/", timeout=120, check=False,
    )  # fmt: skip


def dispose(session: Session, worker: Worker) -> Disposition:
    """All but one message of a session, by a rule, asked for, approved by two, cooled off."""
    Hold.objects.update(released_at=worker.clock())
    world.keeping_rule(amount=1, unit="days")
    mei = cast.person(Role.RECORDS_MANAGER)
    row = gathering.start(account_id=session.account_id, by=mei, now=worker.clock())
    gathering.carry_out_next(clock=worker.clock)
    stays = world.message("main")
    given = {"disposition_id": row.pk, "by": mei}
    reviewing.take_out(session_id=None, message_id=stays.pk, reason="Quoted.", **given, now=worker.clock())  # type: ignore[arg-type]
    asked = asking.ask(typed="destroy", reason="It is due.", **given, now=worker.clock())  # type: ignore[arg-type]
    for officer in (User.objects.get(username="ines"), third_officer()):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=officer, now=worker.clock())
    worker.at += timedelta(days=4)
    approvals.carry_out_due(clock=worker.clock)
    while executing.carry_out_next(clock=worker.clock):
        pass
    row.refresh_from_db()
    assert (row.state, row.destroyed) == ("done", Message.objects.count() - 1)
    return row


def from_elsewhere(folder: Path, *, size: int) -> list[str]:
    """The newest checkpoint and the log's key as their keepers have them, and the proof between two sizes of the log."""
    newest = log.head()
    assert newest is not None
    assert newest.size > size
    proof = {
        "old": size,
        "new": newest.size,
        "proof": [one.hex() for one in log.consistency(old=size, new=newest.size)],
    }
    files = {
        "--checkpoint": ("newest.note", newest.note),
        "--consistency": ("between.json", json.dumps(proof)),
        "--key": ("log.vkey", str(keys.load(may_create=False).verifier)),
    }
    arguments = []
    for option, (name, content) in files.items():
        (folder / name).write_text(content)
        arguments += [option, str(folder / name)]
    return arguments


def test_an_old_package_still_verifies_after_the_words_are_gone(
    ready: Export, session: Session, worker: Worker, ines: User, as_person: As, tmp_path: Path
) -> None:
    """Before and after, alone and against the newest checkpoint; a byte changed afterwards is still found."""
    bag = taken(ready, tmp_path / "taken")
    before = check(bag)
    assert before.returncode == 0, before.stdout + before.stderr
    dispose(session, worker)
    log.checkpoint(now=worker.clock())
    assert Revision.objects.values("message").distinct().count() == 1
    size = ready.size
    assert size is not None
    alone, held_against = check(bag), check(bag, *from_elsewhere(tmp_path, size=size))
    assert (alone.returncode, alone.stdout) == (0, before.stdout)
    assert held_against.returncode == 0, held_against.stdout + held_against.stderr
    assert "AS FAR AS PROVEN, IT IS AS IT WAS MADE." in held_against.stdout
    (records,) = (bag / "data/records").glob("*.ndjson")
    records.write_bytes(records.read_bytes().replace(b"plain words 1", b"plain words 9"))
    changed = check(bag)
    assert (changed.returncode, "NOT AS IT WAS MADE" in changed.stdout) == (1, True)


def test_a_checkpoint_of_a_log_written_anew_contradicts_it(
    ready: Export, session: Session, worker: Worker, tmp_path: Path
) -> None:
    """So that the check against the newest checkpoint can fail: a root that is not the log's is named."""
    bag = taken(ready, tmp_path / "taken")
    dispose(session, worker)
    log.checkpoint(now=worker.clock())
    arguments = from_elsewhere(tmp_path, size=ready.size or 0)
    proof = json.loads((tmp_path / "between.json").read_text())
    proof["proof"][0] = "00" * 32
    (tmp_path / "between.json").write_text(json.dumps(proof))
    assert check(bag, *arguments).returncode == 1


def test_the_console_withdraws_ours_and_says_so(
    ready: Export, session: Session, worker: Worker, ines: User, as_person: As
) -> None:
    """The copy here goes; its page says why, and what was taken before goes on proving itself."""
    gone = dispose(session, worker).destroyed
    assert keeping.sweep(now=worker.clock()) == 1
    ready.refresh_from_db()
    assert (ready.state, folders.ids()) == (State.WITHDRAWN, [])
    page = as_person(ines).get(f"/exports/{ready.pk}/").content.decode()
    assert f"{gone} messages in it were destroyed in the archive since it was made" in page


def test_a_package_made_after_has_the_tombstones_among_its_exceptions(
    ready: Export, session: Session, worker: Worker, ines: User, tmp_path: Path
) -> None:
    """Each destroyed message by name, with its disposition; its leaf is proven, and no word of it is there."""
    row = dispose(session, worker)
    again = cast.let_into_everything(ines, name="The same once more")
    after = made(of_matter(again), worker, ines)
    assert after.state == State.READY, after.ending or after.last_error
    bag = taken(after, tmp_path / "after")
    done = check(bag)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = csv.DictReader(io.StringIO((bag / "data/about/exceptions.csv").read_text(encoding="utf-8-sig")))
    named = [one for one in lines if one["what"] == "message destroyed"]
    assert {one["message"] for one in named} == set(Tombstone.objects.values_list("zoom_id", flat=True))
    assert all(f"under disposition {row.pk}" in one["reason"] for one in named)
    (records,) = (bag / "data/records").glob("*.ndjson")
    kinds = [json.loads(line)["type"] for line in records.read_text().splitlines()]
    assert kinds.count("tombstone") == row.destroyed
    assert b"plain words 1" not in b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    shutil.rmtree(bag)
