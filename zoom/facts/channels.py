"""Tag Chat Channels: channels as one of their members has them, and the account's activity log."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Label, Paged, row


class Activities(Paged, frozen=True, kw_only=True):
    """Which joins and leaves: at most three days, always fifteen rows a page."""

    start_date: date
    end_date: date
    page_size: Annotated[int, Meta(ge=15, le=15)] | None = None
    activity_type: Literal["membership"] | None = None

    def __post_init__(self) -> None:
        check_activity_days(self.start_date, self.end_date)


class AllActivities(Activities, frozen=True, kw_only=True):
    """The same of every channel, or of one."""

    channel_id: str | None = None


def check_activity_days(start: date, end: date) -> None:
    """Activity is asked for one to three days at a time, both ends included."""
    if not 0 <= (end - start).days < 3:
        raise ValueError(
            f"end_date: channel activity is asked for one to three days at a time, not {start} to {end}"
        )


ROWS = (
    row(
        "listAllChannelActivityLogs",
        "GET /chat/activities/channels",
        Label.LIGHT,
        scopes="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
        query=AllActivities,
    ),
)
