"""No column of evidence can be changed unnoticed: each is changed in turn, by the owner, and the inspection asked."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from archive import grants, log
from tests.archive.core.record import NOON, Record
from tests.archive.core.test_inspection import fill, findings

Owner = psycopg.Connection[tuple[object, ...]]

NOT_PROVEN = {
    "archive_checkpoint.id": "our own number of it; its name is its size",
    "archive_checkpoint.made_at": "a signed note names no time",
    "archive_tile.id": "our own number of it; its name is level and number",
}
CHANGED = {
    "int2": "coalesce({column}, 0) + 1000",
    "int4": "coalesce({column}, 0) + 1000",
    "_int8": "{column} || 100000::bigint",
    "int8": "coalesce({column}, 0) + 100000",
    "text": "coalesce({column}, '') || 'x'",
    "varchar": "coalesce({column}, '') || 'x'",
    "bytea": "set_byte({column}, 0, 255 - get_byte({column}, 0))",
    "bool": "NOT {column}",
    "date": "coalesce({column}, current_date) + 1",
    "timestamptz": "coalesce({column}, now()) + interval '1 second'",
    "jsonb": "'[\"changed\"]'::jsonb",
    "inet": "'192.0.2.99'::inet",
}


def columns(owner: Owner) -> Iterator[tuple[str, str, str]]:
    """Table, column and type of everything that evidence consists of."""
    found = owner.execute(
        "SELECT table_name, column_name, udt_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ANY(%s) ORDER BY 1, 2",
        [sorted(grants.EVIDENCE)],
    )
    yield from found.fetchall()  # type: ignore[misc]


def newest(owner: Owner, table: str) -> str:
    """Where the newest row is."""
    found = owner.execute(sql.SQL("SELECT max(ctid)::text FROM {}").format(sql.Identifier(table))).fetchone()
    assert found is not None
    assert found[0] is not None, f"no row in {table} to change"
    return str(found[0])


def change(owner: Owner, table: str, column: str, value: sql.Composable, *, at: str) -> tuple[str, str]:
    """Write to one column of a row, past the triggers; return what was there before, and where the row is now.

    A row that is written has another place, which need not be the last one: a page is tidied while it is read.
    """
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column), "value": value, "at": at}
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        before = owner.execute(
            sql.SQL("SELECT {column}::text FROM {table} WHERE ctid = {at}").format(**names)
        ).fetchone()
        after = owner.execute(
            sql.SQL("UPDATE {table} SET {column} = {value} WHERE ctid = {at} RETURNING ctid::text").format(
                **names
            )
        ).fetchone()
    assert before is not None
    assert after is not None
    return before[0], after[0]  # type: ignore[return-value]


@pytest.mark.django_db(transaction=True)
def test_every_column_counts(record: Record, owner: Owner) -> None:
    """One value changed anywhere in the evidence is found; put back, everything agrees again."""
    fill(record)
    record.read(b"the minutes")
    record.receive(b"a zip")
    record.destroy(record.say("go").message)
    record.destroy_zip(b"a zip of a released matter")
    record.certify()
    record.grow_to(300)
    log.checkpoint(now=NOON)
    assert findings().problems == []
    unnoticed = []
    for table, column, type_name in columns(owner):
        value = sql.SQL(CHANGED[type_name]).format(column=sql.Identifier(column))
        before, at = change(owner, table, column, value, at=newest(owner, table))
        if findings().problems == []:
            unnoticed.append(f"{table}.{column}")
        back = sql.SQL("{before}::{type}").format(before=sql.Literal(before), type=sql.Identifier(type_name))
        change(owner, table, column, back, at=at)
    assert findings().problems == []
    assert set(unnoticed) == set(NOT_PROVEN)
