"""What a package says of itself: counts by session and person, how complete each day is, and what was asked."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.cells import table
from archive.completeness import DayState
from archive.packages import facts, streams
from archive.packages.content import Request, Sink

COUNTS, COVERAGE, QUERY = "data/about/counts.csv", "data/about/coverage.csv", "data/about/query.json"

# OFFSET 0: from what was chosen to the messages, their versions, their leaves, whatever the planner thinks of tables that
# have just grown: see `archive.packages.choosing`; + 0, and never by all the log's positions: `archive.search.days.logged`.
_SAID = """
SELECT {key}, count(DISTINCT said.id), count(*) FROM archive_exportitem item,
LATERAL (SELECT id, session_id, sender_id FROM archive_message WHERE id = item.message_id OFFSET 0) said,
LATERAL (SELECT version.id FROM archive_revision version WHERE version.message_id = said.id OFFSET 0) version,
LATERAL (SELECT FROM archive_leaf leaf
    WHERE leaf.kind = 1 AND leaf.subject_id = version.id AND leaf.index + 0 < %(size)s OFFSET 0) logged
WHERE item.export_id = %(export)s GROUP BY 1
"""
_SPOKE = """
SELECT DISTINCT said.session_id, said.sender_id FROM archive_exportitem item,
LATERAL (SELECT session_id, sender_id FROM archive_message WHERE id = item.message_id OFFSET 0) said
WHERE item.export_id = %(export)s AND said.sender_id = ANY(%(people)s)
"""
_ATTACHED = """
SELECT {key}, count(*) FROM archive_exportfile kept,
LATERAL (SELECT message_id FROM archive_attachment WHERE id = kept.attachment_id OFFSET 0) attached,
LATERAL (SELECT session_id, sender_id FROM archive_message WHERE id = attached.message_id OFFSET 0) said
WHERE kept.export_id = %(export)s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Messages of which something is there, their versions, and the files on them, there or not."""

    messages: int = 0
    revisions: int = 0
    files: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(
            self.messages + other.messages, self.revisions + other.revisions, self.files + other.files
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """Of the whole, and of how many sessions it is."""

    whole: Count
    sessions: int


def counts(request: Request, *, into: Sink) -> Counted:
    """`about/counts.csv`: a row for each session, each person who said something, each custodian, and for all."""
    by_session, by_person = _counted(request, "said.session_id"), _counted(request, "said.sender_id")
    people = facts.people(export_id=request.export_id)
    whole = functools.reduce(Count.plus, by_session.values(), Count())
    with (
        into.file(COUNTS) as file,
        table(file, ("by", "id", "name", "messages", "revisions", "files")) as rows,
    ):
        for place in facts.places(export_id=request.export_id):
            one = by_session.get(place.conversation.session_id, Count())
            said = place.conversation
            rows.row("session", said.zoom_id, said.title, one.messages, one.revisions, one.files)
        for key in sorted(by_person, key=lambda key: (key is None, key or 0)):
            one, person = by_person[key], None if key is None else people.get(key)
            name = "" if person is None else person.display_name or person.email
            rows.row("person", "" if key is None else key, name, one.messages, one.revisions, one.files)
        for key, around in _around(request, by_session).items():
            name = people[key].display_name or people[key].email
            for by, one in (("custodian", by_person.get(key, Count())), ("sessions of custodian", around)):
                rows.row(by, key, name, one.messages, one.revisions, one.files)
        rows.row("all", "", "", whole.messages, whole.revisions, whole.files)
    return Counted(whole, sum(one.messages > 0 for one in by_session.values()))


def coverage(request: Request, *, into: Sink) -> tuple[int, dict[str, int]]:
    """`about/coverage.csv`: a row for each session and stretch of days that are alike, every day of the period in one.

    How many days, and how many of them are not complete, by their state.
    """
    days, states = 0, Counter[str]()
    with (
        into.file(COVERAGE) as file,
        table(file, ("session_id", "session", "first_day", "last_day", "days", "state", "reason")) as rows,
    ):
        for place in facts.places(export_id=request.export_id):
            one = place.conversation
            for span in place.days:
                number = (span.last - span.first).days + 1
                rows.row(one.session_id, one.zoom_id, span.first, span.last, number, span.state, span.reason)
                days += number
                states[span.state] += number
    return days, {state.value: states[state.value] for state in DayState if state is not DayState.COMPLETE}


def query(request: Request, *, into: Sink) -> None:
    """`about/query.json`: what was asked for, in words and as it was read."""
    period = facts.period(export_id=request.export_id)
    asked = {
        "export": request.export_id,
        "title": request.title,
        "formats": sorted(request.formats),
        "log_size": request.size,
        "checkpoint_made_at": request.made_at.isoformat(),
        "first_day": None if period is None else period.first.isoformat(),
        "last_day": None if period is None else period.last.isoformat(),
        "query": request.statement.get("query"),
    }
    with into.file(QUERY) as file:
        file.write(document(asked))


def _around(request: Request, by_session: Mapping[int | None, Count]) -> dict[int, Count]:
    """Of each custodian, everything in the sessions they were in at any time: as a member, joining, leaving, or speaking."""
    found = dict.fromkeys(facts.custodians(export_id=request.export_id), Count())
    if len(found) == 0:
        return found
    spoke: dict[int, set[int]] = {}
    for session_id, key in streams.rows(_SPOKE, {"export": request.export_id, "people": sorted(found)}):
        spoke.setdefault(session_id, set()).add(key)
    for place in facts.places(export_id=request.export_id):
        session_id = place.conversation.session_id
        there = {*place.members, *(who for _, who, _, _ in place.steps), *spoke.get(session_id, ())}
        for key in there & found.keys():
            found[key] = found[key].plus(by_session.get(session_id, Count()))
    return found


def document(value: Mapping[str, Any]) -> bytes:
    """JSON that people read: sorted, indented, ASCII."""
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=True).encode() + b"\n"


def _counted(request: Request, key: str) -> dict[int | None, Count]:
    values = {"export": request.export_id, "size": request.size}
    attached: dict[int | None, int] = dict(streams.rows(_ATTACHED.format(key=key), values))
    found = {
        one: Count(messages, revisions, attached.pop(one, 0))
        for one, messages, revisions in streams.rows(_SAID.format(key=key), values)
    }
    return found | {one: Count(files=files) for one, files in attached.items()}
