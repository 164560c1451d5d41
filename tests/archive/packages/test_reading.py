"""Chosen messages come as days: in order, with every version, and nothing that came after the checkpoint."""

import hashlib
from datetime import date

from archive.models import Revision
from archive.packages import choosing, facts, natives, reading, sinks
from archive.packages.content import Day, Request
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk, file
from tests.archive.packages.conftest import everything


def days(request: Request) -> list[Day]:
    facts.keep(export_id=request.export_id, moment=request.made_at)
    copied = natives.copy(request, into=sinks.Counting(), step=lambda: None)
    return list(reading.days(request, lost=copied.lost))


def test_a_day_has_its_messages_in_order_of_time(talk: Talk) -> None:
    """Whatever the order in which they were captured."""
    talk.say("second", id="2", minute=5)
    talk.say("first", id="1", minute=1)
    (day,) = days(everything(talk))
    assert [message.versions[0].text for message in day.messages] == ["first", "second"]
    assert (day.day, day.part, day.parts) == (date(2026, 11, 2), 1, 1)
    assert day.conversation.title == "general"


def test_every_version_comes_with_what_its_leaf_commits_to(talk: Talk) -> None:
    """Both what was said and what it became, with the digests of the bytes they came in."""
    talk.say("friday", id="1")
    talk.edit("monday", id="1")
    (day,) = days(everything(talk))
    (message,) = day.messages
    assert [(one.kind, one.text) for one in message.versions] == [("sent", "friday"), ("edited", "monday")]
    assert message.is_edited
    raws = Revision.objects.order_by("pk").values_list("raw", flat=True)
    assert [one.raw_sha256 for one in message.versions] == [hashlib.sha256(raw).digest() for raw in raws]


def test_what_is_captured_later_changes_nothing(talk: Talk) -> None:
    """An edit, a name, a file and another message after the checkpoint are not in the package."""
    talk.say("friday", id="1", files=[file("f1")])
    request = everything(talk)
    before = days(request)
    talk.edit("monday", id="1", by={**scenes.INES, "sender_display_name": "Ines the Great"})
    talk.say("and another thing", id="2")
    talk.attach(b"plan", file_id="f1")
    assert days(request) == before


def test_a_file_says_where_it_is_or_why_not(talk: Talk) -> None:
    """One is there, one was never fetched."""
    talk.say("look", id="1", files=[file("f1"), file("f2", name="x.txt")])
    talk.attach(b"plan", file_id="f1")
    (day,) = days(everything(talk))
    here, missing = day.messages[0].files
    assert here.path is not None
    assert here.path.startswith("data/files/")
    assert here.path.endswith(".txt")
    assert (missing.path, missing.reason) == (None, "It had not been fetched from Zoom yet.")


def test_an_export_that_is_given_up_keeps_nothing(talk: Talk) -> None:
    """What it had chosen goes; what was said stays."""
    talk.say("friday", id="1", files=[file("f1")])
    request = everything(talk)
    assert len(days(request)) == 1
    choosing.drop(export_id=request.export_id)
    assert choosing.count(export_id=request.export_id) == 0
    assert days(everything(talk)) != []
