"""A user's conversations, and which of them are starred. `user_id` may be `me` for an app of the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zoom import paging
from zoom.calls import Caller
from zoom.records.sessions import ConversationRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Sessions:
    """The operations tagged Chat Sessions."""

    _caller: Caller

    def list(
        self,
        *,
        user_id: str,
        type: Literal["1:1", "groupchat"] | None = None,
        starred: bool | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Iterator[ListPage[ConversationRecord]]:
        """A user's conversations with something said from `start` to `end`, or the starred ones, 50 a page.

        Without `start` it begins with today, without `end` it ends with today; neither goes with `starred`, which
        only an app of the user's own may ask for. Without `type` both kinds come. Raises NotFound (1001) when there
        is no such user, NotAuthorized (200) when the app may not look.

        API: getChatSessions, MEDIUM.
        Scopes: chat_message:read, chat_message:read:admin;
        granular team_chat:read:list_user_sessions, team_chat:read:list_user_sessions:admin.
        """
        query = {"type": type, "search_star": starred, "from": start, "to": end}
        return paging.listed(
            self._caller,
            "getChatSessions",
            ConversationRecord,
            name="sessions",
            page_size=50,
            query=query,
            ids={"userId": user_id},
        )

    def star(
        self,
        *,
        user_id: str,
        target_id: str,
        target_type: Literal["channel", "contact"],
        starred: bool = True,
    ) -> None:
        """Star a conversation, or take the star off with `starred=False`.

        `target_id` is a channel's id, or the user id or member id of a contact. Raises NotFound (1001, 4130) when
        user, contact or channel do not exist, NotAuthorized (200) when the app may not, BadRequest (5301) when it
        failed.

        API: starUnstarChannelContact, MEDIUM.
        Scopes: chat_event:write:admin, chat_event:write;
        granular team_chat:update:chat_control, team_chat:update:chat_control:admin.
        """
        content = {
            "method": "star" if starred else "unstar",
            "params": {"target_id": target_id, "target_type": target_type},
        }
        self._caller.done("starUnstarChannelContact", content=content, ids={"userId": user_id})
