"""The certificate of an export on paper: what its package has, and the digests by which it is known.

Made when it is taken, since it names the digest of each zip, and always with the same bytes. It outlives the files: whoever
has them checks years later that they are those. It proves nothing by itself, and says so.
"""

from datetime import datetime

import structlog
from django.contrib.auth.models import User
from django.db import transaction

from archive.packages.contents import Contents, Finished
from archive.packages.pdf import CannotSet, certificates
from archive.packages.pdf.papers import Paper
from compliance import audit, refusals
from compliance.exports import endings, measuring, reading
from compliance.hindrances import Hindrance
from compliance.permissions import Action

log = structlog.get_logger(__name__)


class NotYet(Hindrance):
    """Why there is no paper yet, in a sentence."""


def take(*, export_id: int, by: User | None, now: datetime) -> Paper:
    """The certificate of an export that was made; recorded. Raises NoSuchExport, NotYet, PermissionDenied."""
    refusals.check(Action.EXPORT, subject=f"export/{export_id}", by=by, now=now)
    row = reading.find(export_id=export_id, by=by, now=now)
    if row.parts is None:
        raise NotYet("It was not made yet, so there is no certificate of it.")
    try:
        paper = certificates.of_package(
            request=measuring.request(row),
            contents=Contents.from_data(row.contents or {}),
            parts=[Finished(**part) for part in row.parts],
        )
    except CannotSet as error:
        log.error("certificate_not_set", export=row.pk)
        raise NotYet(
            "The certificate could not be set on paper. Whoever runs the archive finds why in its log."
        ) from error
    with transaction.atomic():
        details = {"form": "pdf", "name": paper.name, "sha256": paper.sha256.hex()}
        audit.record(
            action=audit.Action.DOWNLOADED, subject=endings.subject(row), details=details, by=by, now=now
        )
    return paper
