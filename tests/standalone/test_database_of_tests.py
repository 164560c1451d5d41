"""The database a test gets is made by its owner and used as the application."""

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection


@pytest.mark.django_db
def test_a_test_is_the_application(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Tests meet the refusals that production meets, because they are the same role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(current_user, 'postgres', 'member')")
        assert cursor.fetchone() == ("holdfast_app", False)
    assert owner.execute(
        "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'auth_group'"
    ).fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_committed_is_gone_for_the_next(
    turn: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The owner empties the tables after a transactional test, whatever their triggers say."""
    count = "SELECT count(*) FROM auth_group WHERE name = 'Ines'"
    assert owner.execute(count).fetchone() == (0,)
    owner.execute("INSERT INTO auth_group (name) VALUES ('Ines')")
    assert owner.execute(count).fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_rows_of_the_migrations_survive(turn: str, owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Permissions and groups that migrations made are there for every test."""
    found = owner.execute("SELECT count(*) FROM django_content_type").fetchone()
    assert found is not None
    assert found != (0,)
    assert Group._meta.db_table == "auth_group"
