"""What a message to be sent may carry, held against the service's bounds: formatting, mentions, cards, files."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sandbox.asked import Asked
from sandbox.gate import Call
from sandbox.wire import Refusal
from sandbox.world import World

MOST_CARDS = 5
FileIds = Annotated[list[str], Meta(max_length=6)]
Format = Literal[
    "Bold",
    "Italic",
    "Strikethrough",
    "BulletedList",
    "NumberedList",
    "Underline",
    "FontSize",
    "FontColor",
    "BackgroundColor",
    "LeftIndent",
    "Paragraph",
    "Quote",
    "AddLink",
]
_ATTRIBUTES = {
    "FontSize": "[sml]",
    "FontColor": "[0-9A-Fa-f]{6}",
    "BackgroundColor": "[0-9A-Fa-f]{6}",
    "LeftIndent": "[1-9][0-9]*",
    "Paragraph": "h[123]",
    "AddLink": "https?://.+",
}


class Formatting(Asked, frozen=True, kw_only=True):
    """A stretch of a message's text and how it looks."""

    start_position: Annotated[int, Meta(ge=0)] = 0
    end_position: Annotated[int, Meta(ge=0)] = 0
    format_type: Format
    format_attr: str | None = None


class Mention(Asked, frozen=True, kw_only=True):
    """Somebody, or everybody (`at_type` 2), addressed in a message's text."""

    at_type: Literal[1, 2]
    at_contact: str | None = None
    start_position: Annotated[int, Meta(ge=0)] = 0
    end_position: Annotated[int, Meta(ge=0)] = 0


class NewCard(Asked, frozen=True, kw_only=True):
    """An interactive card to be made."""

    card_json: str | None = None


def formatting(rows: list[Formatting] | None) -> list[dict[str, object]] | None:
    """As messages keep it; refuses an attribute that does not suit its format."""
    if not rows:
        return None
    for one in rows:
        wanted = _ATTRIBUTES.get(one.format_type)
        if wanted is not None and re.fullmatch(wanted, one.format_attr or "") is None:
            raise Refusal(400, 300, "Invalid parameter: rich_text.format_attr.")
    return [
        {name: value for name, value in msgspec.to_builtins(one).items() if value is not None} for one in rows
    ]


def mentions(world: World, rows: list[Mention] | None) -> list[dict[str, object]] | None:
    """As messages keep them; refuses a contact nobody goes by."""
    if not rows:
        return None
    found = []
    for one in rows:
        row: dict[str, object] = {"at_type": one.at_type, "at_contact": ""}
        if one.at_type == 1:
            if one.at_contact is None:
                raise Refusal(400, 300, "Invalid parameter: at_items.at_contact.")
            person = world.person(one.at_contact)
            row |= {"at_contact": person.shown_id, "at_contact_member_id": person.member_id}
        row |= {"start_position": one.start_position, "end_position": one.end_position}
        found.append(row)
    return found


def card(text: str | None, *, code: int) -> str:
    """A card's JSON; refuses what cannot become one."""
    try:
        made = msgspec.json.decode((text or "").encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        made = None
    if text is None or not isinstance(made, dict):
        raise Refusal(400, code, "Failed to create interactive card.")
    return text


def files(
    call: Call, file_ids: list[str], *, code: int, sentence: str = "File does not exist: {}."
) -> list[str]:
    """Files that are there; refuses the first that is not."""
    for one in file_ids:
        if call.instance.find_file(one) is None:
            raise Refusal(400, code, sentence.format(one))
    return file_ids
