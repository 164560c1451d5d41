"""Certificates as PDF/A-2b, to print and to file: of a package, and of a destruction.

A certificate of a package is made beside it and not in it, since it names the digest of its manifest. A certificate of
destruction says on paper what `archive.certificates` wrote; the document that proves it is the one that can be checked by
`verify.py`, and the paper names its leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from archive import certificates, hashing, log
from archive.models import Certificate, Checkpoint, Leaf
from archive.packages.content import Request
from archive.packages.contents import Contents, Finished
from archive.packages.pdf import values
from archive.packages.pdf.papers import Paper
from archive.packages.pdf.typesetter import Typesetter

Rows = list[tuple[str, str]]
_MONO = ("SHA-256", "Root", "Signed by", "Leaf hash")
_FILES = "SHA-256 of its files"
_MOST_PARTS = 200
"""Zips that are named one by one; a paper in a request has to be set in a second or two."""


def of_package(*, request: Request, contents: Contents, parts: Sequence[Finished]) -> Paper:
    """What a package has, and the digests by which it and each zip of it are known. Always the same bytes.

    Raises CannotSet, and Checkpoint.DoesNotExist where nothing was signed at the request's size.
    """
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
    more = f", the first {_MOST_PARTS:,} of {len(parts):,}" if len(parts) > _MOST_PARTS else ""
    zips: Rows = [(part.name, f"{part.sha256} {part.size_bytes:,} bytes") for part in parts[:_MOST_PARTS]]
    return _set(
        name=f"export-{request.export_id}-certificate.pdf",
        title=f"Certificate of export {request.export_id}",
        lines=[request.title, f"Of the log as it was {_moment(request.made_at)}."],
        sections=[
            ("What it is of", list(_asked(request.statement))),
            ("What it has", has),
            ("How it is known", known),
            (f"{_FILES}{more}", zips),
        ],
        notes=[
            "The package proves itself: python3 verify.py in its folder checks every record, file and proof without us. "
            "This paper says which package is meant; it proves nothing by itself."
        ],
        foot=f"Export {request.export_id}",
        digest=f"checkpoint {known[3][1]}",
        at=request.made_at,
    )


def of_destruction(*, disposition: int) -> Paper:
    """The certificate of a disposition on paper; always the same bytes.

    Raises `certificates.NoCertificate`, `certificates.NotSignedYet` and CannotSet.
    """
    row = Certificate.objects.filter(disposition=disposition).first()
    if row is None:
        raise certificates.NoCertificate(f"Disposition {disposition} has no certificate.")
    leaf = Leaf.objects.get(kind=Leaf.Kind.CERTIFICATE, subject_id=row.pk)
    head = log.head()
    if head is None or head.size <= leaf.index:
        raise certificates.NotSignedYet(
            "The certificate is in the log, and the log has not been signed since."
        )
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
    if row.zips_sha256 is not None:
        gone += [
            ("Zips of legal holds", f"{row.zips:,} with {row.zip_bytes:,} bytes"),
            ("SHA-256 of the list of zips", bytes(row.zips_sha256).hex()),
        ]
    known: Rows = [
        ("Issued", _moment(row.issued_at)),
        ("Leaf of the log", f"{leaf.index:,}"),
        ("Leaf hash", hashed),
    ]
    return _set(
        name=f"disposition-{disposition}-certificate.pdf",
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
    name: str,
    title: str,
    lines: list[str],
    sections: list[tuple[str, Rows]],
    notes: list[str],
    foot: str,
    digest: str,
    at: datetime,
) -> Paper:
    data = {
        "title": title,
        "date": values.day(at.astimezone(UTC)),
        "lines": [values.line(one) for one in lines],
        "sections": [
            {
                "heading": heading,
                "rows": [
                    values.row(*pair, mono=heading.startswith(_FILES) or pair[0].startswith(_MONO))
                    for pair in rows
                ],
            }
            for heading, rows in sections
        ],
        "notes": [values.line(one) for one in notes],
        "foot": foot,
        "digest": digest,
        "missing": [],
    }
    typesetter = Typesetter()
    try:
        return Paper(name, typesetter.set("certificate.typ", data, at=at, name=title).pdf)
    finally:
        typesetter.close()


def _asked(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was chosen, by whom and why, as far as it was said."""
    for part, key, name in (
        ("query", "words", "Chosen"),
        ("asked", "by", "Asked by"),
        ("asked", "at", "Asked"),
        ("asked", "reason", "For"),
    ):
        value = statement.get(part, {}).get(key)
        if value is not None:
            yield name, str(value)


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
