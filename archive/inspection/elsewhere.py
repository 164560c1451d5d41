"""What went out to others, against the log: checkpoints in a bucket, and time stamps of an authority.

Whoever has the database, the data folder and the key can write the log anew so that it agrees with itself. It does not
agree with what is here. A place that cannot be read now is counted, so that nobody takes silence for agreement.
"""

from pathlib import Path

import structlog

from archive import keys, notes, publication, timestamps, witnesses
from archive.inspection import tree
from archive.inspection.problems import Findings
from archive.models import Checkpoint, Timestamp
from archive.witnesses.errors import NotSent

NOT_READ = "places outside that could not be read"
logger = structlog.get_logger(__name__)


def check(findings: Findings) -> None:
    """Everything that is outside and can be read. Without a key there is nothing it could be compared by."""
    try:
        key = keys.load(may_create=False).verifier
    except keys.KeyUnusable:
        return  # said by the check of the checkpoints
    _check_bucket(findings, key)
    _check_stamps(findings)


def _check_bucket(findings: Findings, key: notes.VerifierKey) -> None:
    try:
        for one in witnesses.found(key=key):
            if one.wrong != "":
                findings.add("checkpoint", one.where, one.wrong)
            if one.name == "log.vkey" and one.content.strip() not in ("", str(key)):
                findings.add("key", one.where, "It is not the log's key of today.")
            elif one.name.endswith(".note") and one.content != "":
                findings.count("checkpoints outside")
                size = publication.size_of(Path(one.name))
                tree.check_published(findings, one.content, key, where=one.where, size=size)
    except NotSent as error:
        logger.warning("witness_not_read", error=str(error))
        findings.count(NOT_READ)


def _check_stamps(findings: Findings) -> None:
    """Time stamps in the database and beside the published notes are of the checkpoints of their sizes."""
    rows = Timestamp.objects.order_by("checkpoint__size").values_list("checkpoint__size", "reply")
    for size, reply in rows.iterator(tree.CHUNK):
        findings.count("time stamps")
        _check_stamp(findings, bytes(reply), size=size, where=f"size {size}")
    for folder in publication.folders():
        for file in sorted(folder.glob("*.tsr")):
            _check_stamp(findings, file.read_bytes(), size=publication.size_of(file), where=str(file))


def _check_stamp(findings: Findings, reply: bytes, *, size: int, where: str) -> None:
    note = Checkpoint.objects.filter(size=size).values_list("note", flat=True).first()
    if note is None:
        findings.add("time stamp", where, "It is of a checkpoint that the database has no longer.")
        return
    try:
        timestamps.check(reply, note=note.encode())
    except timestamps.NotStamped as error:
        findings.add("time stamp", where, str(error))
