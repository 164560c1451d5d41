"""A package is read row by row by its keys, also while the planner takes the tables for empty."""

from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

import psycopg
import pytest
from django.db import connection

from archive import bulk
from archive.models import Message, Revision
from archive.packages import lines, natives, reading, streams
from tests.archive.disposition.conftest import Talk
from tests.archive.packages.test_memory import say_many

NUMBER = 400
TABLES = ("archive_message", "archive_revision", "archive_leaf")


@pytest.fixture
def vacuum() -> Iterator[psycopg.Connection[Any]]:
    """A connection beside the test's transaction, of whose rows it sees none."""
    given = connection.settings_dict
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user="holdfast_owner",
        autocommit=True,
    ) as beside:  # fmt: skip
        yield beside


@pytest.fixture
def taken_for_empty(talk: Talk, vacuum: psycopg.Connection[Any]) -> list[int]:
    """The messages of tables that were vacuumed while they grew."""
    say_many(talk, NUMBER, words=5)
    for table in TABLES:
        vacuum.execute(f"VACUUM {table}")
    found = vacuum.execute("SELECT reltuples FROM pg_class WHERE relname = ANY(%s)", [list(TABLES)])
    assert [rows for (rows,) in found.fetchall()] == [0.0] * len(TABLES)
    return list(Message.objects.values_list("pk", flat=True))


def rows_touched(node: dict[str, Any]) -> float:
    """The rows that a plan and the plans within it went through, those left out too."""
    left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    own = (node["Actual Rows"] + left_out) * node["Actual Loops"]
    return float(own) + sum(map(rows_touched, node.get("Plans", ())))


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
