"""Statements with bound values: prepared once on a connection, whatever Django thinks of that."""

import psycopg
import pytest
from django.db import DataError, connection, transaction

from archive import bulk
from tests.waiting import wait_until

_SUM = "SELECT sum(n)::bigint FROM unnest(%b::bigint[]) AS n /* of this test */"


@pytest.mark.django_db
def test_a_statement_is_prepared_at_once_and_used_again() -> None:
    """Postgres has the statement ready after the first time, and other numbers do not make another of it."""
    assert [bulk.run(_SUM, [list(range(n))]) for n in (3, 4)] == [[(3,)], [(6,)]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            [_SUM.replace("%b", "$1")],
        )
        assert cursor.fetchall() == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_the_server_works_while_nobody_waits(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Rows come when they are wanted, and what is asked within comes after them; in a transaction and outside of one."""
    bulk.run("SET lock_timeout = '60s'")
    # It is let go of within only: whoever waited for the rows before would wait in vain.
    owner.execute("SELECT pg_advisory_lock(7)")
    worker = connection.connection.info.backend_pid

    def lock_is(*, granted: bool) -> bool:
        asked = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = %s AND granted = %s"
        return owner.execute(asked, [worker, granted]).rowcount == 1

    question = "SELECT pg_advisory_xact_lock(7), %b::int, %t::bigint[]"
    try:
        with bulk.asked(question, [7, bulk.numbers([3, 1])]) as rows:
            wait_until(lambda: lock_is(granted=False))
            owner.execute("SELECT pg_advisory_unlock(7)")
            wait_until(lambda: lock_is(granted=True))
            assert rows()[0][1:] == (7, [3, 1])
    finally:
        bulk.run("RESET lock_timeout")
    with transaction.atomic(), bulk.asked("SELECT %b::int", [1]) as rows:
        assert bulk.run("SELECT %b::int", [2]) == [(2,)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [3])
            assert cursor.fetchall() == [(3,)]
        assert rows() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_meanwhile_is_an_error_of_the_database() -> None:
    """Wanted or not; and the connection is as good as before."""
    with pytest.raises(DataError, match="division by zero"), bulk.asked("SELECT 1 / %b::int", [0]) as rows:
        rows()
    with pytest.raises(DataError, match="division by zero"), bulk.asked("SELECT 1 / %b::int", [0]):
        pass
    assert bulk.run("SELECT %b::int", [2]) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_what_fails_within_is_raised() -> None:
    with pytest.raises(KeyError), bulk.asked("SELECT %b::int", [1]):
        raise KeyError("within")
    assert bulk.run("SELECT %b::int", [2]) == [(2,)]
