"""A message that also lies in a zip of a legal hold is not destroyed while the zip is kept."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries as CountsQueries

from archive import kept_zips
from archive.capture import comparing
from archive.models import HoldEntry, HoldFile, Message, Revision
from archive.purge import Refusal, Why
from tests.archive import scenes
from tests.archive.disposition import zips
from tests.archive.disposition.conftest import Talk, destroy
from tests.archive.holds.conftest import Hold, data, hold, hurry, town

__all__ = ["data", "hold", "hurry", "town"]

pytestmark = pytest.mark.django_db


def messages() -> list[Message]:
    return list(Message.objects.order_by("sent_at", "pk"))


def test_what_a_zip_names_is_refused_and_the_zip_named(hold: Hold) -> None:
    """Two messages are in the chat log of the zip; both stay, word for word."""
    hold.town.capture()
    hold.open()
    zip_ = HoldFile.objects.get(opening="opened")
    said = messages()
    assert [message.pk for message in said] != []
    outcome = destroy(*said)
    assert set(outcome.refused) == {Refusal(message.pk, Why.IN_A_ZIP, zips=(zip_.pk,)) for message in said}
    assert Revision.objects.count() >= len(said)


def test_what_an_unopened_zip_may_have_is_refused(hold: Hold) -> None:
    """Nobody knows what is in it: everything of its custodian and its days counts."""
    hold.town.capture()
    said = messages()
    assert all(one.why is Why.IN_A_ZIP for one in destroy(*said).refused)


def test_what_lies_outside_of_every_zip_goes(hold: Hold) -> None:
    """Said by the same custodian, in other days."""
    hold.town.say("much later", days_ago=3)
    hold.town.capture()
    hold.open()
    (late,) = [message for message in messages() if message.revisions.filter(text="much later").exists()]
    assert destroy(late).destroyed == (late.pk,)


def test_what_somebody_else_said_is_refused_where_it_is_named(talk: Talk) -> None:
    """Ravi's answer stands in the chat log of Ines's zip: its words stay in those bytes, so it stays; his other words go."""
    asked, answered = talk.say("hello", id="a"), talk.say("and you?", id="b", minute=1, by=scenes.RAVI)
    elsewhere = talk.say("in no zip", id="c", minute=2, by=scenes.RAVI)
    zip_ = zips.zipped(talk.account, asked, answered)
    assert zip_.custodian.person != answered.sender
    outcome = destroy(answered, elsewhere)
    assert outcome.destroyed == (elsewhere.pk,)
    assert outcome.refused == (Refusal(answered.pk, Why.IN_A_ZIP, zips=(zip_.pk,)),)


def test_what_was_said_in_other_days_is_refused_where_it_is_named(talk: Talk) -> None:
    """The chat log decides, not the days Zoom says of the zip."""
    said = talk.say("hello", id="a")
    day = scenes.NOON.date() + timedelta(days=9)
    zip_ = zips.zipped(talk.account, said, days=(day, day))
    assert destroy(said).refused == (Refusal(said.pk, Why.IN_A_ZIP, zips=(zip_.pk,)),)


def test_what_a_zip_opened_in_part_names_is_refused(talk: Talk) -> None:
    """Whatever it names is in it, whoever said it; what its custodian said in its days may be in the rest of it."""
    answered = talk.say("and you?", id="b", by=scenes.RAVI)
    other, own = talk.say("in no zip", id="c", by=scenes.RAVI), talk.say("hello", id="a")
    zip_ = zips.zipped(talk.account, answered)
    zip_.custodian.person = own.sender
    zip_.custodian.save()
    HoldFile.objects.filter(pk=zip_.pk).update(opening="partly")
    outcome = destroy(answered, other, own)
    assert outcome.destroyed == (other.pk,)
    assert {one.message_id for one in outcome.refused} == {answered.pk, own.pk}


def test_a_zip_that_is_opened_again_is_read_again(talk: Talk) -> None:
    """What a process remembers of a zip ends when that is opened anew and names something else."""
    first, second = talk.say("hello", id="a"), talk.say("again", id="b", minute=1)
    zip_ = zips.zipped(talk.account, first)
    assert kept_zips.having([first.pk, second.pk]) == {first.pk: (zip_.pk,)}
    HoldEntry.objects.filter(hold_file=zip_).delete()
    zips.opened(zip_, second)
    HoldFile.objects.filter(pk=zip_.pk).update(opened_at=scenes.NOW + timedelta(hours=1))
    assert kept_zips.having([first.pk, second.pk]) == {second.pk: (zip_.pk,)}


def test_many_zips_are_read_once(talk: Talk, django_assert_max_num_queries: CountsQueries) -> None:
    """Each is a candidate for every message of its account, and its chat log is read at the first one alone."""
    said = [talk.say("words", id=f"m{number}", minute=number) for number in range(40)]
    for number in range(30):
        zips.zipped(talk.account, *said[:5], file_key=f"key {number}")
    whole = kept_zips.having([one.pk for one in said[:5]])
    assert {len(zips_of) for zips_of in whole.values()} == {30}
    with django_assert_max_num_queries(0):  # of Django's; the two statements of its own do not read any zip
        assert kept_zips.having([one.pk for one in said[5:]]) == {}


def test_a_zip_that_brings_a_destroyed_message_is_counted(hold: Hold) -> None:
    """It is kept as it came; the messages in it that were destroyed here before are a figure of their own."""
    hold.town.capture()
    said = messages()
    HoldFile.objects.update(blob=None, state="gone")
    destroy(*said)
    HoldFile.objects.update(state="due", not_before=hold.town.now())
    hold.capture()
    hold.open()
    comparing.work(clock=hold.town.now)
    zip_ = HoldFile.objects.get(opening="opened")
    assert (zip_.messages_found, zip_.messages_unreported, zip_.messages_destroyed) == (2, 0, 2)
    assert not Revision.objects.filter(message__in=said).exists()
