"""RSMF: every file is what review tools take, whatever was said, and every event is in exactly one of them."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest

from archive.packages import rsmf
from archive.packages.content import Day, Reaction, Step
from tests.archive.packages import days, rsmf_check
from tests.archive.packages.days import (
    DIRECT,
    INES,
    OLU,
    RAVI,
    REQUEST,
    Memory,
    day,
    lost,
    minutes,
    said,
    version,
)


def rendered(*made: Day, into: Memory | None = None, **limits: int) -> dict[str, bytes]:
    return days.written(rsmf.Writer(REQUEST, **limits), *made, into=into)


def manifest_of(*made: Day, into: Memory | None = None) -> dict[str, Any]:
    [raw] = rendered(*made, into=into).values()
    assert rsmf_check.troubles(raw) == []
    return rsmf_check.opened(raw)[1]


def test_a_conversation_and_its_day_are_one_file() -> None:
    """The mail says what is inside, and from whom to whom."""
    files = rendered(day(said("hello"), said("hi", id=2, at=minutes(1), by=RAVI)))
    [(path, raw)] = files.items()
    mail, manifest, _ = rsmf_check.opened(raw)
    assert path == "data/rsmf/session-12-general/2026-11-02.rsmf"
    assert mail["Subject"] == "general, 2026-11-02"
    assert [a.addr_spec for a in mail["From"].addresses] == ["ines@example.com"]
    assert [a.display_name for a in mail["To"].addresses] == ["Ines Roth", "Ravi Rao"]
    assert mail["Date"].datetime == days.NOON
    assert [event["body"] for event in manifest["events"]] == ["hello", "hi"]
    assert "hello" in mail.get_body(preferencelist=("plain",)).get_content()  # type: ignore[union-attr]


def test_the_published_schema_takes_everything() -> None:
    """Torture, gaps, edits, files and steps too, with formats checked."""
    validator = jsonschema_rs.Draft7Validator(days.schema(), validate_formats=True)
    sink = Memory()
    for made in (day(said()), days.nasty_day(sink), day(state="gap", reason="")):
        for raw in rendered(made, into=Memory(sink.natives)).values():
            errors = [error.message for error in validator.iter_errors(rsmf_check.opened(raw)[1])]
            assert errors == []


def test_whatever_is_said_readers_find_nothing_to_stumble_over() -> None:
    """And no message is lost."""
    sink = Memory()
    made = days.nasty_day(sink)
    files = rendered(made, into=sink)
    assert [rsmf_check.troubles(raw) for raw in files.values()] == [[]] * len(files)
    events = [event for raw in files.values() for event in rsmf_check.opened(raw)[1]["events"]]
    assert sum(event["type"] == "message" for event in events) == len(made.messages)
    shown = json.dumps(events, ensure_ascii=False)
    assert not set("\u202e\u2067\x00\x1b\ud83d") & set(shown)
    assert "[U+202E]" in shown


def test_an_edit_and_a_deletion_keep_every_wording() -> None:
    """What it was, what it became and when; what is deleted keeps its words."""
    edited = said("friday", later=(version("monday", kind="edited", at=minutes(5), leaf=3),))
    deleted = said(
        "oops", id=2, at=minutes(6), later=(version("oops", kind="deleted", at=minutes(7), leaf=4),)
    )
    first, second = manifest_of(day(edited, deleted))["events"]
    assert first["body"] == "monday"
    assert first["edits"] == [
        {"participant": "P1", "previous": "friday", "new": "monday", "timestamp": "2026-11-02T12:05:00.000Z"}
    ]
    assert (second["body"], second["deleted"]) == ("oops", True)
    assert custom(second)["zoom.deleted_at"] == "2026-11-02T12:07:00.000Z"


def custom(event: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in event["custom"]}


def test_a_message_can_be_found_in_the_log_and_at_zoom() -> None:
    """Its ids, the leaf and the digest of the exact bytes."""
    message = said("hello")
    [event] = manifest_of(day(message))["events"]
    assert custom(event)["zoom.message_id"] == "z-1"
    assert custom(event)["holdfast.leaf"] == "101"
    digest = message.versions[0].raw_sha256.hex()
    assert custom(event)["holdfast.sha256"] == digest


def test_a_moment_zoom_did_not_give_is_not_made_up() -> None:
    """The edit is there, without a time."""
    later = version("monday", at=minutes(60), leaf=3, at_is_known=False)
    [event] = manifest_of(day(said("friday", later=(later,))))["events"]
    assert event["edits"] == [{"participant": "P1", "previous": "friday", "new": "monday"}]


def test_reactions_name_those_who_are_one_participant_alone() -> None:
    """Two people of one name are nobody; the names are kept beside."""
    twin = replace(RAVI, id=9, email="other@example.com")
    message = said(reactions=(Reaction("👍", 3, ("Ines Roth", "Ravi Rao")),))
    [event] = manifest_of(day(message, participants=(INES, RAVI, twin)))["events"]
    assert event["reactions"] == [{"value": "👍", "count": 3, "participants": ["P1"]}]
    assert custom(event)["zoom.reactions"] == "👍 × 3 (Ines Roth, Ravi Rao)"


def test_a_reply_names_its_parent_when_that_is_in_the_file() -> None:
    """A reply to elsewhere, to itself or to what comes later names none, and keeps Zoom's id."""
    events = manifest_of(
        day(
            said(id=1),
            said(id=2, at=minutes(1), reply_to="z-1"),
            said(id=3, at=minutes(2), reply_to="elsewhere"),
            said(id=4, at=minutes(3), reply_to="z-4"),
            said(id=5, at=minutes(4), reply_to="z-6"),
            said(id=6, at=minutes(5), reply_to="z-5"),
        )
    )["events"]
    assert [event.get("parent") for event in events] == [None, "M1", None, None, None, "M5"]
    assert custom(events[2])["zoom.reply_to_message_id"] == "elsewhere"


def test_files_are_inside_and_missing_ones_say_why() -> None:
    """Every file is in the zip and named by its message."""
    sink = Memory()
    files = (
        sink.holding(b"%PDF-1.7", id=5, name="Plan B.PDF"),
        lost(id=6, name="gone.png", reason="It was gone."),
    )
    [raw] = rendered(day(said(files=files)), into=sink).values()
    _, manifest, members = rsmf_check.opened(raw)
    assert members["file-5.pdf"] == b"%PDF-1.7"
    assert b"It was gone." in members["file-6.UNAVAILABLE.txt"]
    shown = [file["display"] for file in manifest["events"][0]["attachments"]]
    assert shown == ["Plan B.PDF", "gone.png.UNAVAILABLE.txt"]
    assert rsmf_check.troubles(raw) == []


def test_a_file_too_large_for_its_day_is_named_and_left_in_the_package() -> None:
    """2 GB is the most a reader takes; the rest of the day is whole."""
    sink = Memory()
    large, small = sink.holding(b"x" * 900, id=1, name="film.mp4"), sink.holding(b"y" * 200, id=2)
    unknown = replace(sink.holding(b"z" * 950, id=3), size_bytes=None)
    [raw] = rendered(day(said(files=(large, small, unknown))), into=sink, most_bytes=1000).values()
    _, _, members = rsmf_check.opened(raw)
    assert sorted(members) == ["file-1.mp4", "file-2.UNAVAILABLE.txt", "file-3.UNAVAILABLE.txt"]
    assert small.path is not None
    assert small.path.encode() in members["file-2.UNAVAILABLE.txt"]
    assert rsmf_check.troubles(raw) == []


def test_a_channel_has_who_was_there_at_first_and_then_who_comes_and_goes() -> None:
    """The schema means the participants at the earliest event."""
    steps = (Step(minutes(1), OLU, has_joined=True, operator=INES), Step(minutes(3), RAVI, has_joined=False))
    manifest = manifest_of(
        day(said(), said("hi", id=2, at=minutes(2), by=OLU), steps=steps, participants=(INES, RAVI, OLU))
    )
    [conversation] = manifest["conversations"]
    assert (conversation["type"], conversation["participants"]) == ("channel", ["P1", "P2"])
    assert [event["type"] for event in manifest["events"]] == ["message", "join", "message", "leave"]
    assert custom(manifest["events"][1])["zoom.operator"] == "Ines Roth"


def test_a_talk_of_two_is_direct() -> None:
    """With everybody who took part."""
    [conversation] = manifest_of(day(said(), of=DIRECT, participants=(INES, OLU)))["conversations"]
    assert (conversation["type"], conversation["participants"]) == ("direct", ["P1", "P3"])


def test_a_day_with_a_gap_begins_with_a_disclaimer() -> None:
    """Also one on which nothing is known to have been said."""
    first, _ = manifest_of(day(said(), state="gap", reason="Zoom refused"))["events"]
    assert first["type"] == "disclaimer"
    assert "not proven (gap): Zoom refused" in first["body"]
    [only] = manifest_of(day(state="unknown"))["events"]
    assert only["timestamp"] == "2026-11-02T00:00:00.000Z"


def names_and_sizes(files: dict[str, bytes]) -> list[tuple[str, int]]:
    assert [rsmf_check.troubles(raw) for raw in files.values()] == [[]] * len(files)
    return [
        (path.rpartition("/")[2], len(rsmf_check.opened(raw)[1]["events"])) for path, raw in files.items()
    ]


def test_a_day_of_10001_messages_makes_two_files() -> None:
    """None longer than a reader takes."""
    first = day(*(said(id=n, at=minutes(n / 100)) for n in range(10_000)), part=1, parts=2)
    second = day(said(id=10_000, at=minutes(101)), part=2, parts=2)
    found = names_and_sizes(rendered(first, second))
    assert found == [("2026-11-02-part-1-of-2.rsmf", 10_000), ("2026-11-02-part-2-of-2.rsmf", 1)]


def test_a_disclaimer_counts_as_an_event_and_makes_room_for_itself() -> None:
    """It is in each file of the day."""
    made = day(*(said(id=n, at=minutes(n)) for n in range(100)), state="gap")
    found = names_and_sizes(rendered(made, most_events=100))
    assert found == [("2026-11-02.rsmf", 100), ("2026-11-02-b.rsmf", 2)]


def test_the_events_of_all_files_are_the_messages_chosen() -> None:
    """However small the files: the sum over them, and each message once."""
    chance = random.Random(7)
    made = day(
        *(said(id=n, at=minutes(chance.random() * 600), reply_to=f"z-{n - 1}") for n in range(997)),
        steps=tuple(Step(minutes(n), OLU, has_joined=n % 2 == 0) for n in range(20)),
        state="gap",
    )
    files = rendered(made, most_events=50)
    events = [event for raw in files.values() for event in rsmf_check.opened(raw)[1]["events"]]
    assert all(rsmf_check.troubles(raw) == [] for raw in files.values())
    ids = [event["id"] for event in events if event["type"] == "message"]
    assert sorted(ids) == sorted(f"M{n}" for n in range(997))
    assert sum(event["type"] in ("join", "leave") for event in events) == 20


def test_members_of_a_later_slice_are_those_who_were_there_then() -> None:
    """Whoever left before it began is not among them."""
    steps = (Step(minutes(1), RAVI, has_joined=False), Step(minutes(2), OLU, has_joined=True))
    made = day(said(), said(id=2, at=minutes(9)), steps=steps)
    _, second = rendered(made, most_events=3).values()
    assert rsmf_check.opened(second)[1]["conversations"][0]["participants"] == ["P1", "P3"]


def test_a_day_on_which_clocks_are_changed_has_25_hours_in_order() -> None:
    """Times are UTC, so that the hour that comes twice elsewhere comes once."""
    on = date(2026, 10, 25)
    made = day(
        *(said(id=n, at=datetime(2026, 10, 25, tzinfo=UTC) + timedelta(hours=n)) for n in range(24)), on=on
    )
    stamps = [event["timestamp"] for event in manifest_of(made)["events"]]
    assert stamps == [f"2026-10-25T{n:02}:00:00.000Z" for n in range(24)]


def test_the_same_day_is_the_same_bytes_in_every_export() -> None:
    """Whoever asks, whenever: so a reader finds that it has the day already."""
    sink = Memory()
    made = days.nasty_day(sink)
    other = rsmf.Writer(replace(REQUEST, export_id=8, title="Case 8", made_at=minutes(9)))
    assert rendered(made, into=Memory(sink.natives)) == days.written(other, made, into=Memory(sink.natives))


def test_people_of_whom_only_a_name_is_known_are_told_apart() -> None:
    """Each is a participant with an address that can be nobody's."""
    made = day(said(by=None, name_then="Ghost"), said(id=2, by=None, name_then="Wraith"), said(id=3, by=None))
    [raw] = rendered(made).values()
    mail, manifest, _ = rsmf_check.opened(raw)
    assert rsmf_check.troubles(raw) == []
    assert len({event["participant"] for event in manifest["events"]}) == 3
    assert sum(a.domain == "no-address.invalid" for a in mail["To"].addresses) == 3


@pytest.mark.parametrize(
    ("spoilt", "named"),
    [
        (lambda m: m["events"][1].update(parent="M9"), "answers nothing before it"),
        (lambda m: m["events"][1].update(id="M1"), "named twice"),
        (lambda m: m["events"][0].update(participant="P9"), "is nobody"),
        (lambda m: m["events"][0]["attachments"].clear(), "is not referred to"),
        (lambda m: m["events"][0]["attachments"][0].update(id="other.txt"), "is not in the zip"),
        (lambda m: m["events"][0].update(timestamp="2026-11-02T12:00:00"), "has no zone"),
        (lambda m: m["events"].reverse(), "not in order"),
        (lambda m: m["events"].pop(), "header EventCount is 2"),
    ],
)
def test_the_check_itself_finds_what_is_wrong(spoilt: Callable[[dict[str, Any]], None], named: str) -> None:
    """Else it would prove nothing."""
    sink = Memory()
    made = day(said(files=(sink.holding(b"x"),)), said(id=2, at=minutes(1), reply_to="z-1"))
    [raw] = rendered(made, into=sink).values()
    mail, manifest, members = rsmf_check.opened(raw)
    spoilt(manifest)
    assert any(named in trouble for trouble in rsmf_check.of_manifest(mail, manifest, members))
