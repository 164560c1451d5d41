"""Forwarded messages: the original behind a forward, kept as an observation with its exact bytes."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import Error as DatabaseError
from django.db.models import QuerySet

from archive import ingest
from archive.capture import claims, failures, fetching
from archive.capture.failures import Failure
from archive.models import Account, Forward, Observation
from zoom.client import ZoomClient
from zoom.errors import NotFound, ZoomError

Clock = Callable[[], datetime]
_logger = structlog.get_logger(__name__)


def rows(account: Account) -> QuerySet[Forward]:
    """The account's forwards."""
    return Forward.objects.filter(message__session__account=account)


def fetch_next(*, account: Account, client: ZoomClient, clock: Clock) -> tuple[bool, Failure | None]:
    """Fetch the original that waits longest; whether there was one, and what went wrong with it."""
    fetch = fetching.claim(rows(account), thing="forward_id", job=claims.Job.FORWARD, now=clock())
    if fetch is None:
        return False, None
    row = fetch.row
    try:
        original = client.messages.forwarded(row.forward_id)
        seen = ingest.observation(
            account=account,
            kind=Observation.Kind.FORWARD,
            subject=row.forward_id,
            raw=original.raw,
            now=clock(),
        )
    except NotFound as error:
        reason = f"Zoom no longer has the forwarded message ({error})."
        later = fetching.not_before(row, now=clock())
        fetch.finish(state=fetching.GONE, last_error=reason, not_before=later)
        _logger.warning("forward_gone", forward=row.pk)
    except (ZoomError, DatabaseError) as error:
        failure = failures.of(error, failures=row.attempts - 1, now=clock())
        fetch.finish(state=fetching.FAILED, last_error=failure.reason, not_before=failure.not_before)
        _logger.warning("forward_failed", forward=row.pk, code=failure.code)
        return True, failure
    else:
        fetch.finish(state=fetching.STORED, original_id=seen.observation_id, last_error="")
    return True, None
