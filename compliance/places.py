"""Conversations held themselves in a matter: whoever speaks there, also people whom nobody knows to be members.

Each is one standing rule with a session and no person (compliance.models.Hold). Held here only: Zoom's legal hold knows
people, so nothing of this is asked for there. Holding needs nobody else; letting go is a request that two people decide
(compliance.releasing).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from archive import conversations
from archive.conversations import Conversation
from compliance import audit, matters, pages, waking
from compliance.hindrances import Hindrance
from compliance.models import Hold, Matter
from compliance.models.matters import PLACES
from compliance.pages import Page
from compliance.permissions import Action

MOST = 500
"""Conversations that are held in one step."""
PAGE_SIZE = 50


class Unfit(Hindrance):
    """What was asked for cannot be held; the sentence says why."""


@dataclass(frozen=True)
class Days:
    """Whole days in UTC, both included; None means no limit."""

    since: date | None = None
    until: date | None = None

    @property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """From the first moment held to the first that is not."""
        since = None if self.since is None else datetime.combine(self.since, time.min, tzinfo=UTC)
        if self.until is None:
            return since, None
        return since, datetime.combine(self.until + timedelta(days=1), time.min, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """A conversation held, now or once, and the days of it."""

    hold: Hold
    days: Days


def fitting(session_ids: Collection[int], *, account_id: int, days: Days) -> list[Conversation]:
    """The conversations, where they can be held. Raises Unfit."""
    wanted = set(session_ids)
    if days.since is not None and days.until is not None and days.until < days.since:
        raise Unfit("The last day held is before the first.")
    if len(wanted) > MOST:
        raise Unfit(f"At most {MOST:,} conversations are held at once.")
    found = conversations.of(wanted, account_id=account_id)
    if len(found) < len(wanted):
        raise Unfit("A conversation chosen is not known in this account any more. Choose again.")
    return found


def hold(
    *, matter_id: int, session_ids: Collection[int], days: Days | None = None, by: User | None, now: datetime
) -> list[Hold]:
    """Hold conversations in a matter that is open, for these days or, with None, the matter's. Raises Unfit.

    Those that are held for just these days already are left as they are.
    """
    with transaction.atomic():
        matter = matters.locked(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        if matter.state != Matter.State.ACTIVE:
            raise Unfit("The matter was released: nothing can be held in it any more. Open a new one.")
        if len(session_ids) == 0:
            raise Unfit("Choose at least one conversation.")
        wanted = of_matter(matter) if days is None else days
        found = fitting(session_ids, account_id=matter.account_id, days=wanted)
        since, until = wanted.bounds
        alike = held(matter).filter(since=since, until=until).values_list("session_id", flat=True)
        there = set(alike)
        fresh = [one for one in found if one.session_id not in there]
        if len(fresh) == 0:
            raise Unfit("Every conversation chosen is held for these days in this matter already.")
        rows = place(matter, fresh, days=wanted, by=by, now=now)
        details = {"custodians": [], "conversations": told(rows)}
        audit.record(action=audit.Action.HELD, subject=f"matter/{matter.pk}", details=details, by=by, now=now)
        transaction.on_commit(waking.after_holds_changed, robust=True)
    return rows


def place(
    matter: Matter, found: Iterable[Conversation], *, days: Days, by: User | None, now: datetime
) -> list[Hold]:
    """The rules alone, for whoever opens a matter; the event that names them is the caller's, and comes after."""
    since, until = days.bounds
    return Hold.objects.bulk_create(
        Hold(
            matter=matter,
            account_id=matter.account_id,
            session_id=one.session_id,
            session_name=one.title[:1000],
            covers_received=matter.covers_received,
            since=since,
            until=until,
            placed_at=now,
            placed_by_name=audit.name_of(by),
        )
        for one in found
    )


def told(holds: Iterable[Hold]) -> list[dict[str, object]]:
    """What an event says of conversations held, or let go: their names, and the days where they are limited."""
    lines = []
    for one in holds:
        days = days_of(one)
        said: dict[str, object] = {"hold": one.pk, "session": one.session_id, "name": one.session_name}
        said |= {} if days.since is None else {"since": days.since.isoformat()}
        lines.append(said | ({} if days.until is None else {"until": days.until.isoformat()}))
    return lines


def held(matter: Matter) -> QuerySet[Hold]:
    """The rules in force that name a conversation and nobody."""
    return Hold.objects.filter(PLACES, matter=matter, released_at=None)


def page(matter: Matter, *, before: int | None = None) -> Page[Hold]:
    """Every conversation that is held in a matter, or was, the newest first; for pages that have checked who asks."""
    return pages.newest(Hold.objects.filter(PLACES, matter=matter), before=before, size=PAGE_SIZE)


def every(matter: Matter) -> list[Line]:
    """The same, all of them, in the order in which they were placed."""
    return [line(one) for one in Hold.objects.filter(PLACES, matter=matter).order_by("pk")]


def line(one: Hold) -> Line:
    """A rule as a page shows it."""
    return Line(one, days_of(one))


def of_matter(matter: Matter) -> Days:
    """The days that the matter holds."""
    return Days(matter.since, matter.until)


def days_of(one: Hold) -> Days:
    """The days of a rule that was placed by days."""
    since = None if one.since is None else one.since.astimezone(UTC).date()
    until = None if one.until is None else (one.until.astimezone(UTC) - timedelta(microseconds=1)).date()
    return Days(since, until)
