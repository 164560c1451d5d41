"""How things stand, in words: the sentences the badge, the overview and the capture page say about completeness.

One place, so that no two pages say different things of the same facts. Reads no message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.utils import timezone

from archive import completeness, directory
from compliance import permissions
from compliance.permissions import Action, Anyone

BADGE_SECONDS = 5
STALE = timedelta(hours=2)
"""How old the newest proof of completeness may be before it is itself a problem."""
NOT_READ = "not_read"


@dataclass(frozen=True)
class Standing:
    """The facts, and what to say of them; `state` is one of the marks of the console."""

    summary: completeness.Summary
    state: str
    badge: str
    sentence: str

    @property
    def unread(self) -> int:
        """Windows not read yet: gaps that nothing broke."""
        return self.summary.gaps - self.summary.windows.get("gap", 0)


def now_for(person: Anyone, *, now: datetime) -> Standing:
    """How things stand now, for a person who may see it; the badge of the same page says the same."""
    permissions.check(Action.SEE_COMPLETENESS, by=person)
    summary = completeness.summary(now=now)
    caches["process"].set("standing", summary, BADGE_SECONDS)
    return of(summary, now=now)


def recent(*, now: datetime) -> Standing:
    """How things stood at most BADGE_SECONDS ago: every page carries it, and it is the same for everyone."""
    cache = caches["process"]
    summary: completeness.Summary | None = cache.get("standing")
    if summary is None:
        summary = completeness.summary(now=now)
        cache.set("standing", summary, BADGE_SECONDS)
    return of(summary, now=now)


def of(summary: completeness.Summary, *, now: datetime) -> Standing:
    """What to say of a summary. A run that only reads settled days again does not make a complete archive less so."""
    if summary.accounts == 0:
        return Standing(
            summary, "unknown", "No account", "No Zoom account is connected, so nothing is being captured."
        )
    if summary.run is not None and (summary.gaps > 0 or summary.complete_to is None):
        return Standing(
            summary,
            "pulling",
            f"Capturing, {int(summary.run.share * 100)}%",
            "A capture is under way; until it ends the archive is not complete.",
        )
    if summary.gaps > 0:
        badge = f"{summary.gaps:,} gap" + ("" if summary.gaps == 1 else "s")
        return Standing(
            summary, "gap", badge, "The archive is not complete. What is missing, and why, is below."
        )
    if summary.complete_to is None:
        sentence = "Nothing is known of completeness yet: no capture has ended."
        return Standing(summary, "unknown", "Not captured yet", sentence)
    return _complete(summary, to=summary.complete_to, now=now)


def _complete(summary: completeness.Summary, *, to: datetime, now: datetime) -> Standing:
    """No gap: everything up to a moment is here, which is good news only while that moment is recent."""
    here = timezone.localtime(to)
    is_today = here.date() == timezone.localtime(now).date()
    moment = f"{here:%H:%M}" if is_today else f"{here.day} {here:%b, %H:%M}"
    badge = f"Complete to {moment}"
    if now - to > STALE:
        sentence = f"Nothing newer than {moment} has been captured. Check on the System page that beat and a worker run."
        return Standing(summary, "due", badge, sentence)
    if summary.is_complete:
        return Standing(
            summary, "complete", badge, f"Everything Zoom could give up to {moment} is in the archive."
        )
    files, zips = summary.files.missing + summary.forwards.missing, summary.zips.missing
    missing, noun, some = (files, "file", "files") if files > 0 else (zips, "hold zip", "zips of legal holds")
    sentence = (
        f"Every message Zoom could give up to {moment} is in the archive; some {some} are still to come."
    )
    return Standing(summary, "due", f"{missing:,} {noun}{'' if missing == 1 else 's'} to come", sentence)


def broken(*, limit: int) -> tuple[list[completeness.Gap], dict[int, str]]:
    """The windows that broke off, oldest days first, and what their sessions are called."""
    gaps = [gap for gap in completeness.gaps(limit=limit) if gap.code != NOT_READ]
    return gaps, directory.titles({gap.session_id for gap in gaps if gap.session_id is not None})
