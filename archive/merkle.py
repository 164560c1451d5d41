"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs, and the checking of proofs. Pure; hashes only.

Promises: a proof that verifies means what RFC 9162 says it means. Everything that is not exactly right is
refused by name: hashes that are not 32 bytes, proofs with one hash too few or too many, empty trees, indexes
outside the tree. Sizes and indexes are counts of leaves; a `Node` is asked for the hash of a complete subtree.

Must never: read a clock, a database or a setting, or import anything outside the standard library.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from archive.hashing import HASH_BYTES, node

Node = Callable[[int, int], bytes]
"""`node(level, index)`: the hash of the subtree over leaves index·2^level up to (index + 1)·2^level."""

EMPTY_ROOT = sha256(b"").digest()


class MerkleError(ValueError):
    """A tree or a proof that is not what it must be. Trying again does not help."""


class EmptyTree(MerkleError):
    """An empty tree contains nothing and proves nothing."""


class OutOfRange(MerkleError):
    """A leaf or a size outside the tree."""


class WrongLength(MerkleError):
    """A hash that is not 32 bytes, or a proof with too few or too many hashes."""


class RootMismatch(MerkleError):
    """The proof leads to another root."""


class Frontier:
    """A tree one appends to and asks for its root, in memory that grows with the logarithm of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []  # roots of complete subtrees, largest first: one a set bit of size

    def append(self, leaf_hash: bytes) -> None:
        size, complete = self.size, self._complete
        while size & 1:
            leaf_hash = node(complete.pop(), leaf_hash)
            size >>= 1
        complete.append(leaf_hash)
        self.size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        for leaf_hash in leaf_hashes:
            self.append(leaf_hash)

    def root(self) -> bytes:
        """The root of what was appended so far (RFC 6962 section 2.1)."""
        if self.size == 0:
            return EMPTY_ROOT
        found = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            found = node(left, found)
        return found


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in order."""
    tree = Frontier()
    tree.extend(leaf_hashes)
    return tree.root()


def root(size: int, *, at: Node) -> bytes:
    """The root of the first `size` leaves."""
    if size < 0:
        raise OutOfRange(f"A tree cannot have {size} leaves.")
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, at)


def inclusion(index: int, size: int, *, at: Node) -> list[bytes]:
    """The proof that leaf `index` is among the first `size` leaves (RFC 9162 section 2.1.3.1)."""
    _check_inside(index, size)
    proof: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            proof.append(_range_hash(middle, end, at))
            end = middle
        else:
            proof.append(_range_hash(first, middle, at))
            first = middle
    return proof[::-1]


def consistency(old: int, new: int, *, at: Node) -> list[bytes]:
    """The proof that the first `old` leaves are a beginning of the first `new` (RFC 9162 section 2.1.4.1)."""
    _check_order(old, new)
    proof: list[bytes] = []
    first, end = 0, new
    whole = True  # whether everything before `old` in this range is a tree whose root the verifier knows
    while end != old:
        middle = first + _split(end - first)
        if old <= middle:
            proof.append(_range_hash(middle, end, at))
            end = middle
        else:
            proof.append(_range_hash(first, middle, at))
            first = middle
            whole = False
    if not whole:
        proof.append(_range_hash(first, end, at))
    return proof[::-1]


def check_inclusion(*, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Accept or refuse a proof of inclusion (RFC 9162 section 2.1.3.2). Raises a MerkleError."""
    _check_inside(index, size)
    _check_hashes([leaf_hash, root, *proof])
    position, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise WrongLength(f"{len(proof)} hashes are too many for leaf {index} of {size}.")
        if position & 1 or position == last:
            found = node(sibling, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = node(found, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise WrongLength(f"{len(proof)} hashes are too few for leaf {index} of {size}.")
    if found != root:
        raise RootMismatch(f"Leaf {index} is not in this tree of {size}: the proof leads to another root.")


def check_consistency(
    *, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept or refuse a proof of consistency (RFC 9162 section 2.1.4.2). Raises a MerkleError."""
    _check_order(old, new)
    _check_hashes([old_root, new_root, *proof])
    if old == new:
        if len(proof) != 0:
            raise WrongLength("Two trees of one size need no proof.")
        if old_root != new_root:
            raise RootMismatch(f"Two trees of size {old} have different roots.")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if len(proof) == 0:
        raise WrongLength(f"A proof from size {old} to {new} cannot be empty.")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise WrongLength(f"{len(proof)} hashes are too many from size {old} to {new}.")
        if position & 1 or position == last:
            found_old, found_new = node(sibling, found_old), node(sibling, found_new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found_new = node(found_new, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise WrongLength(f"{len(proof)} hashes are too few from size {old} to {new}.")
    if found_old != old_root or found_new != new_root:
        raise RootMismatch(f"The tree of {new} does not begin with the tree of {old}.")


def _split(count: int) -> int:
    """The largest power of two below `count` (RFC 6962 section 2.1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(first: int, end: int, at: Node) -> bytes:
    """The hash over leaves from `first` to `end`, where `first` is where a subtree of that size may begin."""
    count = end - first
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return at(level, first >> level)
    middle = first + _split(count)
    return node(_range_hash(first, middle, at), _range_hash(middle, end, at))


def _check_inside(index: int, size: int) -> None:
    if size == 0:
        raise EmptyTree("An empty tree contains no leaf.")
    if not 0 <= index < size:
        raise OutOfRange(f"There is no leaf {index} in a tree of {size}.")


def _check_order(old: int, new: int) -> None:
    if old == 0 or new == 0:
        raise EmptyTree("An empty tree is a beginning of every tree: there is nothing to prove.")
    if not 0 < old <= new:
        raise OutOfRange(f"A tree of {new} cannot begin with a tree of {old}.")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(item) != HASH_BYTES for item in hashes):
        raise WrongLength("A hash has 32 bytes.")
