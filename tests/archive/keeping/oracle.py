"""How long something is kept, worked out the slow way from facts in memory: one message, one rule at a time.

Written from the words of docs/disposition.md, without a look at the SQL, and sharing no code with it.
"""

import fnmatch
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.keeping import Rule
from tests.archive.holds import oracle as holds


@dataclass
class Facts:
    """What is known of a session: its name, Zoom's type of it, and Zoom's number of its channel's type."""

    name: str
    is_direct: bool
    is_group: bool
    channel: int | None

    def can_be(self) -> set[str]:
        if self.is_direct:
            return {"direct"}
        if self.channel in (1, 2):
            return {"private"}
        if self.channel in (3, 5):
            return {"public"}
        if self.channel == 4:
            return {"chat"}
        return {"chat", "private", "public"} | (set() if self.is_group else {"direct"})


def end(sent: datetime, rule: Rule) -> datetime | None:
    """The moment a rule's period ends: counted on a calendar, month by month."""
    if rule.period is None:
        return None
    year, month = sent.year, sent.month
    for _ in range(rule.period.months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = sent.day
    while True:
        try:
            moved = sent.replace(year=year, month=month, day=day)
            break
        except ValueError:
            day -= 1
    return moved + timedelta(days=rule.period.days)


def may_be_about(said: holds.Utterance, facts: Facts, rule: Rule) -> bool:
    if rule.account != said.talk.account or rule.session not in (None, said.talk.id):
        return False
    if rule.named and not fnmatch.fnmatchcase(facts.name.lower(), rule.named.lower()):
        return False
    return rule.kinds is None or bool(facts.can_be() & {kind.value for kind in rule.kinds})


def is_surely_about(said: holds.Utterance, facts: Facts, rule: Rule) -> bool:
    return may_be_about(said, facts, rule) and (
        rule.kinds is None or facts.can_be() <= {kind.value for kind in rule.kinds}
    )


def due_at(said: holds.Utterance, facts: Facts, rules: list[Rule]) -> datetime | None:
    """When it may go, or None: never."""
    if said.is_doubtful or not any(is_surely_about(said, facts, rule) for rule in rules):
        return None
    ends = [end(said.at, rule) for rule in rules if may_be_about(said, facts, rule)]
    latest = None
    for one in ends:
        if one is None:
            return None
        latest = one if latest is None or one > latest else latest
    return latest
