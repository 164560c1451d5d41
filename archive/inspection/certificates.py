"""Certificates of destruction: that each states what its tombstones come to, so that none was added or taken since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from archive import certificates, commitments
from archive.inspection.problems import Findings
from archive.inspection.row import Row
from archive.models import Certificate, Tombstone, ZipTombstone

UNCERTIFIED = "destroyed messages not certified yet"
UNCERTIFIED_ZIPS = "destroyed zips not certified yet"


def read(keys: Sequence[int]) -> Iterable[Row]:
    """The rows of these certificates, as `archive.inspection.subjects` wants them."""
    for row in Certificate.objects.filter(pk__in=keys).order_by("pk"):
        stated = certificates.values(row)
        commitment = commitments.certificate(salt=bytes(row.salt), **stated)
        found = certificates.count(row.disposition)
        zips = certificates.count_zips(row.disposition)
        wanted = (row.messages, row.revisions, row.attachments, bytes(row.messages_sha256))
        is_so = (found.messages, found.revisions, found.attachments, found.digest) == wanted
        is_so = is_so and (zips.zips, zips.size, zips.digest) == (
            stated["zips"], stated["zip_bytes"], stated["zips_sha256"],
        )  # fmt: skip
        fault = "" if is_so else "The tombstones of its disposition are not those it certified."
        yield Row(row.pk, commitment, row.issued_at, fault)


def check(findings: Findings) -> None:
    """Counts what no certificate speaks of: a disposition that has not ended, or one nobody decided."""
    issued = Certificate.objects.filter(disposition=OuterRef("disposition"))
    findings.count(UNCERTIFIED, Tombstone.objects.filter(~Exists(issued)).count())
    findings.count(UNCERTIFIED_ZIPS, ZipTombstone.objects.filter(~Exists(issued)).count())
