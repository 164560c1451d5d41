"""verify.py is written anew, not taken from the product: both must accept the same signatures, proofs and leaves."""

import ast
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import ed25519, hashing, merkle, verify_package
from tests.archive.core.test_merkle import LEAVES, at, mth, spoiled
from tests.archive.core.test_verify import ORDER, VECTORS


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        verify_package.check_signature(key, message, signature)
    except (verify_package.Wrong, IndexError):
        return False
    return True


@pytest.mark.parametrize(("public_key", "message", "signature"), VECTORS)
def test_the_signatures_of_rfc_8032_are_valid(public_key: str, message: str, signature: str) -> None:
    """The RFC's own examples pass, and fail with one bit changed anywhere."""
    key, text, signed = (bytes.fromhex(value) for value in (public_key, message, signature))
    assert is_signed(key, text, signed)
    assert not is_signed(key, text + b"\0", signed)
    for position in (0, 31, 32, 63):
        changed = signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]
        assert not is_signed(key, text, changed)


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_signatures_made_by_cryptography_are_valid(seed: bytes, message: bytes) -> None:
    """What the product signs, verify.py accepts."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert is_signed(private.public_key().public_bytes_raw(), message, private.sign(message))


EDGES = [
    bytes(32), b"\x01" + bytes(31), b"\x01" + bytes(30) + b"\x80", b"\xff" * 32, b"\xec" + b"\xff" * 30 + b"\x7f",
    b"\xed" + b"\xff" * 30 + b"\x7f", b"\xee" + b"\xff" * 30 + b"\xff",
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
]  # fmt: skip
"""Points of small order, points that are written in a second way, and what is no point."""


@pytest.mark.parametrize("edge", EDGES)
def test_both_judge_the_edges_of_ed25519_alike(edge: bytes) -> None:
    """As a key and as the commitment of a signature, with scalars below, at and above the order; and wrong lengths."""
    key, text, signed = (bytes.fromhex(value) for value in VECTORS[1])
    scalars = [0, 1, ORDER - 1, ORDER, int.from_bytes(signed[32:], "little") + ORDER]
    tried = [(edge, edge + scalar.to_bytes(32, "little")) for scalar in scalars]
    tried += [
        (key, edge + signed[32:]),
        (edge, signed),
        (key[:31], signed),
        (key, signed + b"\0"),
        (key, signed[:63]),
    ]
    for public_key, signature in tried:
        wanted = ed25519.is_valid(public_key=public_key, message=text, signature=signature)
        assert is_signed(public_key, text, signature) == wanted, (public_key.hex(), signature.hex())


def holds(check: object, *claim: object) -> bool:
    try:
        check(*claim)  # type: ignore[operator]
    except verify_package.Wrong:
        return False
    return True


@settings(max_examples=60)
@given(st.integers(2, 300), st.data())
def test_proofs_of_rfc_9162_hold_and_spoiled_ones_do_not(size: int, data: st.DataObject) -> None:
    """Inclusion and consistency, by proofs that the product makes."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    head, before = (size, mth(LEAVES[:size])), (old, mth(LEAVES[:old]))
    inclusion = merkle.inclusion(index, size, at=at)
    assert holds(verify_package.check_inclusion, LEAVES[index], index, head, [one.hex() for one in inclusion])
    for wrong in spoiled(inclusion):
        assert not holds(
            verify_package.check_inclusion, LEAVES[index], index, head, [one.hex() for one in wrong]
        )
    consistency = merkle.consistency(old, size, at=at)
    assert holds(verify_package.check_consistency, before, head, [one.hex() for one in consistency])
    for wrong in [*spoiled(consistency), []]:
        assert not holds(verify_package.check_consistency, before, head, [one.hex() for one in wrong])
    assert not holds(verify_package.check_consistency, head, before, [one.hex() for one in consistency])
    assert holds(verify_package.check_consistency, head, head, [])
    assert not holds(verify_package.check_consistency, head, (size, bytes(32)), [])


def test_it_is_one_file_of_the_standard_library() -> None:
    """Nothing of ours and nothing installed; not one import but those at its beginning."""
    tree = ast.parse(Path(verify_package.__file__).read_text())
    imported = [part for part in ast.walk(tree) if isinstance(part, ast.Import | ast.ImportFrom)]
    names = [alias.name for part in imported if isinstance(part, ast.Import) for alias in part.names]
    names += [part.module or "." for part in imported if isinstance(part, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert all(part in tree.body for part in imported)


def test_nodes_are_hashed_alike() -> None:
    """RFC 6962, section 2.1."""
    assert verify_package.node(b"a" * 32, b"b" * 32) == hashing.node(b"a" * 32, b"b" * 32)
