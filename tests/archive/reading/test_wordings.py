"""The story of a message from its revisions, whatever Zoom gave and left out."""

from datetime import UTC, datetime, timedelta

from archive.transcript.wordings import DELETED, EDITED, SENT, Seen, State, Story, story

SAID = datetime(2026, 11, 2, 12, tzinfo=UTC)
STORED = SAID + timedelta(days=1)


def told(*revisions: tuple[str, str, int | None]) -> Story:
    """The story of (list, text, minutes after it was said) in the order they were stored, an hour apart."""
    return story(
        [
            Seen(
                revision_id=number,
                kind=kind,
                text=text,
                sender_name="",
                action_at=None if minute is None else SAID + timedelta(minutes=minute),
                stored_at=STORED + timedelta(hours=number),
                oddities=(),
            )
            for number, (kind, text, minute) in enumerate(revisions)
        ],
        sent_at=SAID,
    )


def words(found: Story) -> list[str]:
    return [wording.text for wording in found.wordings]


def test_what_was_never_touched_is_as_sent() -> None:
    """A new reaction is another revision of the same words."""
    found = told((SENT, "hi", None), (SENT, "hi", None))
    assert (words(found), found.state, found.edited_at) == (["hi"], State.SENT, None)
    assert found.wordings[0].revision_ids == (0, 1)


def test_an_edit_seen_only_as_new_words_has_no_known_moment() -> None:
    """Zoom changed the list of messages without listing an edit: written by the time it was seen."""
    found = told((SENT, "one", None), (SENT, "two", None))
    assert (words(found), found.state, found.edited_at) == (["one", "two"], State.EDITED, None)
    assert [wording.at_is_known for wording in found.wordings] == [True, False]


def test_words_taken_back_and_put_again_are_told_each_time() -> None:
    """Yes, no, yes: three wordings, though the first and last are alike."""
    found = told((EDITED, "yes", 0), (EDITED, "no", 1), (EDITED, "yes", 2), (SENT, "yes", None))
    assert words(found) == ["yes", "no", "yes"]
    assert found.wordings[-1].revision_ids == (2, 3)


def test_a_message_known_only_as_deleted_still_has_its_words() -> None:
    """Deleted before it was captured."""
    found = told((DELETED, "gone", 5))
    assert (words(found), found.state, found.deleted_at) == (
        ["gone"],
        State.DELETED,
        SAID + timedelta(minutes=5),
    )
    assert found.original_is_held


def test_a_deletion_without_a_moment_is_a_deletion() -> None:
    """When is unknown, that it happened is not."""
    found = told((SENT, "x", None), (DELETED, "x", None))
    assert (found.state, found.deleted_at, words(found)) == (State.DELETED, None, ["x"])


def test_an_edit_before_capture_without_its_first_wording_says_so() -> None:
    """The earliest words held are not the first."""
    found = told((SENT, "new", None), (EDITED, "new", 3))
    assert (words(found), found.original_is_held, found.state) == (["new"], False, State.EDITED)


def test_the_list_of_messages_may_say_itself_when_its_words_were_written() -> None:
    """The present wording of an edited message, in both lists with the same moment, is one wording."""
    found = told((SENT, "two", 4), (EDITED, "one", 0), (EDITED, "two", 4))
    assert (words(found), found.edited_at) == (["one", "two"], SAID + timedelta(minutes=4))
    alone = told((SENT, "two", 4))
    assert (words(alone), alone.state, alone.original_is_held) == (["two"], State.EDITED, False)


def test_an_edit_that_left_the_words_alone_is_still_an_edit() -> None:
    """Its formatting may have changed: one wording, and the moment of the edit."""
    found = told((SENT, "agreed", 11), (EDITED, "agreed", 0), (EDITED, "agreed", 11))
    assert (words(found), found.state, found.edited_at) == (
        ["agreed"],
        State.EDITED,
        SAID + timedelta(minutes=11),
    )
