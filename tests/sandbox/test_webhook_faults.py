"""Webhooks that go wrong on request: each kind, by its seed, and counted."""

from typing import Any

import pytest

from sandbox.faults import Kind, Rule
from tests.sandbox.conftest import Cast, Client
from tests.sandbox.subscriber import Subscriber
from tests.sandbox.test_webhooks import advance, settled, state, subscribe
from tests.waiting import wait_until

SENT = "chat_message.sent"


def misbehave(client: Client, spec: str) -> None:
    """Put faults in force."""
    client.control("faults", {"spec": spec})


def fired(client: Client, kind: Kind) -> int:
    """How often a kind has struck."""
    return int(client.control("faults")["fired"][kind])


def texts(subscriber: Subscriber) -> list[str]:
    """What was said, as it came."""
    return [one.event["payload"]["object"]["message"] for one in subscriber.deliveries]


def say(cast: Cast, *said: str) -> None:
    """Ines says one thing after another."""
    for text in said:
        cast.world.say(cast.general, cast.ines, text)


def test_an_event_comes_twice(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Byte for byte the same."""
    subscribe(client, subscriber, events=[SENT])
    misbehave(client, "webhook_repeated:nth=2")
    say(cast, "a", "b", "c")
    assert settled(client) == {"made": 3, "repeated": 1, "sent": 4, "delivered": 4}
    assert texts(subscriber) == ["a", "b", "b", "c"]
    assert subscriber.deliveries[1].body == subscriber.deliveries[2].body
    assert fired(client, Kind.WEBHOOK_REPEATED) == 1


def test_events_change_places(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Each one struck is overtaken by the next; one that nobody overtakes comes a little later."""
    subscribe(client, subscriber, events=[SENT])
    misbehave(client, "webhook_out_of_order:nth=1+4,seconds=30")
    say(cast, "a", "b", "c", "d")
    settled(client, waiting=1)
    assert texts(subscriber) == ["b", "a", "c"]
    advance(client, 30)
    settled(client)
    assert texts(subscriber) == ["b", "a", "c", "d"]


def test_an_event_comes_late(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """By the world's clock, and after what happened later."""
    subscribe(client, subscriber, events=[SENT])
    misbehave(client, "webhook_late:nth=1,seconds=90")
    say(cast, "a", "b")
    settled(client, waiting=1)
    advance(client, 89)
    assert settled(client, waiting=1)["delivered"] == 1
    advance(client, 1)
    settled(client)
    assert texts(subscriber) == ["b", "a"]


def test_an_event_is_lost(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Never sent, but counted."""
    subscribe(client, subscriber, events=[SENT])
    misbehave(client, "webhook_lost@chat_message.sent:nth=1")
    say(cast, "a", "b")
    assert settled(client) == {"made": 2, "sent": 1, "delivered": 1, "lost": 1}
    assert texts(subscriber) == ["b"]


def test_a_signature_is_wrong(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """That of one request; the handshake is spared unless it is named."""
    misbehave(client, "webhook_bad_signature:nth=1")
    assert subscribe(client, subscriber, events=[SENT])["validated"]
    say(cast, "a", "b")
    settled(client)
    assert [one.is_signed for one in (*subscriber.handshakes, *subscriber.deliveries)] == [True, False, True]


def test_a_timestamp_is_old(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """And truly signed, as a delivery that somebody recorded and plays again."""
    subscribe(client, subscriber, events=[SENT])
    misbehave(client, "webhook_stale:nth=1,seconds=3600")
    say(cast, "a", "b")
    settled(client)
    old, new = (int(one.headers["x-zm-request-timestamp"]) for one in subscriber.deliveries)
    assert 3600 <= new - old < 3600 + 60
    assert all(one.is_signed for one in subscriber.deliveries)


def test_the_handshake_comes_late(client: Client, subscriber: Subscriber) -> None:
    """The endpoint is not validated until it came."""
    misbehave(client, "webhook_handshake_late:nth=1,seconds=40")
    assert not subscribe(client, subscriber)["validated"]
    assert subscriber.handshakes == []
    advance(client, 41)
    wait_until(lambda: bool(state(client)["validated"]))


def test_the_handshake_does_not_come(client: Client, subscriber: Subscriber) -> None:
    """Not the first time; a validated endpoint stays so when a later one is left out."""
    misbehave(client, "webhook_handshake_absent:nth=1+3")
    assert not subscribe(client, subscriber)["validated"]
    assert subscriber.handshakes == []
    advance(client, 61)
    wait_until(lambda: bool(state(client)["validated"]))
    advance(client, 73 * 3600)
    wait_until(lambda: fired(client, Kind.WEBHOOK_HANDSHAKE_ABSENT) == 2)
    assert state(client)["validated"]
    assert len(subscriber.handshakes) == 1


@pytest.mark.parametrize(
    ("kind", "suits"),
    [
        (Kind.WEBHOOK_LOST, {SENT}),
        (Kind.WEBHOOK_BAD_SIGNATURE, {SENT}),
        (Kind.WEBHOOK_HANDSHAKE_LATE, {"endpoint.url_validation"}),
        (Kind.ERROR_500, {"listChannelMembers"}),
    ],
)
def test_events_and_requests_have_faults_of_their_own(kind: Kind, suits: set[str]) -> None:
    """A fault of the one never befalls the other."""
    offered = (SENT, "endpoint.url_validation", "listChannelMembers")
    assert {one for one in offered if Rule(kind).suits(one, has_page_token=True)} == suits


def run(client: Client, cast: Cast, subscriber: Subscriber) -> list[Any]:
    """What becomes of forty messages under every fault, drawn from one seed."""
    subscriber.deliveries.clear()
    client.http.delete("/_sandbox/faults")
    subscribe(client, subscriber, events=[SENT])
    spec = "webhook_repeated:p=0.2;webhook_lost:p=0.1;webhook_out_of_order:p=0.3;webhook_bad_signature:p=0.2"
    misbehave(client, f"seed=7;{spec}")
    said = [str(number) for number in range(40)]
    say(cast, *said)
    advance(client, 60)
    total = settled(client)
    return [total, texts(subscriber), [one.is_signed for one in subscriber.deliveries]]


def test_the_same_seed_brings_the_same_misfortunes(
    client: Client, cast: Cast, subscriber: Subscriber
) -> None:
    """In the same order; nothing is made that is not delivered or lost."""
    first = run(client, cast, subscriber)
    assert run(client, cast, subscriber) == first
    total = first[0]
    assert total["made"] + total["repeated"] == total["delivered"] + total["lost"]
    assert 0 < total["lost"] < 20
    assert len(first[1]) == total["sent"]
