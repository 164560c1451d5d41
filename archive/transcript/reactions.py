"""Who reacted to a message with what, read from the exact bytes of a revision. Reading never fails.

Zoom names people by user id inside the account and by member id everywhere; the same person may be in both
lists, and people outside may be in neither, so that `count` can be larger than the number of ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from archive import readable
from archive.models import Person

_CODE = re.compile(r"(?:[Uu]\+)([0-9A-Fa-f]{1,6})")
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One emoji: the character when its code names one, else the code or custom name as Zoom gave it."""

    emoji: str
    code: str
    is_custom: bool
    count: int | None
    member_ids: tuple[str, ...]
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """A reaction with the names of who chose it; `unnamed` is how many more there are, None when unknown."""

    emoji: str
    code: str
    is_custom: bool
    count: int | None
    people: tuple[str, ...]
    unnamed: int | None


def of(raw: bytes) -> tuple[Reaction, ...]:
    """The reactions a record carries, in Zoom's order; whatever is not shaped as documented is left out."""
    if b"reactions" not in raw:
        return ()
    try:
        record = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(record, dict):
        return ()
    return (*_plain(record), *_custom(record))


def named(found: Mapping[int, Sequence[Reaction]], *, account_id: int) -> dict[int, tuple[Reacted, ...]]:
    """The reactions of several messages with people's newest names; one query for all of them."""
    members = {member for reactions in found.values() for r in reactions for member in r.member_ids}
    users = {user for reactions in found.values() for r in reactions for user in r.user_ids}
    if len(members) == 0 and len(users) == 0:
        people: list[Person] = []
    else:
        wanted = Q(member_id__in=members) | Q(user_id__in=users)
        people = list(Person.objects.filter(wanted, account_id=account_id))
    by_member = {person.member_id: person for person in people if person.member_id is not None}
    by_user = {person.user_id: person for person in people if person.user_id is not None}
    return {
        key: tuple(_with_names(reaction, by_member, by_user) for reaction in reactions)
        for key, reactions in found.items()
    }


def _with_names(
    reaction: Reaction, by_member: Mapping[str, Person], by_user: Mapping[str, Person]
) -> Reacted:
    members = [by_member.get(member_id) for member_id in reaction.member_ids]
    users = [by_user.get(user_id) for user_id in reaction.user_ids]
    known = {person.pk: str(person) for person in (*members, *users) if person is not None}
    return Reacted(
        emoji=reaction.emoji,
        code=reaction.code,
        is_custom=reaction.is_custom,
        count=reaction.count,
        people=tuple(known.values()),
        unnamed=max(0, reaction.count - len(known)) if reaction.count is not None else None,
    )


def character(code: str) -> str:
    """The emoji that a code such as `U+1F44D` (or several, joined) names; the code itself when it names none."""
    points = [int(point, 16) for point in _CODE.findall(code)]
    if len(points) == 0 or _CODE.sub("", code).strip() != "":
        return readable.line(code, limit=_LONGEST)
    if any(
        point < 0x20 or 0x7F <= point < 0xA0 or 0xD800 <= point < 0xE000 or point > 0x10FFFF
        for point in points
    ):
        return readable.line(code, limit=_LONGEST)
    return "".join(map(chr, points))


def _plain(record: dict[str, Any]) -> Iterator[Reaction]:
    for item in _objects(record.get("reactions")):
        code = item.get("emoji")
        if isinstance(code, str):
            yield _reaction(item, emoji=character(code), code=code, is_custom=False)


def _custom(record: dict[str, Any]) -> Iterator[Reaction]:
    for item in _objects(record.get("custom_emoji_reactions")):
        name = item.get("custom_emoji_name")
        if isinstance(name, str):
            yield _reaction(item, emoji=f":{readable.line(name, limit=_LONGEST)}:", code=name, is_custom=True)


def _reaction(item: dict[str, Any], *, emoji: str, code: str, is_custom: bool) -> Reaction:
    count = item.get("total_count")
    return Reaction(
        emoji=emoji,
        code=readable.line(code, limit=_LONGEST),
        is_custom=is_custom,
        count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        member_ids=_ids(item.get("member_ids")),
        user_ids=_ids(item.get("user_ids")),
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _ids(value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list) else []
    found = [readable.identifier(item) for item in given if isinstance(item, str)]
    return tuple(item for item in found if item is not None)
