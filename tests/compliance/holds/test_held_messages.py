"""What the page of a message says of holds, to those who may see the matters and to those who may not."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from compliance import holds
from tests.archive import scenes
from tests.archive.scenes import NOON, NOW
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def shown(page: bytes) -> str:
    """The section on holds in words."""
    section = page.decode().split('id="holds"')[1].split("</section>")[0]
    text = re.sub(r"</?(a|bdi|time|b|span|strong)\b[^>]*>", "", section.split(">", 1)[1])
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_what_is_said_after_a_custodian_joined_is_held(office: Office, ines: User, as_person: As) -> None:
    """Olu joined yesterday; what Ravi says there today is held, and the page says since when Olu takes part."""
    office.step("joined", NOON - DAY)
    message = office.say(NOON)
    matter = office.open_matter()
    office.hold(matter)
    office.let_in(matter, ines)
    words = shown(as_person(ines).get(f"/messages/{message.pk}/").content)
    assert "Held by 1 matter; it cannot be destroyed while that stands." in words
    assert "Inquiry 2026-114 Received by Olu Ade, who took part. They joined 1 Nov 2026" in words
    assert holds.held([message.pk]) == {message.pk}


def test_what_is_said_after_a_custodian_left_is_not_held_and_the_page_says_why(
    office: Office, ines: User, as_person: As
) -> None:
    """Olu left this morning; nothing holds what Ravi says at noon."""
    office.step("joined", NOON - DAY)
    office.step("left", NOON - timedelta(hours=3))
    message = office.say(NOON)
    matter = office.open_matter()
    office.hold(matter)
    office.let_in(matter, ines)
    words = shown(as_person(ines).get(f"/messages/{message.pk}/").content)
    assert words.startswith("Holds No matter holds this message. Why 1 matter does not hold it")
    assert "Olu Ade had left 2 Nov 2026" in words
    assert holds.held([message.pk]) == frozenset()


def test_a_standing_rule_holds_what_is_captured_after_it_was_placed(office: Office) -> None:
    """Nothing is remembered when a hold is placed: a message, or a join, learned of later counts."""
    office.hold(office.open_matter())
    message = office.say(NOON)
    assert holds.held([message.pk]) == frozenset()
    office.step("joined", NOON - DAY)
    assert holds.held([message.pk]) == {message.pk}


def test_the_page_says_when_there_is_no_record_of_joining(office: Office, ines: User, as_person: As) -> None:
    """Missing evidence holds, and is named."""
    office.step("left", NOON + DAY)
    message = office.say(NOON)
    matter = office.open_matter()
    office.hold(matter)
    office.let_in(matter, ines)
    words = shown(as_person(ines).get(f"/messages/{message.pk}/").content)
    assert "there is no record of when they joined, so they count as always there before" in words


def test_matters_of_others_are_counted_and_not_named(office: Office, ravi: User, as_person: As) -> None:
    """Ravi learns that a second matter holds the message, and not which."""
    message = office.say(NOON, by=scenes.OLU)
    mine, theirs = office.open_matter("Mine"), office.open_matter("Secret")
    office.hold(mine)
    office.hold(theirs)
    office.let_in(mine, ravi)
    page = as_person(ravi).get(f"/messages/{message.pk}/").content
    assert "Held by 2 matters; it cannot be destroyed while one of them stands. Mine Said by" in shown(page)
    assert "And 1 matter you are no member of." in shown(page)
    assert b"Secret" not in page


def test_nearly_is_not_told_of_matters_of_others(office: Office, ines: User, as_person: As) -> None:
    """Why a matter does not hold something is for its members."""
    message = office.say(NOON)
    office.hold(office.open_matter("Secret"), session_id=office.session.pk, since=NOON + DAY)
    words = shown(as_person(ines).get(f"/messages/{message.pk}/").content)
    assert words == "Holds No matter holds this message."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"since": NOON + DAY}, "Said before 3 Nov 2026, 12:00:00 UTC, when the hold begins."),
        ({"until": NOON}, "Not said before 2 Nov 2026, 12:00:00 UTC, when the hold ends."),
        ({"covers_received": False}, "Olu Ade took part, but only what they said themselves is held."),
    ],
)
def test_the_page_says_what_is_missing(
    office: Office, ines: User, as_person: As, fields: dict[str, object], expected: str
) -> None:
    """Each condition that fails by itself has its sentence."""
    office.step("joined", NOON - DAY)
    message = office.say(NOON)
    matter = office.open_matter()
    office.hold(matter, **fields)
    office.let_in(matter, ines)
    assert expected in shown(as_person(ines).get(f"/messages/{message.pk}/").content)


def test_a_hold_that_ended_holds_nothing(office: Office) -> None:
    """Released, it stays written and has no effect."""
    message = office.say(NOON)
    hold = office.hold(office.open_matter(), session_id=office.session.pk)
    assert holds.held([message.pk]) == {message.pk}
    type(hold).objects.filter(pk=hold.pk).update(released_at=NOW)
    assert holds.held([message.pk]) == frozenset()


def test_the_conversation_marks_what_is_held(office: Office, ines: User, as_person: As) -> None:
    """What was said before Olu left carries the mark, what was said after does not."""
    office.step("left", NOON)
    office.say(NOON - DAY)
    office.say(NOON + DAY)
    office.hold(office.open_matter())
    page = as_person(ines).get(f"/sessions/{office.session.pk}/").content.decode()
    marked = [article for article in page.split("<article")[1:] if "state-held" in article]
    assert len(marked) == 1
    assert "words 1" in marked[0]


def test_who_may_not_read_is_told_nothing(office: Office, ada: User) -> None:
    """An administrator runs the system and cannot read messages."""
    message = office.say(NOON)
    with pytest.raises(PermissionDenied):
        holds.of_message(message_id=message.pk, by=ada, now=NOW)


def test_of_many_matters_the_oldest_say_why_and_the_others_are_counted(
    office: Office, ines: User, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a message that hundreds of matters hold stays one that is read, and says how many there are."""
    monkeypatch.setattr(holds, "MOST_TOLD", 2)
    message = office.say(NOON, by=scenes.OLU)
    for number in range(1, 6):
        matter = office.open_matter(f"Inquiry {number}")
        office.hold(matter)
        office.let_in(matter, ines)
    for number in range(1, 5):
        matter = office.open_matter(f"Later {number}")
        office.hold(matter, since=NOON + DAY)
        office.let_in(matter, ines)
    words = shown(as_person(ines).get(f"/messages/{message.pk}/").content)
    assert "Held by 5 matters; it cannot be destroyed while one of them stands. Inquiry 1" in words
    assert "Inquiry 2" in words
    assert "Inquiry 3" not in words
    assert words.count("And 3 more of your matters.") == 1
    assert "Why 4 other matters do not hold it Later 1" in words
    assert "Later 3" not in words
    assert words.endswith("And 2 more of your matters.")
