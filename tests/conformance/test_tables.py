"""The client's table of operations and the sandbox's own, which know nothing of each other, row by row."""

from __future__ import annotations

import pytest

from sandbox.operations.table import OPERATIONS as ANSWERED
from tests.conformance import description
from zoom.facts.rows import Label
from zoom.operations.table import OPERATIONS as CALLED


def test_both_have_the_same_operations() -> None:
    """What one has the other has, and it is all there is."""
    assert sorted(set(CALLED) - set(ANSWERED)) == [], "the sandbox does not answer these"
    assert sorted(set(ANSWERED) - set(CALLED)) == [], "the client does not call these"
    assert len(CALLED) == description.COUNT


@pytest.mark.parametrize("id", sorted({*CALLED} & {*ANSWERED}))
def test_a_row_is_the_same_in_both(id: str) -> None:
    """Method, path, label and scopes of both generations."""
    called, answered = CALLED[id], ANSWERED[id]
    assert (called.method, called.path) == (answered.method, answered.path)
    assert (called.label or Label.UPLOAD).value == answered.label.upper()
    assert set(called.scopes) == set(answered.classic_scopes)
    assert set(called.granular) == set(answered.granular_scopes)


def test_nothing_is_missing() -> None:
    """All the vendor describes, by name."""
    if not description.operations():
        pytest.skip(description.ABSENT)
    wanted = set(description.operations())
    assert len(wanted) == description.COUNT
    assert sorted(wanted - set(CALLED)) == [], "the client does not call these"
    assert sorted(wanted - set(ANSWERED)) == [], "the sandbox does not answer these"
