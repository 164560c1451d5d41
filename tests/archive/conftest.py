"""What tests of several parts of the archive share."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from tests.waiting import wait_until

Vacuum = Callable[..., None]
# By itself it leaves what is gone to the indexes as long as it is little of a large table, and then cuts nothing off.
VACUUM = "VACUUM (INDEX_CLEANUP ON)"


@pytest.fixture
def vacuum(django_db_setup: None) -> Iterator[Vacuum]:
    """Vacuum tables in the middle of a test's transaction, which makes the planner take them for empty.

    Ask for it before anything that opens that transaction: what was vacuumed is vacuumed again when that is over, or
    the tests after this one would be planned for empty tables as well.
    """
    given = connection.settings_dict
    known: set[str] = set()
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user="holdfast_owner",
        autocommit=True,
    ) as beside:  # fmt: skip

        def vacuum(*tables: str) -> None:
            for table in tables:
                beside.execute(f"{VACUUM} {table}")
            known.update(tables)
            found = beside.execute("SELECT reltuples FROM pg_class WHERE relname = ANY(%s)", [list(tables)])
            assert [rows for (rows,) in found.fetchall()] == [0.0] * len(tables)

        def is_empty() -> bool:
            for table in known:
                beside.execute(f"{VACUUM} {table}")
            pages = "SELECT coalesce(sum(relpages), 0) FROM pg_class WHERE relname = ANY(%s)"
            return beside.execute(pages, [list(known)]).fetchone() == (0,)

        yield vacuum
        wait_until(is_empty)  # who still looks on from elsewhere keeps what is gone from going


@pytest.fixture
def tall(vacuum: Vacuum, owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """By kind and subject the log's index has become a level deeper than by its position: what was rolled back did that.

    Whoever takes the log for empty then thinks its positions are the shorter way.
    """
    with owner.transaction(force_rollback=True):
        owner.execute(
            "INSERT INTO archive_leaf (index, kind, subject_id, commitment, at)"
            " SELECT n, 9, n, sha256(n::text::bytea), now() FROM generate_series(10000000, 10090000) AS n"
        )
