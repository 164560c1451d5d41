"""The blobs on the disk, read again from end to end: there, of the right size, with the digest of their name."""

from collections.abc import Callable

from archive import blobs
from archive.inspection.problems import Findings
from archive.models import Blob

CHUNK = 500


def check(findings: Findings, *, progress: Callable[[int], None]) -> None:
    """Every blob of the database. A file that no row knows is left over from a transaction that failed."""
    for key, sha256, size_bytes in (
        Blob.objects.order_by("id").values_list("id", "sha256", "size_bytes").iterator(CHUNK)
    ):
        try:
            blobs.check(bytes(sha256), size_bytes=size_bytes)
        except (blobs.BlobDamaged, blobs.BlobMissing, OSError, ValueError) as error:
            findings.add("blob", f"archive_blob {key}", str(error))
        findings.count("bytes of blobs", size_bytes)
        progress(1)
