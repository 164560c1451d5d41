"""Checks what Holdfast claims, from bytes: that a record is in the log, and that the log was not rewritten.

For people who do not trust the archive: it needs the claims, the log's verifier key and the standard library,
no database, no settings and no packages. It answers by silence or by raising `Refused` with a sentence that
says what is wrong.

1. `checkpoint` checks that a note is signed by the log's key, and returns what it states.
2. `included` checks that a leaf, given by its bytes, is in the tree a checkpoint states.
3. `extends` checks that a later checkpoint's tree begins with an earlier one's.
4. `leaf_commits_to` checks that a leaf commits to a revision, given its exact bytes and its salt.
"""

from collections.abc import Sequence
from datetime import datetime

from archive import ed25519, hashing, merkle, notes


class Refused(Exception):
    """The claim does not hold. The sentence says why."""


def checkpoint(note: str, *, key: str) -> notes.Head:
    """What a checkpoint states, once its signature is checked against the log's verifier key."""
    try:
        verifier = notes.read_key(key)
        head, signatures = notes.read(note)
    except notes.MalformedNote as error:
        raise Refused(str(error)) from error
    if head.origin != verifier.name:
        raise Refused(f"The checkpoint is of the log {head.origin}, the key of the log {verifier.name}.")
    ours = [one for one in signatures if (one.name, one.key_hash) == (verifier.name, verifier.key_hash)]
    if len(ours) == 0:
        raise Refused("The checkpoint is not signed by the log's key.")
    message = notes.statement(head)
    for one in ours:
        if not ed25519.is_valid(public_key=verifier.public_key, message=message, signature=one.signature):
            raise Refused("The signature of the checkpoint is not valid.")
    return head


def included(*, entry: bytes, index: int, proof: Sequence[bytes], head: notes.Head) -> None:
    """Refuse a leaf that the checkpoint's tree does not hold at this index."""
    leaf_hash = hashing.leaf(entry)
    try:
        merkle.check_inclusion(leaf_hash=leaf_hash, index=index, size=head.size, proof=proof, root=head.root)
    except merkle.MerkleError as error:
        raise Refused(str(error)) from error


def extends(*, old: notes.Head, new: notes.Head, proof: Sequence[bytes]) -> None:
    """Refuse a later checkpoint whose tree does not begin with the earlier one's."""
    if old.origin != new.origin:
        raise Refused(f"The checkpoints are of two logs, {old.origin} and {new.origin}.")
    try:
        merkle.check_consistency(
            old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=proof
        )
    except merkle.MerkleError as error:
        raise Refused(str(error)) from error


def leaf_commits_to(*, entry: bytes, kind: int, subject_id: int, at: datetime, commitment: bytes) -> None:
    """Refuse a leaf whose bytes are not those of this record; `commitment` is made by archive.commitments."""
    if entry != hashing.entry(kind=kind, subject_id=subject_id, at=at, commitment=commitment):
        raise Refused(f"The leaf does not commit to record {subject_id} as it is here.")
