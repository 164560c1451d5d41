"""Events about files and custom emoji, and about what people star.

Each function makes the `object` of a payload.
"""

from sandbox.webhooks import parts
from sandbox.webhooks.occasion import Fields, Occasion
from sandbox.world import Unknown


def files(occasion: Occasion) -> Fields:
    """Files that were uploaded, changed or deleted."""
    return {"files": parts.files(occasion.files)}


def shared(occasion: Occasion) -> Fields:
    """Files that were put into a conversation, or taken out of it."""
    place: Fields
    if occasion.is_direct:
        contact = occasion.contact
        place = {"type": "to_contact", **parts.contact(contact), "is_external_user": contact.external}
    else:
        place = {"type": "to_channel", "channel_id": occasion.channel.id}
    return {**place, **files(occasion)}


def downloaded(occasion: Occasion) -> Fields:
    """One file of a message, fetched by somebody."""
    found = occasion.files
    if not found:
        raise Unknown("file_ids")
    sender, stored = occasion.sender, found[0]
    place: Fields = (
        parts.contact(occasion.contact) if occasion.is_direct else {"channel_id": occasion.channel.id}
    )
    return {
        **place,
        "timestamp": occasion.message.timestamp,
        "file": {
            "file_id": stored.id,
            "file_name": stored.name,
            "file_size": stored.content.size,
            "file_type": stored.extension,
            "file_owner_id": sender.shown_id,
            "file_owner_member_id": sender.member_id,
        },
    }


def emoji(occasion: Occasion) -> Fields:
    """A custom emoji that was added or removed."""
    return {"name": occasion.text("name"), "file_id": occasion.text("file_id")}


def stars(occasion: Occasion) -> Fields:
    """Conversations that were starred, or are no longer: channels and people."""
    world = occasion.world
    items: list[Fields] = [
        {"type": "channel", "channel_id": world.channels[one].id}
        for one in occasion.listed("channel_ids")
        if one in world.channels
    ]
    items += [
        {"type": "contact", **parts.contact(one), "is_external_user": one.external} for one in occasion.people
    ]
    return {"items": items, **parts.when(occasion.at)}
