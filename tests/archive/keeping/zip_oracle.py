"""Whether a zip of a released matter may go, worked out the slow way: one zip, one message, one rule at a time.

Written from the words of docs/destruction.md, without a look at the code, and sharing none with it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from archive.holding import Rule as Hold
from archive.keeping import Rule
from tests.archive.holds import oracle as held_oracle
from tests.archive.holds.oracle import Utterance
from tests.archive.keeping import oracle
from tests.archive.keeping.oracle import Facts


@dataclass
class Zip:
    """A zip and what it was made of; `only_there` says that it has something no report gave."""

    id: int
    account: int
    custodian: int | None
    first: date | None
    last: date | None
    is_opened: bool
    is_released: bool
    only_there: bool = False
    inside: list[tuple[Utterance, Facts]] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return self.is_opened and not self.only_there and len(self.inside) > 0

    def begins(self) -> datetime:
        if self.first is None:
            return datetime.min.replace(tzinfo=UTC)
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC) - timedelta(days=1)

    def ends(self) -> datetime:
        if self.last is None:
            return datetime.max.replace(tzinfo=UTC)
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=2)

    def may_have(self, said: Utterance) -> bool:
        """What a disposition refuses because of it: what its chat log names; where nobody read it, what it could have."""
        if self.account != said.talk.account:
            return False
        if self.is_opened:
            return any(one.id == said.id for one, _ in self.inside)
        if self.custodian is not None and said.sender is not None and self.custodian != said.sender:
            return False
        return said.is_doubtful or self.begins() <= said.at < self.ends()

    def known(self) -> list[tuple[Utterance, Facts]]:
        return self.inside if self.is_opened else []


def is_held(zip_: Zip, holds: list[Hold]) -> bool:
    for hold in holds:
        if any(held_oracle.is_held(one, hold) for one, _ in zip_.known()):
            return True
        if zip_.is_known or hold.account != zip_.account:
            continue
        if hold.since is not None and hold.since >= zip_.ends():
            continue
        if hold.until is not None and hold.until <= zip_.begins():
            continue
        if hold.covers_received or None in (hold.person, zip_.custodian) or hold.person == zip_.custodian:
            return True
    return False


def due_at(zip_: Zip, rules: list[Rule]) -> datetime | None:
    """When the last of what is in it is due; None: never, as far as anybody can tell."""
    ends: list[datetime | None] = [oracle.due_at(one, facts, rules) for one, facts in zip_.known()]
    if not zip_.is_known:
        about = [rule for rule in rules if rule.account == zip_.account]
        over_all = [
            one for one in about if one.kinds is None and one.named in ("", "*") and one.session is None
        ]
        if len(over_all) == 0 or zip_.last is None:
            return None
        ends += [oracle.end(zip_.ends(), rule) for rule in about]
    latest = datetime.min.replace(tzinfo=UTC)
    for one in ends:
        if one is None:
            return None
        latest = max(latest, one)
    return latest


def may_go(zip_: Zip, *, holds: list[Hold], rules: list[Rule], now: datetime) -> bool:
    end = due_at(zip_, rules)
    return zip_.is_released and not is_held(zip_, holds) and end is not None and end <= now
