"""The engines beside which search is measured, each asked for the exact count and the newest fifty.

`Engine` is ours without our layers: the same query objects, made beforehand, run on the same index. `Postgres` is
a table of its own with a stored tsvector (`simple`), a GIN index, indexes by time, session and sender, and
statistics fine enough for its planner to know a rare word. `Sqlite` is FTS5 (unicode61) whose rows are numbered in
the order of time, which spares it sorting: better than a capture would leave them.

Neither of the two cuts Chinese or code as we do: where what they find differs, so does the figure's meaning, and
they are said to have no answer.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import tantivy
from django.db import connection

from archive.models import Person, Session
from archive.search import conditions, engine, folder, index, language
from archive.search.places import Order, Place
from archive.search.query import Property
from benchmarks._searches import Search

LONGEST_S = 20
_SENT = "sent"


def opened() -> index.Snapshot:
    """The index in use as the engine alone opens it: nothing is checked."""
    name = folder.current() or ""
    found = index.open_generation(name)
    searcher = found.searcher()
    return index.Snapshot(name, found.schema, searcher, index.marker_of(searcher))


class Engine:
    """tantivy as it is, on the index in use."""

    def __init__(self, snapshot: index.Snapshot) -> None:
        self._snapshot = snapshot
        self._asked: dict[str, tantivy.Query] = {}
        build = engine._build(self._snapshot)
        self._properties = [build.property(what) for what in Property]

    def prepare(self, search: Search, after: Place | None) -> None:
        """Make the query objects."""
        build = engine._build(self._snapshot)
        query = build.query(language.parse(search.ours))
        self._asked[search.name] = query
        if after is not None:
            self._asked[search.name + " after"] = conditions.all_of(
                [query, build.beyond(after, search.order)]
            )

    def ask(self, search: Search) -> int:
        searcher, query = self._snapshot.searcher, self._asked[search.name]
        if search.facets:
            searcher.aggregate(query, _COLUMNS)
            for have in self._properties:
                searcher.search(conditions.all_of([query, have]), limit=1)
        if search.limit == 0:
            return _count(searcher.search(query, limit=1))
        if search.order is Order.RELEVANT:
            found = searcher.search(query, limit=search.limit)
        elif (later := self._asked.get(search.name + " after")) is not None:
            count = _count(searcher.search(query, limit=1))
            found = searcher.search(later, limit=search.limit, count=False, order_by_field=_SENT)
            searcher.fast_field_values("message", [address for _, address in found.hits])
            return count
        else:
            found = searcher.search(query, limit=search.limit, order_by_field=_SENT)
        searcher.fast_field_values("message", [address for _, address in found.hits])
        return _count(found)


class Postgres:
    """Postgres full text, in the database of the record."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(f"SET statement_timeout = '{LONGEST_S}s'")

    @staticmethod
    def build() -> None:
        """Fill the table and make its indexes."""
        with connection.cursor() as cursor:
            for statement in _POSTGRES:
                cursor.execute(statement)
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE bench_said")

    @staticmethod
    def size() -> int:
        """Bytes of what is there for searching only: the tsvectors with their table, and the indexes."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('bench_said')")
            return int(cursor.fetchone()[0])

    def ask(self, search: Search) -> int | None:
        if search.postgres is None:
            return None
        where, values = _narrowed(search, "%s", "words @@ to_tsquery('simple', %s)", search.postgres)
        if search.facets:
            for by in _BY:
                self._rows(f"SELECT {by}, count(*) FROM bench_said WHERE {where} GROUP BY 1", values)
        (count,) = self._connection.execute(
            f"SELECT count(*) FROM bench_said WHERE {where}", values
        ).fetchone() or (0,)
        if search.limit > 0:
            order = "sent DESC, id DESC"
            if search.order is Order.RELEVANT:
                order, values = "ts_rank(words, to_tsquery('simple', %s)) DESC", [*values, search.postgres]
            offset = (search.page - 1) * search.limit
            self._rows(
                f"SELECT id FROM bench_said WHERE {where} ORDER BY {order} LIMIT {search.limit} OFFSET {offset}",
                values,
            )
        return int(count)

    def _rows(self, statement: str, values: list[Any]) -> int:
        return len(self._connection.execute(statement, values).fetchall())


class Sqlite:
    """SQLite with FTS5, in a file of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA cache_size = -262144")
        self._connection.execute("PRAGMA mmap_size = 8000000000")

    @staticmethod
    def build(path: Path, *, url: str) -> None:
        """Fill the file from the record, in the order of time."""
        with psycopg.connect(url) as record, sqlite3.connect(path) as file:
            file.execute("PRAGMA journal_mode = OFF")
            file.execute("PRAGMA synchronous = OFF")
            file.execute(
                "CREATE TABLE said (number INTEGER PRIMARY KEY, sent TEXT, session INTEGER, sender INTEGER)"
            )
            file.execute("CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61')")
            rows = record.cursor("said")
            rows.itersize = 20_000
            rows.execute(
                "SELECT r.text, to_char(m.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'), m.session_id, m.sender_id"
                " FROM archive_message m JOIN archive_revision r ON r.message_id = m.id ORDER BY m.sent_at, m.id"
            )
            for number, (text, *rest) in enumerate(rows, 1):
                file.execute("INSERT INTO said VALUES (?, ?, ?, ?)", (number, *rest))
                file.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, text))
            file.execute("CREATE INDEX by_session ON said (session, number)")
            file.execute("CREATE INDEX by_sender ON said (sender, number)")
            file.execute("INSERT INTO words (words) VALUES ('optimize')")
            file.execute("ANALYZE")

    def ask(self, search: Search) -> int | None:
        if search.sqlite is None:
            return None
        where, values = _narrowed(search, "?", "words MATCH ?", search.sqlite)
        source = f"FROM words {'JOIN said ON said.number = words.rowid' if len(values) > 1 or search.facets else ''} WHERE {where}"
        if search.facets:
            for by in _BY_SQLITE:
                self._rows(f"SELECT {by}, count(*) {source} GROUP BY 1", values)
        (count,) = self._connection.execute(f"SELECT count(*) {source}", values).fetchone()
        if search.limit > 0:
            order = "words.rank" if search.order is Order.RELEVANT else "words.rowid DESC"
            offset = (search.page - 1) * search.limit
            self._rows(
                f"SELECT words.rowid {source} ORDER BY {order} LIMIT {search.limit} OFFSET {offset}", values
            )
        return int(count)

    def _rows(self, statement: str, values: list[Any]) -> int:
        return len(self._connection.execute(statement, values).fetchall())


_EVERY = {"size": 1_000_000, "segment_size": 1_000_000}
_COLUMNS = {
    "days": {"histogram": {"field": "day", "interval": 1.0, "min_doc_count": 1}},
    "sessions": {"terms": {"field": "session", **_EVERY}},
    "senders": {"terms": {"field": "sender", **_EVERY}},
}
_BY = ("sent::date", "session", "sender")
_BY_SQLITE = ("substr(sent, 1, 10)", "session", "sender")
_POSTGRES = (
    "CREATE UNLOGGED TABLE bench_said AS SELECT m.id, m.sent_at AS sent, m.session_id AS session, m.sender_id AS sender,"
    " to_tsvector('simple', r.text) AS words"
    " FROM archive_message m JOIN archive_revision r ON r.message_id = m.id",
    "ALTER TABLE bench_said ALTER COLUMN words SET STATISTICS 2000",
    "SET maintenance_work_mem = '512MB'",
    "CREATE INDEX ON bench_said USING gin (words)",
    "CREATE INDEX ON bench_said (sent, id)",
    "CREATE INDEX ON bench_said (session, sent)",
    "CREATE INDEX ON bench_said (sender, sent)",
)


def _narrowed(search: Search, mark: str, first: str, words: str) -> tuple[str, list[Any]]:
    """The WHERE clause of a search, with its values."""
    parts: list[tuple[str, list[Any]]] = [(first, [words])]
    if search.person is not None:
        parts.append((f"sender = {mark}", [Person.objects.get(email=search.person).pk]))
    if search.session is not None:
        parts.append((f"session = {mark}", [Session.objects.get(name=search.session).pk]))
    if search.month is not None:
        parts.append((f"sent >= {mark} AND sent < {mark}", [*search.month]))
    return " AND ".join(part for part, _ in parts), [value for _, values in parts for value in values]


def _count(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # there, but missing from tantivy's stubs
