"""Calls of the tag Chat Migration."""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox import migration
from tests.conformance.scene import Scene
from zoom.operations.migration import PastMessage, PastReactions

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 5, 10, tzinfo=UTC)


def _channel(scene: Scene) -> str:
    return scene.client.migration.create_channel(
        owner=scene.ines.id,
        name="from elsewhere",
        type=2,
        created_at=LONG_AGO,
        members=[scene.ravi.email or ""],
        administrators=[scene.ada.id],
    )


def _messages(scene: Scene) -> tuple[str, str]:
    """A message, a reply to it by its moment, one to somebody with a file, and a later reply by its id."""
    channel_id = _channel(scene)
    made = scene.client.migration.add_messages(
        [
            PastMessage(sender=scene.ines.id, sent_at=LONG_AGO, text="long ago", to_channel=channel_id),
            PastMessage(
                sender=scene.ravi.id,
                sent_at=LATER,
                text="indeed",
                to_channel=channel_id,
                reply_to_sent_at=LONG_AGO,
            ),
            PastMessage(
                sender=scene.ines.id,
                sent_at=LATER,
                text="look",
                to_contact=scene.ravi.id,
                file_ids=[scene.file_id],
            ),
        ]
    )
    first = made.ids[0]
    late = PastMessage(
        sender=scene.ada.id,
        sent_at=datetime(2026, 1, 6, tzinfo=UTC),
        text="so it was",
        to_channel=channel_id,
        reply_to_id=first,
    )
    scene.client.migration.add_messages([late])
    return channel_id, first


def add_members(scene: Scene) -> None:
    """Two of them, one to help the owner."""
    channel_id = scene.client.migration.create_channel(
        owner=scene.ines.id, name="empty elsewhere", type=2, created_at=LONG_AGO
    )
    scene.client.migration.add_members(
        channel_id=channel_id, members=[scene.ravi.id], administrators=[scene.ada.id]
    )


def reactions(scene: Scene) -> None:
    """On a message in a channel, and on one to somebody."""
    channel_id, message_id = _messages(scene)
    said = scene.world.sessions[scene.world.open_talk(scene.ines, scene.ravi).id].messages
    whisper = next(one for one in said if one.text == "look")
    chosen = {"U+1F44D": [scene.ravi.id, scene.ada.id]}
    scene.client.migration.add_reactions(
        [
            PastReactions(message_id=message_id, sent_at=LONG_AGO, emoji=chosen, to_channel=channel_id),
            PastReactions(
                message_id=whisper.id,
                sent_at=LATER,
                emoji={"U+2764": [scene.ravi.id]},
                to_contact=scene.ravi.id,
            ),
        ]
    )


def star(scene: Scene) -> None:
    """A channel and a person."""
    channel_id, _ = _messages(scene)
    scene.client.migration.star(user_id=scene.ines.id, channel_id=channel_id)
    scene.client.migration.star(user_id=scene.ines.id, contact=scene.ravi.id)


def _recorded(scene: Scene) -> None:
    migration.record(
        scene.world, team_id="T1", channels={"C1": scene.general.id}, people={"U1": scene.ravi.id}
    )


def channels(scene: Scene) -> None:
    """One that came, one that did not."""
    _recorded(scene)
    scene.client.migration.channels(team_id="T1", origin_ids=["C1", "C2"])


def users(scene: Scene) -> None:
    """In one workspace, and in any."""
    _recorded(scene)
    scene.client.migration.users(origin_ids=["U1"], team_id="T1")
    scene.client.migration.users(origin_ids=["U1", "U2"])


CALLS = {
    "MigrateAChatChannel": _channel,
    "MigrateChannelMembers": add_members,
    "MigrateChatMessages": _messages,
    "MigrateChatMessageReactions": reactions,
    "Migrate1:1ConversationOrChannelOperations": star,
    "getMigrationChannelsMapping": channels,
    "getMigrationUsersMapping": users,
}
