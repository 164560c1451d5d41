"""Calls of the tags Chat Sessions and Chat Reminder."""

from __future__ import annotations

from datetime import timedelta

from tests.conformance.scene import NOON, Scene


def sessions(scene: Scene) -> None:
    """Of a span and a type, and the starred ones."""
    span = {"start": NOON - timedelta(days=2), "end": NOON}
    found = scene.client.sessions.list(user_id="me", type="groupchat", **span)
    assert sum(len(page.records) for page in found) > 0
    list(scene.client.sessions.list(user_id="me", type="1:1", **span))
    star(scene)
    scene.client.sessions.star(user_id="me", target_id=scene.general.id, target_type="channel")
    list(scene.client.sessions.list(user_id="me", starred=True))


def star(scene: Scene) -> None:
    """A channel and somebody, there and back."""
    for starred in (True, False):
        for kind, target_id in (("channel", scene.general.id), ("contact", scene.ravi.id)):
            scene.client.sessions.star(user_id="me", target_id=target_id, target_type=kind, starred=starred)


def remind(scene: Scene) -> None:
    """At a moment, and after a while."""
    scene.client.reminders.create(
        message_id=scene.said.id,
        to_channel=scene.general.id,
        remind_at=NOON + timedelta(hours=1),
        note="sign it",
    )
    scene.client.reminders.create(
        message_id=scene.whispered.id, to_contact=scene.ravi.id, delay=timedelta(minutes=30)
    )


def reminders(scene: Scene) -> None:
    """Of a channel, and with somebody."""
    remind(scene)
    (page,) = scene.client.reminders.list(to_channel=scene.general.id)
    assert len(page.records) == 1
    (page,) = scene.client.reminders.list(to_contact=scene.ravi.id)
    assert len(page.records) == 1


def forget(scene: Scene) -> None:
    """Both."""
    remind(scene)
    scene.client.reminders.delete(message_id=scene.said.id, to_channel=scene.general.id)
    scene.client.reminders.delete(message_id=scene.whispered.id, to_contact=scene.ravi.id)


CALLS = {
    "getChatSessions": sessions,
    "starUnstarChannelContact": star,
    "createReminderForMessage": remind,
    "listReminders": reminders,
    "deleteReminderForMessage": forget,
}
