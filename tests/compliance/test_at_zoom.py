"""What the console changes at Zoom, against a pretend one over HTTP: done, surely not done, or perhaps."""

from datetime import timedelta

import pytest

from compliance import at_zoom
from tests.archive.capture.conftest import Town, data, hurry, town

__all__ = ["data", "hurry", "town"]


def write(town: Town, text: str = "hello") -> str:
    return at_zoom.send_chat(account_id=town.account.pk, sender="", contact=town.ravi.email, text=text)


def find(town: Town, mark: str) -> str | None:
    hour = timedelta(hours=1)
    return at_zoom.find_chat(
        account_id=town.account.pk, sender="", contact=town.ravi.email, holding=mark,
        since=town.now() - hour, until=town.now() + hour,
    )  # fmt: skip


def chats(town: Town, text: str) -> int:
    """How often something stands in Ravi's chats."""
    return sum(said.text == text for one in town.world.sessions.values() for said in one.messages)


def test_a_chat_arrives_and_is_found_again(town: Town) -> None:
    """By its id, and by a mark in its text."""
    sent = write(town, "keep it. Reference abc")
    assert chats(town, "keep it. Reference abc") == 1
    assert find(town, "Reference abc") == sent
    assert find(town, "Reference xyz") is None


def test_a_lost_reply_is_not_taken_for_a_failure(town: Town) -> None:
    """The message is there, though Zoom's answer never came whole."""
    town.misbehave("cut_body@sendaChatMessage:nth=1")
    with pytest.raises(at_zoom.Unclear):
        write(town, "once")
    assert chats(town, "once") == 1
    assert find(town, "once") is not None


def test_a_server_that_breaks_leaves_it_open(town: Town) -> None:
    """A 500 says nothing about what was done."""
    town.misbehave("error_500@sendaChatMessage:every=1")
    with pytest.raises(at_zoom.Unclear):
        write(town)


def test_a_limit_says_when_it_is_over(town: Town) -> None:
    """It was surely not done, and the moment is Zoom's."""
    town.misbehave("rate_day@sendaChatMessage:every=1,seconds=7200")
    with pytest.raises(at_zoom.NotNow) as limited:
        write(town)
    assert limited.value.retry_at is not None
    assert limited.value.retry_at > town.now()


def test_what_zoom_refuses_is_said(town: Town) -> None:
    """Nobody of that address, and a text that is too long."""
    with pytest.raises(at_zoom.Refused):
        at_zoom.send_chat(account_id=town.account.pk, sender="", contact="nobody@acme.example", text="x")
    with pytest.raises(at_zoom.Refused, match="1024"):
        write(town, "x" * 1025)


def test_an_account_that_is_gone_is_said(town: Town) -> None:
    """Nothing is asked of anybody."""
    with pytest.raises(at_zoom.Refused, match="not connected"):
        at_zoom.send_chat(account_id=10**9, sender="", contact=town.ravi.email, text="x")
