"""The 54 events: what each one's payload says of who did it, and how its object is made.

`needs` names what an order from the control room may leave out and the world then chooses (see `orders.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sandbox.webhooks import events_channels as channels
from sandbox.webhooks import events_files as files
from sandbox.webhooks import events_messages as messages
from sandbox.webhooks import events_spaces as spaces
from sandbox.webhooks import parts
from sandbox.webhooks.occasion import Fields, Occasion


class Actor(Enum):
    """How much a payload tells of who did it."""

    NOBODY = 0
    USER = 1
    MEMBER = 2
    MAYBE_EXTERNAL = 3


class Need(Enum):
    """What an event cannot do without."""

    MESSAGE = "a message"
    CHANNEL_MESSAGE = "a message in a channel"
    DIRECT_MESSAGE = "a message between two people"
    REPLY = "an answer to a message"
    FILE_MESSAGE = "a message with a file"
    CHANNEL = "a channel"
    MEMBERS = "members it is done to"
    CONTACT = "somebody who is not in it"
    INVITERS = "somebody who invited"
    APPS = "an app"
    REACTION = "an emoji to react with"
    EMOJI = "a custom emoji"
    SPACE = "a shared space"
    STARS = "a channel and a person"


@dataclass(slots=True, frozen=True)
class Event:
    """One event: how much it tells of its actor, its object, and what it needs."""

    actor: Actor
    object: Callable[[Occasion], Fields]
    needs: tuple[Need, ...]
    written_ts: bool = False  # event_ts is a text

    def body(self, name: str, occasion: Occasion) -> Fields:
        """The whole event as it is posted."""
        payload: Fields = {} if self.actor is Actor.NOBODY else parts.operator(occasion)
        if self.actor in (Actor.MEMBER, Actor.MAYBE_EXTERNAL):
            payload["operator_member_id"] = occasion.by.member_id
        if self.actor is Actor.MAYBE_EXTERNAL:
            payload["by_external_user"] = occasion.by.external
        at = occasion.at
        payload["object"] = self.object(occasion)
        return {"event": name, "event_ts": str(at) if self.written_ts else at, "payload": payload}


_USER, _MEMBER, _EXTERNAL = Actor.USER, Actor.MEMBER, Actor.MAYBE_EXTERNAL
_ANY, _SAID, _TOLD = (Need.MESSAGE,), (Need.CHANNEL_MESSAGE,), (Need.DIRECT_MESSAGE,)
_CHANNEL, _PEOPLE = (Need.CHANNEL,), (Need.CHANNEL, Need.MEMBERS)
_INVITED, _ASKED = (Need.CHANNEL, Need.CONTACT, Need.INVITERS), (Need.CHANNEL, Need.CONTACT)
_FILES = (Need.FILE_MESSAGE,)

_MESSAGES: dict[str, Event] = {
    "chat_message.sent": Event(_USER, messages.either, _ANY),
    "chat_message.replied": Event(_USER, messages.reply, (Need.REPLY,)),
    "chat_message.updated": Event(_USER, messages.either, _ANY),
    "chat_message.deleted": Event(_USER, messages.either, _ANY),
    "team_chat.channel_message_posted": Event(_EXTERNAL, messages.in_channel, _SAID),
    "team_chat.channel_message_updated": Event(_EXTERNAL, messages.in_channel, _SAID),
    "team_chat.channel_message_deleted": Event(_EXTERNAL, messages.deleted_in_channel, _SAID),
    "team_chat.dm_message_posted": Event(_EXTERNAL, messages.direct, _TOLD),
    "team_chat.dm_message_updated": Event(_EXTERNAL, messages.direct, _TOLD),
    "team_chat.dm_message_deleted": Event(_EXTERNAL, messages.deleted_direct, _TOLD),
    "team_chat.channel_reaction_added": Event(
        _EXTERNAL, messages.reaction_in_channel, (*_SAID, Need.REACTION)
    ),
    "team_chat.channel_reaction_removed": Event(
        _EXTERNAL, messages.reaction_in_channel, (*_SAID, Need.REACTION)
    ),
    "team_chat.dm_reaction_added": Event(_EXTERNAL, messages.reaction_direct, (*_TOLD, Need.REACTION)),
    "team_chat.dm_reaction_removed": Event(_EXTERNAL, messages.reaction_direct, (*_TOLD, Need.REACTION)),
    "team_chat.channel_pin_added": Event(_EXTERNAL, messages.pin, _SAID),
    "team_chat.channel_pin_removed": Event(_EXTERNAL, messages.pin, _SAID),
    "team_chat.bookmark_added": Event(_MEMBER, messages.bookmark, _ANY),
    "team_chat.bookmark_removed": Event(_MEMBER, messages.bookmark, _ANY),
}
_CHANNELS: dict[str, Event] = {
    "chat_channel.created": Event(_USER, channels.with_members, _PEOPLE),
    "chat_channel.updated": Event(_USER, channels.settings, _CHANNEL),
    "chat_channel.deleted": Event(_USER, channels.settings, _CHANNEL),
    "chat_channel.member_joined": Event(_USER, channels.settings, _CHANNEL),
    "chat_channel.member_left": Event(_USER, channels.settings, _CHANNEL),
    "chat_channel.member_invited": Event(_USER, channels.with_members, _PEOPLE),
    "chat_channel.member_removed": Event(_USER, channels.with_members, _PEOPLE, written_ts=True),
    "team_chat.channel_archived": Event(_EXTERNAL, channels.settings, _CHANNEL),
    "team_chat.channel_unarchived": Event(_EXTERNAL, channels.settings, _CHANNEL),
    "team_chat.channel_app_added": Event(_EXTERNAL, channels.apps, (Need.CHANNEL, Need.APPS)),
    "team_chat.channel_app_removed": Event(_EXTERNAL, channels.apps, (Need.CHANNEL, Need.APPS)),
    "team_chat.channel_invitation_created": Event(_EXTERNAL, channels.invitation, _INVITED),
    "team_chat.channel_invitation_removed": Event(_MEMBER, channels.invitation, _INVITED),
    "team_chat.channel_invitation_accepted": Event(_MEMBER, channels.invitation, _INVITED),
    "team_chat.channel_invitation_rejected": Event(_EXTERNAL, channels.rejected_invitation, _INVITED),
    "team_chat.channel_invitation_approved": Event(_EXTERNAL, channels.judged_invitation, _INVITED),
    "team_chat.channel_invitation_declined": Event(_MEMBER, channels.judged_invitation, _INVITED),
    "team_chat.channel_invitation_approval_requested": Event(
        Actor.NOBODY, channels.invitation_to_judge, _INVITED
    ),
    "team_chat.channel_join_requested": Event(_EXTERNAL, channels.request, _ASKED),
    "team_chat.channel_join_approved": Event(_MEMBER, channels.judged_request, _ASKED),
    "team_chat.channel_join_declined": Event(_MEMBER, channels.judged_request, _ASKED),
    "team_chat.channel_join_approval_requested": Event(Actor.NOBODY, channels.request_to_judge, _ASKED),
}
_THINGS: dict[str, Event] = {
    "team_chat.file_uploaded": Event(_MEMBER, files.files, _FILES),
    "team_chat.file_changed": Event(_MEMBER, files.files, _FILES),
    "team_chat.file_deleted": Event(_MEMBER, files.files, _FILES),
    "team_chat.file_shared": Event(_EXTERNAL, files.shared, _FILES),
    "team_chat.file_unshared": Event(_EXTERNAL, files.shared, _FILES),
    "team_chat.file_downloaded": Event(_MEMBER, files.downloaded, _FILES),
    "team_chat.emoji_added": Event(_MEMBER, files.emoji, (Need.EMOJI,)),
    "team_chat.emoji_removed": Event(_MEMBER, files.emoji, (Need.EMOJI,)),
    "team_chat.starred": Event(_MEMBER, files.stars, (Need.STARS,)),
    "team_chat.unstarred": Event(_MEMBER, files.stars, (Need.STARS,)),
    "team_chat.shared_spaces_edited": Event(_MEMBER, spaces.edited, (Need.SPACE,)),
    "team_chat.shared_spaces_member_invited": Event(_MEMBER, spaces.invited, (Need.SPACE, Need.MEMBERS)),
    "team_chat.shared_spaces_member_removed": Event(_MEMBER, spaces.removed, (Need.SPACE, Need.MEMBERS)),
    "team_chat.shared_spaces_member_left": Event(_MEMBER, spaces.left, (Need.SPACE,)),
}
EVENTS: dict[str, Event] = {**_MESSAGES, **_CHANNELS, **_THINGS}
