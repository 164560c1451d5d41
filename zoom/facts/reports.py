"""Tag Reports: sessions of the account and messages of a session."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from zoom.facts.rows import Label, Paged, row

_SCOPES = "report_chat:read:admin imchat:read:admin"


class Sessions(Paged, frozen=True, kw_only=True):
    """Which sessions: those with something sent from one UTC day to another."""

    from_: date = field(name="from")
    to: date
    page_size: Annotated[int, Meta(ge=1, le=300)] | None = None


class Messages(Paged, frozen=True, kw_only=True):
    """Which messages of a session, and what to send beside them."""

    from_: date = field(name="from")
    to: date
    page_size: Annotated[int, Meta(ge=1, le=100)] | None = None
    include_fields: Annotated[list[str], Meta(min_length=1, max_length=2)] | None = None
    include_bot_message: bool | None = None
    include_reactions: bool | None = None
    include_custom_emoji_reactions: bool | None = None
    query_all_modifications: bool | None = None


ROWS = (
    row(
        "reportChatSessions",
        "GET /report/chat/sessions",
        Label.MEDIUM,
        scopes=_SCOPES,
        granular="report:read:list_chat_sessions:admin",
        query=Sessions,
    ),
    row(
        "reportChatMessages",
        "GET /report/chat/sessions/{sessionId}",
        Label.MEDIUM,
        scopes=_SCOPES,
        granular="report:read:chat_session:admin",
        query=Messages,
    ),
)
