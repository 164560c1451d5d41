"""Values that break software: every one is archived byte for byte, none takes its neighbours with it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import ingest, readable
from archive.models import Message, Revision
from tests.archive.scenes import INES, NOW, conversation, page, said

pytestmark = pytest.mark.django_db
FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)


def corpus() -> list[dict[str, Any]]:
    """The published torture values, where they lie beside a checkout or a worktree of it."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "corpus" / "torture.json"
        if found.exists():
            loaded: list[dict[str, Any]] = json.loads(found.read_text())
            return loaded
    return []


FIELDS = {
    "message": "message",
    "display_name": "sender_display_name",
    "email": "sender",
    "message_id": "id",
    "timestamp": "timestamp",
}


def record(number: int, case: dict[str, Any]) -> dict[str, Any]:
    """A message that carries the value where its kind belongs."""
    kind, value = case["kind"], case["value"]
    made = said("here", id=f"torture-{number}", by={**INES, "sender_member_id": f"m-{number}"})
    if kind in FIELDS:
        made[FIELDS[kind]] = value
    elif kind == "reaction_emoji":
        made["reactions"] = [{"emoji": value, "total_count": 1, "member_ids": ["m-1"]}]
    elif kind in ("file_name", "file_size"):
        made["files"] = [{"file_id": f"f{number}", kind: value}]
    else:
        made["message"] = value
    return made


def test_every_torture_value_is_kept_byte_for_byte() -> None:
    """All of them on two pages, twice: nothing lost, nothing double, all raw bytes as sent."""
    cases = corpus()
    if not cases:
        pytest.skip("the corpus folder is not beside this checkout")
    window = conversation()
    offered = page([record(number, case) for number, case in enumerate(cases)])
    first = ingest.message_page(offered, window=window, pull=1, now=NOW)
    again = ingest.message_page(offered, window=window, pull=2, now=NOW)
    assert first.total == ingest.DayAccount(archived=len(cases))
    assert again.total == ingest.DayAccount(duplicate=len(cases))
    assert {bytes(r.raw) for r in Revision.objects.all()} == {r.raw for r in offered.sent}


STRANGE = {
    "nul": b'{"id":"1","message":"a\\u0000b"}',
    "lone surrogate": b'{"id":"1","message":"a\\ud83db"}',
    "not utf-8": b'{"id":"1","message":"a\xffb"}',
    "raw control": b'{"id":"1","message":"a\x01b"}',
    "huge number": b'{"id":"1","message":"a","x":' + b"9" * 5000 + b"}",
    "endless number": b'{"id":"1","message":"a","x":1e999}',
    "number past 64 bits": b'{"id":"1","message":"a","timestamp":18446744073709551616}',
    "deep nesting": b'{"id":"1","message":"a","x":' + b"[" * 3000 + b"]" * 3000 + b"}",
    "doubled key": b'{"id":"1","message":"a","message":"b"}',
    "unknown fields": b'{"id":"1","message":"a","new":{"deep":[1.10]}}',
}


@pytest.mark.parametrize("raw", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_record_is_kept_beside_a_plain_one(raw: bytes) -> None:
    """Whatever JSON allows is archived or kept as unreadable, once, and its neighbour is untouched."""
    window = conversation()
    for pull in (1, 2):
        counts = ingest.message_page(page([raw, said("fine", id="ok")]), window=window, pull=pull, now=NOW)
        assert counts.total.offered == 2
    assert Message.objects.filter(zoom_id="ok").count() == 1
    kept = [bytes(r) for r in Revision.objects.values_list("raw", flat=True)]
    assert kept.count(raw) == 1 or counts.total.failed == 1


@pytest.mark.parametrize(
    ("times", "sent_at", "is_doubtful"),
    [
        ({"timestamp": 1793620800123}, datetime(2026, 11, 2, 12, 0, 0, 123000, tzinfo=UTC), False),
        (
            {"timestamp": 0, "date_time": "2026-11-05T01:02:03Z"},
            datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC),
            True,
        ),
        ({"timestamp": -(2**63)}, FIRST_DAY, True),
        ({"timestamp": 2**63 - 1, "date_time": "2023-02-30T10:00:00Z"}, FIRST_DAY, True),
        ({"timestamp": "1793620800123"}, FIRST_DAY, True),
        ({"date_time": "2024-01-01T00:00:00+25:00"}, FIRST_DAY, True),
        ({"date_time": "0001-01-01T00:00:00+10:00"}, FIRST_DAY, True),
        ({}, FIRST_DAY, True),
    ],
)
def test_an_unusable_time_is_doubtful(times: dict[str, Any], sent_at: datetime, is_doubtful: bool) -> None:
    """The second time is Zoom's date_time, the last resort the first moment of the window."""
    window = conversation()
    counts = ingest.message_page(page([{"id": "a", "message": "x", **times}]), window=window, pull=1, now=NOW)
    message = Message.objects.get()
    assert (message.sent_at, message.sent_at_is_doubtful) == (sent_at, is_doubtful)
    assert list(counts.per_day) == [sent_at.date()]


def test_ids_that_cannot_be_stored_get_a_name_from_their_hash() -> None:
    """No id, too long an id, an id with a NUL: four messages, found again by the same bytes."""
    window = conversation()
    records = [{"message": "no id"}, said("x", id=""), said("x", id="A" * 300), said("x", id="a\x00b")]
    for pull in (1, 2):
        ingest.message_page(page(records), window=window, pull=pull, now=NOW)
    prefixes = [zoom_id.split(":")[0] for zoom_id in Message.objects.values_list("zoom_id", flat=True)]
    assert sorted(prefixes) == ["long", "unidentified", "unidentified", "unstorable"]


def test_a_reply_finds_its_thread_by_the_same_name() -> None:
    """A thread's main message with an absurd id is still the one its replies name."""
    window = conversation()
    long = "B" * 300
    ingest.message_page(
        page([said("q", id=long), said("a", id="r", reply_main_message_id=long)]),
        window=window,
        pull=1,
        now=NOW,
    )
    reply = Message.objects.get(zoom_id="r")
    assert Message.objects.get(zoom_id=reply.reply_to_zoom_id).revisions.get().text == "q"


def test_text_is_shown_with_nothing_left_out() -> None:
    """Controls become signs; length and all other characters stay."""
    assert readable.text("a\x00b\x1b[31m\r\n\tc\ud83d\U0001f600") == "a␀b␛[31m␍\n\tc�\U0001f600"
    assert len(readable.text("x" * 100_000)) == 100_000


def test_a_name_too_long_for_its_column_is_cut_with_a_mark() -> None:
    """On one line, and never longer than its column."""
    assert readable.line("a\nb\tc", limit=500) == "a␊b␉c"
    assert readable.line("x" * 501, limit=500) == "x" * 499 + "…"
    assert readable.line(None, limit=5) == ""


def test_counts_of_days_add_up() -> None:
    """Two pages' accounts are one account."""
    day = date(2026, 11, 2)
    one = ingest.PageCounts(per_day={day: ingest.DayAccount(archived=1, failed=2)}, new_messages=1)
    both = one + one
    assert (both.per_day[day].offered, both.total.failed, both.new_messages) == (6, 4, 2)
