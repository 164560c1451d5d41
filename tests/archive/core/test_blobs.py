"""Bytes under their SHA-256: whole, durable, once, and never by a sender's name."""

import hashlib
import io
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import blobs, log
from archive.media import media_type
from archive.models import Blob, Leaf

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_bytes_go_where_their_digest_says(data: Path) -> None:
    """The place follows from the digest; the file is whole and read-only."""
    stored = blobs.store(b"%PDF-1.7 minutes", now=NOON)
    name = hashlib.sha256(b"%PDF-1.7 minutes").hexdigest()
    place = data / "blobs" / name[:2] / name[2:4] / name
    assert place.read_bytes() == b"%PDF-1.7 minutes"
    assert stat.S_IMODE(place.stat().st_mode) & 0o222 == 0
    assert (stored.size_bytes, stored.media_type) == (16, "application/pdf")
    assert list((data / "blobs" / "incoming").iterdir()) == []


@pytest.mark.parametrize("form", ["bytes", "stream", "path"])
def test_every_source_is_stored_alike(form: str, tmp_path: Path) -> None:
    """Bytes, a stream or a file by its path; the file given is left where it is."""
    (tmp_path / "x").write_bytes(b"abc")
    source = {"bytes": b"abc", "stream": io.BytesIO(b"abc"), "path": tmp_path / "x"}[form]
    with blobs.open(bytes(blobs.store(source, now=NOON).sha256)) as file:
        assert file.read() == b"abc"
    assert (tmp_path / "x").exists()


def test_the_same_bytes_are_stored_once() -> None:
    """A second time changes nothing: one row, one leaf, one file."""
    first, second = blobs.store(b"same", now=NOON), blobs.store(b"same", now=NOON)
    assert first.pk == second.pk
    assert list(Leaf.objects.values_list("kind", "subject_id")) == [(Leaf.Kind.BLOB, first.pk)]
    assert log.size() == Blob.objects.count() == 1


def test_a_download_is_adopted_by_renaming() -> None:
    """What was hashed while it arrived need not be copied again."""
    path = blobs.incoming() / "download"
    path.write_bytes(b"zip zip")
    row = blobs.adopt(path, sha256=hashlib.sha256(b"zip zip").digest(), size_bytes=7, now=NOON)
    blobs.check(bytes(row.sha256), size_bytes=7)
    assert not path.exists()


def test_a_cut_download_is_refused() -> None:
    """A file of another size than was counted is not adopted."""
    path = blobs.incoming() / "download"
    path.write_bytes(b"zip")
    with pytest.raises(blobs.BlobDamaged, match="3 bytes, not 7"):
        blobs.adopt(path, sha256=bytes(32), size_bytes=7, now=NOON)
    assert Blob.objects.count() == 0


def test_damage_on_the_disk_is_named() -> None:
    """Missing, cut and changed blobs are told apart."""
    digest = bytes(blobs.store(b"evidence", now=NOON).sha256)
    place = blobs.path_of(digest)
    place.chmod(0o600)
    place.write_bytes(b"evidencf")
    with pytest.raises(blobs.BlobDamaged, match="have the digest"):
        blobs.check(digest, size_bytes=8)
    place.write_bytes(b"evid")
    with pytest.raises(blobs.BlobDamaged, match="4 bytes on the disk, not 8"):
        blobs.check(digest, size_bytes=8)
    with pytest.raises(blobs.BlobDamaged, match="4 bytes on the disk, not 8"):
        blobs.store(b"evidence", now=NOON)
    place.unlink()
    with pytest.raises(blobs.BlobMissing):
        blobs.check(digest, size_bytes=8)


@pytest.mark.parametrize("digest", [b"", b"../../etc/passwd", bytes(31), bytes(33)])
def test_only_a_digest_names_a_place(digest: bytes) -> None:
    """Nothing but 32 bytes becomes a path."""
    with pytest.raises(ValueError, match="32 bytes"):
        blobs.path_of(digest)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"....ftypisom", "video/mp4"),
        (b"PK\x03\x04", "application/zip"),
        (b"<svg onload='alert(1)'>", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        ("Grüße".encode()[:3], "text/plain"),
        (b"caf\xe9 au lait", ""),
        (b"\x00\x01\x02", ""),
        (b"", ""),
    ],
)
def test_bytes_say_what_they_are(head: bytes, name: str) -> None:
    """Judged by the first bytes alone; what could act in a browser is only text."""
    assert media_type(head) == name
