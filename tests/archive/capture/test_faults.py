"""While Zoom misbehaves the archive says that it is not complete, and where; afterwards it is as if nothing was."""

from datetime import timedelta

import pytest
from django.conf import settings
from redis import Redis

from archive import completeness
from archive.models import Attachment, Unreadable, Window
from tests.archive.capture.conftest import Town, counts

SAID = 120

PASSING = [
    "rate_second:times=1,nth=2",
    "error_500:times=2,every=2",
    "bad_gateway:times=2,every=3",
    "cut_body:times=2,every=2",
    "slow_body:nth=3,seconds=0.2",
    "revoked_token:nth=2",
    "dead_page_token:times=1,nth=1",
    "repeated_page:times=1,nth=1",
    "unknown_fields:every=1",
]
LASTING = {
    "error_500@reportChatMessages:p=1": "unavailable",
    "bad_gateway@reportChatMessages:p=1": "unavailable",
    "cut_body@reportChatMessages:p=1": "unavailable",
    "wrong_types@reportChatMessages:p=1": "unexpected_reply",
    "dead_page_token@reportChatMessages:p=1": "page_token_expired",
    "rate_day@reportChatMessages:p=1,seconds=3600": "rate_limited",
}


@pytest.fixture
def talkative(town: Town) -> Town:
    """More than a page was said in one month, long settled."""
    for number in range(SAID):
        town.say(f"number {number}", days_ago=60 + number / 1000)
    return town


@pytest.mark.parametrize("spec", PASSING)
def test_a_passing_fault_leaves_no_trace(talkative: Town, spec: str) -> None:
    """Whatever happens once or twice is got over within one capture."""
    talkative.misbehave(spec)
    talkative.capture()
    assert sum(talkative.sandbox.instance.faults.fired.values()) > 0
    assert counts() == (SAID, SAID)
    assert talkative.is_complete()


@pytest.mark.parametrize(("spec", "code"), LASTING.items())
def test_a_lasting_fault_is_a_visible_gap_until_it_ends(talkative: Town, spec: str, code: str) -> None:
    """The gap names the session, the days and the reason; when the fault is over, the next capture closes it."""
    talkative.misbehave(spec)
    talkative.capture()
    gap = next(one for one in completeness.gaps() if one.kind == "messages")
    assert (gap.code, gap.session, gap.is_lost) == (code, "general", False)
    assert not talkative.is_complete()
    talkative.behave()
    let_time_pass(talkative)
    talkative.capture()
    assert counts() == (SAID, SAID)
    assert talkative.is_complete()


def test_a_reply_of_another_shape_is_kept(talkative: Town) -> None:
    """What Zoom sent instead of a list of messages is evidence, byte for byte."""
    talkative.misbehave("wrong_types@reportChatMessages:p=1")
    talkative.capture()
    assert b"an object where a list was" in bytes(Unreadable.objects.all()[0].raw)


def test_the_daily_limit_is_waited_for_until_the_moment_zoom_named(talkative: Town) -> None:
    """Nothing is asked before that moment, not even when a person starts a capture."""
    talkative.misbehave("rate_day@reportChatMessages:p=1,seconds=3600")
    talkative.capture()
    gap = next(one for one in completeness.gaps() if one.code == "rate_limited")
    assert gap.retry_at is not None
    assert timedelta(minutes=55) < gap.retry_at - talkative.now() <= timedelta(minutes=61)
    asked = talkative.asked()
    talkative.capture()
    assert talkative.asked() == asked


FILE_FAULTS: dict[str, str] = {"file_vanished:p=1": "gone", "file_corrupted:p=1": "mismatch"}


@pytest.mark.parametrize(("spec", "state"), FILE_FAULTS.items())
def test_a_file_that_is_gone_or_differs_is_said_and_asked_for_again(
    town: Town, spec: str, state: str
) -> None:
    """The archive is not complete while a file is missing or differs from Zoom's digest; then it comes."""
    town.say("see attached", days_ago=9, file=b"the minutes of the meeting")
    town.misbehave(spec)
    town.capture()
    broken = Attachment.objects.get()
    assert (broken.state, broken.last_error == "") == (state, False)
    assert not town.is_complete()
    town.behave()
    town.capture()
    assert Attachment.objects.get().state == "stored"
    assert town.is_complete()


def test_differing_bytes_are_kept_and_both_digests_named(town: Town) -> None:
    """A mismatch is evidence too."""
    town.say("see attached", days_ago=9, file=b"the minutes of the meeting")
    town.misbehave("file_corrupted:p=1")
    town.capture()
    kept = Attachment.objects.select_related("blob").get()
    assert kept.blob is not None
    assert bytes(kept.blob.sha256).hex() in kept.last_error
    assert kept.digest_claimed in kept.last_error


def test_unanswered_requests_end_the_work_early(town: Town) -> None:
    """When Zoom is out of order, not every one of many windows has to find out for itself."""
    for month in range(5):
        town.say("hello", days_ago=20 + 30 * month)
        town.world.say(town.talk, town.ines, "hello", at=town.ago(days=20 + 30 * month))
    town.misbehave("error_500@reportChatMessages:p=1")
    town.capture()
    assert Window.objects.filter(kind="messages", state="gap").count() < 10
    assert not town.is_complete()


def let_time_pass(town: Town) -> None:
    """Past the moment a daily limit named, and past the pause the workers share."""
    town.world.clock.advance(seconds=3700)
    Redis.from_url(settings.REDIS_URL).flushdb()
