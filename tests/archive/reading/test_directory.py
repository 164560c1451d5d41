"""Sessions and people are looked up with exact totals, in order, in a constant number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import directory, ingest
from archive.directory import Filters, Sort
from archive.models import Person, Window
from tests.archive.scenes import NOW, OLU, account, conversation, month_of, page, said, session_list

pytestmark = pytest.mark.django_db


def listed(*records: dict[str, object]) -> None:
    window = month_of(account())
    ingest.session_page(session_list(records), window=window, pull=1, now=NOW)


def group(number: int, **fields: object) -> dict[str, object]:
    at = (NOW - timedelta(days=number)).isoformat()
    return {
        "id": f"g{number}",
        "type": "Group",
        "name": f"Channel {number:03}",
        "last_message_sent_time": at,
        **fields,
    }


def test_sessions_are_read_page_by_page_with_their_exact_number() -> None:
    """By the newest message or by name; none twice, none missing."""
    listed(*[group(n) for n in range(25)], {"id": "quiet", "type": "Group", "name": "zzz"})
    for sort in Sort:
        titles: list[str] = []
        after, more = None, True
        while more:
            found = directory.sessions(sort=sort, after=after, limit=10)
            titles += [line.title for line in found.lines]
            after, more = found.next, found.next is not None
        assert found.count == 26
        assert titles == [f"Channel {n:03}" for n in range(25)] + ["zzz"]


def test_a_session_without_a_name_is_called_by_its_members() -> None:
    """A 1:1 is found by who is in it."""
    listed({"id": "d", "type": "1:1", "member_emails": ["olu@else.org", "ines@example.com"]}, group(1))
    found = directory.sessions(filters=Filters(named="olu"))
    assert [line.title for line in found.lines] == ["ines@example.com, olu@else.org"]
    assert directory.titles([found.lines[0].id]) == {found.lines[0].id: "ines@example.com, olu@else.org"}


def test_filters_narrow() -> None:
    """Each by itself and all together; the total is of what passes."""
    listed(group(1, status="deleted"), group(2, has_external_member=True), {"id": "d", "type": "1:1"})
    assert directory.sessions(filters=Filters(status="deleted")).count == 1
    assert directory.sessions(filters=Filters(has_external=True)).count == 1
    assert directory.sessions(filters=Filters(type="1:1")).count == 1
    assert directory.sessions(filters=Filters(type="1:1", status="deleted")).count == 0
    assert directory.sessions(filters=Filters(named="\x00' OR 1=1 --")).count == 0


def test_gaps_are_counted_and_found() -> None:
    """A session with a window that broke off."""
    window = conversation("with a gap")
    conversation("without")
    Window.objects.filter(pk=window.pk).update(state=Window.State.GAP, last_error="HTTP 500")
    (line,) = directory.sessions(filters=Filters(has_gap=True)).lines
    assert (line.id, line.gaps) == (window.session_id, 1)
    assert directory.sessions(filters=Filters(has_gap=False)).count == 1


def test_one_session_tells_who_spoke_from_when_to_when() -> None:
    """And nothing of a session that is not there."""
    window = conversation()
    ingest.message_page(
        page([said("a", id="a"), said("b", id="b", by=OLU, minute=3)]), window=window, pull=1, now=NOW
    )
    found = directory.session(window.session_id or 0)
    assert found is not None
    assert (found.line.messages, found.speakers) == (2, 2)
    assert found.first_sent_at is not None
    assert found.last_sent_at == found.first_sent_at + timedelta(minutes=3)
    assert directory.session(10**9) is None


def test_people_have_names() -> None:
    """The newest, or their address."""
    conversation_of = conversation()
    ingest.message_page(page([said("a", id="a")]), window=conversation_of, pull=1, now=NOW)
    ines = Person.objects.get()
    nameless = Person.objects.create(account=conversation_of.account, email="x@example.com")
    assert directory.people_names([ines.pk, nameless.pk]) == {ines.pk: "Ines", nameless.pk: "x@example.com"}


def test_the_number_of_queries_does_not_grow() -> None:
    """Ten sessions or two hundred."""
    counts = []
    for size in (10, 200):
        window = month_of(account(f"of {size}"))
        records = [group(n) for n in range(size)] + [{"id": "d", "type": "1:1", "member_emails": ["a@b.c"]}]
        ingest.session_page(session_list(records), window=window, pull=1, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            directory.sessions(limit=1000)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize(
    ("sort", "value"), [(Sort.RECENT, "general"), (Sort.RECENT, "2026-11-02T12:00:00"), (Sort.NAME, "a\x00b")]
)
def test_a_place_that_is_none_is_refused(sort: Sort, value: str) -> None:
    """Whatever stands in a URL, the database is asked for a real place or not at all."""
    with pytest.raises(ValueError, match=r"."):
        directory.sessions(sort=sort, after=directory.After(value, 1))
