"""What an export is to account for, whatever was found there: its sessions, and its first and last day.

A session in which nothing was said, or of which nothing could be read, has no message that could be chosen; a package that
named only what it has would be silent on it. So a matter accounts for every session its holds reach and for all their
time, a session for its period, and a list for the sessions and days its query names. Where nothing is named it is the
sessions of what was chosen, and the time from the first day of which anything is known (`archive.packages.facts`).

It is asked when an export is measured, and kept with what the package says of things that change.
"""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import TypedDict

from archive import holding, search, tallies
from archive.holding import Rule
from archive.scope import EVERYTHING, Scope
from compliance import holds
from compliance.exports import choosing
from compliance.models import Export

AN_INSTANT = timedelta(microseconds=1)


class Accounted(TypedDict):
    """As `archive.packages.content.Request` takes it."""

    sessions: frozenset[int]
    custodians: frozenset[int]
    first_day: date | None
    last_day: date | None


def by(row: Export) -> Accounted:
    """Sessions, people that its holds are on, and days in UTC; a day is None where the export names no end to that side."""
    found = _within(row).narrowed(Scope(since=row.since, until=row.until))
    rules = choosing.rules(row) if "holds" in row.chosen else []
    return {
        "custodians": frozenset(rule.person for rule in rules if rule.person is not None),
        "sessions": frozenset() if found.sessions is None else found.sessions,
        "first_day": None if found.since is None else found.since.astimezone(UTC).date(),
        "last_day": None if found.until is None else (found.until - AN_INSTANT).astimezone(UTC).date(),
    }


def _within(row: Export) -> Scope:
    if row.session_id is not None:
        return Scope(sessions=frozenset({row.session_id}))
    if row.list_id is not None:
        return _named(row)
    return _held(choosing.rules(row))


def _held(rules: Sequence[Rule]) -> Scope:
    """The sessions the rules reach, and the time in which any of them holds something."""
    begins = [rule.since for rule in rules if rule.since is not None]
    ends = [rule.until for rule in rules if rule.until is not None]
    return Scope(
        sessions=frozenset(tallies.places(holding.together(rules))),
        since=min(begins) if 0 < len(begins) == len(rules) else None,
        until=max(ends) if 0 < len(ends) == len(rules) else None,
    )


def _named(row: Export) -> Scope:
    """What the query of a list names; of whoever does not read everything, the sessions that their matter reaches."""
    kept = choosing.frozen_list(row)
    try:
        named = search.bounds.of(search.parse(kept.query, now=kept.asked_at))
    except search.QueryError:  # the language has changed since: it names nothing that we could still read
        return EVERYTHING
    if named.sessions is None or choosing.scope_of(row) == EVERYTHING:
        return named
    rules = [] if row.matter_id is None else holds.of_matter(row.matter_id)
    return named.narrowed(Scope(sessions=_held(rules).sessions))
