"""Certificates: they verify with the standard library after the words are gone, and every changed byte is found."""

import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from archive import attestation, certificates, hashing, inspection, log, verify
from archive.models import Certificate, Leaf, Revision
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy, file
from tests.archive.scenes import NOW

ROOT = Path(__file__).resolve().parents[3]
STATEMENT = {
    "rule": "Group chats, 2 years",
    "reason": "The period is over",
    "law": "Art. 5(1)(e) GDPR",
    "requested_by": "Ines",
    "requested_at": "2026-11-10T08:00:00Z",
    "approved_by": ["Ravi", "Ada"],
    "refused": 1,
}

pytestmark = pytest.mark.django_db


@transaction.atomic
def issue() -> None:
    certificates.issue(disposition=DISPOSITION, statement=STATEMENT, now=NOW)


def document() -> bytes:
    return b"".join(certificates.lines(disposition=DISPOSITION))


def check(written: bytes, **key: str) -> verify.Certified:
    return verify.certificate(io.BytesIO(written), **key)


@pytest.fixture
def issued(talk: Talk) -> bytes:
    """Three messages destroyed, one with two versions, one with a file; their certificate, signed."""
    said = [talk.say(f"secret {id}", id=id, minute=n) for n, id in enumerate("ab")]
    talk.edit("secret anew", id="a")
    said.append(talk.say("see attached", id='ç"\n', minute=3, files=[file("F1")]))
    talk.attach(b"plan", file_id="F1")
    destroy(*said)
    issue()
    log.checkpoint(now=NOW)
    return document()


def test_it_verifies_after_the_words_are_gone(issued: bytes) -> None:
    """Counts, ids and hashes, who decided it and why; the leaf, the proof, the checkpoint."""
    found = check(issued)
    assert not Revision.objects.exists()
    assert found.certificate["statement"] == STATEMENT
    assert [found.certificate[name] for name in ("messages", "revisions", "attachments", "blobs", "blob_bytes")] == [
        3, 4, 1, 1, 4,
    ]  # fmt: skip
    assert found.leaf == Leaf.objects.get(kind=Leaf.Kind.CERTIFICATE).index
    assert b"secret" not in issued


def test_its_records_are_the_leaves_that_went(issued: bytes) -> None:
    """Whoever has the log's tiles finds the hashes of the document in it."""
    records = [record for message in json.loads(issued)["messages"] for record in message["records"]]
    assert len(records) == 4 + 2
    for index, digest in records:
        assert hashing.leaf(log.entry_of(index)).hex() == digest


def test_it_verifies_as_a_program_with_nothing_installed(issued: bytes, tmp_path: Path) -> None:
    """The standard library, this folder's files, no database, no settings, and not from the project's own folder."""
    place = tmp_path / "certificate.json"
    place.write_bytes(issued)
    argv = [sys.executable, "-I", "-S", str(ROOT / "archive" / "verify.py"), str(place)]
    done = subprocess.run(argv, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 messages, 4 versions, 1 files" in done.stdout
    assert done.stdout.endswith("It is as it was issued.\n")
    place.write_bytes(issued.replace(b"Ravi", b"Rafi"))
    done = subprocess.run(argv, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:21]) == (1, "NOT AS IT WAS ISSUED:")


def test_every_changed_byte_is_found_and_named(issued: bytes) -> None:
    """Each byte of the document, changed in two ways, and cut off there; never a crash, always a sentence."""
    for at in range(len(issued)):
        for changed in (
            issued[:at] + bytes([issued[at] ^ 1]) + issued[at + 1 :],
            issued[:at] + bytes([issued[at] ^ 0x20]) + issued[at + 1 :],
            issued[:at],
        ):
            with pytest.raises(verify.Refused, match=r"^.+\.$"):
                check(changed)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b'"revisions": 2', b'"revisions": 3', "not those that it counts: revisions"),
        (b'"zoom_id": "b"', b'"zoom_id": "x"', "not those that it counts: messages sha256"),
        (b"Art. 5", b"Art. 6", "The proof"),
        (b"Ravi", b"Olu", "The proof"),
    ],
)
def test_what_was_changed_is_named(issued: bytes, old: bytes, new: bytes, sentence: str) -> None:
    """A number, an id, the law, an approver."""
    with pytest.raises(verify.Refused) as caught:
        check(issued.replace(old, new, 1))
    assert sentence in str(caught.value) or "root" in str(caught.value)


def test_a_message_left_out_or_added_is_found(issued: bytes) -> None:
    """Lines of messages cannot be taken away, put in or put in another order."""
    lines = issued.split(b"\n")
    first, second = lines[8], lines[9]
    for changed in (
        [*lines[:8], *lines[9:]],
        [*lines[:8], first, *lines[8:]],
        [*lines[:8], second, first, *lines[10:]],
    ):
        with pytest.raises(verify.Refused):
            check(b"\n".join(changed))


def test_a_certificate_of_another_log_is_refused_by_the_key_you_have(issued: bytes) -> None:
    """Without a key of one's own only whoever wrote the document is believed."""
    key = json.loads(issued)["key"]
    assert check(issued, key=key + "\n").key == key
    with pytest.raises(verify.Refused, match="not signed by the key you have"):
        check(issued, key="holdfast.log/other+00000000+AAAA")


def test_before_the_log_is_signed_there_is_none(talk: Talk) -> None:
    """The proof needs a checkpoint; until then the answer says so, and so it does where nothing was issued."""
    destroy(talk.say("go", id="a"))
    with pytest.raises(certificates.NoCertificate):
        certificates.lines(disposition=DISPOSITION)
    issue()
    with pytest.raises(certificates.NotSignedYet):
        certificates.lines(disposition=DISPOSITION)


def test_nothing_more_goes_under_a_certified_disposition(talk: Talk, issued: bytes) -> None:
    """The certificate says all that went; a second one there is not."""
    said = talk.say("one more", id="z")
    with pytest.raises(DatabaseError, match="has its certificate"):
        destroy(said)
    with pytest.raises(IntegrityError):
        issue()
    assert (Revision.objects.count(), Certificate.objects.count()) == (1, 1)


def test_a_disposition_that_destroyed_nothing_is_certified_too(talk: Talk) -> None:
    """All it was for was held."""
    issue()
    log.checkpoint(now=NOW)
    assert check(document()).certificate["messages"] == 0


def test_the_inspection_knows_certificates(issued: bytes) -> None:
    """They agree with the tombstones, and none is without one."""
    findings = inspection.inspect(progress=lambda *_: None)
    assert [str(one) for one in findings.problems if one.kind != "search index"] == []
    assert findings.figures["certificates"] == 1
    assert findings.figures["destroyed messages not certified yet"] == 0


def test_memory_does_not_grow_with_its_length() -> None:
    """Written and checked message by message: of ten times as many messages, no more is held."""

    def peak(count: int) -> int:
        messages = (
            {"message": n, "revisions": 1, "files": 0, "records": [[n, "0" * 64]]} for n in range(count)
        )
        leaf = attestation.Leaf(index=1, kind=11, subject_id=1, at="2026-11-20T08:00:00.000000Z")
        pieces = attestation.document(
            certificate={}, salt=b"s", leaf=leaf, proof=[], checkpoint="", key="", messages=messages
        )
        stream = io.BufferedReader(Pieces(pieces))
        tracemalloc.start()
        with pytest.raises(verify.Refused, match="not those that it counts"):
            verify.certificate(stream)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(2_000) * 1.5


class Pieces(io.RawIOBase):
    """What a generator yields, as a stream."""

    def __init__(self, pieces: object) -> None:
        self._pieces = iter(pieces)  # type: ignore[call-overload]
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self._left = self._left or next(self._pieces, b"")
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
