"""The page about notices says what the code does."""

import re
from pathlib import Path

from compliance.models.notices import TRANSITIONS, Notice
from compliance.notices import placeholders

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "notices.md").read_text()


def test_the_states_are_those_of_the_model_and_of_the_trigger() -> None:
    """Table, dictionary and migration tell the same."""
    rows = re.findall(r"^\| ([a-z]+) \| [^|]+ \| ([a-z, ]*)\|$", DOCUMENT, re.MULTILINE)
    told = {name: set(then.replace(",", " ").split()) for name, then in rows if name in Notice.State.values}
    assert told == {state.value: {s.value for s in TRANSITIONS.get(state, ())} for state in Notice.State}
    migrations = Path(__file__).resolve().parents[3] / "compliance" / "migrations"
    (source,) = [path.read_text() for path in migrations.glob("*_protect_notices.py")]
    for state, following in TRANSITIONS.items():
        line = re.search(rf'"{state.value}": \(([^)]*)\)', source)
        assert line is not None
        assert set(re.findall("[a-z]+", line[1])) == {one.value for one in following}


def test_every_placeholder_is_documented() -> None:
    """The closed set."""
    assert set(re.findall(r"`\{(\w+)\}`", DOCUMENT)) == set(placeholders.MEANINGS)
