"""What is held, worked out the slow way from facts in memory: one message, one rule, one question at a time.

Written from the words of docs/holds.md, without a look at the SQL, and sharing no code with it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from archive.holding import Rule


@dataclass
class Talk:
    """A session and everything recorded of who was there."""

    id: int
    account: int
    is_direct: bool = False
    named: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    steps: list[tuple[int, str, datetime]] = field(default_factory=list)
    said: list["Utterance"] = field(default_factory=list)


@dataclass
class Utterance:
    """One message."""

    id: int
    talk: Talk
    sender: int | None
    at: datetime
    is_doubtful: bool = False


def took_part(talk: Talk, person: int, at: datetime | None) -> bool:
    """Whether a person counts as there at a moment; None: at any moment at all."""
    spoken = [one.at for one in talk.said if one.sender == person]
    steps = [(when, action) for who, action, when in talk.steps if who == person]
    if talk.is_direct or not steps:
        return person in talk.named or bool(spoken)
    moments = sorted({when for when, _ in steps})
    if at is None or at in moments:
        return True
    before = [when for when in moments if when < at]
    after = [when for when in moments if when > at]
    if before and (before[-1], "joined") in steps:
        return True
    if after and (after[0], "left") in steps:
        return True
    proofs = [*spoken, *talk.named.get(person, ())]
    return any((not before or when > before[-1]) and (not after or when < after[0]) for when in proofs)


def is_held(one: Utterance, rule: Rule) -> bool:
    """Whether a rule holds a message."""
    if one.talk.account != rule.account:
        return False
    if rule.session is not None and rule.session != one.talk.id:
        return False
    if not one.is_doubtful:
        if rule.since is not None and one.at < rule.since:
            return False
        if rule.until is not None and not one.at < rule.until:
            return False
    if rule.person is None or rule.person == one.sender:
        return True
    if one.sender is not None and not rule.covers_received:
        return False
    return took_part(one.talk, rule.person, None if one.is_doubtful else one.at)
