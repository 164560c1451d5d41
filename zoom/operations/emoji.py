"""The account's own emoji, so that reactions can be shown by name and picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records.emoji import EmojiRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Emoji:
    """The reading operation tagged Chat Emoji."""

    _caller: Caller

    def custom(self, *, search_key: str | None = None) -> Iterator[ListPage[EmojiRecord]]:
        """Every custom emoji, 50 a page, or those whose name contains `search_key` (3 to 256 characters).

        API: listCustomEmojis, LIGHT.
        Scopes: chat:read:admin, chat:read, chat:write:admin, chat:write;
        granular team_chat:read:list_custom_emojis, team_chat:read:list_custom_emojis:admin.
        """
        return paging.listed(
            self._caller,
            "listCustomEmojis",
            EmojiRecord,
            name="emojis",
            page_size=50,
            query={"search_key": search_key},
        )
