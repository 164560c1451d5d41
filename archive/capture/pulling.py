"""Pulling one claimed window from its first page to its last, and saying what became of it.

Pages are stored as they come, a few together in one transaction, and storing one twice is harmless. When a page
token died and the client began the window again, the account starts again from zero with it. The window is closed
only when the pages came without a hole and the last of them said so. Everything else leaves a gap with its reason;
what Zoom sent instead of a good reply is kept as evidence.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event

import structlog

from archive import ingest
from archive.capture import ahead, directory, failures, planning, spans, windows
from archive.capture.failures import Failure
from archive.capture.tally import Counted, Tally
from archive.models import Window
from zoom.client import ZoomClient
from zoom.errors import NotFound, UnexpectedReply
from zoom.replies import Page

SHOW_PROGRESS_EVERY = timedelta(seconds=1)

Clock = Callable[[], datetime]
_logger = structlog.get_logger(__name__)


class Stopped(Exception):
    """The worker was asked to stop between two pages."""


class Incomplete(Exception):
    """The pages ended without the last one, or with a hole among them."""


@dataclass(slots=True)
class Pull:
    """One pull under way: what it may use, and its account so far."""

    claim: windows.Claim
    client: ZoomClient
    clock: Clock
    stop: Event
    tally: Tally = field(init=False)
    attempt: int = 0
    page: int = 0
    ended: bool = False
    shown_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.claim.span)
        self.shown_at = self.claim.started_at

    def check_stop(self) -> None:
        """Leave between two pages when the worker was asked to stop."""
        if self.stop.is_set():
            raise Stopped

    def begin_page(self, page: Page) -> None:
        """Check a page's place among the others before it is stored."""
        self.check_stop()
        if page.attempt != self.attempt:
            self.attempt, self.tally = page.attempt, Tally(self.claim.span)
            self.page, self.ended = 0, False
        if self.ended or page.number != self.page + 1:
            raise Incomplete(f"Page {page.number} came after page {self.page}.")
        self.page, self.ended = page.number, page.is_last

    def count(self, per_day: Mapping[date, Counted], *, pages: int = 1) -> None:
        """Add stored pages to the account; raises ClaimLost when the window is no longer ours."""
        self.tally.add(per_day, pages=pages)
        now = self.clock()
        if now - self.shown_at >= SHOW_PROGRESS_EVERY:
            windows.progress(self.claim, self.tally, now=now)
            self.shown_at = now


def pull(claim: windows.Claim, *, client: ZoomClient, clock: Clock, stop: Event) -> Failure | None:
    """Read the window to its end and close it, or leave it as a gap and tell why."""
    state = Pull(claim, client, clock, stop)
    try:
        _READERS[Window.Kind(claim.window.kind)](state)
        if not state.ended:
            raise Incomplete(f"No page after page {state.tally.pages} said that it was the last.")
        windows.close(claim, state.tally, now=clock(), again_at=planning.again_at(claim=claim))
    except windows.ClaimLost:
        _logger.warning("window_claim_lost", window=claim.window.pk)
    except Stopped:
        windows.release(claim)
    except NotFound as error:
        if not _is_forgotten(claim):
            return _leave_gap(state, error)
        reason = "Zoom no longer knows this session, so nothing in it can have changed."
        windows.close(
            claim, Tally(claim.span), now=clock(), again_at=planning.again_at(claim=claim), reason=reason
        )
    except Exception as error:  # noqa: BLE001 -- whatever it was, the window says that it is a gap, and why
        return _leave_gap(state, error)
    return None


def _is_forgotten(claim: windows.Claim) -> bool:
    """Whether a sweep met a session so long quiet that Zoom's reports need not know it any more."""
    session = claim.window.session
    if claim.window.kind != Window.Kind.MODIFICATIONS or session is None or session.last_message_at is None:
        return False
    return session.last_message_at < spans.begins_at(spans.cliff(claim.started_at.astimezone(UTC).date()))


def _leave_gap(state: Pull, error: Exception) -> Failure | None:
    """Record the failure on the window. When even that fails, the claim lapses and another worker takes it up."""
    claim, now = state.claim, state.clock()
    failure = failures.of(error, failures=windows.failures_in_a_row(claim.window), now=now)
    if failure.code == "internal":
        _logger.exception("window_failed", window=claim.window.pk, error=type(error).__name__)
    try:
        if isinstance(error, UnexpectedReply):
            ingest.unreadable(raw=error.body, reason=failure.reason, window=claim.window, now=now)
        windows.fail(
            claim,
            state.tally,
            reason=failure.reason,
            code=failure.code,
            not_before=failure.not_before,
            now=now,
        )
        if failure.stops_account:
            windows.hold_back(account=claim.window.account, until=failure.not_before)
    except windows.ClaimLost:
        _logger.warning("window_claim_lost", window=claim.window.pk)
        return None
    return failure


def _sessions(state: Pull) -> None:
    claim = state.claim
    for page in state.client.reports.sessions(start=claim.span.first, end=claim.span.last):
        state.begin_page(page)
        now = state.clock()
        counts = ingest.session_page(page, window=claim.window, pull=claim.pull, now=now)
        planning.listed(claim=claim, session_ids=counts.session_ids, now=now)
        state.count(counts.per_day)


def _messages(state: Pull) -> None:
    claim, session = state.claim, state.claim.window.session
    if session is None:
        raise Incomplete("The window names no session.")
    pages = state.client.reports.messages(
        session_id=session.zoom_id,
        start=claim.span.first,
        end=claim.span.last,
        modifications=claim.window.kind == Window.Kind.MODIFICATIONS,
    )
    with closing(ahead.batches(pages)) as batches:
        for batch in batches:
            for page in batch:
                state.begin_page(page)
            counts = ingest.message_pages(batch, window=claim.window, pull=claim.pull, now=state.clock())
            state.count(counts.per_day, pages=len(batch))


_READERS: dict[Window.Kind, Callable[[Pull], None]] = {
    Window.Kind.SESSIONS: _sessions,
    Window.Kind.MESSAGES: _messages,
    Window.Kind.MODIFICATIONS: _messages,
    Window.Kind.ACTIVITIES: directory.activities,
    Window.Kind.DIRECTORY: directory.everything,
}
