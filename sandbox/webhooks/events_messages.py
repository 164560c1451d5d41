"""Events about messages: said, answered, edited, deleted, reacted to, pinned and bookmarked.

Each function makes the `object` of a payload. A message in a channel and one between two people are told by
different events; the older `chat_message.*` tell of both and leave empty what does not apply.
"""

from sandbox.clock import iso
from sandbox.conversations import Message
from sandbox.webhooks import parts
from sandbox.webhooks.occasion import Fields, Occasion


def either(occasion: Occasion) -> Fields:
    """`chat_message.*`: a message wherever it was said."""
    message = occasion.message
    row: Fields = {
        "id": message.id,
        "type": _place(occasion),
        **parts.when(occasion.at),
        "session_id": message.session_id,
        "contact_email": "",
        "contact_id": "",
        "channel_id": "",
        "channel_name": "",
        "message": _text(occasion, message),
    }
    if occasion.is_direct:
        row["contact_email"] = occasion.contact.shown_email or ""
        row["contact_id"] = occasion.contact.shown_id
    else:
        row["channel_id"], row["channel_name"] = occasion.channel.id, occasion.channel.name
    return row


def reply(occasion: Occasion) -> Fields:
    """`chat_message.replied`: the same, and what was answered."""
    main = occasion.message.reply_to
    return {**either(occasion), "parent_msg_id": "" if main is None else main[0]}


def in_channel(occasion: Occasion) -> Fields:
    """`team_chat.channel_message_posted` and `_updated`; only these tell who is mentioned."""
    rows = occasion.message.at_items
    mentions: Fields = {} if rows is None else {"at_items": [_mention(occasion, one) for one in rows]}
    return {**deleted_in_channel(occasion), **_content(occasion), **mentions}


def direct(occasion: Occasion) -> Fields:
    """`team_chat.dm_message_posted` and `_updated`."""
    return {**deleted_direct(occasion), **_content(occasion)}


def deleted_in_channel(occasion: Occasion) -> Fields:
    """`team_chat.channel_message_deleted`: which message, without a word of it."""
    channel = occasion.channel
    owner = occasion.world.people[channel.owner_id]
    return {
        **_identity(occasion),
        "channel_id": channel.id,
        "channel_owner_account_id": parts.account_of(owner, occasion),
        "channel_name": channel.name,
    }


def deleted_direct(occasion: Occasion) -> Fields:
    """`team_chat.dm_message_deleted`: which message, without a word of it."""
    contact = occasion.contact
    return {
        **_identity(occasion),
        **parts.contact(contact),
        "contact_account_id": parts.account_of(contact, occasion),
    }


def reaction_in_channel(occasion: Occasion) -> Fields:
    """`team_chat.channel_reaction_*`."""
    return {**_reaction(occasion), "channel_id": occasion.channel.id}


def reaction_direct(occasion: Occasion) -> Fields:
    """`team_chat.dm_reaction_*`."""
    return {**_reaction(occasion), **parts.contact(occasion.contact)}


def pin(occasion: Occasion) -> Fields:
    """`team_chat.channel_pin_*`."""
    return {**parts.named_channel(occasion.channel), **_marked(occasion)}


def bookmark(occasion: Occasion) -> Fields:
    """`team_chat.bookmark_*`."""
    sender = occasion.sender
    place: Fields = {} if occasion.is_direct else {"channel_id": occasion.channel.id}
    return {
        "type": _place(occasion),
        **place,
        **_marked(occasion),
        "sender": sender.shown_email or "",
        "sender_id": sender.shown_id,
        "sender_member_id": sender.member_id,
        "by_external_user": sender.external,
    }


def _place(occasion: Occasion) -> str:
    return "to_contact" if occasion.is_direct else "to_channel"


def _text(occasion: Occasion, message: Message) -> str:
    """The wording an edit gave it, which a later one may have replaced already."""
    return occasion.text("text") if occasion.has("text") else message.text


def _identity(occasion: Occasion) -> Fields:
    message = occasion.message
    main: Fields = {} if message.reply_to is None else {"reply_main_message_id": message.reply_to[0]}
    return {"message_id": message.id, **main, **parts.when(occasion.at)}


def _content(occasion: Occasion) -> Fields:
    message = occasion.message
    text = _text(occasion, message)
    said: Fields = {} if text == "" and message.file_ids else {"message": text}
    return {"session_id": message.session_id, **said, **parts.attachments(occasion, message)}


def _mention(occasion: Occasion, row: Fields) -> Fields:
    member_id = row.get("at_contact_member_id")
    person = None if member_id is None else occasion.world.person(str(member_id))
    return {
        "at_type": row["at_type"],
        "at_contact": "" if person is None else person.shown_email or "",
        "at_contact_user_id": "" if person is None else person.shown_id,
        "at_contact_member_id": "" if person is None else person.member_id,
        "start_position": row["start_position"],
        "end_position": row["end_position"],
    }


def _reaction(occasion: Occasion) -> Fields:
    return {
        "msg_id": occasion.message.id,
        "msg_time": iso(occasion.message.timestamp),
        "emoji_time": iso(occasion.at),
        "emoji": occasion.text("emoji"),
        "timestamp": occasion.at,
    }


def _marked(occasion: Occasion) -> Fields:
    message = occasion.message
    return {
        "message_id": message.id,
        "message": message.text,
        "message_timestamp": message.timestamp,
        **parts.when(occasion.at),
        **parts.attachments(occasion, message),
    }
