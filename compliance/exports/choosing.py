"""What an export is of: found as somebody may see it, said in words, and put down message by message.

Whoever reads everything exports everything that a choice says. Everybody else exports within one matter whose member
they are: what its holds cover, and of a list or a session nothing beyond.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User

from archive import admitted, directory, search
from archive.holding import Rule
from archive.packages import choosing, narrowing
from archive.scope import EVERYTHING, Scope
from compliance import gathering, holds, lists, matters, parts, permissions, reach, refusals, saved
from compliance.hindrances import Hindrance
from compliance.investigations import NotHere
from compliance.models import Export, Matter, MessageList, SavedSearch
from compliance.periods import Period
from compliance.permissions import Action

Kind = Export.Kind
State = MessageList.State


class Unfit(Hindrance):
    """It cannot be exported as it was asked, and why."""


class Waits(Exception):
    """The list that is to be exported is still being read."""


@dataclass(frozen=True)
class Source:
    """What somebody asks to have exported: the key of one thing, and of a session the period."""

    kind: Export.Kind
    key: int
    matter_id: int | None = None
    """Within which matter, of a session; a matter is its own, and a list or search says it itself."""
    period: Period | None = None


@dataclass(frozen=True)
class Chosen:
    """The same, found: whose it is, what it is called, and in `words` what will be in it."""

    kind: Export.Kind
    name: str
    words: str
    matter: Matter | None = None
    search: SavedSearch | None = None
    list: MessageList | None = None
    session_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    period: Period | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """For the row, and for the file in the package that says what was asked."""
        return {"kind": self.kind.value, "name": self.name, "words": self.words, **self.more}


def reads_everything(by: User | None) -> bool:
    """Whether somebody's exports need not be of a matter."""
    return by is None or permissions.can(Action.READ_EVERYTHING, by=by)


def find(source: Source, *, by: User | None, now: datetime) -> Chosen:
    """What is asked for, as the person may see it. Raises Absent, Unfit, PermissionDenied."""
    refusals.check(Action.EXPORT, subject=f"{source.kind.value}/{source.key}", by=by, now=now)
    chosen = _FINDERS[source.kind](source, by, now)
    if chosen.matter is None and not reads_everything(by):
        raise Unfit("You can export what a matter of yours holds. Choose the matter it is for.")
    return chosen


def frozen(chosen: Chosen, *, by: User | None, now: datetime) -> Chosen:
    """A saved search with the list that it is frozen as for this export. Raises what `gathering.ask` raises."""
    kept = chosen.search
    if kept is None:
        return chosen
    made = gathering.ask(
        purpose=MessageList.Purpose.FROZEN,
        name=saved.fit(f"{kept.name}, for an export"[: saved.LONGEST_NAME]),
        query=kept.query,
        order=search.Order(kept.order),
        matter=kept.matter,
        by=by,
        now=now,
    )
    return replace(chosen, list=made, more=_of_list(made))


def asker(row: Export) -> User | None:
    """Whoever asked for an export, kept within what the token allowed that they asked with."""
    return permissions.as_asked(row.asked_by, row.limits)


def put(row: Export) -> None:
    """Write down which messages are in an export, anew. Raises Waits, Unfit."""
    assert row.size is not None
    size, scope = row.size, scope_of(row)
    choosing.drop(export_id=row.pk)
    if row.list_id is not None:
        for ids in parts.stretches(frozen_list(row).pk):
            choosing.put_messages(export_id=row.pk, ids=ids, size=size)
    elif row.session_id is None or row.matter_id is not None:
        chosen = rules(row)
        choosing.put_held(export_id=row.pk, rules=chosen, since=row.since, until=row.until, size=size)
    else:
        choosing.put_session(
            export_id=row.pk, session_id=row.session_id, since=row.since, until=row.until, size=size
        )
    if scope != EVERYTHING:
        narrowing.keep_within(row.pk, scope=scope)


def scope_of(row: Export) -> Scope:
    """What whoever asked may export, as of now: with a token, no more than the token allowed."""
    if reads_everything(asker(row)):
        return EVERYTHING
    return reach.of_matters([] if row.matter_id is None else [row.matter_id]).narrowed(EVERYTHING)


def _of_matter(source: Source, by: User | None, now: datetime) -> Chosen:  # noqa: ARG001
    matter = matters.get(matter_id=source.key, action=Action.EXPORT, by=by)
    rules = holds.of_matter(matter.pk)
    if len(rules) == 0:
        raise Unfit("The matter holds nothing any more, so there is nothing to export.")
    words = f"Everything that the matter “{matter.name}” holds"
    since, until = (None, None) if source.period is None else (source.period.begins_at, source.period.ends_at)
    more = {"matter": matter.pk, "holds": [rule.id for rule in rules], **_days(source.period)}
    if source.period is not None:
        words += f", said in {source.period.name} ({source.period.zone})"
    return Chosen(
        Kind.MATTER,
        matter.name,
        words,
        matter=matter,
        since=since,
        until=until,
        period=source.period,
        more=more,
    )


def _of_search(source: Source, by: User | None, now: datetime) -> Chosen:
    refusals.check(Action.FREEZE, subject=f"search/{source.key}", by=by, now=now)
    kept = saved.find(search_id=source.key, by=by)
    meaning = saved.meaning_of(kept)
    if not meaning.may_run:
        raise Unfit(meaning.sentence)
    words = f"What the saved search “{kept.name}” finds now: {kept.query}"
    return Chosen(Kind.SEARCH, kept.name, words, matter=kept.matter, search=kept)


def _of_frozen(source: Source, by: User | None, now: datetime) -> Chosen:
    refusals.check(Action.READ_MESSAGES, subject=f"list/{source.key}", by=by, now=now)
    row = lists.find(source.key, by)
    if row.state in (State.FAILED, State.STOPPED):
        raise Unfit(f"This list was never read, so it cannot be exported. {row.last_error}")
    words = f"The frozen list “{row.name}”: {row.query}"
    return Chosen(Kind.LIST, row.name, words, matter=row.matter, list=row, more=_of_list(row))


def _of_session(source: Source, by: User | None, now: datetime) -> Chosen:
    refusals.check(Action.READ_MESSAGES, subject=f"session/{source.key}", by=by, now=now)
    period = source.period
    if period is None:
        raise Unfit("Choose the days.")
    matter = saved.matter_of(source.matter_id, by)
    detail, scope = directory.session(source.key), reach.of(by)
    if detail is None or (scope != EVERYTHING and not admitted.reaches(source.key, scope=scope)):
        raise NotHere
    title = detail.line.title
    words = f"What was said in “{title}” in {period.name} ({period.zone})"
    if matter is not None:
        words += f", as far as the matter “{matter.name}” holds it"
    return Chosen(
        Kind.SESSION, title, words, matter=matter, session_id=source.key, since=period.begins_at,
        until=period.ends_at, period=period,
        more={"session": source.key, **_days(period), **({} if matter is None else _held_by(matter))},
    )  # fmt: skip


_FINDERS = {
    Kind.MATTER: _of_matter,
    Kind.SEARCH: _of_search,
    Kind.LIST: _of_frozen,
    Kind.SESSION: _of_session,
}


def _of_list(row: MessageList) -> dict[str, Any]:
    return {
        "list": row.pk,
        "query": row.query,
        "language": row.language,
        "parsed": row.parsed,
        "explanation": row.explanation,
    }


def _days(period: Period | None) -> dict[str, Any]:
    if period is None:
        return {}
    moments = {"since": period.begins_at, "until": period.ends_at}
    return {name: moment.astimezone(UTC).isoformat() for name, moment in moments.items()} | {
        "zone_of_days": period.zone
    }


def _held_by(matter: Matter) -> dict[str, Any]:
    return {"matter": matter.pk, "holds": [rule.id for rule in holds.of_matter(matter.pk)]}


def rules(row: Export) -> list[Rule]:
    """The holds that stood when the export was asked for, whatever became of them since; of a session, as far as there."""
    standing = holds.of_ids(row.chosen["holds"])
    if row.session_id is None:
        return standing
    there = [rule for rule in standing if rule.session in (None, row.session_id)]
    return [replace(rule, session=row.session_id) for rule in there]


def frozen_list(row: Export) -> MessageList:
    """The list that is exported. Raises Waits while it is read, Unfit when it never will be."""
    assert row.list_id is not None
    kept = MessageList.objects.get(pk=row.list_id)
    if kept.state in (State.FAILED, State.STOPPED):
        raise Unfit(f"The list could not be read. {kept.last_error}".strip())
    if kept.state != State.DONE:
        raise Waits
    return kept
