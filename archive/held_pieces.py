"""What standing rules hold as a union of pieces, for narrowing what is searched, listed or counted to it.

The union is what it was when asked for: a join learned of a moment later is not in it. A message whose time is doubtful,
or whose sender is unknown, can be held and lie outside; everything inside is held. What may be destroyed is therefore
never decided by pieces, but by archive.holding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from archive import bulk, holding, taking_part
from archive.holding import BEGINNING, END, Rule, Span
from archive.scope import Piece, Pieces
from archive.taking_part import Stretch

INSTANT = timedelta(microseconds=1)
"""The moment of leaving still belongs to a stretch; a piece ends just after it."""


def of(rules: Sequence[Rule]) -> Pieces:
    """The pieces that the rules hold together; spans of a session that touch each other are one piece."""
    people = {rule.person for rule in rules if rule.person is not None and rule.covers_received}
    there: dict[int, list[Stretch]] = {}
    for stretch in taking_part.anywhere(people=people):
        if stretch.counts:
            there.setdefault(stretch.person_id, []).append(stretch)
    own: dict[tuple[int | None, int | None], list[Span]] = {}
    for rule in rules:
        for sender, session, span in _spans(rule, there):
            own.setdefault((sender, session), []).append(span)
    return Pieces.of(
        Piece(
            sender=sender,
            session=session,
            since=None if since == BEGINNING else since,
            until=None if until == END else until,
        )
        for (sender, session), spans in own.items()
        for since, until in holding.joined(spans)
    )


def _spans(rule: Rule, there: dict[int, list[Stretch]]) -> Iterator[tuple[int | None, int | None, Span]]:
    """A sender, a session and a span of each part of what a rule holds."""
    whole = (rule.since or BEGINNING, rule.until or END)
    if rule.person is not None:
        yield rule.person, rule.session, whole
    elif rule.session is not None:
        yield None, rule.session, whole
    else:
        for session_id in _sessions_of(rule.account):
            yield None, session_id, whole
    if rule.person is None or not rule.covers_received:
        return
    for stretch in there.get(rule.person, ()):
        if rule.session not in (None, stretch.session_id):
            continue
        since = max(whole[0], stretch.since or BEGINNING)
        until = whole[1] if stretch.until is None else min(whole[1], stretch.until + INSTANT)
        if since < until:
            yield None, stretch.session_id, (since, until)


def _sessions_of(account_id: int) -> list[int | None]:
    """Any session where there is one account only, or else each session of this one."""
    others = bulk.run("SELECT count(*) FROM archive_account WHERE id <> %b", (account_id,))
    if others == [(0,)]:
        return [None]
    rows = bulk.run("SELECT id FROM archive_session WHERE account_id = %b", (account_id,))
    return [session_id for (session_id,) in rows]
