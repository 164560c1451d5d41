"""Comparing the index with the record, all the time, a few days at a time.

One look compares some days of this host's index with the archive: the newest days each time, and of all others those
not compared for longest, so that every day has its turn. Both sides are of the position the index says it is complete
to, so that what only waits is no difference. What was found is written beside each day; the indexer, which alone may
write the index, heals the days at fault. A look too many, or one that lost a race with a commit, costs one healing
that changes nothing. Reads no word of any message.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count, F, Max, Min, Q, Sum

from archive.models import DayIndexed, IndexState
from archive.search import days, folder, index

log = structlog.get_logger(__name__)

NEWEST = 2
DAYS_A_LOOK = 60
MESSAGES_A_LOOK = 200_000
MOST_TRIES = 2
SILENT = timedelta(minutes=5)
"""How long nothing may be heard of an indexer: it says each half minute that it is there."""
Finding = DayIndexed.Finding


@dataclass(frozen=True, slots=True)
class Look:
    """How many days were compared, and which of them differ."""

    compared: int
    differing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one index: the figures of its watch, and what is wrong now, a sentence each."""

    name: str
    home: str
    version: int
    complete_to: int
    documents: int
    committed_at: datetime | None
    seen_at: datetime | None
    is_here: bool
    """Whether it is the one in use on this host."""
    days: int
    days_at_fault: int
    days_healed: int
    messages_healed: int
    compared_since: datetime | None
    """Every day was compared at or after this; None while one never was."""
    healed_at: datetime | None
    alarms: tuple[str, ...]


def look(*, now: datetime, only: Collection[int] | None = None) -> Look:
    """Compare some days of the index in use with the archive, or only these; raises IndexUnavailable."""
    snapshot = index.snapshot()
    state = IndexState.objects.filter(name=snapshot.name).first()
    if state is None:
        return Look(0, ())
    chosen = set(_due(state)) if only is None else set(only)
    position = snapshot.marker.complete_to
    archived = days.in_archive(position=position, days=chosen) if chosen else {}
    indexed = days.in_index(snapshot, days=chosen) if chosen else {}
    differing = {day for day in chosen if archived.get(day) != indexed.get(day)}
    _note(state, chosen - differing, differing, now=now)
    for day in sorted(differing):
        there, here = archived.get(day, days.NOTHING), indexed.get(day, days.NOTHING)
        log.warning(
            "index_differs", index=state.name, day=str(days.date_of(day)),
            archived=there.messages, indexed=here.messages,
        )  # fmt: skip
    return Look(len(chosen), tuple(sorted(differing)))


def at_fault(name: str) -> list[int]:
    """The days of an index that differ from the record, oldest first, as far as is known."""
    found = DayIndexed.objects.filter(state__name=name, finding=Finding.DIFFERS).order_by("day")
    return [days.number_of(day) for day in found.values_list("day", flat=True)]


def note_tries(name: str, tried: Collection[int], *, messages: int, now: datetime) -> None:
    """Days were indexed anew; whether it helped is for the next look to say."""
    rows = DayIndexed.objects.filter(state__name=name, day__in=[days.date_of(day) for day in tried])
    rows.update(tries=F("tries") + 1, healed_at=now, healed_messages=messages)


def is_beyond_healing(name: str) -> bool:
    """Whether days differ although they were indexed anew as often as may help."""
    wrong = DayIndexed.objects.filter(state__name=name, finding=Finding.DIFFERS, tries__gte=MOST_TRIES)
    return wrong.exists()


def watched(*, now: datetime) -> list[Watched]:
    """Every index the database knows of, on this host and on others, oldest first. From rows alone."""
    healed = Q(days__healed_at__isnull=False, days__finding=Finding.AGREES)
    found = IndexState.objects.annotate(
        day_count=Count("days"),
        fault_count=Count("days", filter=Q(days__finding=Finding.DIFFERS)),
        healed_count=Count("days", filter=healed),
        healed_messages=Sum("days__healed_messages", filter=healed, default=0),
        healed_at=Max("days__healed_at", filter=healed),
        unchecked=Count("days", filter=Q(days__checked_at=None)),
        oldest_check=Min("days__checked_at"),
    ).order_by("pk")
    begun, named = folder.building(), folder.named()
    return [
        Watched(
            name=row.name,
            home=row.home,
            version=row.version,
            complete_to=row.complete_to,
            documents=row.documents,
            committed_at=row.committed_at,
            seen_at=row.seen_at,
            is_here=row.name == named,
            days=row.day_count,
            days_at_fault=row.fault_count,
            days_healed=row.healed_count,
            messages_healed=row.healed_messages,
            compared_since=None if row.unchecked else row.oldest_check,
            healed_at=row.healed_at,
            alarms=tuple(_alarms(row, is_begun=begun is not None and begun.name == row.name, now=now)),
        )
        for row in found
    ]


def alarms(*, now: datetime) -> list[str]:
    """What is wrong with any index now, a sentence each; the host is named where there are several."""
    found = watched(now=now)
    homes = {one.home for one in found}
    return [
        sentence if len(homes) < 2 else f"On {one.home}: {sentence}"
        for one in found
        for sentence in one.alarms
    ]


def _alarms(row: Any, *, is_begun: bool, now: datetime) -> list[str]:
    found = []
    if row.last_error:
        found.append(row.last_error)
    if row.fault_count:
        several = "1 day differs" if row.fault_count == 1 else f"{row.fault_count:,} days differ"
        found.append(f"In the search index {several} from the record; the indexer indexes what differs anew.")
    if not is_begun and row.seen_at is not None and now - row.seen_at > SILENT:
        found.append(
            f"Nothing was heard of the indexer since {row.seen_at:%Y-%m-%d %H:%M} UTC. "
            "Start it: `manage.py indexer`."
        )
    return found


def _due(state: IndexState) -> list[int]:
    """The newest days, then those not compared for longest, as many as one look may take."""
    known = state.days.all()
    missing = days.of_the_archive() - {days.number_of(day) for day in known.values_list("day", flat=True)}
    DayIndexed.objects.bulk_create(
        [DayIndexed(state=state, day=days.date_of(day)) for day in sorted(missing)], ignore_conflicts=True
    )
    newest = list(known.order_by("-day").values_list("day", "messages")[:NEWEST])
    waiting = known.order_by(F("checked_at").asc(nulls_first=True), "-day").values_list("day", "messages")
    chosen: dict[int, int] = {}
    for day, messages in [*newest, *waiting[:DAYS_A_LOOK]]:
        if len(chosen) >= max(NEWEST, 1) and sum(chosen.values()) + messages > MESSAGES_A_LOOK:
            break
        chosen[days.number_of(day)] = messages
    return list(chosen)


def _note(state: IndexState, agreeing: Collection[int], differing: Collection[int], *, now: datetime) -> None:
    rows = state.days
    agreed = rows.filter(day__in=[days.date_of(day) for day in agreeing])
    back = agreed.filter(finding=Finding.DIFFERS)
    healed = list(back.values_list("healed_messages", flat=True))
    agreed.update(finding=Finding.AGREES, checked_at=now, differs_since=None, tries=0)
    differ = rows.filter(day__in=[days.date_of(day) for day in differing])
    differ.exclude(finding=Finding.DIFFERS).update(differs_since=now)
    differ.update(finding=Finding.DIFFERS, checked_at=now)
    if healed:
        log.info("index_healed", index=state.name, days=len(healed), messages=sum(healed))
