"""Webhooks of deeds that are functions of their own: what each is told as, and what is told of it."""

from typing import Any

import pytest

from sandbox import attachments, custom_emoji, keepsakes, messaging, migration, pins, reactions
from sandbox.conversations import Message
from sandbox.files import Held
from tests.sandbox.conftest import Cast, Client, person
from tests.sandbox.subscriber import Subscriber
from tests.sandbox.test_webhook_events import check
from tests.sandbox.test_webhooks import settled, subscribe


@pytest.fixture
def said(cast: Cast) -> Message:
    """Something Ravi said in the channel."""
    return cast.world.say(cast.general, cast.ravi, "the plan")


class Scene:
    """What was done and what was told of it."""

    def __init__(self, cast: Cast, client: Client, subscriber: Subscriber) -> None:
        self.cast, self.client, self.subscriber = cast, client, subscriber
        subscribe(client, subscriber)
        self.doer: dict[str, Any] = {"by": cast.ines.id, "at": cast.world.clock.now_ms()}
        self.here = {**self.doer, "channel_id": cast.channel.id}

    def told(self) -> dict[str, Any]:
        """The objects of what was told since, by event; each as published."""
        assert settled(self.client).get("untold", 0) == 0
        found = {}
        for one in self.subscriber.deliveries:
            check(one.event)
            found[one.name.removeprefix("team_chat.")] = one.event["payload"]["object"]
        self.subscriber.deliveries.clear()
        return found


@pytest.fixture
def scene(cast: Cast, said: Message, client: Client, subscriber: Subscriber) -> Scene:
    """The cast's world with a subscriber; Ines does things."""
    return Scene(cast, client, subscriber)


def test_a_message_sent_has_its_formatting_and_mentions(scene: Scene, cast: Cast) -> None:
    """Who is mentioned is shown as a person is; everybody is nobody in particular."""
    where = {"start_position": 0, "end_position": 4}
    messaging.send(
        cast.world,
        **scene.here,
        text="@Olu @all look",
        file_ids=[],
        reply_to=None,
        cards=[],
        rich_text=[{"start_position": 0, "end_position": 3, "format_type": "Bold"}],
        at_items=[
            {"at_type": 1, "at_contact": "", "at_contact_member_id": cast.olu.member_id, **where},
            {"at_type": 2, "at_contact": "", **where},
        ],
    )
    told = scene.told()
    assert list(told) == ["chat_message.sent", "channel_message_posted"]
    assert told["channel_message_posted"]["rich_text"][0]["format_type"] == "Bold"
    olu, everybody = told["channel_message_posted"]["at_items"]
    assert (olu["at_contact_user_id"], olu["at_contact_member_id"]) == ("", cast.olu.member_id)
    assert (everybody["at_type"], everybody["at_contact_member_id"]) == (2, "")


def test_what_is_marked_and_unmarked(scene: Scene, cast: Cast, said: Message) -> None:
    """Reactions, pins, bookmarks and stars."""
    message = {"session_id": said.session_id, "message_id": said.id}
    cast.world.react(said, cast.ines, "U+1F44D")
    reactions.remove(cast.world, **scene.doer, **message, emoji="U+1F44D")
    assert [one["emoji"] for one in scene.told().values()] == ["U+1F44D", "U+1F44D"]
    pins.pin(cast.world, **scene.here, message_id=said.id)
    pins.unpin(cast.world, **scene.here, message_id=said.id)
    keepsakes.bookmark(cast.world, **scene.doer, **message)
    keepsakes.remove_bookmark(cast.world, **scene.doer, **message)
    told = scene.told()
    assert list(told) == ["channel_pin_added", "channel_pin_removed", "bookmark_added", "bookmark_removed"]
    assert {one["message"] for one in told.values()} == {"the plan"}
    assert told["bookmark_added"]["sender_id"] == cast.ravi.id
    keepsakes.star(cast.world, **scene.doer, kind="channel", target_id=cast.channel.id)
    keepsakes.unstar(cast.world, **scene.doer, target_id=cast.olu.id)
    told = scene.told()
    assert told["starred"]["items"] == [{"type": "channel", "channel_id": cast.channel.id}]
    assert told["unstarred"]["items"][0]["contact_member_id"] == cast.olu.member_id


def test_files_and_emoji_that_go(scene: Scene, cast: Cast) -> None:
    """Both by the app's own user, since nobody else is named."""
    stored = cast.world.upload("wave.png", Held(b"abc"))
    custom_emoji.add(cast.world, **scene.doer, file_id=stored.id, name="wave")
    custom_emoji.delete(cast.world, name="wave", at=scene.doer["at"])
    attachments.delete(cast.world, file_id=cast.world.upload("a.txt", Held(b"a")).id, at=scene.doer["at"])
    told = scene.told()
    assert told["emoji_added"] == told["emoji_removed"] == {"name": "wave", "file_id": stored.id}
    assert [one["file_name"] for one in told["file_deleted"]["files"]] == ["a.txt"]


def test_what_comes_from_another_platform_is_no_news(scene: Scene, cast: Cast) -> None:
    """It was said and done long ago."""
    migration.add_members(
        cast.world,
        channel_id=cast.channel.id,
        member_ids=[cast.world.add_person(person("Ada")).id],
        admin_ids=[],
        at=scene.doer["at"],
    )
    assert scene.told() == {}
