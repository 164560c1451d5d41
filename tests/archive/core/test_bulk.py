"""Statements with bound values: prepared once on a connection, whatever Django thinks of that."""

import time

import pytest
from django.db import DataError, connection, transaction

from archive import bulk

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
def test_the_server_works_while_nobody_waits() -> None:
    """Rows come when they are wanted, and what is asked within comes after them; in a transaction and outside of one."""
    began = time.monotonic()
    with bulk.asked("SELECT pg_sleep(2), %b::int, %t::bigint[]", [7, bulk.numbers([3, 1])]) as rows:
        assert time.monotonic() - began < 1.5
        time.sleep(2.1)
        wanted = time.monotonic()
        assert rows()[0][1:] == (7, [3, 1])
        assert time.monotonic() - wanted < 1.5
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
