"""Two answers side by side: what only the one has, what only the other, what both have.

A side is a frozen list, or the person's own last run of a saved search. Numbers are exact and of what is within the
person's scope; each of the three can be read page by page, in the order of the first side that has it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User

from compliance import audit, investigations, lists, parts, refusals, saved
from compliance.investigations import PAGE_SIZE, NotHere
from compliance.models import MessageList
from compliance.permissions import Action
from compliance.sightings import FoundMessage


class Part(StrEnum):
    """What of a comparison is shown."""

    FIRST = "a"
    BOTH = "both"
    SECOND = "b"


@dataclass(frozen=True)
class Side:
    """One of the two: `list/5` or `search/3`, what it is called, and the ids."""

    key: str
    name: str
    list: MessageList


@dataclass(frozen=True)
class Comparison:
    """The two sides, how they overlap, and a page of one part."""

    first: Side
    second: Side
    overlap: parts.Overlap
    part: Part
    found: list[FoundMessage]
    next: int | None


def sides(*, by: User | None, now: datetime) -> list[Side]:
    """Everything the person can compare: their saved searches that have run, then frozen lists, newest first."""
    ran = [line for line in saved.lines(by=by, now=now) if line.last is not None]
    searches = [_side(f"search/{line.search.pk}", line.search.name, line.last) for line in ran]
    frozen, _ = lists.lines(by=by, now=now)
    return [side for side in searches if side is not None] + [
        Side(f"list/{line.list.pk}", line.list.name, line.list) for line in frozen if line.count is not None
    ]


def compare(
    *,
    first: str,
    second: str,
    part: Part = Part.FIRST,
    after: int = 0,
    by: User | None,
    now: datetime,
) -> Comparison:
    """Compare two answers; recorded. Raises NotHere when one is not there or not finished."""
    subject = f"compare/{first}+{second}"[:200]
    refusals.check(Action.SEARCH, subject=subject, by=by, now=now)
    a, b = _find(first, by), _find(second, by)
    scope = investigations.scope_of(by)
    overlap = parts.overlap(a.list.pk, b.list.pk, scope=scope)
    of, other = (b, a) if part is Part.SECOND else (a, b)
    places = parts.differing(
        of.list.pk,
        other.list.pk,
        shared=part is Part.BOTH,
        scope=scope,
        after=after,
        limit=PAGE_SIZE + 1,
    )
    details = {
        "lists": [a.list.pk, b.list.pk],
        "only_first": overlap.only_first,
        "both": overlap.both,
        "only_second": overlap.only_second,
        "part": part.value,
    }
    found = investigations.listed(
        message_ids=[message_id for _, message_id in places[:PAGE_SIZE]],
        subject=subject,
        action=audit.Action.COMPARED,
        details=details,
        by=by,
        now=now,
    )
    following = places[PAGE_SIZE - 1][0] if len(places) > PAGE_SIZE else None
    return Comparison(a, b, overlap, part, found, following)


def _find(key: str, by: User | None) -> Side:
    named = re.fullmatch("(list|search)/([0-9]{1,18})", key)
    if named is None:
        raise NotHere
    number = int(named[2])
    if named[1] == "list":
        row = lists.find(number, by)
        side = None if row.state != MessageList.State.DONE else Side(key, row.name, row)
    else:
        kept = saved.find(search_id=number, by=by)
        side = _side(key, kept.name, saved.last_run(search_id=number, by=by))
    if side is None:
        raise NotHere
    return side


def _side(key: str, name: str, row: MessageList | None) -> Side | None:
    return None if row is None else Side(key, name, row)
