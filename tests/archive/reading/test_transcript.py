"""A conversation is read as people saw it, from its own session only, in a constant number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import blobs, ingest, transcript
from archive.models import Attachment, Forward, Message, Observation, Window
from tests.archive.scenes import INES, NOON, NOW, OLU, RAVI, conversation, page, said

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


Records = list[dict[str, Any]]


def captured(
    window: Window, *sent: dict[str, Any], edited: Records | None = None, deleted: Records | None = None
) -> None:
    pull = window.fetched_pages.count() + 1
    offered = page(sent, edited=edited or (), deleted=deleted or ())
    ingest.message_page(offered, window=window, pull=pull, now=NOW + pull * MINUTE)


def read(window: Window, **where: Any) -> transcript.Transcript:
    found = transcript.between(window.session_id or 0, now=NOW, **where)
    assert found is not None
    return found


def at(minute: int) -> int:
    return int((NOON + minute * MINUTE).timestamp() * 1000)


def test_messages_come_oldest_first_with_the_names_of_then() -> None:
    """A later change of name does not rewrite what was said before it."""
    window = conversation()
    captured(window, said("second", id="b", by={**INES, "sender_display_name": "Ines B."}, minute=5))
    captured(window, said("first", id="a"))
    assert [(m.text, m.sender_name) for m in read(window).messages] == [
        ("first", "Ines"),
        ("second", "Ines B."),
    ]


def test_every_wording_is_told_once_in_the_order_it_was_written() -> None:
    """The lists repeat the same words; the reader sees the first, the second and the third."""
    window = conversation()
    captured(window, said("one", id="a"))
    edits = [said(t, id="a", action_timestamp=at(m)) for t, m in (("one", 0), ("two", 3), ("three", 9))]
    captured(window, said("three", id="a"), edited=edits)
    story = read(window).messages[0].story
    assert [(w.text, w.at) for w in story.wordings] == [
        ("one", NOON),
        ("two", NOON + 3 * MINUTE),
        ("three", NOON + 9 * MINUTE),
    ]
    assert (story.state, story.edited_at, story.original_is_held) == ("edited", NOON + 9 * MINUTE, True)
    assert read(window).messages[0].revisions == 5


def test_a_message_edited_before_capture_says_that_its_first_wording_is_missing() -> None:
    """We hold what it became; we do not pretend that it was said so."""
    window = conversation()
    captured(window, said("late", id="a"), edited=[said("late", id="a", action_timestamp=at(4))])
    story = read(window).messages[0].story
    assert [w.text for w in story.wordings] == ["late"]
    assert (story.state, story.original_is_held) == ("edited", False)


def test_a_deletion_leaves_the_words_and_the_moment() -> None:
    """What was deleted is shown as deleted, with what it said."""
    window = conversation()
    captured(window, said("regret", id="a"))
    captured(window, deleted=[said("regret", id="a", action_timestamp=at(7))])
    message = read(window).messages[0]
    assert (message.text, message.story.state, message.story.deleted_at) == (
        "regret",
        "deleted",
        NOON + 7 * MINUTE,
    )


def test_threads_know_their_main_message_and_its_replies() -> None:
    """Also when the main message is on another page; a reply to what is not held says so."""
    window = conversation()
    captured(window, said("q", id="q"), said("a", id="a", minute=1, reply_main_message_id="q"))
    captured(window, said("b", id="b", minute=2, reply_main_message_id="gone"))
    main, reply, lost = read(window).messages
    assert (main.thread.replies, reply.thread.main_id) == (1, main.id)
    assert (lost.thread.main_zoom_id, lost.thread.main_id) == ("gone", None)


def test_reactions_name_people_once() -> None:
    """The same person by member id and by user id is one; strangers are counted."""
    window = conversation()
    liked = {"emoji": "U+1F44D", "total_count": 3, "member_ids": ["m-ravi", "m-olu"], "user_ids": ["u-ravi"]}
    ravi = b'{"id":"u-ravi","member_id":"m-ravi","display_name":"Ravi"}'
    captured(window, said("hi", id="a", by=RAVI), said("yes", id="b", minute=1, reactions=[liked]))
    ingest.observation(account=window.account, kind=Observation.Kind.CONTACT, subject="u", raw=ravi, now=NOW)
    reaction = read(window).messages[1].reactions[0]
    assert (reaction.emoji, reaction.count, reaction.people, reaction.unnamed) == ("👍", 3, ("Ravi",), 2)


def test_files_say_what_became_of_them(settings: Any, tmp_path: Any) -> None:
    """A stored file has its digest and true size; one that is due has only Zoom's claim."""
    settings.HOLDFAST_DATA = tmp_path
    window = conversation()
    captured(window, said("", id="a", files=[{"file_id": "f1", "file_size": 9}, {"file_id": "f2"}]))
    blob = blobs.store(b"hello", now=NOW)
    Attachment.objects.filter(zoom_file_id="f1").update(blob=blob, state="stored")
    stored, due = read(window).messages[0].files
    assert (stored.state, stored.stored_bytes, stored.claimed_bytes) == ("stored", 5, 9)
    assert (due.state, due.sha256) == ("due", None)


def test_a_forward_shows_its_original() -> None:
    """Once fetched, with who said it and when."""
    window = conversation()
    captured(window, said("fyi", id="a", forward_id="fw"))
    raw = b'{"id":"x","message":"secret\\u0000","sender_display_name":"Olu","timestamp":%d}' % at(0)
    seen = ingest.observation(
        account=window.account, kind=Observation.Kind.FORWARD, subject="fw", raw=raw, now=NOW
    )
    Forward.objects.update(original_id=seen.observation_id, state="stored")
    forwarded = read(window).messages[0].forwarded[0]
    assert (forwarded.text, forwarded.sender_name, forwarded.sent_at) == ("secret␀", "Olu", NOON)


def test_joins_and_leaves_stand_between_messages() -> None:
    """Of this session's channel only."""
    window = conversation()
    assert window.session is not None
    window.session.channel_id = "c1"
    window.session.save()
    captured(window, said("hi", id="a"))
    for channel in ("c1", "c2"):
        raw = (
            b'{"activity_timestamp":%d,"members":{"member_status":"left","member_list":[{"member_id":"m-olu",'
            b'"display_name":"Olu"}]}}' % at(1)
        )
        ingest.observation(
            account=window.account, kind=Observation.Kind.ACTIVITY, subject=channel, raw=raw, now=NOW
        )
    assert [(s.action, s.person, s.at) for s in read(window).steps] == [("left", "Olu", NOON + MINUTE)]


def test_pages_are_read_on_by_key_without_repeating_or_missing() -> None:
    """Also through messages of the same moment, forwards and backwards."""
    window = conversation()
    captured(window, *[said(str(n), id=str(n), minute=n // 4) for n in range(23)])
    texts: list[str] = []
    position: transcript.Position | None = transcript.Position(NOON - MINUTE, 0)
    while position is not None:
        stretch = read(window, after=position, limit=5)
        texts += [m.text for m in stretch.messages]
        position = stretch.later
    assert texts == [str(n) for n in range(23)]
    newest = read(window, limit=5)
    older = read(window, before=newest.earlier, limit=5)
    assert [m.text for m in (*older.messages, *newest.messages)] == [str(n) for n in range(13, 23)]
    assert newest.later is None
    assert older.later is not None


def test_a_message_is_shown_with_what_was_said_around_it() -> None:
    """A link to a hit opens the conversation there."""
    window = conversation()
    captured(window, *[said(str(n), id=str(n), minute=n) for n in range(20)])
    middle = Message.objects.get(zoom_id="10")
    stretch = read(window, around=middle.pk, limit=5)
    assert [m.text for m in stretch.messages] == ["8", "9", "10", "11", "12"]
    assert stretch.earlier is not None
    assert stretch.later is not None


def test_nothing_is_read_outside_the_session() -> None:
    """A message, a thread or a position of another session gives nothing of it."""
    mine, other = conversation("mine"), conversation("other")
    captured(mine, said("mine", id="a", reply_main_message_id="secret"))
    captured(other, said("theirs", id="secret"), said("theirs", id="r", reply_main_message_id="a"))
    elsewhere = Message.objects.get(session=other.session, zoom_id="secret")
    assert transcript.between(mine.session_id or 0, now=NOW, around=elsewhere.pk) is None
    message = read(mine).messages[0]
    assert (message.thread.main_id, message.thread.replies) == (None, 0)
    assert transcript.between(10**9, now=NOW) is None


def test_the_days_of_the_stretch_say_how_complete_they_are() -> None:
    """The window was never closed: nothing is claimed."""
    window = conversation()
    captured(window, said("hi", id="a"))
    assert [(d.day, d.state) for d in read(window).days] == [(NOON.date(), "waiting")]


def test_the_number_of_queries_does_not_grow() -> None:
    """Three messages or sixty, with everything on them, cost the same."""
    counts = []
    for name, size in (("few", 3), ("many", 60)):
        window = conversation(name)
        reactions = [{"emoji": "U+1F44D", "total_count": 1, "member_ids": ["m-olu"]}]
        files = [{"file_id": "f"}]
        captured(
            window,
            *[
                said(f"{n}", id=f"{n}", by=OLU, minute=n, reactions=reactions, files=files, forward_id="x")
                for n in range(size)
            ],
        )
        with CaptureQueriesContext(connection) as queries:
            assert len(read(window).messages) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("text", ["", "x", "1.", ".1", "1.x", "9" * 40 + ".1", "1.²", "-5.3 OR 1=1"])
def test_a_position_that_is_none_is_refused(text: str) -> None:
    """Whatever stands in a URL, it is a position or nothing."""
    assert transcript.position(text) is None


def test_a_position_survives_its_text() -> None:
    """To the microsecond."""
    position = transcript.Position(NOON + timedelta(microseconds=123457), 77)
    assert transcript.position(str(position)) == position
