"""What an auditor checks with the standard library alone: signatures, notes, leaves and proofs."""

import ast
import base64
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from archive import ed25519, hashing, merkle, notes, verify

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032 section 7.1, tests 1 to 3: public key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public_key", "message", "signature"), VECTORS)
def test_the_signatures_of_rfc_8032_are_valid(public_key: str, message: str, signature: str) -> None:
    """The RFC's own examples pass, and fail with one bit changed anywhere."""
    key, text, signed = (bytes.fromhex(value) for value in (public_key, message, signature))
    assert ed25519.is_valid(public_key=key, message=text, signature=signed)
    assert not ed25519.is_valid(public_key=key, message=text + b"\0", signature=signed)
    for position in (0, 31, 32, 63):
        changed = signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]
        assert not ed25519.is_valid(public_key=key, message=text, signature=changed)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_signatures_made_by_cryptography_are_valid(seed: bytes, message: bytes) -> None:
    """What the product signs, the auditor's code accepts, and under no other key."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signed = private.public_key().public_bytes_raw(), private.sign(message)
    assert ed25519.is_valid(public_key=key, message=message, signature=signed)
    other = (
        Ed25519PrivateKey.from_private_bytes(bytes([seed[0] ^ 1]) + seed[1:]).public_key().public_bytes_raw()
    )
    assert not ed25519.is_valid(public_key=other, message=message, signature=signed)


def test_a_signature_is_written_in_one_way_only() -> None:
    """S plus the group's order, a key that is no point, and wrong lengths are refused."""
    key, text, signed = (bytes.fromhex(value) for value in VECTORS[1])
    larger = (int.from_bytes(signed[32:], "little") + ORDER).to_bytes(32, "little")
    assert not ed25519.is_valid(public_key=key, message=text, signature=signed[:32] + larger)
    assert not ed25519.is_valid(public_key=b"\xff" * 32, message=text, signature=signed)
    assert not ed25519.is_valid(public_key=bytes([1] + [0] * 30 + [0x80]), message=text, signature=signed)
    assert not ed25519.is_valid(public_key=key[:31], message=text, signature=signed)
    assert not ed25519.is_valid(public_key=key, message=text, signature=signed + b"\0")


class Log:
    """A log of six leaves in memory, with its key."""

    def __init__(self, seed: bytes = bytes(32), name: str = "acme.example/log") -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = notes.VerifierKey(name, self.private.public_key().public_bytes_raw())
        self.entries = [
            hashing.entry(kind=1, subject_id=n, at=NOON, commitment=bytes([n]) * 32) for n in range(6)
        ]
        self.hashes = [hashing.leaf(entry) for entry in self.entries]

    def at(self, level: int, index: int) -> bytes:
        return merkle.root_of(self.hashes[index << level : (index + 1) << level])

    def note(self, size: int = 6) -> str:
        head = notes.Head(self.key.name, size, merkle.root_of(self.hashes[:size]))
        return notes.write(head, key=self.key, sign=self.private.sign)


@pytest.fixture
def world() -> Log:
    return Log()


def test_a_checkpoint_proves_a_leaf_and_its_own_past(world: Log) -> None:
    """Signature, inclusion, consistency: the whole chain an auditor follows."""
    old = verify.checkpoint(world.note(3), key=str(world.key))
    new = verify.checkpoint(world.note(6), key=str(world.key))
    assert (new.origin, new.size) == ("acme.example/log", 6)
    verify.extends(old=old, new=new, proof=merkle.consistency(3, 6, at=world.at))
    for index, entry in enumerate(world.entries):
        verify.included(entry=entry, index=index, proof=merkle.inclusion(index, 6, at=world.at), head=new)
    verify.leaf_commits_to(entry=world.entries[2], kind=1, subject_id=2, at=NOON, commitment=bytes([2]) * 32)


def test_a_checkpoint_by_another_key_is_refused(world: Log) -> None:
    """The name alone proves nothing."""
    forger = Log(seed=b"\1" * 32)
    with pytest.raises(verify.Refused, match="not signed by the log's key"):
        verify.checkpoint(forger.note(), key=str(world.key))
    line = forger.note().splitlines()[-1].split(" ")
    forged = base64.b64encode(world.key.key_hash + base64.b64decode(line[2])[4:]).decode()
    with pytest.raises(verify.Refused, match="signature of the checkpoint is not valid"):
        verify.checkpoint(forger.note().replace(line[2], forged), key=str(world.key))


def test_a_checkpoint_of_another_log_is_refused(world: Log) -> None:
    """A key signs for one name."""
    with pytest.raises(verify.Refused, match="of the log other"):
        verify.checkpoint(Log(name="other").note(), key=str(world.key))


def test_a_changed_checkpoint_is_refused(world: Log) -> None:
    """Neither its size nor its root can be changed after signing."""
    for changed in (world.note().replace("\n6\n", "\n7\n"), world.note().replace("\n6\n", "\n06\n")):
        with pytest.raises(verify.Refused):
            verify.checkpoint(changed, key=str(world.key))


@pytest.mark.parametrize(
    "text", ["", "a\n1\nAA==\n", "a\n1\nAA==\n\n", "\n\n\n", "a\n-1\nAA==\n\n— a AAAAAAA=\n", "a\r\n1\r\n"]
)
def test_what_is_not_a_checkpoint_is_refused(world: Log, text: str) -> None:
    """No shape of text makes the verifier fail in another way than by refusing."""
    with pytest.raises(verify.Refused):
        verify.checkpoint(text, key=str(world.key))


@given(st.text())
def test_no_text_at_all_crashes_the_verifier(text: str) -> None:
    """Whatever is handed in as a note or a key is refused with a sentence."""
    for note, key in ((text, str(Log().key)), (Log().note(), text)):
        with pytest.raises(verify.Refused):
            verify.checkpoint(note, key=key)


def test_a_changed_leaf_is_refused(world: Log) -> None:
    """One changed byte of a leaf, or another place, and the proof no longer holds."""
    head = verify.checkpoint(world.note(), key=str(world.key))
    proof = merkle.inclusion(2, 6, at=world.at)
    with pytest.raises(verify.Refused):
        verify.included(entry=world.entries[2] + b" ", index=2, proof=proof, head=head)
    with pytest.raises(verify.Refused):
        verify.included(entry=world.entries[2], index=3, proof=proof, head=head)
    with pytest.raises(verify.Refused, match="does not commit"):
        verify.leaf_commits_to(entry=world.entries[2], kind=1, subject_id=2, at=NOON, commitment=bytes(32))


def test_a_rewritten_log_does_not_extend_its_past(world: Log) -> None:
    """A log that changes an old leaf cannot prove that it only grew."""
    old = verify.checkpoint(world.note(3), key=str(world.key))
    world.hashes[1] = bytes(32)
    new = verify.checkpoint(world.note(6), key=str(world.key))
    with pytest.raises(verify.Refused, match="does not begin"):
        verify.extends(old=old, new=new, proof=merkle.consistency(3, 6, at=world.at))


def test_a_leaf_reads_as_text() -> None:
    """Four lines: form and kind, row, moment in UTC, commitment."""
    entry = hashing.entry(kind=1, subject_id=77, at=NOON, commitment=bytes(32))
    assert entry.decode().splitlines() == ["holdfast/v1 1", "77", "2026-05-04T12:00:00.000000Z", "00" * 32]


def test_the_verifier_needs_the_standard_library_only() -> None:
    """An auditor's machine has nothing installed."""
    folder = Path(verify.__file__).parent
    for name in ("verify", "ed25519", "hashing", "merkle", "notes"):
        for part in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            names = [alias.name for alias in part.names] if isinstance(part, ast.Import) else []
            names += [part.module or ""] if isinstance(part, ast.ImportFrom) else []
            for imported in names:
                assert imported.split(".")[0] in {*sys.stdlib_module_names, "archive"}, (name, imported)
