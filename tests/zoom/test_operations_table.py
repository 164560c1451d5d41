"""The table of operations against the vendor's own index, where that is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zoom.operations import table


def published() -> dict[str, dict[str, str]]:
    """The rows of the published index, found in a `shared` folder beside the checkout or above it."""
    for folder in Path(__file__).resolve().parents:
        index = folder / "shared" / "zoom" / "operations.csv"
        if index.exists():
            with index.open(newline="") as file:
                return {row["operation_id"]: row for row in csv.DictReader(file)}
    pytest.skip("the published index of operations is not beside this checkout")


def test_every_published_operation_has_a_row() -> None:
    """None of the 107 is missing, and none is there that is not published."""
    assert len(published()) == 107
    assert sorted(set(published()) - set(table.OPERATIONS)) == []
    assert sorted(set(table.OPERATIONS) - set(published())) == []


@pytest.mark.parametrize("id", table.OPERATIONS)
def test_a_row_is_what_zoom_publishes(id: str) -> None:
    """Method, path, label, scopes, parameters and whether a file is sent, each exactly."""
    ours, theirs = table.OPERATIONS[id], published()[id]
    query = theirs["query_parameters(!=required)"].split()
    assert (ours.method, ours.path, ours.label) == (
        theirs["method"],
        theirs["path"],
        theirs["rate_limit_label"] or None,
    )
    assert set(ours.scopes) == set(theirs["scopes"].split())
    assert set(ours.granular) == set(theirs["granular_scopes"].split())
    assert set(ours.parameters) == {name.rstrip("!") for name in query}
    assert ours.is_upload == (theirs["request_content_types"] == "multipart/form-data")
    assert set(ours.required) == {name.rstrip("!") for name in query if name.endswith("!")}


def test_either_generation_of_scopes_is_enough() -> None:
    """An app has classic scopes or granular ones; what it cannot call is listed."""
    wanted = ("reportChatSessions", "reportChatMessages")
    assert table.not_allowed(granted=frozenset({"imchat:read:admin"}), operations=wanted) == ()
    half = frozenset({"report:read:list_chat_sessions:admin"})
    assert [row.id for row in table.not_allowed(granted=half, operations=wanted)] == ["reportChatMessages"]
    assert len(table.not_allowed(granted=frozenset())) == len(table.OPERATIONS)
