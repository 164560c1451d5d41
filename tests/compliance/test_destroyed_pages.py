"""Where a message was destroyed, every page that shows it says so, and shows nothing of what it said."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from archive import purge
from archive.models import Message
from compliance import holds
from tests.archive.scenes import NOW
from tests.compliance import world

As = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> Message:
    """The first plain message of the world."""
    world.fill(messages=3)
    message = Message.objects.get(zoom_id="p0-0")
    with transaction.atomic():
        outcome = purge.destroy([message.pk], holds=holds.rules(lock=True), disposition=7, now=NOW)
    assert outcome.destroyed == (message.pk,)
    return message


@pytest.mark.parametrize(
    "address", ["/sessions/{session}/", "/messages/{message}/", "/sessions/{session}/completeness/"]
)
def test_pages_say_that_it_was_destroyed(gone: Message, address: str, ines: User, as_person: As) -> None:
    """The conversation, the message's own page, and the account of each day."""
    page = as_person(ines).get(address.format(session=gone.session_id, message=gone.pk))
    html = page.content.decode()
    assert page.status_code == 200
    assert "plain words 0" not in html
    assert "destroyed" in html
    if "completeness" not in address:
        assert "under disposition 7" in html
    if "messages" in address:
        assert "No version of it is here any more." in html


def test_everything_of_the_world_can_be_destroyed(ines: User, as_person: As) -> None:
    """A thread, an edit, a deletion, reactions, a file, a forward: the page of what is left still opens."""
    (session,) = world.fill(messages=1)
    keys = list(Message.objects.filter(session=session).values_list("pk", flat=True))
    with transaction.atomic():
        outcome = purge.destroy(keys, holds=holds.rules(lock=True), disposition=7, now=NOW)
    assert set(outcome.destroyed) == set(keys)
    client = as_person(ines)
    assert client.get(f"/sessions/{session.pk}/").status_code == 200
    for key in keys:
        assert client.get(f"/messages/{key}/").status_code == 200
