"""What is said in a message beside its own text: in the message it forwards, and in the card of a bot."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from archive import bulk, ingest, search
from archive.models import Message, Observation, Window
from archive.scope import EVERYTHING
from archive.search import asides, coverage, days, index, rebuild, records
from tests.archive import scenes
from tests.archive.planning import rows_touched
from tests.archive.search.talk import NOON

BOT = {"sender": "", "sender_member_id": "m-bot", "sender_display_name": "Deploy Bot"}
CONTENT = {
    "head": {"text": "Deploy Bot", "sub_head": {"text": "release train"}},
    "body": [
        {"type": "message", "text": "Deployed 4.2"},
        {"type": "fields", "items": [{"key": "Runbook", "value": "rollback window", "editable": False}]},
        {"type": "section", "sections": [{"type": "message", "text": "heliotrope", "link": "https://acme.example/x"}]},
    ],
}  # fmt: skip


@pytest.fixture
def window(db: None) -> Window:
    return scenes.conversation()


@pytest.fixture
def say(window: Window) -> Callable[..., None]:
    """One message, as capture brings it."""

    def said(text: str, *, id: str, minute: int = 1, **fields: Any) -> None:
        record = scenes.said(text, id=id, minute=minute, **fields)
        ingest.message_page(scenes.page([record]), window=window, pull=1, now=scenes.NOW)

    return said


@pytest.fixture
def fetch(window: Window) -> Callable[..., None]:
    """The original behind a forward, as it was fetched."""

    def fetched(forward_id: str, text: str, **fields: Any) -> None:
        ingest.observation(
            account=window.account, kind=Observation.Kind.FORWARD, subject=forward_id, now=scenes.NOW,
            raw=json.dumps({"id": "o", "message": text, **fields}).encode(),
        )  # fmt: skip

    return fetched


def found(query: str) -> set[str]:
    answer = search.messages(query, scope=EVERYTHING, limit=100)
    ids = [hit.message_id for hit in answer.hits]
    assert answer.count == len(ids)
    return set(Message.objects.filter(pk__in=ids).values_list("zoom_id", flat=True))


def is_as_in_the_archive() -> bool:
    """Whether every day sums up the same on both sides, looked at day by day and all at once."""
    snapshot = index.snapshot()
    position = snapshot.marker.complete_to
    here = days.in_index(snapshot)
    return here == days.in_archive(position=position) == days.in_archive(position=position, days=list(here))


def test_what_a_message_forwards_is_found_with_it(
    say: Callable[..., None], fetch: Callable[..., None], index: Callable[[], None]
) -> None:
    """From the moment it was fetched, also after a rebuild; and a message that forwards the same finds it known."""
    say("see below", id="first", forward_id="f1")
    say("nothing else", id="other", minute=2)
    index()
    assert (found("heliotrope"), is_as_in_the_archive()) == (set(), True)
    fetch("f1", "the heliotrope is late")
    index()
    assert (found("heliotrope"), is_as_in_the_archive()) == ({"first"}, True)
    say("again", id="second", minute=3, forward_id="f1")
    index()
    assert found("heliotrope below") == {"first"}
    assert (found('"heliotrope is"'), is_as_in_the_archive()) == ({"first", "second"}, True)
    rebuild.reindex(clock=lambda: NOON, progress=lambda _done, _total: None, is_fresh=True)
    assert (found("heliotrope"), is_as_in_the_archive()) == ({"first", "second"}, True)
    assert coverage.check() == []


def test_looking_originals_up_grows_with_what_is_asked(window: Window, fetch: Callable[..., None]) -> None:
    """Before the tables have any statistics: a few rows for each message, where it went through all messages for each."""
    some = [scenes.said("see below", id=f"m{n}", minute=n, forward_id=f"f{n}") for n in range(300)]
    some += [scenes.said("and so on", id=f"n{n}", minute=n) for n in range(1_200)]
    ingest.message_page(scenes.page(some), window=window, pull=1, now=scenes.NOW)
    for n in range(300):
        fetch(f"f{n}", "the heliotrope is late")
    ids = list(Message.objects.values_list("pk", flat=True))
    ((plan,),) = bulk.run("EXPLAIN (ANALYZE, FORMAT JSON) " + asides._LOGGED, [bulk.numbers(ids), 2**40])
    assert rows_touched(plan[0]["Plan"]) < 10 * len(ids)
    told = list(asides.originals(ids, complete_to=2**40))
    assert [words for _, words, _ in told] == [("the heliotrope is late",)] * 300


def test_what_another_account_forwards_is_not_found(
    say: Callable[..., None], fetch: Callable[..., None], index: Callable[[], None]
) -> None:
    """Zoom's ids are an account's."""
    other = scenes.conversation("s2")
    record = scenes.said("theirs", id="theirs", forward_id="f1")
    ingest.message_page(scenes.page([record]), window=other, pull=1, now=scenes.NOW)
    say("ours", id="ours", forward_id="f1")
    fetch("f1", "heliotrope")
    index()
    assert (found("heliotrope"), is_as_in_the_archive()) == ({"ours"}, True)


def test_the_card_of_a_bot_is_found(say: Callable[..., None], index: Callable[[], None]) -> None:
    """All that people read in it, and nothing else; each line is a text of its own."""
    say("Deployed 4.2", id="bot", by=BOT, bot_message={"content": CONTENT})
    index()
    for query in (
        "heliotrope",
        '"release train"',
        "runbook",
        '"rollback window" deployed',
        "heliotrope is:bot",
    ):
        assert found(query) == {"bot"}, query
    for query in ('"train deployed"', '"runbook rollback"', "https", "fields", "false"):
        assert found(query) == set(), query
    assert is_as_in_the_archive()


def test_a_hit_can_say_where_its_words_stand(say: Callable[..., None], fetch: Callable[..., None]) -> None:
    """In which of the two, each text once; of a message that has neither, nothing."""
    say("Deployed 4.2", id="bot", by=BOT, bot_message={"content": CONTENT}, forward_id="f1")
    say("Deployed 4.2", id="bot", by=BOT, bot_message={"content": CONTENT}, reactions=[{"emoji": "U+1F44D"}])
    say("plain", id="plain", minute=2)
    fetch("f1", "the original", bot_message={"content": {"head": {"text": "of a bot"}}})
    bot, plain = Message.objects.order_by("sent_at")
    card = ("Deploy Bot", "release train", "Runbook", "rollback window", "heliotrope")
    assert set(asides.on([bot.pk, plain.pk])) == {bot.pk}
    assert sorted(asides.on([bot.pk])[bot.pk]) == sorted(
        [asides.Aside(asides.Where.CARD, line) for line in card]
        + [asides.Aside(asides.Where.FORWARDED, line) for line in ("the original", "of a bot")]
    )
    assert asides.on([]) == {}


CARDS: list[tuple[Any, tuple[str, ...]]] = [
    ({"content": json.dumps({"head": {"text": "head"}, "body": [{"text": "body"}]})}, ("head", "body")),
    ({"content": "no JSON"}, ("no JSON",)),
    ({"content": {"head": {"text": "said"}}}, ()),
    ({"content": {"body": [{"text": " "}, {"text": "twice"}, {"text": "twice"}, {"text": 7}]}}, ("twice",)),
    ({"content": 7}, ()),
    ({}, ()),
    (7, ()),
    ({"content": {"text": "a\x00b"}}, ("a\u2400b",)),
]


@pytest.mark.parametrize(("message", "card"), CARDS)
def test_what_a_card_says(message: Any, card: tuple[str, ...]) -> None:
    """An object or JSON in a text, as Zoom describes it and shows it; never what the text of the message says anyway."""
    raw = json.dumps({"message": "said", "bot_message": message}).encode()
    assert records.read(raw).is_bot
    assert records.read(raw).card == card


def test_a_card_nested_very_deeply_is_no_card() -> None:
    """Rather than ending the indexer."""
    content: Any = {"text": "deep"}
    for _ in range(200):
        content = {"content": [content]}
    raw = json.dumps({"bot_message": {"content": content}}).encode()
    assert records.read(raw).card == ()
