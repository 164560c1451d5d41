"""What a matter preserves, for its members: in all, by custodian and by session, as of when it was last counted.

Never counts while somebody waits; see compliance.tallying for who does. Shows numbers and names, no words.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet, Sum

from archive import completeness, directory, tallies
from archive.holding import Rule
from compliance import audit, matters, patience
from compliance.models import Custodian, Matter, PreservedCount, PreservedPart
from compliance.models.preserved import Figures
from compliance.opening import Draft
from compliance.tallying import SUMS

PAGE_SIZE = 50
Place = tuple[int, int]
"""Where a page of sessions goes on: after so many messages, and after that session among those with as many."""


@dataclass(frozen=True)
class Part:
    """What is held of a custodian, or in a session; `name` is theirs, or the session's."""

    id: int
    name: str
    figures: Figures

    @property
    def received(self) -> int:
        """Messages others said, held because a custodian took part or the place itself is held."""
        return self.figures.messages - self.figures.said


@dataclass(frozen=True)
class Seen:
    """A matter's figures: `count` is None while nothing was ever counted. Keys of next pages are None on the last."""

    matter: Matter
    count: PreservedCount | None
    whole: Part | None
    custodians: Sequence[Part]
    custodians_total: int
    custodians_next: int | None
    nobody: Part | None
    """What is held by rules that name no custodian."""
    sessions: Sequence[Part]
    sessions_total: int
    sessions_next: Place | None


@dataclass(frozen=True)
class Missing:
    """What of the days held is not here: `since` is the first day captured at all, None where nothing was yet.

    Of so many sessions (`places`) in which the held took part, `opened` have days that are not whole here; None: not
    counted.
    """

    since: date | None
    places: int | None
    opened: int | None
    held_from: date | None
    held_to: date | None

    @property
    def is_short(self) -> bool:
        """Whether days are held of which nothing was captured."""
        return self.since is not None and (self.held_from is None or self.held_from < self.since)

    @property
    def is_before(self) -> bool:
        """Whether all days held are such."""
        return self.since is not None and self.held_to is not None and self.held_to < self.since


def missing(matter: Matter, count: PreservedCount | None) -> Missing:
    """What a matter cannot preserve because it is not here; the sessions are as last counted."""
    places, opened = (None, None) if count is None else (count.places, count.places_open)
    since = completeness.captured_since(matter.account_id)
    return Missing(since, places, opened, matter.since, matter.until)


def would_be_missing(draft: Draft, people: Collection[int]) -> Missing:
    """The same of a matter that is not opened yet; sessions are counted where that takes no time."""
    since = completeness.captured_since(draft.account_id)
    rules = [Rule(id=key, account=draft.account_id, person=key) for key in people]

    def count(step: patience.Step) -> tuple[int, int]:
        places = tallies.places(rules)
        step(1, 2)
        return len(places), len(completeness.opened(places, first=draft.since, last=draft.until))

    places, opened = None, None
    with suppress(patience.Slow):
        places, opened = patience.within(patience.MOST, count)
    return Missing(since, places, opened, draft.since, draft.until)


def summary(matter_id: int) -> PreservedCount | None:
    """A matter's figures in all, for pages that have checked who asks; None when it was never asked to be counted."""
    return PreservedCount.objects.filter(matter_id=matter_id).first()


def seen(
    *, matter_id: int, after_custodian: int = 0, after: Place | None = None, by: User | None, now: datetime
) -> Seen:
    """The figures of a matter with a page of its custodians and of its sessions. Raises matters.NoSuchMatter."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, by=by)
        audit.record(
            action=audit.Action.LOOKED,
            subject=f"matter/{matter_id}",
            details={"at": "preserved"},
            by=by,
            now=now,
        )
    count = summary(matter_id)
    if count is None or count.counted_at is None:
        return Seen(matter, count, None, (), 0, None, None, (), 0, None)
    people = Custodian.objects.filter(matter=matter, dropped_at=None)
    page = list(people.filter(pk__gt=after_custodian).order_by("pk")[: PAGE_SIZE + 1])
    sessions = _sessions(matter, after)
    titles = directory.titles({part.session_id for part in sessions[:PAGE_SIZE]})
    last = sessions[PAGE_SIZE - 1] if len(sessions) > PAGE_SIZE else None
    return Seen(
        matter=matter,
        count=count,
        whole=Part(0, "", count),
        custodians=_of_people(matter, page[:PAGE_SIZE]),
        custodians_total=people.count(),
        custodians_next=page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None,
        nobody=_of_nobody(matter),
        sessions=[
            Part(part.session_id, titles.get(part.session_id, ""), part) for part in sessions[:PAGE_SIZE]
        ],
        sessions_total=_parts(matter).filter(is_whole=True).count(),
        sessions_next=None if last is None else (last.messages, last.session_id),
    )


def _parts(matter: Matter) -> QuerySet[PreservedPart]:
    return PreservedPart.objects.filter(matter=matter)


def _sessions(matter: Matter, after: Place | None) -> list[PreservedPart]:
    """A page of sessions and one more, those with most first."""
    found = _parts(matter).filter(is_whole=True)
    if after is not None:
        messages, session_id = after
        found = found.filter(Q(messages__lt=messages) | Q(messages=messages, session_id__gt=session_id))
    return list(found.order_by("-messages", "session_id")[: PAGE_SIZE + 1])


def _of_people(matter: Matter, people: Sequence[Custodian]) -> list[Part]:
    """Each of the people with the sum of their parts; a sum over sessions, which do not overlap, is exact."""
    rows = _summed(_parts(matter).filter(custodian__in=people), "custodian_id")
    sums = {row["custodian_id"]: _figures(row) for row in rows}
    return [Part(one.pk, one.name, sums.get(one.pk, PreservedPart())) for one in people]


def _of_nobody(matter: Matter) -> Part | None:
    rows = _summed(_parts(matter).filter(custodian=None, is_whole=False), "matter_id")
    return Part(0, "", _figures(rows[0])) if len(rows) > 0 else None


def _summed(parts: QuerySet[PreservedPart], by: str) -> list[dict[str, Any]]:
    sums = {f"sum_{name}": Sum(name) for name in SUMS}
    return list(parts.order_by().values(by).annotate(**sums, begins=Min("first_at"), ends=Max("last_at")))


def _figures(row: dict[str, Any]) -> Figures:
    return PreservedPart(
        **{name: row[f"sum_{name}"] for name in SUMS}, first_at=row["begins"], last_at=row["ends"]
    )
