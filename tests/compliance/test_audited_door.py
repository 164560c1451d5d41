"""Looking, searching and taking: what is shown is recorded, and what cannot be recorded is not shown."""

import pytest
from django.contrib.auth.models import User

from archive import log
from archive.models import Leaf
from compliance.models import AuditEvent
from tests.compliance import cast, world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> int:
    filled = world.fill(messages=3)[0]
    world.index()
    return int(filled.pk)


def newest() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def test_a_look_at_a_conversation_names_what_was_shown(session: int, ines: User, as_person: As) -> None:
    """Which messages, in which session, by whom, from where."""
    as_person(ines).get(f"/sessions/{session}/")
    event = newest()
    assert (event.action, event.subject, event.actor) == ("looked", f"session/{session}", ines)
    assert event.address == "127.0.0.1"
    assert world.message("main").pk in event.details["shown"]


def test_a_search_records_its_words_and_its_count(session: int, ines: User, as_person: As) -> None:
    """A trail that did not say what was searched for could not answer for it."""
    as_person(ines).get("/search/", {"q": "plain"})
    event = newest()
    assert (event.action, event.details["query"], event.details["found"]) == ("searched", "plain", 3)


def test_a_download_records_the_digest_of_what_was_taken(session: int, ines: User, as_person: As) -> None:
    """And the bytes come as they were stored, to be saved and not opened."""
    attachment = world.store_files()
    response = as_person(ines).get(f"/files/{attachment.pk}/")
    assert b"".join(response.streaming_content) == b"the plan\n\x00\xff\xfe"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert "\u202e" not in response["Content-Disposition"]
    assert attachment.blob is not None
    assert newest().details["sha256"] == bytes(attachment.blob.sha256).hex()


def test_every_event_is_a_leaf(session: int, ines: User, as_person: As) -> None:
    """One look, one event, one leaf, committing to the event."""
    client = as_person(ines)
    before = log.size()
    client.get(f"/messages/{world.message('edited').pk}/")
    leaf = Leaf.objects.get(index=log.size() - 1)
    assert log.size() == before + 1
    assert (leaf.kind, leaf.subject_id) == (Leaf.Kind.AUDIT, newest().pk)


@pytest.mark.parametrize("address", ["/sessions/{}/", "/search/?q=plain", "/audit/"])
def test_what_cannot_be_recorded_is_not_shown(address: str, session: int, ines: User, as_person: As) -> None:
    """With a trail that refuses new rows, no page shows a word."""
    client = as_person(ines)
    client.raise_request_exception = False
    world.fill_up_the_trail()
    response = client.get(address.format(session))
    assert response.status_code == 500
    assert b"ship it" not in response.content
    assert b"plain words" not in response.content


def test_the_message_says_who_looked_before(session: int, ines: User, ravi: User, as_person: As) -> None:
    """Ravi sees that Ines has been here."""
    address = f"/messages/{world.message('edited').pk}/"
    cast.let_into_everything(ravi)
    as_person(ines).get(address)
    assert b"Ines Moreau (ines)" in as_person(ravi).get(address).content


def test_what_is_not_understood_is_neither_searched_nor_recorded(
    session: int, ines: User, as_person: As
) -> None:
    """The page says where the query stops making sense."""
    response = as_person(ines).get("/search/", {"q": 'ship "it'})
    assert b"Nothing was searched" in response.content
    assert newest().action == "signed_in"


def test_an_address_is_the_outermost_trusted_proxys(
    session: int, ines: User, as_person: As, settings: object
) -> None:
    """A visitor cannot write another address into the trail."""
    as_person(ines).get(f"/sessions/{session}/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert newest().address == "127.0.0.1"
