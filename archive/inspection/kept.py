"""Checkpoints that somebody kept and hands in, against the log: from a mailbox, from paper, from an auditor.

What a place outside holds and nobody here can read (a mailbox above all) is compared so. A note fits when the log's key
signed it and a proof of consistency leads from its root to that of the newest checkpoint (RFC 9162, 2.1.4), which the
walk over the leaves has compared with all of them. It is asked of the log as it is, not of what the database says was
signed: a database in which the log and its checkpoints were written anew agrees with itself, and not with the note.
"""

from collections.abc import Sequence

from archive import keys, log, merkle, verify
from archive.inspection.problems import Findings
from archive.models import Checkpoint
from archive.tiles import LogDamaged

FIGURE = "checkpoints handed in"
Note = tuple[str, str]
"""Where a note is from, as whoever hands it in calls it, and its text."""


def check(findings: Findings, notes: Sequence[Note]) -> None:
    """Each of the notes; one that does not fit is named by where it is from."""
    if len(notes) == 0:
        return
    try:
        key = str(keys.load(may_create=False).verifier)
    except keys.KeyUnusable as error:
        findings.add("key", str(keys.path()), f"Nothing that was handed in can be compared. {error}")
        return
    for where, text in notes:
        findings.count(FIGURE)
        wrong = _wrong(text, key)
        if wrong != "":
            findings.add("checkpoint handed in", where, wrong)


def _wrong(note: str, key: str) -> str:
    """What is wrong, in a sentence; empty when it fits."""
    try:
        stated = verify.checkpoint(note, key=key)
    except verify.Refused as error:
        return str(error)
    leaves = log.size()
    if stated.size > leaves:
        return f"It was signed at {stated.size} leaves, and the log has {leaves}: its newest were cut off."
    newest = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    if newest is None or newest[0] < stated.size:
        return f"It was signed at {stated.size} leaves, and the database has no checkpoint of so many."
    size, root = newest
    try:
        proof = log.consistency(old=stated.size, new=size)
        merkle.check_consistency(
            old=stated.size, old_root=stated.root, new=size, new_root=bytes(root), proof=proof
        )
    except (merkle.MerkleError, LogDamaged) as error:
        return (
            f"The first {stated.size} leaves of the log are not those it was signed for: the log was written anew, or this "
            f"is of another log. {error}"
        )
    return ""
