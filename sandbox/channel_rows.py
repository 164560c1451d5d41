"""How the API shows a channel: in lists, by itself, when just made, when searched for."""

from sandbox.conversations import Channel
from sandbox.identity import number
from sandbox.world import World


def made(channel: Channel) -> dict[str, object]:
    """A channel as its creation answers."""
    return {
        "id": channel.id,
        "jid": f"{channel.id}@conference.xmpp.zoom.us",
        "name": channel.name,
        "type": channel.type,
        "channel_url": _url(channel),
    }


def listed(channel: Channel) -> dict[str, object]:
    """A channel in a list, with its settings."""
    return {**made(channel), "channel_settings": _settings(channel)}


def alone(world: World, channel: Channel) -> dict[str, object]:
    """A channel by itself: its settings also name those members who may post."""
    people = [world.people[one] for one in channel.settings.posting_member_ids]
    settings = _settings(channel)
    if people:
        settings["designated_posting_members"] = [
            {"member_id": one.member_id, "user_id": one.shown_id} for one in people
        ]
    return {**made(channel), "channel_settings": settings}


def found(channel: Channel) -> dict[str, object]:
    """A channel as a search shows it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "channel_url": _url(channel),
        "member_count": len(channel.member_ids),
    }


def position(channel: Channel) -> tuple[int, int]:
    """Channels are listed in the order of their creation."""
    return channel.created_at, number(channel.id) >> 2


def _settings(channel: Channel) -> dict[str, object]:
    settings = channel.settings
    seen = settings.new_members_can_see_previous_messages_files
    return {
        "add_member_permissions": settings.add_member_permissions,
        "new_members_can_see_previous_messages_files": seen,
        "posting_permissions": settings.posting_permissions,
        "mention_all_permissions": settings.mention_all_permissions,
        "allow_to_add_external_users": channel.external_permissions,
    }


def _url(channel: Channel) -> str:
    return f"https://zoom.example/launch/chat/v2/{channel.id}"
