"""Pages of conversations still work where a message was destroyed, and say so."""

import pytest

from archive import glimpses, transcript
from tests.archive import scenes
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy
from tests.archive.scenes import NOW

pytestmark = pytest.mark.django_db


def test_a_destroyed_message_keeps_its_place_without_words(talk: Talk) -> None:
    """Who, when, and in which thread; under which disposition it went; nothing of what it said."""
    main = talk.say("who is in?", id="a")
    talk.say("me", id="b", by=scenes.RAVI, minute=1, reply_main_message_id="a")
    destroy(main)
    stretch = transcript.between(talk.session_id, now=NOW)
    assert stretch is not None
    gone, reply = stretch.messages
    assert gone.destroyed == transcript.Destroyed(DISPOSITION, NOW)
    assert (gone.text, gone.story.state, gone.revisions) == ("", transcript.State.DESTROYED, 0)
    assert (gone.thread.replies, reply.thread.main_id) == (1, main.pk)
    assert reply.destroyed is None


def test_its_line_in_a_list_says_so(talk: Talk) -> None:
    """Frozen lists and tags go on naming it."""
    said = talk.say("go", id="a")
    destroy(said)
    assert glimpses.of([said.pk])[said.pk].is_destroyed
    assert [wording.text for wording in glimpses.of([said.pk])[said.pk].wordings] == [""]
