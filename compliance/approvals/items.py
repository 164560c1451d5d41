"""Exactly what a request is about: items, what they add up to, and the digest that binds an approval to them. Pure.

The canonical form is JSON with sorted keys, no spaces and ASCII only, of kind, subject, parameters, items in their
order and counts. It must never change: approvals are bound to its SHA-256.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Item:
    """One thing. `ref` names it once in its set (`custodian/7`), `words` are the line a person checks.

    `facts` are whatever else has to stay as it is for the approval to hold: strings, whole numbers, lists of them.
    """

    ref: str
    words: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {"ref": self.ref, "words": self.words, "facts": dict(self.facts)}


@dataclass(frozen=True)
class ItemSet:
    """All that a deed would touch, as it is now.

    `title` says in a line what would be done ("Release the matter “Board”"). `counts` are what it destroys or weakens,
    bound by the digest; `figures` are numbers that move by themselves, shown and not bound. Both are in the words
    that are shown, each with its whole number: `{"messages become destroyable": 1204}`. Figures are
    asked for whoever looks and never to decide or to carry out: they have to be quick, so what takes long to count is
    counted by a job and given as far as it is known (see `Kind.awaits`).
    """

    title: str
    items: Sequence[Item]
    counts: Mapping[str, int] = field(default_factory=dict)
    figures: Callable[[], Mapping[str, int]] = dict

    def as_data(self) -> list[dict[str, Any]]:
        return [item.as_data() for item in self.items]


@dataclass(frozen=True)
class Awaited:
    """What has to be there before anybody can approve: in words, and how far it is (`total` 0: not known).

    `unit` is what is counted off (`sessions`), "" where it is nothing a person knows. `is_idle` says that nothing works
    on it until somebody has it begun anew.
    """

    words: str
    done: int = 0
    total: int = 0
    unit: str = ""
    is_idle: bool = False


class Difference(StrEnum):
    """What became of an item since it was asked for."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """An item, or a count, that is not as it was when the request was asked."""

    difference: Difference
    words: str


def digest(
    *, kind: str, subject: str, parameters: Mapping[str, Any], items: Sequence[Any], counts: Mapping[str, int]
) -> str:
    """SHA-256 over the canonical form, in hexadecimal; `items` as `ItemSet.as_data` gives them."""
    value = {
        "kind": kind,
        "subject": subject,
        "parameters": dict(parameters),
        "items": list(items),
        "counts": dict(counts),
    }
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def changes(*, items: Sequence[dict[str, Any]], counts: Mapping[str, int], now: ItemSet) -> list[Change]:
    """What differs between a request's items and counts and those of now, in words."""
    before = {item["ref"]: item for item in items}
    after = {item["ref"]: item for item in now.as_data()}
    found = [Change(Difference.GONE, before[ref]["words"]) for ref in before if ref not in after]
    found += [Change(Difference.ADDED, after[ref]["words"]) for ref in after if ref not in before]
    for ref, item in after.items():
        was = before.get(ref)
        if was is not None and was != item:
            said = item["words"] if was["words"] == item["words"] else f"{was['words']} → {item['words']}"
            found.append(Change(Difference.CHANGED, said))
    for words in sorted(set(counts) | set(now.counts)):
        was_count, is_count = counts.get(words, 0), now.counts.get(words, 0)
        if was_count != is_count:
            found.append(Change(Difference.CHANGED, f"{words}: {was_count:,} → {is_count:,}"))
    if not found and list(before.values()) != list(after.values()):
        found.append(Change(Difference.CHANGED, "the order of the items"))
    return found


def in_words(found: Sequence[Change], *, most: int = 5) -> str:
    """Changes as a sentence, the first few by name."""
    named = "; ".join(f"{change.difference.value}: {change.words}" for change in found[:most])
    beyond = f"; and {len(found) - most:,} more" if len(found) > most else ""
    return f"{named}{beyond}"
