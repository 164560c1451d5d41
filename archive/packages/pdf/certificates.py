"""Certificates as PDF/A-2b, to print and to file: of a package, and of a destruction.

A certificate of a package is made beside it and not in it, since it names the digest of its manifest. A certificate of
destruction says on paper what `archive.certificates` wrote; the document that proves it is the one that can be checked by
`verify.py`, and the paper names its leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from archive import certificates, hashing
from archive.models import Certificate, Checkpoint, Leaf
from archive.packages.content import Request
from archive.packages.contents import Contents
from archive.packages.pdf import values
from archive.packages.pdf.typesetter import Typesetter

Rows = list[tuple[str, str]]
_MONO = ("SHA-256", "Root", "Signed by", "Leaf hash")


def of_package(*, request: Request, contents: Contents) -> bytes:
    """What a package has, and the digests by which it is known. Raises Checkpoint.DoesNotExist for another size."""
    checkpoint = Checkpoint.objects.get(size=request.size)
    open_days = sum(contents.open_days.values())
    exceptions = sum(contents.missing.values()) + contents.destroyed + open_days
    has: Rows = [
        ("Messages", f"{contents.messages:,}"),
        ("Records of them", f"{contents.revisions:,}"),
        ("Conversations", f"{contents.conversations:,}"),
        ("Files", f"{contents.files:,} with {contents.file_bytes:,} bytes"),
        *((f"Files missing: {reason}", f"{count:,}") for reason, count in sorted(contents.missing.items())),
        ("Messages destroyed before", f"{contents.destroyed:,}"),
        ("Days, of which not proven", f"{contents.days:,}, of which {open_days:,}"),
        ("Exceptions in all", f"{exceptions:,}"),
        *((f"Documents: {name}", f"{count:,}") for name, count in sorted(contents.documents.items())),
        ("Files of the package", f"{contents.package_files:,} with {contents.package_bytes:,} bytes"),
    ]
    known: Rows = [
        ("SHA-256 of its list of files", contents.sha256),
        ("Leaves of the log", f"{request.size:,}"),
        ("Root of the log", bytes(checkpoint.root).hex()),
        ("SHA-256 of the checkpoint", hashlib.sha256(checkpoint.note.encode()).hexdigest()),
    ]
    return _set(
        title=f"Certificate of export {request.export_id}",
        lines=[request.title, f"Of the log as it was {_moment(request.made_at)}."],
        sections=[("What it has", has), ("How it is known", known)],
        notes=[
            "The package proves itself: python3 verify.py in its folder checks every record, file and proof without us. "
            "This paper says which package is meant; it proves nothing by itself."
        ],
        foot=f"Export {request.export_id}",
        digest=f"checkpoint {known[3][1]}",
        at=request.made_at,
    )


def of_destruction(*, disposition: int) -> bytes:
    """The certificate of a disposition on paper. Raises `certificates.NoCertificate`."""
    row = Certificate.objects.filter(disposition=disposition).first()
    if row is None:
        raise certificates.NoCertificate(f"Disposition {disposition} has no certificate.")
    leaf = Leaf.objects.get(kind=Leaf.Kind.CERTIFICATE, subject_id=row.pk)
    entry = hashing.entry(
        kind=leaf.kind, subject_id=leaf.subject_id, at=leaf.at, commitment=bytes(leaf.commitment)
    )
    hashed = hashing.leaf(entry).hex()
    gone: Rows = [
        ("Messages", f"{row.messages:,}"),
        ("Records of them", f"{row.revisions:,}"),
        ("Files on them", f"{row.attachments:,}"),
        ("Stored files destroyed", f"{row.blobs:,} with {row.blob_bytes:,} bytes"),
        ("SHA-256 of the list", bytes(row.messages_sha256).hex()),
    ]
    known: Rows = [
        ("Issued", _moment(row.issued_at)),
        ("Leaf of the log", f"{leaf.index:,}"),
        ("Leaf hash", hashed),
    ]
    return _set(
        title=f"Certificate of destruction {disposition}",
        lines=[
            "The words of these messages and the bytes of their files were destroyed and cannot be brought back."
        ],
        sections=[
            ("What went", gone),
            ("Why, and who decided it", list(_flat(row.statement))),
            ("In the log", known),
        ],
        notes=[
            "No word of what was destroyed is here. The list of messages, each with the hashes of its records, and the "
            "proof that this certificate is in the log are in its document, which verify.py checks without us."
        ],
        foot=f"Disposition {disposition}",
        digest=f"leaf {hashed}",
        at=row.issued_at,
    )


def _set(
    *,
    title: str,
    lines: list[str],
    sections: list[tuple[str, Rows]],
    notes: list[str],
    foot: str,
    digest: str,
    at: datetime,
) -> bytes:
    data = {
        "title": title,
        "date": values.day(at.astimezone(UTC)),
        "lines": [values.line(one) for one in lines],
        "sections": [
            {"heading": heading, "rows": [values.row(*pair, mono=pair[0].startswith(_MONO)) for pair in rows]}
            for heading, rows in sections
        ],
        "notes": [values.line(one) for one in notes],
        "foot": foot,
        "digest": digest,
        "missing": [],
    }
    typesetter = Typesetter()
    try:
        return typesetter.set("certificate.typ", data, at=at, name=title).pdf
    finally:
        typesetter.close()


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """What a statement says, a line for each value, named by the way to it."""
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _flat(value[key], f"{name} {key}".strip().replace("_", " "))
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from _flat(one, f"{name} {number}".strip() if len(value) > 1 else name)
    else:
        yield name, "none" if value in (None, "") else str(value)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
