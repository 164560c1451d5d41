"""Senders as the records have them: what is learned of a person later changes no answer about earlier messages."""

from collections.abc import Callable
from typing import Any

import pytest

from archive import ingest, names, search
from archive.models import Message, Person, PersonAddress, Window
from archive.scope import EVERYTHING
from archive.search import rebuild, records
from tests.archive import scenes
from tests.archive.search.talk import NOON, Talk

MIRA = {"sender_member_id": "m-mira", "sender_display_name": "Mira"}
OLD, NEW = {"sender": "mira@old.example", **MIRA}, {"sender": "mira@new.example", **MIRA}


@pytest.fixture
def window(db: None) -> Window:
    return scenes.conversation()


@pytest.fixture
def say(window: Window) -> Callable[..., None]:
    """One message, as capture brings it."""

    def said(text: str, by: dict[str, str], *, minute: int, **fields: Any) -> None:
        record = scenes.said(text, id=text, by=by, minute=minute, **fields)
        ingest.message_page(scenes.page([record]), window=window, pull=minute, now=scenes.NOW)

    return said


def found(query: str) -> set[str]:
    hits = search.messages(query, scope=EVERYTHING, limit=100).hits
    return set(
        Message.objects.filter(pk__in=[hit.message_id for hit in hits]).values_list("zoom_id", flat=True)
    )


def twice(query: str, index: Callable[[], None]) -> set[str]:
    """What is found as it was indexed when it came, and after all was indexed anew: it has to be the same."""
    index()
    first = found(query)
    rebuild.reindex(clock=lambda: NOON, progress=lambda _done, _total: None, is_fresh=True)
    assert found(query) == first
    return first


def test_a_message_is_found_by_the_address_it_was_sent_under(
    say: Callable[..., None], index: Callable[[], None]
) -> None:
    """Mira has another address in May; March stays under the old one, however often it is indexed."""
    say("march", OLD, minute=1)
    index()
    say("may", NEW, minute=2)
    assert twice("from:mira@old.example", index) == {"march"}
    assert twice("from:mira@new.example", index) == {"may"}
    assert twice("from:mira", index) == {"march", "may"}


def test_people_are_found_by_every_address_they_had(
    say: Callable[..., None], index: Callable[[], None]
) -> None:
    """Whose conversations: by the old address and the new one, as rows have them and as records do."""
    say("march", OLD, minute=1)
    say("may", NEW, minute=2)
    say("tom", scenes.RAVI, minute=3)
    everything = {"march", "may", "tom"}
    assert twice("with:mira@old.example", index) == twice("with:mira@new.example", index) == everything
    assert twice("to:mira@old.example", index) == {"tom"}
    assert set(PersonAddress.objects.filter(person__member_id="m-mira").values_list("address", flat=True)) == {
        "mira@old.example", "mira@new.example",
    }  # fmt: skip
    assert found("with:mira@older.example") == set()


def test_an_address_that_no_row_has_is_in_the_records(
    talk: Talk, find: Callable[[str], list[Message]]
) -> None:
    """An older version of the product kept the newest address only."""
    talk.meet("mira", "Mira", email="mira@new.example")
    talk.say("march", by="mira", raw=b'{"sender":"mira@old.example"}')
    tom = talk.say("tom", by="ravi")
    assert find("to:mira@old.example") == [tom]
    assert find("to:mira@new.example") == [tom]
    assert find("from:mira@new.example") == []


def test_an_address_given_by_something_else_is_kept(
    say: Callable[..., None], index: Callable[[], None]
) -> None:
    """The company directory names her address, then another; she never wrote a word under either."""
    say("tom", scenes.RAVI, minute=1)
    say("olu", scenes.OLU, minute=2)
    olu = Person.objects.get(member_id="m-olu")
    for number, address in enumerate(("olu@guest.example", "olu@later.example")):
        at = scenes.NOW.replace(hour=number)
        names.learn([names.Sighting(person_id=olu.pk, at=at, name="Olu", email=address)])
    index()
    assert found("to:olu@guest.example") == found("to:olu@later.example") == {"tom"}


def test_outside_is_who_was_outside_then(say: Callable[..., None], index: Callable[[], None]) -> None:
    """A contractor leaves, and writes from outside: what was said inside stays so, and the other way round."""
    say("inside", OLD, minute=1)
    say("outside", {**MIRA, "sender": ""}, minute=2)
    say("guest", scenes.OLU, minute=3)
    say("hired", {**scenes.OLU, "sender": "olu@example.com"}, minute=4)
    assert twice("is:external", index) == {"outside", "guest"}
    assert twice("is:internal", index) == {"inside", "hired"}


def test_where_no_record_says_it_the_person_does(talk: Talk, find: Callable[[str], list[Message]]) -> None:
    """Records without a sender: the newest address known, and whether the person is outside."""
    one, other = talk.say("one"), talk.say("two", by="olu")
    assert find("from:ines@acme.example") == [one]
    assert find("is:external") == [other]


RECORDS: list[tuple[bytes, records.Recorded]] = [
    (b"{}", records.NOTHING),
    (b"no record", records.NOTHING),
    (b"[1]", records.NOTHING),
    (b'{"sender":"A@b.c"}', records.Recorded("a@b.c", False, False, False)),
    (b'{"sender":""}', records.Recorded("", True, False, False)),
    (b'{"sender":"","bot_message":{}}', records.Recorded("", None, True, False)),
    (b'{"sender":"","bot_message":null}', records.Recorded("", True, False, False)),
    (b'{"sender":"a@b.c","is_sender_external":true}', records.Recorded("a@b.c", True, False, False)),
    (b'{"sender":"","is_sender_external":false}', records.Recorded("", False, False, False)),
    (b'{"sender":7,"is_sender_external":"yes","bot_message":[1]}', records.Recorded("", None, True, False)),
    (b'{"sender":"a@b.c","message":"\\ud800"}', records.Recorded("a@b.c", False, False, False)),
    (b'{"sender":"a@b.c","message":"\xff\x00"}', records.Recorded("a@b.c", False, False, False)),
    (b'{"reactions":[],"custom_emoji_reactions":[]}', records.NOTHING),
    (b'{"reactions":[{"emoji":"x"}]}', records.Recorded("", None, False, True)),
    (b'{"reactions":7,"custom_emoji_reactions":[7]}', records.Recorded("", None, False, True)),
]


@pytest.mark.parametrize(("raw", "said"), RECORDS)
def test_what_a_record_says(raw: bytes, said: records.Recorded) -> None:
    """Whatever its bytes are."""
    assert records.read(raw) == said


def test_a_record_nested_very_deeply_says_nothing() -> None:
    """Rather than ending the indexer."""
    deep = b'{"sender":"a@b.c","bot_message":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert records.read(deep) == records.NOTHING
