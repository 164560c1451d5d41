"""What the details of a file, as Zoom sent them, say of its bytes. Pure; the same now and when inspected later."""

from zoom import decoding
from zoom.digests import sha256_bytes
from zoom.records.files import FileInfo


def promised_sha256(raw: bytes) -> bytes | None:
    """The SHA-256 that Zoom names for the file; None when it names none that can be used."""
    digest = decoding.record(FileInfo, raw).digest
    if digest is None:
        return None
    try:
        return sha256_bytes(digest)
    except ValueError:
        return None
