"""What the document says of exports is what they do."""

import re
from pathlib import Path

from compliance.models.exports import TRANSITIONS, Export

DOCUMENT = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "exports.md"


def test_the_states_are_drawn_as_they_are() -> None:
    """Which there are, and which may follow which."""
    rows = re.findall(r"^\| (\w+) \| [^|]+ \|([^|]*)\|$", DOCUMENT.read_text(), flags=re.MULTILINE)
    drawn = {state: set(re.findall(r"\w+", after)) & set(Export.State.values) for state, after in rows}
    meant = {state.value: {one.value for one in TRANSITIONS.get(state, ())} for state in Export.State}
    assert {state: drawn.get(state) for state in meant} == meant
