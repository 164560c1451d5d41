"""Webhooks on their way: handshake, signature, retries by the world's clock, loss, and an orderly end."""

import json
import threading
import time
from typing import Any

import pytest

from sandbox import identity, server
from sandbox.files import Held
from sandbox.instance import Account
from sandbox.tokens import Credentials
from sandbox.webhooks import courier as couriers
from sandbox.webhooks import outbox, subscription
from sandbox.webhooks.orders import Order
from tests.sandbox.conftest import Cast, Client
from tests.sandbox.subscriber import SECRET, Subscriber
from tests.waiting import wait_until

MINUTE = 60
DAY = 24 * 60 * MINUTE


def subscribe(client: Client, subscriber: Subscriber, **more: object) -> dict[str, Any]:
    """Have the sandbox tell the subscriber; how it stands after the handshake."""
    wanted = {"url": subscriber.url, "secret": SECRET, **more}
    state: dict[str, Any] = client.http.put("/_sandbox/webhooks", json=wanted).json()
    return state


def state(client: Client) -> dict[str, Any]:
    """How the subscription stands."""
    found: dict[str, Any] = client.control("webhooks")
    return found


def advance(client: Client, seconds: float) -> None:
    """Move the world's clock."""
    client.control("clock", {"advance_seconds": seconds})


def settled(client: Client, *, waiting: int = 0) -> dict[str, int]:
    """The counts once nothing is due any more; `waiting` of them are left for later."""
    found: dict[str, Any] = {}

    def is_so() -> bool:
        found.update(state(client))
        return (found["waiting"], found["under_way"]) == (waiting, 0)

    wait_until(is_so)
    return {name: count for name, count in found["total"].items() if count}


def say(cast: Cast, text: str) -> None:
    """Ines says something in the channel, which is two events."""
    cast.world.say(cast.general, cast.ines, text)


# -- the handshake ---------------------------------------------------------------------------------------


def test_an_endpoint_proves_that_it_knows_the_secret(client: Client, subscriber: Subscriber) -> None:
    """Asked at once, signed like every delivery; the secret is shown to nobody."""
    found = subscribe(client, subscriber)
    assert found["validated"]
    assert found["handshakes"] == {"sent": 1, "refused": 0}
    assert subscriber.handshakes[0].is_signed
    assert set(subscriber.handshakes[0].event["payload"]) == {"plainToken"}
    assert SECRET not in json.dumps(found)


@pytest.mark.parametrize(
    ("knows_the_secret", "status"), [(False, 200), (True, 500), (True, 204), (True, 302), (True, 401)]
)
def test_an_endpoint_that_proves_nothing_is_told_nothing(
    client: Client, cast: Cast, subscriber: Subscriber, knows_the_secret: bool, status: int
) -> None:
    """What happens meanwhile is withheld; once it has proved itself, it hears what comes after."""
    subscriber.knows_the_secret, subscriber.handshake_status = knows_the_secret, status
    assert not subscribe(client, subscriber)["validated"]
    say(cast, "unheard")
    assert settled(client) == {"withheld": 2}
    subscriber.knows_the_secret, subscriber.handshake_status = True, 200
    assert client.control("webhooks/validate", {})["validated"]
    say(cast, "heard")
    assert settled(client) == {"withheld": 2, "made": 2, "sent": 2, "delivered": 2}
    assert subscriber.deliveries[0].event["payload"]["object"]["message"] == "heard"


def test_a_refused_handshake_is_tried_again_after_a_minute(client: Client, subscriber: Subscriber) -> None:
    """By the world's clock, without being asked."""
    subscriber.knows_the_secret = False
    subscribe(client, subscriber)
    subscriber.knows_the_secret = True
    advance(client, 61)
    wait_until(lambda: bool(state(client)["validated"]))
    assert state(client)["handshakes"] == {"sent": 2, "refused": 1}


def test_every_72_hours_the_endpoint_proves_itself_again(
    client: Client, cast: Cast, subscriber: Subscriber
) -> None:
    """With another token; one that fails is told nothing more."""
    subscribe(client, subscriber)
    advance(client, 3 * DAY - 1)
    say(cast, "in time")
    assert settled(client)["delivered"] == 2
    assert len(subscriber.handshakes) == 1
    advance(client, 2)
    wait_until(lambda: bool(state(client)["validated_at"] == cast.world.clock.now_ms()))
    first, second = (one.event["payload"]["plainToken"] for one in subscriber.handshakes)
    assert first != second
    subscriber.knows_the_secret = False
    advance(client, 3 * DAY)
    wait_until(lambda: not state(client)["validated"])
    say(cast, "too late")
    assert settled(client)["withheld"] == 2


# -- delivery --------------------------------------------------------------------------------------------


def test_a_delivery_is_signed_over_its_raw_bytes(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Whatever is in the text, and with a timestamp of the real present."""
    subscribe(client, subscriber)
    say(cast, "Grüße 🌍 \ud83d \x00")
    settled(client)
    assert subscriber.names == ["chat_message.sent", "team_chat.channel_message_posted"]
    assert all(one.is_signed for one in subscriber.deliveries)
    sent_at = int(subscriber.deliveries[0].headers["x-zm-request-timestamp"])
    assert abs(sent_at - time.time()) < 60
    assert subscriber.deliveries[0].headers["content-type"].startswith("application/json")


def test_only_the_events_asked_for_are_told(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Named one by one or by their beginning."""
    found = subscribe(client, subscriber, events=["chat_message.*", "team_chat.file_shared"])
    assert len(found["events"]) == 5
    stored = cast.world.upload("a.txt", Held(b"abc"))
    cast.world.say(cast.general, cast.ines, "look", files=[stored])
    settled(client)
    assert subscriber.names == ["chat_message.sent", "team_chat.file_shared"]


@pytest.mark.parametrize("status", [200, 204])
def test_either_answer_is_a_thank_you(
    client: Client, cast: Cast, subscriber: Subscriber, status: int
) -> None:
    """200 and 204 both."""
    subscribe(client, subscriber)
    subscriber.status = status
    say(cast, "hello")
    assert settled(client) == {"made": 2, "sent": 2, "delivered": 2}


@pytest.mark.parametrize("status", [201, 302, 401, 500])
def test_any_other_answer_is_tried_again_after_5_20_and_60_minutes(
    client: Client, cast: Cast, subscriber: Subscriber, status: int
) -> None:
    """The same bytes each time, never a second before; after that the event is lost."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    subscriber.status = status
    say(cast, "hello?")
    for number, minutes in enumerate((5, 20, 60), start=1):
        wait_until(lambda number=number: bool(state(client)["total"]["sent"] == number))
        assert settled(client, waiting=1)["sent"] == number
        advance(client, minutes * MINUTE - 1)
        assert settled(client, waiting=1)["sent"] == number
        advance(client, 1)
    assert settled(client) == {"made": 1, "sent": 4, "retried": 3, "lost": 1}
    assert len({one.body for one in subscriber.deliveries}) == 1
    advance(client, DAY)
    assert len(subscriber.deliveries) == 4


def test_a_retry_that_is_thanked_for_is_the_last(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Also when the clock jumps over all the waiting at once."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    subscriber.status = 503
    say(cast, "hello?")
    wait_until(lambda: state(client)["total"]["sent"] == 1)
    settled(client, waiting=1)
    subscriber.status = 200
    advance(client, DAY)
    assert settled(client) == {"made": 1, "sent": 2, "retried": 1, "delivered": 1}


def test_an_answer_after_three_seconds_is_none(
    client: Client, cast: Cast, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event is tried again though the subscriber would still answer."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    monkeypatch.setattr(couriers, "ANSWER_SECONDS", 0.5)
    with subscriber.hanging():
        say(cast, "hello?")
        wait_until(lambda: state(client)["total"]["sent"] == 1)
        assert settled(client, waiting=1) == {"made": 1, "sent": 1}


def test_the_api_goes_on_answering_while_a_subscriber_hangs(
    client: Client, cast: Cast, subscriber: Subscriber
) -> None:
    """What is under way is neither done nor given up when it says so."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    with subscriber.hanging():
        say(cast, "hello?")
        wait_until(lambda: len(subscriber.deliveries) == 1)
        found = state(client)
        assert (found["under_way"], found["waiting"], found["total"]["delivered"]) == (1, 0, 0)
    assert settled(client) == {"made": 1, "sent": 1, "delivered": 1}


def test_several_deliveries_may_be_under_way_at_once(
    client: Client, cast: Cast, subscriber: Subscriber
) -> None:
    """As many as the subscription says, and no more: a slow subscriber of four is not four times as slow."""
    subscribe(client, subscriber, events=["chat_message.sent"], at_once=4)
    with subscriber.hanging():
        for number in range(5):
            say(cast, str(number))
        wait_until(lambda: len(subscriber.deliveries) == 4)
        found = state(client)
        assert (found["under_way"], found["waiting"]) == (4, 1)
    assert settled(client)["delivered"] == 5


def test_an_endpoint_that_is_gone_loses_the_event(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """A refused connection is no answer either."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    subscriber.close()
    say(cast, "anyone?")
    for number, minutes in enumerate((5, 20, 60), start=1):
        wait_until(lambda number=number: bool(state(client)["total"]["sent"] == number))
        settled(client, waiting=1)
        advance(client, minutes * MINUTE)
    wait_until(lambda: bool(state(client)["total"]["lost"] == 1))


def test_who_unsubscribes_is_told_nothing_more(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Not even what was waiting."""
    subscribe(client, subscriber, events=["chat_message.sent"])
    subscriber.status = 500
    say(cast, "anyone?")
    wait_until(lambda: len(subscriber.deliveries) == 1)
    settled(client, waiting=1)
    stopped = client.http.delete("/_sandbox/webhooks").json()
    assert (stopped["url"], stopped["waiting"], stopped["events"]) == (None, 0, [])
    advance(client, DAY)
    say(cast, "nobody")
    assert len(subscriber.deliveries) == 1


def test_the_sandbox_ends_though_a_subscriber_hangs(cast: Cast, subscriber: Subscriber) -> None:
    """Nobody waits for an answer that may never come."""
    others = threading.enumerate()
    with subscriber.hanging():
        with server.running(cast.world, account=Account(rate_limit=False)) as sandbox:
            courier = sandbox.instance.webhooks
            courier.subscribe(subscription.made(subscriber.url, secret=SECRET))
            wait_until(lambda: bool(courier.state()["validated"]))
            cast.world.say(cast.general, cast.ines, "hello?")
            wait_until(lambda: len(subscriber.deliveries) == 1)
            new = [thread for thread in threading.enumerate() if thread not in others]
            (serving,) = (thread for thread in new if thread.name == "sandbox")
        assert not serving.is_alive()
    assert cast.world.listeners == []


def test_so_many_may_wait_and_no_more(
    client: Client, cast: Cast, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes on top is lost at once."""
    monkeypatch.setattr(outbox, "MOST_WAITING", 3)
    subscribe(client, subscriber, events=["chat_message.sent"])
    client.control("faults", {"spec": "webhook_late:p=1,seconds=60"})
    for number in range(5):
        say(cast, str(number))
    assert settled(client, waiting=3) == {"made": 5, "lost": 2}
    advance(client, 61)
    assert settled(client)["delivered"] == 3


# -- the control room ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        {"url": "ftp://example.com", "secret": SECRET},
        {"url": "http://user@example.com", "secret": SECRET},
        {"url": "http://example.com:99999", "secret": SECRET},
        {"url": "http://example.com/\n", "secret": SECRET},
        {"url": "http://example.com", "secret": ""},
        {"url": "http://example.com", "secret": SECRET, "events": ["chat_message.sung"]},
        {"url": "http://example.com", "secret": SECRET, "at_once": 17},
        {"url": "http://example.com", "secret": SECRET, "more": 1},
        {"url": "http://example.com"},
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(client: Client, wanted: dict[str, object]) -> None:
    """And nobody is subscribed; the secret is not repeated."""
    answer = client.http.put("/_sandbox/webhooks", json=wanted)
    assert answer.status_code == 400
    assert SECRET not in answer.text
    assert state(client)["url"] is None


@pytest.mark.parametrize("credentials", [Credentials(), Credentials(account_id="acme")])
def test_the_account_is_the_one_of_the_credentials(
    cast: Cast, credentials: Credentials, loopback: None
) -> None:
    """Or, where any will do, one drawn from the world's seed."""
    with server.running(cast.world, account=Account(credentials=credentials)) as sandbox:
        courier = sandbox.instance.webhooks
        event, queued = courier.order(Order(event="chat_channel.updated"))
        drawn = identity.short(cast.world.seed, "account")
        assert event["payload"]["account_id"] == (credentials.account_id or drawn)  # type: ignore[index]
        assert not queued
