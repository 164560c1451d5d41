"""From an error to what a row says about it: a code, a sentence, and the moment to try again.

Whatever breaks a pull is recorded on its row and never swallowed. Waiting times grow from seconds to an hour and no
further; a moment that Zoom named itself is kept exactly. The sentence holds no message text, file name, address or
token: Zoom's own errors are built without them, and of any other error only its type is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import django.db

from archive.capture import windows
from zoom import errors

WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""How long to wait after the first, second, … failure in a row; the last holds for all that follow."""

_CODES: tuple[tuple[type[errors.ZoomError], str], ...] = (
    (errors.RateLimited, windows.RATE_LIMITED),
    (errors.Unavailable, "unavailable"),
    (errors.DownloadInterrupted, "interrupted"),
    (errors.PageTokenExpired, "page_token_expired"),
    (errors.UnexpectedReply, "unexpected_reply"),
    (errors.NotFound, "not_found"),
    (errors.BadRequest, "refused"),
    (errors.NotAuthorized, "not_authorized"),
    (errors.InvalidCredentials, "credentials"),
    (errors.TooLarge, "too_large"),
    (errors.DigestMismatch, "digest_mismatch"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a job, for its row and for people."""

    code: str
    reason: str
    not_before: datetime
    stops_account: bool
    """Nothing else of this account can work either before `not_before`."""
    at_zoom: bool
    """Zoom is out of order or refuses the app: other jobs are likely to meet the same."""


def of(error: BaseException, *, failures: int, now: datetime) -> Failure:
    """What `error` means for a job that had failed `failures` times in a row before."""
    again = now + WAITS[min(failures, len(WAITS) - 1)]
    if isinstance(error, errors.RateLimited):
        reason = (
            f"Zoom's rate limit for this account is reached until {error.retry_at:%Y-%m-%d %H:%M:%S} UTC."
        )
        return Failure(windows.RATE_LIMITED, reason, error.retry_at, stops_account=True, at_zoom=True)
    if isinstance(error, errors.ZoomError):
        code = next((name for kind, name in _CODES if isinstance(error, kind)), "zoom")
        return Failure(
            code,
            str(error),
            again,
            stops_account=isinstance(error, errors.InvalidCredentials),
            at_zoom=isinstance(error, errors.Unavailable | errors.NotAuthorized | errors.InvalidCredentials),
        )
    if isinstance(error, django.db.Error):
        reason = f"The database refused to store what Zoom sent ({type(error).__name__})."
        return Failure("database", reason, again, stops_account=False, at_zoom=False)
    reason = f"Holdfast could not handle the reply ({type(error).__name__}); the log has the details."
    return Failure("internal", reason, again, stops_account=False, at_zoom=False)
