"""What docs/approvals.md draws is what the code does."""

import re
from pathlib import Path

from compliance.models.approvals import TRANSITIONS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "approvals.md"


def test_the_diagram_is_the_table_of_states() -> None:
    """Every arrow, and no other."""
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", PAGE.read_text(), re.MULTILINE))
    assert drawn == {(before.value, after.value) for before, then in TRANSITIONS.items() for after in then}
