"""The tree of RFC 6962: reference values come from the RFC's own recursive definitions, written naively here."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import hashing, merkle

LEAVES = [hashlib.sha256(b"\x00" + str(n).encode()).digest() for n in range(300)]


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, over leaf hashes."""
    if len(leaves) == 0:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = half(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def half(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = half(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known=known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], known=False), mth(leaves[:k])]


def at(level: int, index: int) -> bytes:
    return mth(LEAVES[index << level : (index + 1) << level])


SIZES = sorted({*range(1, 34), 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 300})


@pytest.mark.parametrize("size", [0, *SIZES])
def test_the_root_is_the_rfcs(size: int) -> None:
    """Appending one by one and combining subtrees both give MTH."""
    wanted = mth(LEAVES[:size])
    assert merkle.root_of(LEAVES[:size]) == wanted
    assert merkle.root(size, at=at) == wanted


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_proofs_are_the_rfcs_and_verify(size: int) -> None:
    """Every leaf of the tree is proven, with exactly the RFC's hashes."""
    root = mth(LEAVES[:size])
    for index in range(size):
        proof = merkle.inclusion(index, size, at=at)
        assert proof == path(index, LEAVES[:size])
        merkle.check_inclusion(leaf_hash=LEAVES[index], index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize("new", SIZES)
def test_consistency_proofs_are_the_rfcs_and_verify(new: int) -> None:
    """Every earlier tree is proven to be a beginning of the later one."""
    root = mth(LEAVES[:new])
    for old in range(1, new + 1):
        proof = merkle.consistency(old, new, at=at)
        assert proof == subproof(old, LEAVES[:new], known=True)
        merkle.check_consistency(old=old, old_root=mth(LEAVES[:old]), new=new, new_root=root, proof=proof)


def is_included(**claim: object) -> bool:
    try:
        merkle.check_inclusion(**claim)  # type: ignore[arg-type]
    except merkle.MerkleError:
        return False
    return True


def is_consistent(**claim: object) -> bool:
    try:
        merkle.check_consistency(**claim)  # type: ignore[arg-type]
    except merkle.MerkleError:
        return False
    return True


def spoiled(proof: list[bytes]) -> list[list[bytes]]:
    """Every way a proof is commonly wrong."""
    flipped = [
        [*proof[:n], bytes([proof[n][0] ^ 1]) + proof[n][1:], *proof[n + 1 :]] for n in range(len(proof))
    ]
    swapped = [
        [*proof[:n], proof[n + 1], proof[n], *proof[n + 2 :]]
        for n in range(len(proof) - 1)
        if proof[n] != proof[n + 1]
    ]
    short = [proof[:-1], proof[1:]] if len(proof) > 0 else []
    long = [[*proof, bytes(32)], [bytes(32), *proof], [*proof, *proof]] if len(proof) > 0 else [[bytes(32)]]
    cut = [[*proof[:-1], proof[-1][:31]], [*proof[:-1], proof[-1] + b"\0"]] if len(proof) > 0 else [[b""]]
    return [*flipped, *swapped, *short, *long, *cut]


@given(st.integers(1, 300), st.data())
def test_no_spoiled_inclusion_proof_verifies(size: int, data: st.DataObject) -> None:
    """Another index, size, leaf or root, or a hash more, less, swapped, cut or changed: refused."""
    index = data.draw(st.integers(0, size - 1))
    root, proof = mth(LEAVES[:size]), path(index, LEAVES[:size])
    good = {"leaf_hash": LEAVES[index], "index": index, "size": size, "proof": proof, "root": root}
    assert is_included(**good)
    for wrong in spoiled(proof):
        assert not is_included(**good | {"proof": wrong})
    for other in {index - 1, index + 1, index ^ 1, index + size} - {index}:
        assert not is_included(**good | {"index": other})
    for other in (0, index, 2 * size + 1):
        assert not is_included(**good | {"size": other})
    for other in (b"", bytes(32), root[:31], proof[0] if len(proof) > 0 else bytes(32)):
        assert not is_included(**good | {"root": other})
        assert not is_included(**good | {"leaf_hash": other})


@given(st.integers(2, 300), st.data())
def test_no_spoiled_consistency_proof_verifies(new: int, data: st.DataObject) -> None:
    """Other sizes, swapped or wrong roots, or a hash more, less, swapped, cut or changed: refused."""
    old = data.draw(st.integers(1, new - 1))
    old_root, new_root = mth(LEAVES[:old]), mth(LEAVES[:new])
    proof = subproof(old, LEAVES[:new], known=True)
    good = {"old": old, "old_root": old_root, "new": new, "new_root": new_root, "proof": proof}
    assert is_consistent(**good)
    for wrong in [*spoiled(proof), []]:
        assert not is_consistent(**good | {"proof": wrong})
    assert not is_consistent(**good | {"old_root": new_root, "new_root": old_root})
    for other in (b"", bytes(32), old_root + b"\0", merkle.EMPTY_ROOT):
        assert not is_consistent(**good | {"old_root": other})
        assert not is_consistent(**good | {"new_root": other})
    for sizes in ((0, new), (new, old), (old, old), (new, new), (old, 0), (-1, new)):
        assert not is_consistent(**good | dict(zip(("old", "new"), sizes, strict=True)))


def test_an_empty_tree_proves_nothing() -> None:
    """Not even with an empty root and an empty leaf."""
    with pytest.raises(merkle.EmptyTree):
        merkle.check_inclusion(leaf_hash=b"", index=0, size=0, proof=[], root=b"")
    with pytest.raises(merkle.EmptyTree):
        merkle.check_consistency(old=0, old_root=merkle.EMPTY_ROOT, new=3, new_root=mth(LEAVES[:3]), proof=[])
    with pytest.raises(merkle.EmptyTree):
        merkle.consistency(0, 3, at=at)
    with pytest.raises(merkle.EmptyTree):
        merkle.inclusion(0, 0, at=at)


def test_equal_trees_need_equal_roots_and_no_proof() -> None:
    """One size, one root, nothing to prove."""
    root = mth(LEAVES[:5])
    assert is_consistent(old=5, old_root=root, new=5, new_root=root, proof=[])
    assert not is_consistent(old=5, old_root=root, new=5, new_root=root, proof=[root])
    assert not is_consistent(old=5, old_root=root, new=5, new_root=mth(LEAVES[:6]), proof=[])


def test_what_is_outside_the_tree_is_refused_by_name() -> None:
    """An index or size that is not there is no reason to guess."""
    for index in (-1, 5, 6):
        with pytest.raises(merkle.OutOfRange):
            merkle.inclusion(index, 5, at=at)
    with pytest.raises(merkle.OutOfRange):
        merkle.consistency(6, 5, at=at)
    with pytest.raises(merkle.OutOfRange):
        merkle.root(-1, at=at)


# The tree that implementations of Certificate Transparency share in their tests: eight entries, the root at each size.
KNOWN_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_are_ours(size: int) -> None:
    """Empty tree, one entry, every shape up to a whole tree of eight: the known answers, from the entries' bytes."""
    hashes = [hashing.leaf(entry) for entry in KNOWN_ENTRIES[:size]]
    assert merkle.root_of(hashes).hex() == KNOWN_ROOTS[size]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_prove_their_entries_and_each_other(size: int) -> None:
    """A verifier that has only the known roots accepts every honest proof and none for another root."""
    hashes = [hashing.leaf(entry) for entry in KNOWN_ENTRIES]
    roots = [bytes.fromhex(root) for root in KNOWN_ROOTS]

    def node(level: int, index: int) -> bytes:
        return mth(hashes[index << level : (index + 1) << level])

    for index in range(size):
        claim = {"leaf_hash": hashes[index], "index": index, "size": size}
        proof = merkle.inclusion(index, size, at=node)
        assert [is_included(**claim, proof=proof, root=root) for root in roots[1:]].count(True) == 1
    for old in range(1, size):
        proof = merkle.consistency(old, size, at=node)
        claim = {"old": old, "new": size, "new_root": roots[size], "proof": proof}
        assert [is_consistent(**claim, old_root=root) for root in roots].count(True) == 1
