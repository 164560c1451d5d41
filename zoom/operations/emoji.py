"""The account's own emoji, so that reactions can be shown by name and picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import decoding, paging, uploads
from zoom.calls import Caller
from zoom.records.emoji import EmojiRecord
from zoom.replies import ListPage, Reply
from zoom.uploads import File


@dataclass(frozen=True, slots=True)
class Emoji:
    """The operations tagged Chat Emoji."""

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

    def add(self, *, name: str, file: File, file_name: str | None = None) -> EmojiRecord:
        """Add an emoji to the account and return its `file_id` and `name`.

        `name` is 3 to 100 letters, digits and underscores. `file` is a path, or an open binary file that can be rewound
        and then needs a `file_name`: a jpg, jpeg, png or gif of at most 256 KB. An adding whose outcome is unknown is
        not repeated. Raises NotAuthorized (40090) when the app may not, BadRequest when the name is taken (30010) or
        Zoom refuses the file (300, 400), InvalidParameter for a file that breaks these bounds.

        API: addACustomEmoji, LIGHT.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:write:custom_emoji, team_chat:write:custom_emoji:admin.
        """

        def read(reply: Reply) -> EmojiRecord:
            return decoding.whole(EmojiRecord, reply.body, status=reply.status, request=reply.request)

        return uploads.upload(
            self._caller,
            "addACustomEmoji",
            file=file,
            field="file",
            name=file_name,
            read=read,
            content={"name": name},
        )

    def delete(self, *, file_id: str) -> None:
        """Delete one of the account's emoji.

        Raises NotFound (5404) when there is no such emoji, NotAuthorized (200) when the app may not, BadRequest when
        it failed (4600) or the account has no custom emoji (300).

        API: DeleteCustomEmoji, LIGHT.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:delete:custom_emoji, team_chat:delete:custom_emoji:admin.
        """
        self._caller.done("DeleteCustomEmoji", ids={"fileId": file_id})
