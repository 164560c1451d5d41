"""Saved searches: a query that is run again, and what is new since the last time.

A search belongs to whoever saved it; it is private until it is shared. What was found is kept a person: each has runs of
their own, because each may see something else, and "new" means new to them. New is what the last run did not find and
this one did, whatever the reason: stored since, edited into matching, tagged, a session renamed. Changed is what both
found and what has a version stored in between, by the positions of the log that the two runs were complete to.

A search means what it meant when it was saved. When the language has changed since, its text is read again as of the
moment it was saved: if that gives the tree it gave then, it runs; if not, it is refused with a sentence. What a word is
belongs to the analysis, which has a version of its own: under another one it runs, and says so.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from archive import search
from archive.scope import EVERYTHING
from compliance import audit, gathering, investigations, matters, naming, parts, permissions, refusals
from compliance.hindrances import Hindrance
from compliance.investigations import NotHere
from compliance.models import Matter, MessageList, SavedSearch
from compliance.permissions import Action
from compliance.sightings import FoundMessage

LONGEST_NAME = 100


class Unfit(Hindrance):
    """Why something cannot be done as it was asked, in a sentence a person can act on."""


class Part(StrEnum):
    """What of a saved search is shown."""

    ALL = "all"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Meaning:
    """Whether a saved search may run, and what is to be said of its language; empty when there is nothing."""

    may_run: bool
    sentence: str


@dataclass(frozen=True)
class Line:
    """A saved search in a list: with the last run of whoever looks, and one that is under way.

    `found` is how many of what that run found the person may see now; None without a run.
    """

    search: SavedSearch
    is_own: bool
    last: MessageList | None
    found: int | None
    under_way: MessageList | None


@dataclass(frozen=True)
class Seen:
    """A saved search with what its last run found beyond the run before; numbers are None without one to compare."""

    line: Line
    meaning: Meaning
    explanation: str
    before: MessageList | None
    counts: dict[Part, int]
    part: Part
    found: list[FoundMessage]
    next: int | None
    scope_changed: bool
    is_whole: bool
    """Whether the person's scope has no limits; if it has, numbers and digests of whole lists are not shown."""


def save(
    *,
    name: str,
    query: str,
    order: search.Order,
    shared: bool = False,
    matter_id: int | None = None,
    by: User | None,
    now: datetime,
) -> SavedSearch:
    """Keep a query, and run it, so that there is something to compare with; in a matter where one is given.

    Raises search.SearchError, Unfit, NotHere.
    """
    refusals.check(Action.SAVE_SEARCH, subject="searches", by=by, now=now)
    name, matter = fit(name), matter_of(matter_id, by)
    if matter is not None:
        query = gathering.in_matter(query, matter, now=now)
    ast = search.parse(query, now=now)
    spelled = search.spelled.out(ast)
    # Asked once before anything is kept: a tag that is not there is found out here, not when parsing.
    search.messages(ast, scope=investigations.scope_of(by), limit=0, known=naming.known(by), now=now)
    try:
        with transaction.atomic():
            kept = SavedSearch.objects.create(
                name=name, query=search.shown(query), language=search.LANGUAGE_VERSION, parsed=spelled,
                analysis=search.ANALYSIS_VERSION,
                order=order.value, is_shared=shared, matter=matter, made_by=by, made_by_name=audit.name_of(by), made_at=now,
            )  # fmt: skip
            details = {
                "name": name,
                "query": kept.query,
                "language": kept.language,
                "analysis": kept.analysis,
                "shared": shared,
            }
            audit.record(
                action=audit.Action.SAVED, subject=f"search/{kept.pk}", details=details, by=by, now=now
            )
    except IntegrityError as error:
        raise Unfit(
            f"You have a saved search called “{name}” already. Give this one another name."
        ) from error
    run(search_id=kept.pk, by=by, now=now)
    return kept


def change(*, search_id: int, name: str, shared: bool, by: User | None, now: datetime) -> None:
    """Rename a search, share it or keep it to oneself again. Raises NotHere, Unfit."""
    refusals.check(Action.SAVE_SEARCH, subject=f"search/{search_id}", by=by, now=now)
    kept, name = _own(search_id, by), fit(name)
    try:
        with transaction.atomic():
            SavedSearch.objects.filter(pk=kept.pk, removed_at=None).update(name=name, is_shared=shared)
            details = {"name": name, "was": kept.name, "shared": shared}
            audit.record(
                action=audit.Action.CHANGED, subject=f"search/{kept.pk}", details=details, by=by, now=now
            )
    except IntegrityError as error:
        raise Unfit(
            f"You have a saved search called “{name}” already. Give this one another name."
        ) from error


def remove(*, search_id: int, by: User | None, now: datetime) -> None:
    """Take a search off the lists. Its row, its runs and its trail stay. Raises NotHere."""
    refusals.check(Action.SAVE_SEARCH, subject=f"search/{search_id}", by=by, now=now)
    kept = _own(search_id, by)
    with transaction.atomic():
        SavedSearch.objects.filter(pk=kept.pk, removed_at=None).update(removed_at=now)
        details = {"name": kept.name, "query": kept.query}
        audit.record(
            action=audit.Action.REMOVED, subject=f"search/{kept.pk}", details=details, by=by, now=now
        )


def run(*, search_id: int, by: User | None, now: datetime) -> MessageList:
    """Run a search again. Raises NotHere, Unfit when it would mean something else now, search.SearchError."""
    refusals.check(Action.SEARCH, subject=f"search/{search_id}", by=by, now=now)
    kept = find(search_id=search_id, by=by)
    meaning = meaning_of(kept)
    if not meaning.may_run:
        raise Unfit(meaning.sentence)
    return gathering.ask(
        purpose=MessageList.Purpose.RUN,
        query=kept.query,
        order=search.Order(kept.order),
        saved=kept,
        matter=kept.matter,
        by=by,
        now=now,
    )


def find(*, search_id: int, by: User | None) -> SavedSearch:
    """A search that the person may see: their own, or a shared one. Raises NotHere."""
    kept = _visible(by).filter(pk=search_id).first()
    if kept is None:
        raise NotHere
    return kept


def lines(*, matter: Matter | None = None, by: User | None, now: datetime) -> list[Line]:
    """All searches the person may see, or those of a matter, by name, each with their own last run."""
    refusals.check(Action.SEARCH, subject="searches", by=by, now=now)
    there = _visible(by) if matter is None else _visible(by).filter(matter=matter)
    found = list(there.order_by("name", "pk"))
    last, under_way = _runs([kept.pk for kept in found], by)
    return [
        Line(k, k.made_by_id == _key(by), last.get(k.pk), _found(last.get(k.pk), by), under_way.get(k.pk))
        for k in found
    ]


def seen(*, search_id: int, part: Part | None = None, after: int = 0, by: User | None, now: datetime) -> Seen:
    """A search with a page of what its last run found; recorded as a look. Raises NotHere."""
    subject = f"search/{search_id}"
    refusals.check(Action.SEARCH, subject=subject, by=by, now=now)
    kept = find(search_id=search_id, by=by)
    done = _of(kept.pk, by).filter(state=MessageList.State.DONE)
    last, before = [*done.order_by("-pk")[:2], None, None][:2]
    under_way = _of(kept.pk, by).exclude(state=MessageList.State.DONE).order_by("-pk").first()
    if under_way is not None and last is not None and under_way.pk < last.pk:
        under_way = None
    part = part or (Part.ALL if before is None else Part.NEW)
    counts, places = ({}, []) if last is None else _differences(last, before, part=part, after=after, by=by)
    details = {"part": part.value, "list": None if last is None else last.pk}
    found = investigations.listed(
        message_ids=[message_id for _, message_id in places[: investigations.PAGE_SIZE]],
        subject=subject,
        details=details,
        by=by,
        now=now,
    )
    return Seen(
        line=Line(kept, kept.made_by_id == _key(by), last, counts.get(Part.ALL), under_way),
        meaning=meaning_of(kept),
        explanation="" if last is None else last.explanation,
        before=before,
        counts=counts,
        part=part,
        found=found,
        next=places[investigations.PAGE_SIZE - 1][0] if len(places) > investigations.PAGE_SIZE else None,
        scope_changed=last is not None and before is not None and last.scope != before.scope,
        is_whole=investigations.scope_of(by) == EVERYTHING,
    )


def last_run(*, search_id: int, by: User | None) -> MessageList | None:
    """The person's newest finished run; None before there is one. Raises NotHere."""
    kept = find(search_id=search_id, by=by)
    return _of(kept.pk, by).filter(state=MessageList.State.DONE).order_by("-pk").first()


def meaning_of(kept: SavedSearch) -> Meaning:
    """Whether the language and the analysis of today read a search as those of its day did."""
    meaning = _meaning_of_tree(kept)
    if not meaning.may_run or kept.analysis == search.ANALYSIS_VERSION:
        return meaning
    words = (
        f"It was saved under version {kept.analysis} of the rules for what a word is; version "
        f"{search.ANALYSIS_VERSION} may cut words otherwise, so that it may find more than it did, or less."
    )
    return Meaning(True, f"{meaning.sentence} {words}".strip())


def _meaning_of_tree(kept: SavedSearch) -> Meaning:
    if kept.language == search.LANGUAGE_VERSION:
        return Meaning(True, "")
    typed = f"It was typed in version {kept.language} of the query language"
    try:
        now_read = search.spelled.out(search.parse(kept.query, now=kept.made_at))
    except search.QueryError as error:
        return Meaning(
            False,
            f"{typed}, and version {search.LANGUAGE_VERSION} does not understand it, so it is not run: {error}",
        )
    if now_read == kept.parsed:
        return Meaning(True, f"{typed}; version {search.LANGUAGE_VERSION} reads it in the same way.")
    return Meaning(
        False,
        f"{typed}, and version {search.LANGUAGE_VERSION} would read it as something else, so it is not run. "
        "Search for what was meant, and save that.",
    )


def _differences(
    last: MessageList, before: MessageList | None, *, part: Part, after: int, by: User | None
) -> tuple[dict[Part, int], list[tuple[int, int]]]:
    """The numbers of each part, and a page (and one more) of the places and ids of one."""
    scope, limit = investigations.scope_of(by), investigations.PAGE_SIZE + 1
    counts = {Part.ALL: parts.count(last.pk, scope=scope)}
    if before is None:
        page = parts.page(last.pk, scope=scope, after=after, limit=limit)
        return counts, page if part is Part.ALL else []
    between = (before.complete_to or 0, last.complete_to or 0)
    overlap = parts.overlap(last.pk, before.pk, scope=scope)
    counts |= {
        Part.NEW: overlap.only_first,
        Part.CHANGED: parts.count_renewed(last.pk, before.pk, renewed=between, scope=scope),
        Part.GONE: overlap.only_second,
    }
    match part:
        case Part.ALL:
            page = parts.page(last.pk, scope=scope, after=after, limit=limit)
        case Part.NEW:
            page = parts.differing(last.pk, before.pk, scope=scope, after=after, limit=limit)
        case Part.CHANGED:
            page = parts.differing(
                last.pk, before.pk, shared=True, renewed=between, scope=scope, after=after, limit=limit
            )
        case Part.GONE:
            page = parts.differing(before.pk, last.pk, scope=scope, after=after, limit=limit)
    return counts, page


def _found(last: MessageList | None, by: User | None) -> int | None:
    if last is None:
        return None
    scope = investigations.scope_of(by)
    return last.count if scope == EVERYTHING else parts.count(last.pk, scope=scope)


def _runs(keys: list[int], by: User | None) -> tuple[dict[int, MessageList], dict[int, MessageList]]:
    """The newest finished run of each search, and the newest one after it that is not."""
    runs = MessageList.objects.filter(search__in=keys, made_by=by, purpose=MessageList.Purpose.RUN)
    done = runs.filter(state=MessageList.State.DONE).order_by("search_id", "-pk").distinct("search_id")
    last = {run.search_id: run for run in done if run.search_id is not None}
    newest = runs.order_by("search_id", "-pk").distinct("search_id")
    open_runs = {
        run.search_id: run
        for run in newest
        if run.search_id is not None and run.state != MessageList.State.DONE
    }
    return last, open_runs


def _of(search_id: int, by: User | None) -> QuerySet[MessageList]:
    return MessageList.objects.filter(search=search_id, made_by=by, purpose=MessageList.Purpose.RUN)


def _visible(by: User | None) -> QuerySet[SavedSearch]:
    """A person's own, and shared ones of no matter or of one the person may see; for a token of some matters, theirs."""
    there = SavedSearch.objects.filter(removed_at=None)
    if by is None:
        return there
    if permissions.is_of_some_matters(by):
        there = there.filter(matter__in=matters.of(by))
    return there.filter(Q(made_by=by) | Q(is_shared=True) & (Q(matter=None) | Q(matter__in=matters.of(by))))


def matter_of(matter_id: int | None, by: User | None) -> Matter | None:
    """The matter something is made in, None for none. Raises NotHere for one the person may not see."""
    if matter_id is None:
        return None
    found = matters.of(by).filter(pk=matter_id).first()
    if found is None:
        raise NotHere
    return found


def _own(search_id: int, by: User | None) -> SavedSearch:
    kept = _visible(by).filter(pk=search_id).first()
    if kept is None or kept.made_by_id != _key(by):
        raise NotHere
    return kept


def _key(by: User | None) -> int | None:
    return None if by is None else by.pk


def fit(name: str) -> str:
    """A name without needless spaces. Raises Unfit for one that is none or too long."""
    name = " ".join(search.shown(name).split())
    if name == "" or len(name) > LONGEST_NAME:
        raise Unfit(f"A name has 1 to {LONGEST_NAME} characters.")
    return name
