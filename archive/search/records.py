"""What a record itself says of its message beside the text: who it names as its sender, reactions, what a bot wrote.

Read from the exact bytes each time a message is indexed, so that a rebuild gives the same answers years later, whatever
was learned of the sender since. The fast way knows the documented types; whatever it refuses is read the slow way, as
ingest does. Must never fail: bytes that are no record say nothing.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from archive import people, readable

WORDS_OF_CARDS = frozenset({"text", "title", "key", "value", "description", "footer"})
"""Members of a bot's card that people read, wherever in it they stand."""
_DEEPEST = 30
_REACTIONS = ("reactions", "custom_emoji_reactions")


class Recorded(NamedTuple):
    """What one record says. `address` is "" where it names none, `is_external` None where it does not say.

    `card` is what a bot wrote beside the text of the message, a line each.
    """

    address: str
    is_external: bool | None
    is_bot: bool
    has_reactions: bool
    card: tuple[str, ...] = ()


NOTHING = Recorded("", None, is_bot=False, has_reactions=False)


class _Fields(msgspec.Struct, gc=False):
    sender: str | None = None
    is_sender_external: bool | None = None
    reactions: list[msgspec.Raw] | None = None
    custom_emoji_reactions: list[msgspec.Raw] | None = None
    bot_message: msgspec.Raw | None = None
    """Read the slow way: few have one."""


_decode = msgspec.json.Decoder(_Fields).decode


def read(raw: bytes) -> Recorded:
    """What the bytes of a record say."""
    try:
        said = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _tolerantly(raw)
    if said.bot_message is not None:
        return _tolerantly(raw)
    has_reactions = bool(said.reactions) or bool(said.custom_emoji_reactions)
    return _recorded(said.sender, said.is_sender_external, False, has_reactions)


def original(raw: bytes) -> tuple[str, ...]:
    """What a message says that another forwards: its text, and what a bot wrote in it."""
    record = _record(raw)
    text = record.get("message")
    card = _card(record)
    return (readable.text(text), *card) if isinstance(text, str) and text != "" else card


def _tolerantly(raw: bytes) -> Recorded:
    record = _record(raw)
    sender, flag = record.get("sender"), record.get("is_sender_external")
    recorded = _recorded(
        sender if isinstance(sender, str) else None,
        flag if isinstance(flag, bool) else None,
        record.get("bot_message") is not None,
        any(isinstance(record.get(name), list) and len(record[name]) > 0 for name in _REACTIONS),
    )
    return recorded._replace(card=_card(record)) if recorded.is_bot else recorded


def _record(raw: bytes) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _card(record: dict[str, Any]) -> tuple[str, ...]:
    """The lines of a bot's card, each once, but for those that are the text of the message anyway."""
    message = record.get("bot_message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):  # Zoom describes an object, and shows it as JSON in a text
        try:
            content = json.loads(content, strict=False)
        except (ValueError, RecursionError):
            content = {"text": content}
    lines = dict.fromkeys(readable.text(line) for line in _read(content, 0) if line.strip() != "")
    lines.pop(record["message"] if isinstance(record.get("message"), str) else "", None)
    return tuple(lines)


def _read(content: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        for part in content:
            yield from _read(part, depth + 1)
    elif isinstance(content, dict):
        for name, part in content.items():
            if isinstance(part, str) and name in WORDS_OF_CARDS:
                yield part
            else:
                yield from _read(part, depth + 1)


@lru_cache(maxsize=50_000)
def _recorded(sender: str | None, flag: bool | None, is_bot: bool, has_reactions: bool) -> Recorded:
    """Zoom says whether a sender is outside in conversations of two only; otherwise it leaves the address of outsiders empty."""
    is_external = flag
    if flag is None and sender is not None and (sender != "" or not is_bot):
        is_external = sender == ""
    return Recorded(people.address(sender), is_external, is_bot, has_reactions)
