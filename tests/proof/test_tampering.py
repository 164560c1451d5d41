"""Whoever owns the database and the disk can change anything, and `manage.py verify` names the first thing changed.

One archive is captured twice and indexed; each scene gets a copy of it, damages that, and asks the command.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.proof.conftest import Install, Zoom
from tests.proof.installation import Installation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.system,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("tampering"),  # one worker: its scenes share one archive
]
CopyOf = Callable[[Installation], Installation]

VICTIM = """
    SELECT r.id, l.index, r.message_id, r.page_id, r.text FROM archive_revision r
    JOIN archive_leaf l ON l.kind = 1 AND l.subject_id = r.id
    WHERE r.text LIKE 'file %' ORDER BY l.index LIMIT 1
"""

NEWEST = """
    SELECT s.zoom_id, m.zoom_id FROM archive_message m JOIN archive_session s ON s.id = m.session_id
    JOIN archive_revision r ON r.message_id = m.id WHERE r.text LIKE 'file %' ORDER BY m.sent_at DESC LIMIT 1
"""


@dataclass(frozen=True)
class Evidence:
    """The captured archive, the index of an earlier moment, and one revision in the middle to harm."""

    holdfast: Installation
    older_index: Path
    revision: int
    leaf: int
    message: int
    page: int
    size: int


@pytest.fixture(scope="module")
def evidence(zoom: Zoom, install: Install, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Everything agrees: two captures, each with its checkpoint, and the index followed both."""
    pretend, holdfast = zoom("--scenario", "awkward"), install()
    older = tmp_path_factory.mktemp("older") / "index"
    holdfast.connect(pretend.url)
    holdfast.must("capture")
    holdfast.must("indexer", "--once")
    shutil.copytree(holdfast.data / "index", older, symlinks=True)
    holdfast.must("search", "hello")
    [(session, message)] = holdfast.rows(NEWEST)
    pretend.edit(session_id=session, message_id=message, text="corrected")
    holdfast.must("capture")
    holdfast.must("indexer", "--once")
    assert holdfast.verify()["problems"] == []
    [victim] = holdfast.rows(VICTIM)
    return Evidence(holdfast, older, *victim[:4], size=holdfast.status()["checkpoint_size"])


@pytest.fixture
def damaged(evidence: Evidence, copy_of: CopyOf) -> Installation:
    """A copy to damage."""
    return copy_of(evidence.holdfast)


IN_THE_DATABASE = {
    "a revision's bytes changed": (
        "UPDATE archive_revision SET raw = overlay(raw PLACING 'X' FROM position('file' IN raw)) WHERE id = {revision}",
        r"revision \(archive_revision {revision}, leaf {leaf}\): Its content digest does not follow",
    ),
    "a revision's bytes, digest and text changed together": (
        "UPDATE archive_revision SET raw = convert_to(replace(convert_from(raw, 'UTF8'), text, 'file XX'), 'UTF8'),"
        " text = 'file XX', digest = sha256(raw) WHERE id = {revision}",
        r"revision \(archive_revision {revision}, leaf {leaf}\): ",
    ),
    "a revision deleted": (
        "DELETE FROM archive_revision WHERE id = {revision}",
        r"revision \(archive_revision {revision}, leaf {leaf}\): The log has it, but its row is gone",
    ),
    "a message deleted": (
        "DELETE FROM archive_message WHERE id = {message}",
        r"revision \(archive_revision {revision}, leaf {leaf}\): The message or session it belongs to is gone",
    ),
    "a message deleted with all that hangs on it": (
        "DELETE FROM archive_attachment WHERE message_id = {message};"
        "DELETE FROM archive_revision WHERE message_id = {message}; DELETE FROM archive_message WHERE id = {message}",
        r"revision \(archive_revision {revision}, leaf {leaf}\): The log has it, but its row is gone",
    ),
    "a reply of Zoom deleted": (
        "DELETE FROM archive_page WHERE id = {page}",
        r"page \(archive_page {page}, leaf \d+\): The log has it, but its row is gone",
    ),
    "the newest log rows cut off": (
        "DELETE FROM archive_leaf WHERE index >= {size} - 3",
        r"checkpoint \(size {size}\): The log has only \d+ leaves: its newest were cut off",
    ),
    "the newest log rows and every checkpoint in the database cut off": (
        "DELETE FROM archive_checkpoint; DELETE FROM archive_leaf WHERE index >= {size} - 3",
        r"[a-z ]+ \(\w+ \d+\): It has no leaf: it was not written by the archive, or its leaf was taken away",
    ),
    "another file put under a message": (
        "UPDATE archive_attachment SET blob_id = (SELECT max(id) FROM archive_blob) WHERE message_id = {message}",
        r"attachment \(archive_attachment \d+\): Its bytes are not those whose SHA-256 Zoom named",
    ),
    "two leaves swapped": (
        "UPDATE archive_leaf SET index = 999999 WHERE index = {leaf};"
        "UPDATE archive_leaf SET index = {leaf} WHERE index = {leaf} + 1;"
        "UPDATE archive_leaf SET index = {leaf} + 1 WHERE index = 999999",
        r"leaf \(tile level 0 number \d+, leaf {leaf}\): It is not the leaf its tile was written with"
        r"|checkpoint \(size \d+\): The first \d+ leaves are not those it was signed for",
    ),
    "a leaf taken out of the middle": (
        "DELETE FROM archive_leaf WHERE index = {leaf}",
        r"leaf \(archive_leaf {leaf}, leaf {leaf}\): It is missing",
    ),
    "an audit event deleted": (
        "DELETE FROM compliance_auditevent WHERE id = (SELECT min(id) FROM compliance_auditevent)",
        r"audit event \(compliance_auditevent \d+, leaf \d+\): The log has it, but its row is gone",
    ),
}


@pytest.mark.parametrize("name", IN_THE_DATABASE)
def test_what_the_owner_does_to_the_database_is_named(
    name: str, evidence: Evidence, damaged: Installation
) -> None:
    """The first bad item, with its row and its place in the log."""
    named = {key: getattr(evidence, key) for key in ("revision", "leaf", "message", "page", "size")}
    statement, sentence = IN_THE_DATABASE[name]
    with damaged.as_owner() as owner:
        owner.execute(statement.format(**named).encode())
    wanted = re.sub(r"\{(\w+)\}", lambda found: str(named[found[1]]), sentence)
    said = damaged.run("verify")
    first = said.out.splitlines()[-1].partition("The first: ")[2]
    assert (said.code, re.match(wanted, first) is not None) == (1, True), said.out


@pytest.mark.parametrize("name", IN_THE_DATABASE)
def test_the_application_is_refused_each_of_them(name: str, evidence: Evidence) -> None:
    """A stolen password of the application changes no evidence, and removes no row of any kind."""
    named = {key: getattr(evidence, key) for key in ("revision", "leaf", "message", "page", "size")}
    for statement in IN_THE_DATABASE[name][0].format(**named).split(";"):
        if statement.startswith("UPDATE archive_attachment"):
            continue  # the row of a job: the application may change it, and verify names it
        with (
            psycopg.connect(evidence.holdfast.environment["DATABASE_URL"]) as application,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            application.execute(statement.encode())


def test_a_replaced_blob_is_named(evidence: Evidence, damaged: Installation) -> None:
    """As many bytes as before, but others."""
    [(key, digest)] = damaged.rows("SELECT id, encode(sha256, 'hex') FROM archive_blob ORDER BY id LIMIT 1")
    [place] = (damaged.data / "blobs").rglob(digest)
    content = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    [problem] = damaged.verify()["problems"]
    assert (problem["kind"], problem["row"]) == ("blob", f"archive_blob {key}")


def test_an_index_rolled_back_is_named(evidence: Evidence, damaged: Installation) -> None:
    """Yesterday's index in the place of today's finds less than it says."""
    shutil.rmtree(damaged.data / "index")
    shutil.copytree(evidence.older_index, damaged.data / "index", symlinks=True)
    [problem] = damaged.verify()["problems"]
    assert problem["kind"] == "search index"
    assert problem["wrong"].startswith("The search index was rolled back: it ends at leaf")


def test_of_several_things_the_first_in_the_log_is_named_first(
    evidence: Evidence, damaged: Installation
) -> None:
    """However late it was done."""
    with damaged.as_owner() as owner:
        owner.execute(f"DELETE FROM archive_revision WHERE id > {evidence.revision}".encode())
        owner.execute(f"UPDATE archive_revision SET raw = '{{}}' WHERE id = {evidence.revision}".encode())
    found = damaged.verify()
    assert f"archive_revision {evidence.revision}" in found["problems"][0]["row"]
    assert found["counted"] > len(found["problems"]) >= 20


def test_a_log_that_was_cut_is_never_signed_again(evidence: Evidence, damaged: Installation) -> None:
    """The next capture stores what it finds, refuses to sign, and says so."""
    with damaged.as_owner() as owner:
        owner.execute("DELETE FROM archive_checkpoint")
        owner.execute(f"DELETE FROM archive_leaf WHERE index >= {evidence.size} - 3".encode())
    said = damaged.run("capture")
    assert said.code == 1
    assert re.search(r"the log is not signed: The first \d+ leaves are not those", said.err) is not None, said
