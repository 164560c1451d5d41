"""What people say ends up in the archive, once, with everything they changed later."""

from archive import completeness
from archive.capture.spans import Span, month_of
from archive.models import Attachment, DayCount, Forward, Membership, Message, Window
from tests.archive.capture.conftest import Town, counts, texts


def test_what_was_said_in_six_months_is_captured(town: Town) -> None:
    """Messages of many months arrive, and the summary says up to when."""
    for days in (170, 120, 60, 30, 3, 0.01):
        town.say(f"{days} days ago", days_ago=days)
    town.capture()
    assert counts() == (6, 6)
    state = completeness.summary(now=town.now())
    assert state.is_complete
    assert state.complete_to is not None


def test_a_second_capture_adds_nothing(town: Town) -> None:
    """Pulling the days that have not settled again finds the same records."""
    town.say("old", days_ago=50)
    town.say("new")
    town.capture()
    town.capture()
    assert counts() == (2, 2)
    assert town.is_complete()


def test_days_that_settled_are_not_asked_again(town: Town) -> None:
    """A second capture asks for the current month only; in its first days it would for the one before as well."""
    while town.now().day < 10:
        town.world.clock.advance(seconds=86_400)
    for days in (150, 120, 90, 60):
        town.say("then", days_ago=days)
    town.capture()
    before = town.asked()
    town.capture()
    assert town.asked() - before <= 1


def test_a_late_edit_and_a_late_deletion_in_a_quiet_session_arrive(town: Town) -> None:
    """The sweep brings changes to messages of months ago, and the originals stay beside them."""
    edited, deleted = town.say("ship it friday", days_ago=100), town.say("delete me", days_ago=99)
    town.capture()
    town.world.edit(edited, "ship it monday")
    town.world.delete(deleted)
    town.capture()
    assert [text for _, text in texts(edited)] == ["ship it friday", "ship it monday"]
    assert sorted(texts(deleted)) == [("deleted", "delete me"), ("sent", "delete me")]


def test_what_is_said_after_the_first_capture_arrives_with_the_next(town: Town) -> None:
    """A session that speaks again is asked again at once."""
    town.say("first", days_ago=40)
    town.capture()
    town.say("second")
    town.capture()
    assert set(Message.objects.values_list("revisions__text", flat=True)) == {"first", "second"}


def test_the_account_of_every_day_balances_and_zero_is_told(town: Town) -> None:
    """A day with two messages says two, a quiet day of the same month says zero, proven."""
    first = town.say("one", days_ago=40)
    town.world.say(town.general, town.ravi, "two", at=first.timestamp + 1)
    town.capture()
    session = Message.objects.values_list("session_id", flat=True)[0]
    day = DayCount.objects.get().day
    month = completeness.calendar(session, day, now=town.now())
    told = {one.day: (one.state, one.offered) for one in month}
    assert told[day] == (completeness.DayState.COMPLETE, 2)
    assert all(state == "complete" and (offered == 0 or of == day) for of, (state, offered) in told.items())


def test_a_file_is_fetched_once_for_all_the_messages_it_is_on(town: Town) -> None:
    """Two messages with the same file make two attachments and one download."""
    said = town.say("see attached", days_ago=5, file=b"the minutes")
    town.world.say(town.general, town.ravi, "again", files=[town.world.files[said.file_ids[0]]])
    town.capture()
    assert [one.state for one in Attachment.objects.all()] == ["stored", "stored"]
    assert town.asked("downloadFile") == 1
    assert {bytes(one.blob.sha256) for one in Attachment.objects.select_related("blob") if one.blob} != set()


def test_a_forward_brings_its_original(town: Town) -> None:
    """The message behind a forward is kept as an observation."""
    town.world.forward(town.say("the original", days_ago=3), town.talk, town.ines)
    town.capture()
    forward = Forward.objects.select_related("original").get()
    assert forward.state == "stored"
    assert forward.original is not None
    assert b"the original" in bytes(forward.original.raw)


def test_joins_and_leaves_are_captured(town: Town) -> None:
    """Who could see the channel when."""
    channel = next(iter(town.world.channels.values()))
    town.world.leave(channel, town.olu, at=town.ago(days=4))
    town.capture()
    steps = set(Membership.objects.values_list("person__display_name", "action"))
    assert ("Olu", "left") in steps


def test_an_empty_account_is_complete_with_zero(town: Town) -> None:
    """Nothing was said, and that is proven rather than unknown."""
    assert completeness.summary(now=town.now()).complete_to is None
    town.capture()
    assert completeness.summary(now=town.now()).complete_to is not None
    assert counts() == (0, 0)


def test_days_outside_what_was_asked_stay_unread(town: Town) -> None:
    """`--from --to` reads the months it touches and says that the rest was not read."""
    town.say("in the span", days_ago=70)
    town.say("outside", days_ago=10)
    day = completeness.cliff(now=town.now()).oldest_day
    asked = (town.now().date().replace(day=1)).toordinal() - 40
    span = month_of(day.fromordinal(asked))
    town.capture(within=Span(span.first, span.last))
    unread = Window.objects.filter(kind="sessions", complete_through=None)
    assert unread.count() == 6
    assert not town.is_complete()
