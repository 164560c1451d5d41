"""Handing a whole answer to a matter: its query as a saved search of the matter, or its messages as a frozen list of it.

A saved search of a matter finds what the matter holds, now and whenever it is run again. A frozen list has the whole
answer as it is, also what the matter does not hold (yet): nothing is left out in silence, and how many these are is
counted and said. A frozen list that is put into a matter keeps its ids, its order and its digest, and says which list it
was. Both ends are told of it: the matter in its timeline, and what was put there in the trail of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import search
from archive.scope import EVERYTHING
from compliance import audit, gathering, investigations, lists, matters, naming, parts, refusals, saved
from compliance.models import Matter, MessageList, SavedSearch
from compliance.permissions import Action
from compliance.saved import Unfit

Purpose, State = MessageList.Purpose, MessageList.State


@dataclass(frozen=True)
class Handed:
    """What is now the matter's, of how many messages, and how many of these the matter does not hold."""

    made: SavedSearch | MessageList
    matter: Matter
    messages: int
    beyond: int

    @property
    def sentence(self) -> str:
        """The same in words."""
        count = f"{self.messages:,} message{'' if self.messages == 1 else 's'}"
        held = "it holds all of them" if self.beyond == 0 else f"it does not hold {self.beyond:,} of them"
        return f"Put into the matter “{self.matter.name}”: {count}, and {held}."


def choices(by: User) -> list[tuple[int, str]]:
    """The matters that somebody may put something into, by name."""
    return list(_open(by).order_by("name", "pk").values_list("pk", "name"))


def as_search(
    *,
    query: str,
    order: search.Order,
    name: str,
    matter_id: int,
    of: int | None = None,
    by: User,
    now: datetime,
) -> Handed:
    """Keep a query as a matter's saved search, for all its members. `of` is the saved search that it was.

    Raises NotHere, Unfit, search.SearchError.
    """
    matter = _matter(matter_id, by)
    refusals.check(Action.SAVE_SEARCH, subject=f"matter/{matter.pk}", by=by, now=now)
    was = None if of is None else saved.find(search_id=of, by=by)
    if was is not None and not saved.meaning_of(was).may_run:
        raise Unfit(saved.meaning_of(was).sentence)
    messages, held = _counted(query, matter, by=by, now=now)
    with transaction.atomic():
        kept = saved.save(
            name=name, query=query, order=order, shared=True, matter_id=matter.pk, by=by, now=now
        )
        handed = Handed(kept, matter, messages, messages - held)
        _record(handed, f"search/{kept.pk}", None if was is None else f"search/{was.pk}", by=by, now=now)
    return handed


def as_list(*, query: str, order: search.Order, name: str, matter_id: int, by: User, now: datetime) -> Handed:
    """Freeze a whole answer as a matter's list. Raises NotHere, Unfit, search.SearchError."""
    matter = _matter(matter_id, by)
    refusals.check(Action.FREEZE, subject=f"matter/{matter.pk}", by=by, now=now)
    messages, held = _counted(query, matter, by=by, now=now)
    with transaction.atomic():
        made = gathering.ask(
            purpose=Purpose.FROZEN, name=saved.fit(name), query=query, order=order, matter=matter, by=by, now=now
        )  # fmt: skip
        handed = Handed(made, matter, messages, messages - held)
        _record(handed, f"list/{made.pk}", None, by=by, now=now)
    return handed


def frozen(*, list_id: int, name: str, matter_id: int, by: User, now: datetime) -> Handed:
    """Put a frozen list into a matter, with the same ids and digest. Raises NotHere, Unfit."""
    matter = _matter(matter_id, by)
    refusals.check(Action.FREEZE, subject=f"matter/{matter.pk}", by=by, now=now)
    row = lists.find(list_id, by)
    if row.state != State.DONE or row.sha256 is None or row.count is None:
        raise Unfit("The list is not read yet. Wait until it is.")
    if investigations.scope_of(by) != EVERYTHING:
        raise Unfit("Only who may read all of a list can put it into a matter.")
    with transaction.atomic():
        made = _copied(row, saved.fit(name), matter, by=by, now=now)
        held = parts.count(made.pk, scope=investigations.scope_of(by, matter))
        handed = Handed(made, matter, row.count, row.count - held)
        _record(handed, f"list/{made.pk}", f"list/{row.pk}", by=by, now=now)
    return handed


def _copied(row: MessageList, name: str, matter: Matter, *, by: User, now: datetime) -> MessageList:
    """The same list again, as the matter's; it is written before it is done, since then nothing of it can be."""
    names = (
        "query", "language", "analysis", "parsed", "explanation", "order", "total", "count", "sha256", "scope",
        "complete_to", "pending",
    )  # fmt: skip
    made = MessageList.objects.create(
        purpose=Purpose.FROZEN, name=name, matter=matter, copy_of=row, state=State.CLAIMED, made_by=by,
        made_by_name=audit.name_of(by), asked_at=now, not_before=now, done=row.count or 0,
        **{name: getattr(row, name) for name in names},
    )  # fmt: skip
    for number, ids in enumerate(parts.stretches(row.pk)):
        parts.write(made.pk, number, ids)
    if parts.digest(made.pk) != bytes(row.sha256 or b""):
        raise Unfit("The list is not intact: its ids do not give its digest. Run manage.py verify.")
    details = {
        "query": row.query, "language": row.language, "analysis": row.analysis, "parsed": row.parsed,
        "order": row.order, "scope": row.scope, "list": made.pk, "copy_of": row.pk, "messages": row.count,
        "sha256": bytes(row.sha256 or b"").hex(),
        "index_complete_to": row.complete_to, "pending": row.pending, "name": name,
    }  # fmt: skip
    made.state, made.finished_at = State.DONE, now
    made.save(update_fields=["state", "finished_at"])
    audit.record(action=audit.Action.FROZE, subject=f"list/{made.pk}", details=details, by=by, now=now)
    return made


def _record(handed: Handed, made: str, of: str | None, *, by: User, now: datetime) -> None:
    details: dict[str, Any] = {
        "put": made,
        "name": handed.made.name,
        "of": of,
        "messages": handed.messages,
        "beyond": handed.beyond,
        "matter": handed.matter.pk,
    }
    for subject in (f"matter/{handed.matter.pk}", *(() if of is None else (of,))):
        audit.record(action=audit.Action.HANDED, subject=subject, details=details, by=by, now=now)


def _counted(query: str, matter: Matter, *, by: User, now: datetime) -> tuple[int, int]:
    """How many messages a query finds, and how many of them the matter holds."""
    known = naming.known(by)
    within = (investigations.scope_of(by), investigations.scope_of(by, matter))
    every, held = (search.messages(query, scope=one, limit=0, known=known, now=now).count for one in within)
    return every, held


def _matter(matter_id: int, by: User) -> Matter:
    matter = saved.matter_of(matter_id, by)
    assert matter is not None
    if matter.state != Matter.State.ACTIVE:
        raise Unfit("The matter is released: nothing is put into it any more.")
    return matter


def _open(by: User) -> Any:
    return matters.of(by).filter(state=Matter.State.ACTIVE)
