"""The checks of channels that a matter holds: through custodians who took part there, as conversations, or both ways.

Each channel is compared with what it was when the first of all that hold it began to.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Any

from archive.footing import Place, Seen
from compliance.health import findings
from compliance.health.facts import Facts, Holders
from compliance.health.findings import Found
from compliance.models import Finding

Kind = Finding.Kind

SHORTEST_DAYS = 7
MOST_NAMED = 5
ACCOUNT_RULE = "the account’s own rule"
_DAYS = {"d": 1, "m": 30, "y": 365}
_UNITS = {"d": "day", "m": "month", "y": "year"}
_PERIOD = re.compile(r"(\d{1,4})([dmy])")


def retention(facts: Facts) -> Iterator[Found]:
    """Channels whose messages Zoom deletes sooner than when the hold began, or that are gone."""
    for place, holders, before, now in _held(facts, "retention"):
        told = _channel(place, holders, now) | {"before": _kept_for(before), "now": _kept_for(now)}
        days, was = _days(now), _days(before)
        if now.said.get("gone"):
            if not before.said.get("gone"):
                yield Found(Kind.CHANNEL_GONE, place.channel_id, told)
        elif days is not None and days < SHORTEST_DAYS:
            yield Found(Kind.RETENTION_SHORT, place.channel_id, told)
        elif (days is None) != (was is None) or (days is not None and was is not None and days < was):
            yield Found(Kind.RETENTION_CHANGED, f"{place.channel_id}/{now.said.get('period', '')}", told)


def owners(facts: Facts) -> Iterator[Found]:
    """Channels that belong to somebody else than when the hold began."""
    for place, holders, before, now in _held(facts, "owner", told="owner"):
        was, owner = before.said["owner"], now.said["owner"]
        if was != owner:
            told = {"before": before.said.get("name") or was, "now": now.said.get("name") or owner}
            subject = f"{place.channel_id}/{owner}"
            yield Found(Kind.OWNER_CHANGED, subject, _channel(place, holders, now) | told)


def members(facts: Facts) -> Iterator[Found]:
    """Channels whose members Zoom tells nobody we may ask for; other channels are another finding."""
    unknown = facts.footing.closed
    if len(unknown) > 0 and len(facts.held) > 0 and facts.matter.covers_received:
        key = hashlib.sha256("\n".join(sorted(unknown)).encode()).hexdigest()[:16]
        yield Found(Kind.MEMBERS, f"channels/{key}", {"channels": _listed(unknown.values())})


def _held(facts: Facts, kind: str, *, told: str = "") -> Iterator[tuple[Place, Holders, Seen, Seen]]:
    """Channels the matter holds, with what they were when the first of their holders was held, and what they are.

    With `told` only those sightings count that say so much.
    """
    for place in facts.footing.places:
        holders = facts.holders(people=place.people, sessions=place.held)
        history = [seen for seen in place.history if told == "" or seen.said.get(told)]
        began = holders.began_at
        if place.kind == kind and began is not None and history:
            earlier = [seen for seen in history if seen.seen_at <= began]
            yield place, holders, earlier[-1] if earlier else history[0], history[-1]


def _days(seen: Seen) -> int | None:
    """How many days a channel's own rule keeps messages; None when it has none, or Zoom does not say."""
    match = _PERIOD.fullmatch(str(seen.said.get("period", "")))
    return None if match is None else int(match[1]) * _DAYS[match[2]]


def _kept_for(seen: Seen) -> str:
    match = _PERIOD.fullmatch(str(seen.said.get("period", "")))
    if match is not None:
        number = int(match[1])
        return f"{number} {_UNITS[match[2]]}{'' if number == 1 else 's'}"
    return "deleted" if seen.said.get("gone") else ACCOUNT_RULE


def _channel(place: Place, holders: Holders, seen: Seen) -> dict[str, Any]:
    return {
        "channel": place.title,
        "channel_id": place.channel_id,
        "session_id": place.session_id,
        "custodians": findings.names(holders.custodians),
        "as_conversation": len(holders.conversations) > 0,
        **findings.since(seen),
    }


def _listed(titles: Collection[str]) -> str:
    """How many there are, and what the first are called."""
    named = sorted(title for title in titles if title != "")[:MOST_NAMED]
    more = len(titles) - len(named)
    listed = ", ".join([*(f"“{name}”" for name in named), *([f"{more:,} more"] if named and more else [])])
    return f"{len(titles):,} channel{'' if len(titles) == 1 else 's'}{': ' if named else ''}{listed}"
