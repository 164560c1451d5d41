"""A package is read row by row by its keys, also while the planner takes the tables for empty."""

from collections.abc import Sequence
from typing import LiteralString

import pytest

from archive import bulk
from archive.models import Message, Revision
from archive.packages import lines, natives, reading, streams
from tests.archive.conftest import Vacuum
from tests.archive.disposition.conftest import Talk
from tests.archive.packages.test_memory import say_many
from tests.archive.planning import rows_touched

NUMBER = 400


@pytest.fixture
def taken_for_empty(vacuum: Vacuum, talk: Talk) -> list[int]:
    """The messages of tables that were vacuumed while they grew."""
    say_many(talk, NUMBER, words=5)
    vacuum("archive_message", "archive_revision", "archive_leaf")
    return list(Message.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("statement", ["lines", "versions", "files"])
def test_what_is_read_grows_with_what_is_asked_for(taken_for_empty: list[int], statement: str) -> None:
    """A few rows for each, where a bad plan goes through all of them for each."""
    versions = list(Revision.objects.values_list("pk", flat=True))
    asked: dict[str, tuple[LiteralString, Sequence[object]]] = {
        "lines": (lines._REVISIONS, [versions]),
        "versions": (reading._VERSIONS, [taken_for_empty, 2**40]),
        "files": (natives._ON, [taken_for_empty, 1, 2**40]),
    }
    query, values = asked[statement]
    with streams.by_indexes():
        for _ in range(8):  # a statement that is run often may be planned for whatever values
            ((plan,),) = bulk.run("EXPLAIN (ANALYZE, FORMAT JSON) " + query, values)
    assert rows_touched(plan[0]["Plan"]) < 20 * NUMBER
