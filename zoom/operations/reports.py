"""Chat reports: the sessions of an account and the messages of a session. This is the capture feed.

Dates are UTC days, both ends included. One question covers at most a month and nothing older than six months;
what breaks a bound is refused here, before it costs a request. Messages always come with their edits,
deletions, bot messages and both kinds of reactions, because Zoom leaves all of those out unless asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from zoom import decoding, paging
from zoom.calls import Caller
from zoom.errors import InvalidParameter
from zoom.facts.reports import months_later
from zoom.records.messages import MessageRecord
from zoom.records.reports import MessagePage, SessionPage, SessionRecord

SESSIONS_A_PAGE = 300
MESSAGES_A_PAGE = 100
MONTHS_KEPT = 6

_EVERYTHING = {
    "include_fields": ("edited_messages", "deleted_messages"),
    "include_bot_message": True,
    "include_reactions": True,
    "include_custom_emoji_reactions": True,
}


@dataclass(frozen=True, slots=True)
class Reports:
    """The operations tagged Reports."""

    _caller: Caller

    def sessions(self, *, start: date, end: date) -> Iterator[SessionPage]:
        """Sessions with something said from `start` to `end`, 300 a page.

        At most a month, within the last six.

        API: reportChatSessions, MEDIUM.
        Scopes: report_chat:read:admin, imchat:read:admin; granular report:read:list_chat_sessions:admin.
        """
        query = self._span("reportChatSessions", start, end)

        def build(found: paging.Slices, fields: dict[str, Any]) -> SessionPage:
            return SessionPage(sessions=decoding.records(SessionRecord, found[0]), **fields)

        return paging.pages(
            self._caller,
            "reportChatSessions",
            lists=("sessions",),
            build=build,
            page_size=SESSIONS_A_PAGE,
            query=query,
        )

    def messages(
        self, *, session_id: str, start: date, end: date, modifications: bool = False
    ) -> Iterator[MessagePage]:
        """Messages of a session sent from `start` to `end`, 100 a page; at most a month, within the last six.

        With `modifications` the dates select edits and deletions by when they happened, whenever the message
        was sent: the feed of late changes. Raises NotFound when there is no such session.

        API: reportChatMessages, MEDIUM.
        Scopes: report_chat:read:admin, imchat:read:admin; granular report:read:chat_session:admin.
        """
        query = {
            **self._span("reportChatMessages", start, end),
            **_EVERYTHING,
            "query_all_modifications": True if modifications else None,
        }

        def build(found: paging.Slices, fields: dict[str, Any]) -> MessagePage:
            sent, edited, deleted = (decoding.records(MessageRecord, slices) for slices in found)
            return MessagePage(sent=sent, edited=edited, deleted=deleted, **fields)

        return paging.pages(
            self._caller,
            "reportChatMessages",
            lists=("messages", "edited_messages", "deleted_messages"),
            build=build,
            page_size=MESSAGES_A_PAGE,
            query=query,
            ids={"sessionId": session_id},
        )

    def _span(self, operation: str, start: date, end: date) -> dict[str, object]:
        oldest = earliest(today=self._caller.clock().astimezone(UTC).date())
        if start < oldest:
            raise InvalidParameter(
                operation=operation,
                parameter="from",
                bound=f"{start} is too old, reports go back six months, to {oldest}",
            )
        return {"from": start, "to": end}


def earliest(*, today: date) -> date:
    """The oldest UTC day that reports still cover."""
    return months_later(today, -MONTHS_KEPT)
