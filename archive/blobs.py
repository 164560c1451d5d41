"""Bytes under their SHA-256: attachments, avatars, legal hold zips. Whoever knows the digest knows the place.

Promises: a stored blob is complete and on the disk, not merely in its cache, before its row exists; storing the
same bytes again changes nothing; the row and its leaf are written together. Files are read-only and their names
come from the digest alone, never from anything a sender chose.

Bytes go by `remove`, once the row of their blob was destroyed and that is committed (archive.removal).

Must never: overwrite a blob, hold a file in memory, or trust a file name.
"""

import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction

from archive import commitments, hashing, log
from archive.media import media_type
from archive.models import Blob, Leaf

CHUNK_BYTES = 1 << 20
HEAD_BYTES = 4096
HOLD_ZIP = "hold-zip-"
"""How the names of zips of legal holds begin while they come."""


class BlobDamaged(Exception):
    """A blob on the disk is not what its name says. Trying again does not help; `verify` names what is wrong."""


class BlobMissing(Exception):
    """There is no file for this digest."""


def folder() -> Path:
    return Path(settings.HOLDFAST_DATA) / "blobs"


def incoming() -> Path:
    """Where to download to before `adopt`: on the disk of the blobs, so that adopting is a rename."""
    path = folder() / "incoming"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(sha256: bytes) -> Path:
    """Where the blob lies or would lie. Raises ValueError for anything but 32 bytes."""
    if len(sha256) != hashing.HASH_BYTES:
        raise ValueError("A SHA-256 digest has 32 bytes.")
    name = sha256.hex()
    return folder() / name[:2] / name[2:4] / name


def store(source: Path | BinaryIO | bytes, *, now: datetime) -> Blob:
    """Store bytes and return their row; the row of before when the bytes are already here.

    A file given by its path is copied and left alone. The leaf is appended last (see `archive.log`): inside a
    larger transaction call this after everything else.
    """
    with _opened(source) as stream:
        temporary = incoming() / uuid.uuid4().hex
        try:
            digest, size_bytes = _copy(stream, to=temporary)
            return adopt(temporary, sha256=digest, size_bytes=size_bytes, now=now)
        finally:
            temporary.unlink(missing_ok=True)


def adopt(path: Path, *, sha256: bytes, size_bytes: int, now: datetime) -> Blob:
    """Move a downloaded file, hashed while it arrived, into the store and return its row.

    Download to `incoming()`. The file is gone from `path` afterwards. Raises BlobDamaged when its size is not
    `size_bytes`, or when another size already lies under this digest.
    """
    if path.stat().st_size != size_bytes:
        raise BlobDamaged(f"The file to adopt has {path.stat().st_size} bytes, not {size_bytes}.")
    with path.open("rb") as file:
        kind = media_type(file.read(HEAD_BYTES))
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())
    with transaction.atomic():
        lock(sha256)
        _place(path, sha256=sha256, size_bytes=size_bytes)
        return _record(sha256=sha256, size_bytes=size_bytes, kind=kind, now=now)


def lock(sha256: bytes) -> None:
    """Let nobody else store or remove these bytes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('holdfast blob ' || %s, 0))", [sha256.hex()]
        )


def remove(sha256: bytes) -> None:
    """Remove the bytes, and make that durable; those already gone are no error. Raises OSError.

    Only for archive.removal, which holds their lock and knows that no row leads to them.
    """
    place = path_of(sha256)
    place.unlink(missing_ok=True)
    if place.parent.exists():
        _make_durable(place.parent)


def sweep_incoming(*, before: datetime) -> int:
    """Remove what downloads that died left behind before this moment; how many files. Zips of holds are gone on with."""
    found = 0
    for path in incoming().iterdir():
        is_old = path.stat().st_mtime < before.timestamp()
        if is_old and not path.name.startswith(HOLD_ZIP):
            path.unlink(missing_ok=True)
            found += 1
    return found


def open(sha256: bytes) -> BinaryIO:
    """The bytes, to be read in pieces and closed by the caller. Raises BlobMissing."""
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError:
        raise BlobMissing(f"The blob {sha256.hex()} is not on the disk.") from None


def check(sha256: bytes, *, size_bytes: int) -> None:
    """Read the blob again from end to end. Raises BlobMissing or BlobDamaged, saying what is wrong."""
    digest, found_bytes = hashlib.sha256(), 0
    with open(sha256) as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            found_bytes += len(chunk)
    if found_bytes != size_bytes:
        raise BlobDamaged(f"The blob {sha256.hex()} has {found_bytes} bytes on the disk, not {size_bytes}.")
    if digest.digest() != sha256:
        raise BlobDamaged(f"The bytes of the blob {sha256.hex()} have the digest {digest.hexdigest()}.")


@contextmanager
def _opened(source: Path | BinaryIO | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source


def _copy(source: BinaryIO, *, to: Path) -> tuple[bytes, int]:
    """Copy in pieces, hashing; return the digest and the size in bytes."""
    digest, size_bytes = hashlib.sha256(), 0
    with to.open("xb") as file:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
            size_bytes += len(chunk)
    return digest.digest(), size_bytes


def _place(path: Path, *, sha256: bytes, size_bytes: int) -> None:
    """Rename the file to its place and make the names durable; leave a blob that is already there alone."""
    place = path_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(path, place)
    except FileExistsError:
        if place.stat().st_size != size_bytes:
            raise BlobDamaged(
                f"The blob {sha256.hex()} has {place.stat().st_size} bytes on the disk, not {size_bytes}."
            ) from None
    path.unlink()
    for directory in (place.parent, place.parent.parent, folder()):
        _make_durable(directory)


def _make_durable(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _record(*, sha256: bytes, size_bytes: int, kind: str, now: datetime) -> Blob:
    """The blob's row: the one of before, or a new one with its leaf."""
    salt = hashing.new_salt()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO archive_blob (sha256, size_bytes, media_type, stored_at, salt) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (sha256) DO NOTHING RETURNING id",
            [sha256, size_bytes, kind, now, salt],
        )
        inserted = cursor.fetchone()
        if inserted is not None:
            commitment = commitments.blob(
                salt=salt, sha256=sha256, size_bytes=size_bytes, media_type=kind, stored_at=now
            )
            log.append([log.Entry(Leaf.Kind.BLOB, inserted[0], commitment)], now=now)
    return Blob.objects.get(sha256=sha256)
