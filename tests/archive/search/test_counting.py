"""Counting an answer by everything, however many different values there are."""

from pathlib import Path

import pytest
import tantivy

from archive.search import counting, index, marks
from archive.search.query import Property

MANY = 66_000  # more than the engine counts at once


@pytest.mark.django_db
def test_more_sessions_than_the_engine_counts_at_once_are_all_counted(tmp_path: Path) -> None:
    """One message in each of 66,000 sessions, every third with a link: no number is an estimate."""
    made = tantivy.Index(index.schema(), path=str(tmp_path))
    writer = made.writer(50_000_000, 1)
    for n in range(MANY):
        message = tantivy.Document()
        for field, number in (("session", n), ("sender", n % 7), ("sent", n), ("day", n % 3), ("message", n)):
            message.add_integer(field, number)
        if n % 3 == 0:
            for what in (Property.LINK, Property.REPLY):
                message.add_integer("properties", marks.PROPERTIES[what])
        writer.add_document(message)
    writer.commit()
    made.reload()
    snapshot = index.Snapshot("", made.schema, made.searcher(), index.Marker(index.VERSION, 0, ""))
    found = counting.Counting(snapshot, tantivy.Query.all_query(), zone="UTC").facets()
    assert found.sessions == dict.fromkeys(range(MANY), 1)
    assert found.days == dict.fromkeys(range(3), MANY // 3)
    assert sum(found.senders.values()) == MANY
    counted = {what: number for what, number in found.properties.items() if number}
    assert counted == {Property.LINK: MANY // 3, Property.REPLY: MANY // 3}
