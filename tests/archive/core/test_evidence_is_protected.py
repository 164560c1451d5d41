"""What the database refuses, whoever asks: evidence is added and read, and nothing else."""

from importlib import import_module

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from archive import grants
from archive.models import EVIDENCE
from tests.archive.core.record import Record

pytestmark = pytest.mark.django_db
TABLES = sorted(grants.EVIDENCE)


def refused(statement: str) -> str:
    """The sentence with which the database refuses a statement."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "DROP TRIGGER {table}_is_evidence ON {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ADD COLUMN note text",
        "DROP TABLE {table} CASCADE",
        "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION archive_refuse()",
    ],
)
def test_the_application_can_only_add(table: str, statement: str) -> None:
    """A stolen application password rewrites no evidence."""
    column = "index" if table == "archive_leaf" else "id"
    sentence = refused(statement.format(table=table, column=column))
    assert "permission denied" in sentence or "must be owner" in sentence


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_is_stopped_too(table: str, owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """A slip of the owner is refused with a sentence; only dropping the trigger first gets past it."""
    column = "index" if table == "archive_leaf" else "id"
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation, match="evidence is never changed or removed"):
            owner.execute(statement.encode())


def test_the_application_cannot_put_triggers_aside() -> None:
    """Replication mode, which skips triggers, is not the application's to switch on."""
    assert "permission denied" in refused("SET session_replication_role = replica")


def test_a_conflict_is_not_a_way_to_change_evidence(record: Record) -> None:
    """ON CONFLICT DO UPDATE is an update."""
    record.say()
    sentence = refused(
        "INSERT INTO archive_message (session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id) "
        "SELECT session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id FROM archive_message "
        "ON CONFLICT (session_id, zoom_id) DO UPDATE SET sent_at = now()"
    )
    assert "permission denied" in sentence


@pytest.mark.parametrize("column", ["message_id", "page_id"])
def test_a_revision_without_its_parents_is_refused(record: Record, column: str) -> None:
    """What was said belongs to a message and came on a page; both must be there."""
    record.say()
    columns = "message_id, page_id, kind, digest, raw, salt, text, sender_name, stored_at"
    given = columns.replace(column, f"{column} + 1000").replace("digest", "salt")
    sentence = refused(f"INSERT INTO archive_revision ({columns}) SELECT {given} FROM archive_revision")
    assert f"names a {column.removesuffix('_id')} that is not there" in sentence


def test_every_table_of_the_project_is_listed() -> None:
    """Nobody adds a table without saying what the application may do with it."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert [table for table in tables if grants.privileges(table) is None] == []
    assert {model._meta.db_table for model in EVIDENCE} | {"compliance_auditevent"} == set(grants.EVIDENCE)


def test_the_privileges_in_the_database_are_the_listed_ones() -> None:
    """What the list says is what Postgres enforces."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type) "
            "FROM information_schema.role_table_grants "
            "WHERE grantee = %s AND table_schema = current_schema() GROUP BY 1",
            [grants.ROLE],
        )
        found = dict(cursor.fetchall())
        tables = connection.introspection.table_names(cursor)
    wanted = {table: ", ".join(sorted((grants.privileges(table) or "").split(", "))) for table in tables}
    assert found == wanted


def test_a_table_nobody_listed_can_only_be_read(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """A forgotten table fails loudly at the first write, instead of being writable by accident."""
    assert grants.privileges("somebody_new") is None
    with owner.transaction(force_rollback=True), owner.cursor() as cursor:
        cursor.execute("CREATE TABLE somebody_new (id bigint)")
        grants.apply(cursor, tables=["somebody_new"])
        cursor.execute(
            "SELECT has_table_privilege(%(role)s, 'somebody_new', 'SELECT'),"
            " has_table_privilege(%(role)s, 'somebody_new', 'INSERT')",
            {"role": grants.ROLE},
        )
        assert cursor.fetchone() == (True, False)


def test_the_owner_is_no_superuser(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """On servers of our own, migrations run with no more power than a hosted database gives."""
    row = owner.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row is not None
    if row[0] == "postgres":
        pytest.skip("this run was given a superuser in DATABASE_OWNER_URL")
    assert row == ("holdfast_owner", False)


def test_a_role_that_cannot_be_made_is_named() -> None:
    """Where the owner may not create roles, the migration says what an administrator has to run."""
    migration = import_module("archive.migrations.0003_protect_evidence")
    sentence = refused(migration.ROLE.replace("holdfast_app", "holdfast_other"))
    assert "As an administrator of the database server run: CREATE ROLE holdfast_other NOLOGIN" in sentence


def test_the_functions_of_the_owner_are_not_everybodys(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """The way into the log is open to the application only, and ignores whatever path the caller sets."""
    row = owner.execute(
        "SELECT has_function_privilege('public', oid, 'EXECUTE'), has_function_privilege(%s, oid, 'EXECUTE'),"
        " prosecdef, proconfig FROM pg_proc WHERE proname = 'archive_append'",
        [grants.ROLE],
    ).fetchone()
    assert row == (False, True, True, ["search_path=pg_catalog, pg_temp"])
