"""The certificate a disposition ends with: issued in the transaction that ends it, taken by whoever may see it.

It states which rules, why, who asked, who approved and when, how much was refused and why; what exactly went the archive
adds itself, with ids and hashes (archive.certificates). Never names a session, a person whose words went, or a word.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction

from archive import certificates
from archive.packages.pdf import CannotSet
from archive.packages.pdf import certificates as papers
from archive.packages.pdf.papers import Paper
from compliance import audit, refusals
from compliance.disposition import reviewing, zips
from compliance.hindrances import Hindrance
from compliance.models import Disposition, Matter
from compliance.permissions import Action

log = structlog.get_logger(__name__)


class NotYet(Hindrance):
    """Why it cannot be taken yet, in a sentence."""


def issue(row: Disposition, *, now: datetime) -> int:
    """Issue the certificate of a disposition that ends, in the caller's transaction; its key."""
    return certificates.issue(disposition=row.pk, statement=statement(row), now=now)


def statement(row: Disposition) -> Mapping[str, Any]:
    """What is stated of how it was decided."""
    used = reviewing.of_rules(row)
    stated: dict[str, Any] = {
        "rules": [
            {key: one.rule[key] for key in ("id", "name", "law", "reason", "kept")}
            | {"messages_approved": one.messages}
            for one in used
            if one.rule
        ],
        "put_together": {
            "by": row.made_by_name,
            "at": row.made_at.isoformat(),
            "messages": row.messages,
            "held_and_left_out": row.held,
            "taken_out": sum(one.messages for one in row.taken_out.all()),
            "sha256": bytes(row.sha256 or b"").hex(),
        },
        "ended": {"state": row.state, "at": None if row.finished_at is None else row.finished_at.isoformat()},
        "refused": {one.why: one.messages for one in reviewing.refused(row)},
    }
    if row.zips > 0:
        stated["put_together"]["zips"] = row.zips
        stated["zips_refused"] = dict(zips.refused(row))
    if row.erasure_id is not None:
        stated["erasure"] = row.erasure_id
    if row.stop_at is not None:
        stated["stopped"] = {"by": row.stop_by_name, "at": row.stop_at.isoformat(), "reason": row.stop_reason}
    return stated | _decided(row)


def of_zip(row: Disposition, matter: Matter) -> Mapping[str, Any]:
    """What the tombstone of a zip of a released matter states: when it was released, the rules, and who decided it."""
    released = None if matter.released_at is None else matter.released_at.isoformat()
    by_rules = [{key: one[key] for key in ("id", "name", "law", "kept")} for one in row.rules]
    stated: dict[str, Any] = {"matter_released_at": released, "rules": by_rules}
    if row.erasure_id is not None:
        stated["erasure"] = row.erasure_id
    return stated | _decided(row)


def _decided(row: Disposition) -> dict[str, Any]:
    """Who asked for it and who approved, when."""
    asked = row.request
    if asked is None:
        return {}
    approved = [{"by": one.person_name, "at": one.at.isoformat()} for one in asked.approvals.order_by("pk")]
    return {
        "request": asked.pk,
        "requested": {
            "by": asked.asked_by_name,
            "at": asked.asked_at.isoformat(),
            "reason": asked.reason,
            "digest": asked.digest,
        },
        "approved": approved,
        "cooled_off_until": None if asked.runs_at is None else asked.runs_at.isoformat(),
    }


def take(*, disposition_id: int, by: User | None, now: datetime) -> Iterator[bytes]:
    """The certificate as a document, piece by piece; recorded before the first. Raises NotYet."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.SEE_DISPOSITION, subject=subject, by=by, now=now)
    with _in_words(), transaction.atomic():
        pieces = certificates.lines(disposition=disposition_id)
        _record(subject, {"form": "certificate"}, by=by, now=now)
    return pieces


def take_paper(*, disposition_id: int, by: User | None, now: datetime) -> Paper:
    """The same on paper, as PDF/A-2b; recorded. Raises NotYet."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.SEE_DISPOSITION, subject=subject, by=by, now=now)
    with _in_words():
        paper = papers.of_destruction(disposition=disposition_id)
    with transaction.atomic():
        details = {"form": "pdf", "name": paper.name, "sha256": paper.sha256.hex()}
        _record(subject, details, by=by, now=now)
    return paper


@contextmanager
def _in_words() -> Iterator[None]:
    """Say why there is none as NotYet does."""
    try:
        yield
    except certificates.NoCertificate as error:
        raise NotYet("It has no certificate: nothing was destroyed under it yet.") from error
    except certificates.NotSignedYet as error:
        raise NotYet(
            "The certificate is in the log, which is signed every hour. Take it when it has been signed."
        ) from error
    except CannotSet as error:
        log.error("certificate_not_set")
        raise NotYet(
            "It could not be set on paper. Take the document that verify.py checks instead."
        ) from error


def _record(subject: str, details: Mapping[str, str], *, by: User | None, now: datetime) -> None:
    audit.record(action=audit.Action.DOWNLOADED, subject=subject, details=details, by=by, now=now)
