"""What a message has and is, who was there, and where: each found by its operator, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive import search
from archive.models import Channel, Forward, Membership, Message, SessionMember
from archive.scope import EVERYTHING, Scope
from archive.search import Order
from tests.archive.search.talk import NOON, Talk

Index = Callable[[], None]
REACTED = b'{"reactions": [{"emoji": "U+1F44D", "total_count": 1}]}'


def ids(query: str) -> set[int]:
    answer = search.messages(query, scope=EVERYTHING, now=datetime(2026, 5, 20, tzinfo=UTC))
    assert answer.count == len(answer.hits)
    return {hit.message_id for hit in answer.hits}


def counted(query: str, scope: Scope = EVERYTHING) -> search.Facets:
    facets = search.messages(query, scope=scope, limit=0, with_facets=True).facets
    assert facets is not None
    return facets


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("has:reaction", {"raw": REACTED}),
        ("has:reaction", {"raw": b'{"custom_emoji_reactions":[{}]}'}),
        ("is:bot", {"raw": b'{"bot_message": {"content": {}}}'}),
        ("is:reply", {"reply_to": "another"}),
        ("has:link", {"text": "see https://acme.example/x"}),
        ("has:link", {"text": "see www.acme.example"}),
        ("file:plan", {"files": ("Plan B.pdf",)}),
    ],
)
def test_a_property_is_found(talk: Talk, index: Index, query: str, given: dict[str, object]) -> None:
    """And messages that only look like it are not."""
    message = talk.say(**{"text": "plan", **given})  # type: ignore[arg-type]
    talk.say("plan www. https:// reactions", raw=b'{"reactions": [], "bot_message": null}')
    talk.say("plan", raw=b'{"reactions": {}, "x": "bot_message"')
    index()
    assert ids(query) == {message.pk}


def test_a_message_is_known_to_be_replied_to_once_it_is(talk: Talk, index: Index) -> None:
    """Also when the reply comes long after the message was indexed."""
    main = talk.say("shall we?")
    index()
    assert ids("has:reply") == set()
    reply = talk.say("yes", reply_to=main.zoom_id)
    elsewhere = talk.say("yes", where="deal room", reply_to=main.zoom_id)
    index()
    assert ids("has:reply") == {main.pk}
    assert ids("is:reply") == {reply.pk, elsewhere.pk}


def test_a_forward_is_found(talk: Talk, index: Index) -> None:
    """By the job that fetches what it shows."""
    message = talk.say("look")
    Forward.objects.create(message=message, forward_id="f", not_before=NOON)
    index()
    assert ids("is:forwarded") == {message.pk}


def test_who_took_part(talk: Talk, index: Index) -> None:
    """Members, people who joined the channel, people who spoke; said to them is what others said."""
    general = talk.say("one", by="ines")
    answer = talk.say("two", by="ravi")
    deal = talk.say("three", by="ines", where="deal room")
    SessionMember.objects.create(
        session=talk.sessions["deal room"], person=talk.people["ada"], first_seen_at=NOON, last_seen_at=NOON
    )
    channel = Channel.objects.create(
        account=talk.account, zoom_id=talk.sessions["general"].channel_id, last_seen_at=NOON
    )
    Membership.objects.create(channel=channel, person=talk.people["olu"], action="joined", at=NOON)
    index()
    assert ids("with:ada") == {deal.pk}
    assert ids("with:olu") == {general.pk, answer.pk}
    assert ids("with:ravi") == {general.pk, answer.pk}
    assert ids("to:ravi") == {general.pk}
    assert ids("to:ines") == {answer.pk}
    assert ids(f"with:person/{talk.people['ada'].pk}") == {deal.pk}
    assert ids("with:(ada OR olu)") == {general.pk, answer.pk, deal.pk}
    assert ids("with:nobody") == set()


def test_nobody_sees_who_took_part_outside_their_scope(talk: Talk, index: Index) -> None:
    """Taking part is one more condition: it never widens what may be seen."""
    talk.say("one", by="ravi")
    mine = talk.say("two", by="ines", where="deal room")
    index()
    scope = Scope(people=frozenset({talk.people["ines"].pk}))
    assert search.messages("with:ravi", scope=scope).count == 0
    facets = counted("two OR one", scope)
    assert (facets.sessions, facets.senders) == ({mine.session_id: 1}, {mine.sender_id: 1})
    assert sum(facets.days.values()) == 1


def test_facets_count_every_message_once(talk: Talk, index: Index) -> None:
    """By day, session and sender, and by what messages are."""
    said = [talk.say(f"budget {n}", where="deal room" if n % 3 == 0 else "general") for n in range(30)]
    talk.edit(said[0], "budget cut")
    talk.say("other")
    index()
    facets = counted("budget")
    assert facets.sessions == {talk.sessions["deal room"].pk: 10, talk.sessions["general"].pk: 20}
    assert facets.senders == {talk.people["ines"].pk: 30}
    assert sum(facets.days.values()) == 30
    assert {str(what): n for what, n in facets.properties.items() if n} == {"edited": 1}


def test_the_most_relevant_come_first_and_page_on(talk: Talk, index: Index) -> None:
    """A rare word in a short message before the same in a long one; every message once."""
    long = talk.say("merger " + "blah " * 200)
    short = talk.say("merger merger")
    index()
    first = search.messages("merger", scope=EVERYTHING, order=Order.RELEVANT, limit=1)
    assert [hit.message_id for hit in first.hits] == [short.pk]
    assert first.next is not None
    second = search.messages("merger", scope=EVERYTHING, order=Order.RELEVANT, limit=1, after=first.next)
    assert ([hit.message_id for hit in second.hits], second.next, second.count) == ([long.pk], None, 2)


def test_near_words_are_marked_where_they_are_near(talk: Talk) -> None:
    """The same words far apart are not."""
    text = "wire the transfer, and much later in the text another transfer"
    spans = search.highlight(text, search.parse('"wire transfer"~1'))
    assert [text[start:end] for start, end in spans] == ["wire", "transfer"]
    assert spans[1][1] < 20


def test_one_word_is_not_near_itself(talk: Talk, index: Index) -> None:
    """Two of the same must stand there twice."""
    once, twice = talk.say("wire it"), talk.say("wire a wire")
    index()
    assert ids("wire w/5 wire") == {twice.pk}
    assert ids("wire w/5 wir*") == {twice.pk}
    assert ids("wire w/1 it") == {once.pk}


def test_days_are_those_of_the_zone(talk: Talk, index: Index) -> None:
    """Late on the fourth in Amsterdam is the fifth in Tokyo."""
    message = talk.say("late", at=datetime(2026, 5, 4, 21, 30, tzinfo=UTC))
    index()
    assert ids("zone:Europe/Amsterdam on:2026-05-04") == {message.pk}
    assert ids("zone:Asia/Tokyo on:2026-05-04") == set()
    assert ids("zone:Asia/Tokyo on:2026-05-05") == {message.pk}
    assert ids("during:16d..today late") == {message.pk}


def test_every_message_has_one_type(talk: Talk, index: Index) -> None:
    """A group is a group; what is not known is neither."""
    group = talk.say("a")
    talk.sessions["deal room"].type = "1:1"
    talk.sessions["deal room"].save()
    direct = talk.say("b", where="deal room")
    index()
    assert ids("type:group") == {group.pk}
    assert ids("type:direct") == {direct.pk}
    assert Message.objects.count() == 2
