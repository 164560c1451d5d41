"""A message that also lies in a zip of a legal hold is not destroyed while the zip is kept."""

import pytest

from archive.capture import comparing
from archive.models import HoldFile, Message, Revision
from archive.purge import Refusal, Why
from tests.archive.disposition.conftest import destroy
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
