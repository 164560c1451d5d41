"""The pieces that many events are made of: who did it, when, in which channel, with which files.

People outside the account are shown as the service shows them: by member id and name alone, with an empty user
id, e-mail and account.
"""

from collections.abc import Iterable

from sandbox.clock import iso
from sandbox.conversations import Channel, Message
from sandbox.files import StoredFile
from sandbox.people import Person
from sandbox.webhooks.occasion import Fields, Occasion

_MESSAGE_TYPES = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "bmp", "heic"), "image"),
    **dict.fromkeys(("wav", "mp3", "m4a", "ogg"), "audio"),
}


def account_of(person: Person, occasion: Occasion) -> str:
    """The account of a person; empty outside this one."""
    return "" if person.external else occasion.account_id


def operator(occasion: Occasion) -> Fields:
    """Who did it, as every payload but that of an approval request begins."""
    by = occasion.by
    return {
        "account_id": account_of(by, occasion),
        "operator": by.shown_email or "",
        "operator_id": by.shown_id,
    }


def when(at: int) -> Fields:
    """A moment, written twice as the service does."""
    return {"date_time": iso(at), "timestamp": at}


def channel(found: Channel) -> Fields:
    """A channel, by the short names."""
    return {"name": found.name, "id": found.id, "type": found.type}


def named_channel(found: Channel) -> Fields:
    """A channel, by the long names."""
    return {"channel_id": found.id, "channel_name": found.name, "type": found.type}


def contact(person: Person) -> Fields:
    """The other one of two who talk."""
    return {
        "contact_email": person.shown_email or "",
        "contact_id": person.shown_id,
        "contact_member_id": person.member_id,
    }


def members(people: Iterable[Person]) -> list[Fields]:
    """People by id and name."""
    return [{"id": one.shown_id, "display_name": one.display_name} for one in people]


def user(person: Person) -> Fields:
    """A person with all that is shown of one."""
    return {
        "user_id": person.shown_id,
        "display_name": person.display_name,
        "user_email": person.shown_email or "",
        "member_id": person.member_id,
    }


def files(stored: Iterable[StoredFile]) -> list[Fields]:
    """Files by themselves."""
    return [
        {
            "file_id": one.id,
            "file_name": one.name,
            "file_size": one.content.size,
            "OS_file_type": one.extension.upper(),
        }
        for one in stored
    ]


def attachments(occasion: Occasion, message: Message) -> Fields:
    """A message's files and formatting; nothing where it has none."""
    known = occasion.world.files
    found: Fields = {}
    stored = [known[one] for one in message.file_ids if one in known]
    if stored:
        found["files"] = [
            {**row, "file_message_type": _MESSAGE_TYPES.get(one.extension.lower(), "file")}
            for row, one in zip(files(stored), stored, strict=True)
        ]
    if message.rich_text is not None:
        found["rich_text"] = message.rich_text
    return found
