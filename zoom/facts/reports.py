"""Tag Reports: sessions of the account and messages of a session."""

import calendar
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from zoom.facts.rows import Label, Paged, row

Modified = Literal["edited_messages", "deleted_messages"]

_SCOPES = "report_chat:read:admin imchat:read:admin"


class Sessions(Paged, frozen=True, kw_only=True):
    """Which sessions: those with something sent from one UTC day to another."""

    from_: date = field(name="from")
    to: date
    page_size: Annotated[int, Meta(ge=1, le=300)] | None = None

    def __post_init__(self) -> None:
        check_month(self.from_, self.to)


class Messages(Paged, frozen=True, kw_only=True):
    """Which messages of a session, and what to send beside them."""

    from_: date = field(name="from")
    to: date
    page_size: Annotated[int, Meta(ge=1, le=100)] | None = None
    include_fields: Annotated[list[Modified], Meta(min_length=1, max_length=2)] | None = None
    include_bot_message: bool | None = None
    include_reactions: bool | None = None
    include_custom_emoji_reactions: bool | None = None
    query_all_modifications: bool | None = None

    def __post_init__(self) -> None:
        check_month(self.from_, self.to)


def check_month(first: date, last: date) -> None:
    """A report covers at most a month, both of its days included."""
    if last < first:
        raise ValueError(f"to: {last} is before from, {first}")
    if last > months_later(first, 1):
        raise ValueError(f"to: at most one month after from, which is {months_later(first, 1)}")


def months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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
