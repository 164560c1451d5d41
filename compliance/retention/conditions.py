"""Which channels a rule covers: its conditions as data, whether a channel meets them, and how they are said. Pure.

All conditions must be met; a rule without any covers every channel of its account. What is unknown of a channel meets
no condition that asks for it. Of several rules that cover a channel the one with the longest period holds, the older
one where two are as long: keeping too long can be made up for, letting go too early cannot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from compliance.models import RetentionRule
from compliance.retention import periods

KINDS = ("public", "private")
"""Kinds of channels that have a retention of their own; group chats have none."""
CONFLICT = (
    "Where several rules cover a channel, the longest period holds; of two as long, the older rule. "
    "A channel that no rule covers is left as it is."
)


class Described(Protocol):
    """What conditions ask of a channel."""

    account_id: int
    title: str
    kind: str
    members: int | None
    owner_id: str
    owner_name: str
    space_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """None, "" and () ask for nothing. `named` is a pattern with * and ?, `owner` a user id or a whole name."""

    kinds: tuple[str, ...] = ()
    named: str = ""
    space_id: str = ""
    space_name: str = ""
    owner: str = ""
    least_members: int | None = None
    most_members: int | None = None

    def as_data(self) -> dict[str, Any]:
        """What is asked for, to be kept."""
        return {key: value for key, value in asdict(self).items() if value not in ("", (), None)}


def of(data: Mapping[str, Any]) -> Conditions:
    """The conditions that were kept."""
    return Conditions(**{**data, "kinds": tuple(data.get("kinds", ()))})


def meets(channel: Described, asked: Conditions) -> bool:
    """Whether a channel meets all of the conditions."""
    if asked.kinds and channel.kind not in asked.kinds:
        return False
    if asked.named and not fnmatchcase(channel.title.casefold(), asked.named.casefold()):
        return False
    if asked.space_id and channel.space_id != asked.space_id:
        return False
    if asked.owner and not _is_owned(channel, asked.owner):
        return False
    if asked.least_members is not None and (channel.members is None or channel.members < asked.least_members):
        return False
    return asked.most_members is None or (
        channel.members is not None and channel.members <= asked.most_members
    )


def winner(channel: Described, rules: Iterable[tuple[RetentionRule, Conditions]]) -> RetentionRule | None:
    """The rule that holds for a channel; None when none covers it."""
    covering = [
        rule for rule, asked in rules if rule.account_id == channel.account_id and meets(channel, asked)
    ]
    return min(covering, key=lambda rule: (-(periods.days(rule.period) or 0), rule.pk), default=None)


def in_words(asked: Conditions) -> str:
    """The conditions as they are read: “public channels, called legal-*, owned by Ines, with 50 members or more”."""
    parts = [f"{' and '.join(asked.kinds) if asked.kinds else 'all'} channels"]
    if asked.named:
        parts.append(f"called {asked.named}")
    if asked.space_id:
        parts.append(f"in the space {asked.space_name or asked.space_id}")
    if asked.owner:
        parts.append(f"owned by {asked.owner}")
    if asked.least_members is not None and asked.most_members is not None:
        parts.append(f"with {asked.least_members:,} to {asked.most_members:,} members")
    elif asked.least_members is not None:
        parts.append(f"with {asked.least_members:,} members or more")
    elif asked.most_members is not None:
        parts.append(f"with {asked.most_members:,} members or fewer")
    return ", ".join(parts)


def _is_owned(channel: Described, wanted: str) -> bool:
    """By Zoom's id of the user or by the whole name: a part of it would cover namesakes nobody thought of."""
    return wanted == channel.owner_id or wanted.casefold() == channel.owner_name.casefold()
