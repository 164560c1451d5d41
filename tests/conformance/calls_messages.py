"""Calls of the tag Chat Messages."""

from __future__ import annotations

from datetime import timedelta

from tests.conformance.scene import NOON, TODAY, Scene
from zoom.markup import Format, KeptCard, Mention, NewCard

CARD = NewCard('{"head": {"text": "Vote"}}')
MP3 = {"audio_as_mp4": True}


def _here(scene: Scene) -> dict[str, str]:
    return {"user_id": "me", "message_id": scene.said.id, "to_channel": scene.general.id}


def _there(scene: Scene) -> dict[str, str]:
    return {"user_id": "me", "message_id": scene.whispered.id, "to_contact": scene.ravi.email or ""}


def _send(scene: Scene, **more: object) -> str:
    """With everything that goes along."""
    return scene.client.messages.send(
        user_id="me",
        message="@Ravi Acme please ship it",
        to_channel=scene.general.id,
        mentions=[Mention(start=0, end=9, contact=scene.ravi.email)],
        formats=[Format(start=11, end=17, kind="FontColor", attribute="ff0000")],
        file_ids=[scene.file_id],
        cards=[CARD],
        **more,
    )


def _schedule(scene: Scene) -> str:
    return scene.client.messages.send(
        user_id="me",
        message="tomorrow",
        to_channel=scene.general.id,
        reply_to=scene.said.id,
        send_at=NOON + timedelta(hours=2),
    )


def send(scene: Scene) -> None:
    """At once as a reply, later, and to somebody."""
    _send(scene, reply_to=scene.said.id)
    _schedule(scene)
    scene.client.messages.send(user_id="me", message="hello", to_contact=scene.ravi.id)


def edit(scene: Scene) -> None:
    """A text, files and cards, one of them kept."""
    message_id = _send(scene)
    got = scene.client.messages.get(user_id="me", message_id=message_id, to_channel=scene.general.id)
    card = KeptCard(got.interactive_cards[0].card_id or "")
    scene.client.messages.edit(
        user_id="me",
        message_id=message_id,
        to_channel=scene.general.id,
        message="ship it monday",
        file_ids=[scene.file_id],
        cards=[card, NewCard('{"head": {"text": "Vote again"}}')],
    )
    scene.client.messages.edit(**_there(scene), message="between the two of us")


def get(scene: Scene) -> None:
    """In a channel and from somebody, and one with everything that goes along."""
    scene.client.messages.get(**_here(scene), **MP3)
    scene.client.messages.get(**_there(scene))
    message_id = _send(scene)
    scene.client.messages.get(user_id="me", message_id=message_id, to_channel=scene.general.id)


def listed(scene: Scene) -> None:
    """A day, a span with the changes, and a search."""
    _send(scene)
    channel, contact = {"to_channel": scene.general.id}, {"to_contact": scene.ravi.id}
    found = scene.client.messages.list(user_id="me", on=TODAY, without_replies=True, **channel, **MP3)
    assert sum(len(page.records) for page in found) > 2
    span = {"start": NOON - timedelta(days=1), "end": NOON + timedelta(minutes=1)}
    list(scene.client.messages.list(user_id="me", include_changed=True, **channel, **span))
    list(scene.client.messages.list(user_id="me", **contact))
    for kind, key in (("message", "friday"), ("file", "plan")):
        list(scene.client.messages.list(user_id="me", search_key=key, search_type=kind, **span))


def delete(scene: Scene) -> None:
    """In a channel and to somebody."""
    scene.client.messages.delete(**_here(scene))
    scene.client.messages.delete(**_there(scene))
    assert scene.said.deleted_at is not None


def react(scene: Scene) -> None:
    """With a code point and with an emoji of the account's own, there and back."""
    for remove in (False, True):
        scene.client.messages.react(**_here(scene), emoji="U+1F600", remove=remove)
        scene.client.messages.react(**_there(scene), custom_emoji_id=scene.emoji_id, remove=remove)


def mark(scene: Scene) -> None:
    """Unread from somewhere on, and read."""
    scene.client.messages.mark(**_here(scene), read=False, timestamp_ms=scene.said.timestamp)
    scene.client.messages.mark(**_there(scene), read=True)


def pin(scene: Scene) -> None:
    """Up and down."""
    for pinned in (True, False):
        scene.client.kept.pin(channel_id=scene.general.id, message_id=scene.said.id, pinned=pinned)


def pinned(scene: Scene) -> None:
    """What is pinned, and what was."""
    pin(scene)
    scene.client.kept.pin(channel_id=scene.general.id, message_id=scene.said.id)
    for include_history in (False, True):
        (page,) = scene.client.kept.pinned(channel_id=scene.general.id, include_history=include_history)
        assert len(page.records) > 0


def bookmark(scene: Scene) -> None:
    """Kept, and let go."""
    for kept in (True, False):
        scene.client.kept.bookmark(message_id=scene.said.id, to_channel=scene.general.id, bookmarked=kept)
        scene.client.kept.bookmark(message_id=scene.whispered.id, to_contact=scene.ravi.id, bookmarked=kept)


def bookmarks(scene: Scene) -> None:
    """Of a channel, with somebody, and all."""
    scene.client.kept.bookmark(message_id=scene.said.id, to_channel=scene.general.id)
    scene.client.kept.bookmark(message_id=scene.answered.id, to_channel=scene.general.id)
    scene.client.kept.bookmark(message_id=scene.whispered.id, to_contact=scene.ravi.id)
    (page,) = scene.client.kept.bookmarks(to_channel=scene.general.id)
    assert len(page.records) == 2
    (page,) = scene.client.kept.bookmarks(to_contact=scene.ravi.id)
    assert len(page.records) == 1


def scheduled(scene: Scene) -> None:
    """To a channel and to somebody."""
    _schedule(scene)
    scene.client.messages.send(
        user_id="me", message="hi", to_contact=scene.ravi.id, send_at=NOON + timedelta(hours=1)
    )
    (page,) = scene.client.kept.scheduled(to_channel=scene.general.id)
    assert len(page.records) == 1
    (page,) = scene.client.kept.scheduled(to_contact=scene.ravi.id)
    assert len(page.records) == 1


def delete_scheduled(scene: Scene) -> None:
    """To a channel and to somebody."""
    draft_id = _schedule(scene)
    scene.client.kept.delete_scheduled(draft_id=draft_id, to_channel=scene.general.id)
    draft_id = scene.client.messages.send(
        user_id="me", message="hi", to_contact=scene.ravi.id, send_at=NOON + timedelta(hours=1)
    )
    scene.client.kept.delete_scheduled(draft_id=draft_id, to_contact=scene.ravi.id)


def forwarded(scene: Scene) -> None:
    """One that was passed on into a talk."""
    passed = scene.world.forward(scene.said, scene.talk, scene.ines)
    scene.client.messages.forwarded(passed.forward_id or "")


def thread(scene: Scene) -> None:
    """In a channel, and between two people."""
    span = {"start": NOON - timedelta(days=1), "end": NOON}
    who = {"user_id": scene.ines.id}
    found = scene.client.messages.thread(**who, message_id=scene.said.id, to_channel=scene.general.id, **span)
    assert found.total == 1
    scene.client.messages.thread(**who, message_id=scene.whispered.id, to_contact=scene.ravi.id, **span)


CALLS = {
    "sendaChatMessage": send,
    "getChatMessages": listed,
    "getChatMessage": get,
    "editMessage": edit,
    "deleteChatMessage": delete,
    "reactMessage": react,
    "markMessage": mark,
    "PerformMessageOfChannel": pin,
    "listChannelPinnedMessages": pinned,
    "addOrRemoveABookmark": bookmark,
    "fetchBookmarks": bookmarks,
    "listScheduledMessages": scheduled,
    "deleteScheduleMessage": delete_scheduled,
    "getForwardedMessage": forwarded,
    "retrieveThread": thread,
}
