"""Checks what Holdfast claims, from bytes: that a record is in the log, and that the log was not rewritten.

For people who do not trust the archive: it needs the claims, the log's verifier key and the standard library,
no database, no settings and no packages. It answers by silence or by raising `Refused` with a sentence that
says what is wrong.

1. `checkpoint` checks that a note is signed by the log's key, and returns what it states.
2. `included` checks that a leaf, given by its bytes, is in the tree a checkpoint states.
3. `extends` checks that a later checkpoint's tree begins with an earlier one's.
4. `leaf_commits_to` checks that a leaf commits to a revision, given its exact bytes and its salt.
5. `certificate` checks a certificate of destruction; `python archive/verify.py CERTIFICATE` does so from a shell, and
   for the folder or the zips of a package what `verify_package` does.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

if __package__ in (None, ""):  # run as a program: find the other files of this folder
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import attestation, ed25519, hashing, merkle, notes, verify_package

CERTIFICATE = 11
"""The kind of leaves that are certificates of destruction; see docs/log.md."""


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


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate of destruction proves. `key` is the verifier key that signed the log it is in."""

    certificate: dict[str, Any]
    issued_at: str
    leaf: int
    size: int
    key: str


def certificate(stream: BinaryIO, *, key: str | None = None) -> Certified:
    """What a certificate of destruction says, once all of it is checked; memory does not grow with its length.

    1. Every line is written in the one way in which it is written.
    2. The messages are those it counts: how many, their versions and files, and the digest over all their lines; the
       same of the zips of legal holds, where it has any.
    3. Its leaf commits to all of that, and is in the tree of the checkpoint.
    4. The checkpoint is signed by the log's key: by `key`, got from elsewhere; without one, by the key in the document,
       which proves only that whoever wrote the document had it.
    """
    try:
        read = attestation.read(stream)
        heads = read.heads
        stated = _mapping(heads["certificate"], "certificate")
        found = _zips(read.zips) | _messages(read.messages)
    except attestation.Malformed as error:
        raise Refused(str(error)) from error
    for name, number in found.items():
        if stated.get(name) != number:
            noun = "zips" if name.startswith("zip") else "messages"
            raise Refused(f"Its {noun} are not those that it counts: {name.replace('_', ' ')}.")
    index, entry = _leaf(heads, stated)
    proof = [_hex(one, "proof") for one in heads["proof"]] if isinstance(heads["proof"], list) else []
    given, note = heads["key"], heads["checkpoint"]
    if not (isinstance(given, str) and isinstance(note, str)):
        raise Refused("Its key or checkpoint is not as it was written.")
    if key is not None and key.strip() != given:
        raise Refused("It was not signed by the key you have of this log.")
    if given != given.strip() or note.count("\n") != 5:
        raise Refused("Its key or checkpoint is not as it was written.")
    head = checkpoint(note, key=given)
    included(entry=entry, index=index, proof=proof, head=head)
    return Certified(stated, stated["issued_at"], index, head.size, given)


def _leaf(heads: dict[str, Any], stated: dict[str, Any]) -> tuple[int, bytes]:
    """The index and the bytes of the leaf that commits to what is stated."""
    where = _mapping(heads["leaf"], "leaf")
    index, subject = where.get("index"), where.get("subject_id")
    if (
        where.keys() != {"at", "index", "kind", "subject_id"}
        or type(index) is not int
        or type(subject) is not int
    ):
        raise Refused("Its leaf is not as it was written.")
    if where["kind"] != CERTIFICATE or where["at"] != stated.get("issued_at"):
        raise Refused("Its leaf is not that of a certificate of that moment.")
    try:
        at = datetime.fromisoformat(where["at"])
        commitment = hashing.fields(salt=_hex(heads["salt"], "salt"), name="certificate", values=stated)
        entry = hashing.entry(kind=CERTIFICATE, subject_id=subject, at=at, commitment=commitment)
        is_exact = hashing.moment(at) == where["at"]
    except (TypeError, ValueError):
        is_exact = False
    if not is_exact:
        raise Refused("Its leaf is not as it was written.")
    return index, entry


def _hex(value: object, name: str) -> bytes:
    """Bytes written in hexadecimal, in the one way."""
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.hex() != value:
        raise Refused(f"Its {name} is not as it was written.")
    return found


def _messages(messages: Iterable[dict[str, Any]]) -> dict[str, object]:
    """What the lines of messages come to, named as the certificate names it."""
    digest, count, revisions, files = hashlib.sha256(), 0, 0, 0
    for message in messages:
        digest.update(attestation.line(message) + b"\n")
        count += 1
        try:
            revisions, files = revisions + message["revisions"], files + message["files"]
        except (KeyError, TypeError) as error:
            raise Refused(f"The line of message {count} is not as it was written.") from error
    found: dict[str, object] = {"messages": count, "revisions": revisions, "attachments": files}
    return found | {"messages_sha256": digest.hexdigest()}


def _zips(zips: Sequence[dict[str, Any]] | None) -> dict[str, object]:
    """What the lines of zips come to; of a certificate that has no place for any, that it counts none."""
    if zips is None:
        return dict.fromkeys(("zips", "zip_bytes", "zips_sha256"))
    digest, size = hashlib.sha256(), 0
    for number, one in enumerate(zips, 1):
        digest.update(attestation.line(one) + b"\n")
        try:
            size += one["size_bytes"]
        except (KeyError, TypeError) as error:
            raise Refused(f"The line of zip {number} is not as it was written.") from error
    return {"zips": len(zips), "zip_bytes": size, "zips_sha256": digest.hexdigest()}


def _mapping(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(f"Its {name} is not as it was written.")
    return value


def main(arguments: Sequence[str]) -> int:
    """`python archive/verify.py PATH [--key log.vkey]`: 0 when it holds, 1 with a sentence when it does not.

    A folder or a zip is a package, and `verify_package` takes all the arguments; anything else is a certificate.
    """
    if any(Path(one).is_dir() or zipfile.is_zipfile(one) for one in arguments if not one.startswith("-")):
        return verify_package.main(arguments)
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Check a certificate of destruction, offline."
    )
    parser.add_argument("certificate", type=Path)
    parser.add_argument(
        "--key", type=Path, help="the log's verifier key, as you got it from somebody you trust"
    )
    given = parser.parse_args(arguments)
    try:
        key = None if given.key is None else given.key.read_text(encoding="utf-8", errors="replace")
        with given.certificate.open("rb") as stream:
            found = certificate(stream, key=key)
    except OSError as error:
        print(f"CANNOT BE READ: {error.filename}: {error.strerror}")
        return 1
    except Refused as error:
        print(f"NOT AS IT WAS ISSUED: {error}")
        return 1
    stated = found.certificate
    print(f"Certificate of disposition {stated['disposition']}, issued {found.issued_at}.")
    print(
        f"Destroyed: {stated['messages']:,} messages, {stated['revisions']:,} versions, {stated['attachments']:,} files,"
        f" {stated['blobs']:,} blobs of {stated['blob_bytes']:,} bytes."
    )
    if "zips" in stated:
        print(f"Destroyed: {stated['zips']:,} zips of legal holds of {stated['zip_bytes']:,} bytes.")
    print(json.dumps(stated["statement"], indent=2, sort_keys=True, ensure_ascii=False))
    print(f"It is leaf {found.leaf} of the log signed at {found.size} leaves, by {found.key}.")
    if given.key is None:
        print(
            "That key came with the certificate: compare it with log.vkey as you got it from somebody you trust."
        )
    print("It is as it was issued.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
