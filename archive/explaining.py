"""Why a message is held, or not: what each rule decided about it and from which evidence.

The same rule as archive.holding, written a second time as plain conditions over one message, so that each can be shown
step by step; a test asks that the two always agree. Never decides anything: what may be destroyed is holding's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive import bulk, taking_part
from archive.holding import Rule, Way
from archive.taking_part import Stretch


class Obstacle(StrEnum):
    """What keeps a rule from holding a message; the first that applies."""

    ELSEWHERE = "elsewhere"
    """The rule is about another session, or another account."""
    NEVER_THERE = "never_there"
    """Not said by the rule's person, of whom nothing says that they ever took part."""
    AWAY = "away"
    """Not said by the rule's person, who did not take part at that moment; `stretch` is when they were away."""
    ONLY_OWN = "only_own"
    """The rule's person took part, but the rule covers only what they said themselves."""
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


NEAR = frozenset({Obstacle.AWAY, Obstacle.ONLY_OWN, Obstacle.TOO_EARLY, Obstacle.TOO_LATE})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule says of a message: held in a `way`, or not because of an `obstacle`; exactly one is given.

    `stretch` is the part of the person's time in the session that decided, when taking part was asked for.
    """

    rule: Rule
    way: Way | None
    obstacle: Obstacle | None
    stretch: Stretch | None = None
    is_doubtful: bool = False
    """The message's time is in doubt, so that no condition of time could speak against holding it."""

    @property
    def is_near(self) -> bool:
        """Not held, but by little: worth an explanation."""
        return self.obstacle in NEAR


@dataclass(frozen=True, slots=True)
class _Said:
    session_id: int
    account_id: int
    sender_id: int | None
    at: datetime
    is_doubtful: bool


def explain(message_id: int, *, rules: Sequence[Rule]) -> list[Decision]:
    """What each rule says of a message, in the order given; nothing when there is no such message."""
    rows = bulk.run(
        "SELECT message.session_id, place.account_id, message.sender_id, message.sent_at, message.sent_at_is_doubtful"
        " FROM archive_message message JOIN archive_session place ON place.id = message.session_id"
        " WHERE message.id = %b",
        (message_id,),
    )
    if len(rows) == 0:
        return []
    said = _Said(*rows[0])
    people = {rule.person for rule in rules if rule.person is not None}
    there: dict[int, list[Stretch]] = {}
    for stretch in taking_part.within(sessions=[said.session_id], people=people):
        there.setdefault(stretch.person_id, []).append(stretch)
    return [_decide(said, rule, there) for rule in rules]


def _decide(said: _Said, rule: Rule, there: dict[int, list[Stretch]]) -> Decision:
    if rule.account != said.account_id or rule.session not in (None, said.session_id):
        return Decision(rule, None, Obstacle.ELSEWHERE)
    way, obstacle, stretch = _by_person(said, rule, there)
    if obstacle is None and not said.is_doubtful:
        if rule.since is not None and said.at < rule.since:
            way, obstacle = None, Obstacle.TOO_EARLY
        elif rule.until is not None and said.at >= rule.until:
            way, obstacle = None, Obstacle.TOO_LATE
    return Decision(rule, way, obstacle, stretch, said.is_doubtful)


def _by_person(
    said: _Said, rule: Rule, there: dict[int, list[Stretch]]
) -> tuple[Way | None, Obstacle | None, Stretch | None]:
    if rule.person is None:
        return Way.PLACE, None, None
    if rule.person == said.sender_id:
        return Way.SAID, None, None
    at_the_time = [
        stretch for stretch in there.get(rule.person, ()) if said.is_doubtful or stretch.includes(said.at)
    ]
    if len(at_the_time) == 0:
        return None, Obstacle.NEVER_THERE, None
    took_part = _first_that_counts(at_the_time)
    if took_part is None:
        return None, Obstacle.AWAY, at_the_time[0]
    if said.sender_id is None:
        return Way.UNSIGNED, None, took_part
    if not rule.covers_received:
        return None, Obstacle.ONLY_OWN, took_part
    return Way.RECEIVED, None, took_part


def _first_that_counts(stretches: Iterable[Stretch]) -> Stretch | None:
    return next((stretch for stretch in stretches if stretch.counts), None)
