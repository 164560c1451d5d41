"""A package is read row by row by its keys, also while the planner takes the tables for empty."""

from collections.abc import Sequence
from typing import LiteralString

import psycopg
import pytest

from archive import bulk
from archive.models import Message, Revision
from archive.packages import gone, lines, making, natives, reading, streams
from archive.packages.content import Format
from tests.archive.conftest import Vacuum
from tests.archive.disposition.conftest import Talk
from tests.archive.packages.test_memory import say_many
from tests.archive.planning import rows_touched
from tests.waiting import wait_until

NUMBER, MANY = 400, 6_000
Owner = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def taken_for_empty(tall: None, vacuum: Vacuum, talk: Talk) -> list[int]:
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


@pytest.mark.django_db(transaction=True)
def test_a_package_looks_nothing_up_in_all_that_is_chosen(talk: Talk, owner: Owner) -> None:
    """Whatever is known of the tables: of what was chosen, whose key does not begin with the message, a few pages a message.

    Every statement of a whole package together, by the pages of the index that were touched.
    """
    request = say_many(talk, MANY, words=5, formats=frozenset({Format.CSV, Format.RSMF}))
    there, before = _sessions(owner), _pages_of_chosen(owner)
    making.measure(request)
    assert gone.among(request.export_id, size=request.size) == 0
    wait_until(lambda: _sessions(owner) <= there)  # one that read ahead tells what it counted when it ends
    assert 0 < _pages_of_chosen(owner) - before < 6 * MANY


def _sessions(owner: Owner) -> set[object]:
    """All that look into this database, by what is never used again."""
    asked = "SELECT pid, backend_start FROM pg_stat_activity WHERE datname = current_database()"
    return set(owner.execute(asked).fetchall())


def _pages_of_chosen(owner: Owner) -> int:
    """So far, with what our own session has counted and would tell some seconds later."""
    bulk.run("SELECT pg_stat_force_next_flush()")
    asked = "SELECT idx_blks_hit + idx_blks_read FROM pg_statio_user_indexes WHERE indexrelname = 'archive_exportitem_pkey'"
    ((pages,),) = owner.execute(asked).fetchall()
    return int(str(pages))
