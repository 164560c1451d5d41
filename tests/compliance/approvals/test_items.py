"""The item set: one digest for the same, another for anything else, and the difference in words."""

import hashlib
from typing import Any

import pytest

from compliance.approvals import items
from compliance.approvals.items import Item, ItemSet

ASKED: dict[str, Any] = {
    "kind": "release",
    "subject": "matter/12",
    "parameters": {"who": [7]},
    "items": [Item("custodian/7", "Olu", {"since": "2026-02-09"}).as_data()],
    "counts": {"messages": 1204},
}


def test_the_canonical_form_never_changes() -> None:
    """Approvals of years ago are bound to it."""
    written = (
        '{"counts":{"messages":1204},"items":[{"facts":{"since":"2026-02-09"},"ref":"custodian/7","words":"Olu"}],'
        '"kind":"release","parameters":{"who":[7]},"subject":"matter/12"}'
    )
    assert items.digest(**ASKED) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "drop"},
        {"subject": "matter/13"},
        {"parameters": {}},
        {"items": []},
        {"items": [Item("custodian/7", "Olu", {"since": "2026-02-10"}).as_data()]},
        {"counts": {"messages": 1205}},
    ],
)
def test_anything_else_has_another_digest(other: dict[str, Any]) -> None:
    """Kind, subject, parameters, items and counts are all bound."""
    assert items.digest(**(ASKED | other)) != items.digest(**ASKED)


def test_the_order_of_keys_does_not_matter_and_that_of_items_does() -> None:
    """A database gives keys back in its own order."""
    turned = {"since": "2026-02-09", "more": 1}
    one = ASKED | {"items": [{"ref": "a", "words": "a", "facts": turned}]}
    same = ASKED | {"items": [{"words": "a", "facts": dict(reversed(turned.items())), "ref": "a"}]}
    assert items.digest(**one) == items.digest(**same)
    pair = [Item("a", "a").as_data(), Item("b", "b").as_data()]
    assert items.digest(**(ASKED | {"items": pair})) != items.digest(**(ASKED | {"items": pair[::-1]}))


def test_what_changed_is_said_by_name() -> None:
    """Who is new, who is gone, what differs, and how the numbers moved."""
    before = [Item("c/1", "Olu").as_data(), Item("c/2", "Ravi").as_data(), Item("c/3", "Mei").as_data()]
    now = ItemSet(
        "x", [Item("c/2", "Ravi K."), Item("c/3", "Mei", {"x": 1}), Item("c/4", "Nia")], {"messages": 4}
    )
    found = items.changes(items=before, counts={"messages": 3}, now=now)
    assert [f"{change.difference.value}: {change.words}" for change in found] == [
        "gone: Olu",
        "added: Nia",
        "changed: Ravi → Ravi K.",
        "changed: Mei",
        "changed: messages: 3 → 4",
    ]
    assert items.in_words(found, most=2) == "gone: Olu; added: Nia; and 3 more"


def test_the_same_in_another_order_is_said_too() -> None:
    """A digest that differs is never without words."""
    pair = [Item("a", "a"), Item("b", "b")]
    assert [
        c.words
        for c in items.changes(items=ItemSet("x", pair).as_data(), counts={}, now=ItemSet("x", pair[::-1]))
    ] == ["the order of the items"]
