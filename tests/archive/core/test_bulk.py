"""Statements with bound values: prepared once on a connection, whatever Django thinks of that."""

import pytest
from django.db import connection

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
