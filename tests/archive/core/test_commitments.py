"""What leaves commit to: the same before and after the database, and different for every change."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from archive import commitments, hashing

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SALT = bytes(range(16))
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)

REVISION: dict[str, Any] = {
    "salt": SALT,
    "session": "s",
    "message": "m",
    "kind": "sent",
    "raw": b"{}",
    "page_id": 1,
    "stored_at": NOON,
}
AUDIT: dict[str, Any] = {
    "salt": SALT,
    "at": NOON,
    "actor_id": 7,
    "actor_name": "Ines",
    "action": "searched",
    "subject": "search",
    "details": {"query": "wire transfer", "found": 12},
    "address": "192.0.2.1",
}


def event(details: Any) -> bytes:
    return commitments.audit(**AUDIT | {"details": details})


@pytest.mark.django_db
@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_details_commit_to_the_same_after_the_database(details: dict[str, Any]) -> None:
    """A jsonb column reorders keys and rewrites numbers; the commitment does not notice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [json.dumps(details)])
        (back,) = cursor.fetchone()
    assert event(json.loads(back)) == event(details)


@pytest.mark.parametrize(
    "change",
    [
        {"salt": bytes(16)},
        {"session": "t"},
        {"message": "n"},
        {"session": "sm", "message": ""},
        {"kind": "edited"},
        {"raw": b"{ }"},
        {"page_id": 2},
        {"stored_at": NOON + timedelta(microseconds=1)},
    ],
)
def test_every_column_of_a_revision_counts(change: dict[str, Any]) -> None:
    """One changed column, and even a border between two moved, makes another commitment."""
    assert commitments.revision(**REVISION | change) != commitments.revision(**REVISION)


@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": None},
        {"actor_name": "Olu"},
        {"action": "looked"},
        {"subject": ""},
        {"details": {}},
        {"address": None},
    ],
)
def test_every_column_of_an_event_counts(change: dict[str, Any]) -> None:
    """Who, what, to what, how and from where."""
    assert commitments.audit(**AUDIT | change) != commitments.audit(**AUDIT)


def test_an_address_commits_to_the_same_in_any_spelling() -> None:
    """The database writes addresses its own way."""
    long, short = (commitments.audit(**AUDIT | {"address": a}) for a in ("2001:db8:0:0::1", "2001:db8::1"))
    assert long == short


def test_a_moment_is_one_moment_in_any_zone() -> None:
    """And a moment without a zone is refused."""
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert hashing.moment(elsewhere) == hashing.moment(NOON) == "2026-05-04T12:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        hashing.moment(NOON.replace(tzinfo=None))


def test_a_number_that_json_cannot_write_is_refused() -> None:
    """Infinity would come back from the database as something else, or not at all."""
    with pytest.raises(ValueError, match="Out of range"):
        event({"found": float("inf")})
