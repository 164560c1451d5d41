"""Tag Chat Reminder: messages that come back at a moment."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from zoom.facts.places import InOnePlace, check_no_two_places
from zoom.facts.rows import Label, Paged, row


class NewReminder(InOnePlace, frozen=True, kw_only=True):
    """When a message comes back: at a moment, or so many seconds from now (5 minutes to 90 days)."""

    remind_time: datetime | None = None
    delay_seconds: Annotated[int, Meta(ge=300, le=7_776_000)] | None = None
    reminder_note: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.remind_time is None) == (self.delay_seconds is None):
            raise ValueError("remind_time, delay_seconds: give exactly one of them")


class Reminders(Paged, frozen=True, kw_only=True):
    """Which reminders: of one conversation, or of all."""

    to_contact: str | None = None
    to_channel: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=20)] | None = None

    def __post_init__(self) -> None:
        check_no_two_places(self.to_contact, self.to_channel)


ROWS = (
    row(
        "createReminderForMessage",
        "POST /chat/messages/{messageId}/reminder",
        Label.LIGHT,
        scopes="chat_message:write",
        granular="team_chat:write:reminder",
        body=NewReminder,
    ),
    row(
        "deleteReminderForMessage",
        "DELETE /chat/messages/{messageId}/reminder",
        Label.LIGHT,
        scopes="chat_message:write",
        granular="team_chat:delete:reminder",
        query=InOnePlace,
    ),
    row(
        "listReminders",
        "GET /chat/reminder",
        Label.LIGHT,
        scopes="chat_message:read",
        granular="team_chat:read:list_reminders",
        query=Reminders,
    ),
)
