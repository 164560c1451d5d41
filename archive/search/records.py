"""What a record itself says of its message beside the text: who it names as its sender, reactions, that a bot spoke.

Read from the exact bytes each time a message is indexed, so that a rebuild gives the same answers years later, whatever
was learned of the sender since. The fast way knows the documented types; whatever it refuses is read the slow way, as
ingest does. Must never fail: bytes that are no record say nothing.
"""

import json
from functools import lru_cache
from typing import NamedTuple

import msgspec

from archive import people

_REACTIONS = ("reactions", "custom_emoji_reactions")


class Recorded(NamedTuple):
    """What one record says. `address` is "" where it names none, `is_external` None where it does not say."""

    address: str
    is_external: bool | None
    is_bot: bool
    has_reactions: bool


NOTHING = Recorded("", None, is_bot=False, has_reactions=False)


class _Fields(msgspec.Struct, gc=False):
    sender: str | None = None
    is_sender_external: bool | None = None
    reactions: list[msgspec.Raw] | None = None
    custom_emoji_reactions: list[msgspec.Raw] | None = None
    bot_message: msgspec.Raw | None = None


_decode = msgspec.json.Decoder(_Fields).decode


def read(raw: bytes) -> Recorded:
    """What the bytes of a record say."""
    try:
        said = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _tolerantly(raw)
    return _recorded(
        said.sender,
        said.is_sender_external,
        said.bot_message is not None and bytes(said.bot_message) != b"null",
        bool(said.reactions) or bool(said.custom_emoji_reactions),
    )


def _tolerantly(raw: bytes) -> Recorded:
    try:
        record = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return NOTHING
    if not isinstance(record, dict):
        return NOTHING
    sender, flag = record.get("sender"), record.get("is_sender_external")
    return _recorded(
        sender if isinstance(sender, str) else None,
        flag if isinstance(flag, bool) else None,
        record.get("bot_message") is not None,
        any(isinstance(record.get(name), list) and len(record[name]) > 0 for name in _REACTIONS),
    )


@lru_cache(maxsize=50_000)
def _recorded(sender: str | None, flag: bool | None, is_bot: bool, has_reactions: bool) -> Recorded:
    """Zoom says whether a sender is outside in conversations of two only; otherwise it leaves the address of outsiders empty."""
    is_external = flag
    if flag is None and sender is not None and (sender != "" or not is_bot):
        is_external = sender == ""
    return Recorded(people.address(sender), is_external, is_bot, has_reactions)
