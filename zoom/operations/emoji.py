"""The account's own emoji, so that reactions can be shown by name and picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records import EmojiRecord, ListPage


@dataclass(frozen=True, slots=True)
class Emoji:
    """The reading operation tagged Chat Emoji."""

    _caller: Caller

    def custom(self) -> Iterator[ListPage[EmojiRecord]]:
        """Every custom emoji, 50 a page (listCustomEmojis)."""
        return paging.listed(self._caller, "listCustomEmojis", EmojiRecord, name="emojis", page_size=50)
