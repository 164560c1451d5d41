"""Reminders: messages that come back to the app's own user at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoom import checks, paging
from zoom.calls import Caller
from zoom.operations.table import OPERATIONS
from zoom.records.reminders import ReminderRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Reminders:
    """The operations tagged Chat Reminder."""

    _caller: Caller

    def create(
        self,
        *,
        message_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        remind_at: datetime | None = None,
        delay: timedelta | None = None,
        note: str | None = None,
    ) -> None:
        """Be reminded of a message, at a moment or after a while.

        Name exactly one of `to_channel` (its id) and `to_contact` (an e-mail), the message's place, and exactly one
        of `remind_at`, at most 90 days from now, and `delay`, 5 minutes to 90 days in whole seconds. A creation
        whose outcome is unknown is not repeated. Raises NotFound (4200) when there is no such message, BadRequest
        (4100) when the place is none.

        API: createReminderForMessage, LIGHT.
        Scopes: chat_message:write; granular team_chat:write:reminder.
        """
        checks.moment(
            OPERATIONS["createReminderForMessage"],
            "remind_time",
            remind_at,
            now=self._caller.clock(),
            over=timedelta(),
            within=timedelta(days=90),
            bound="later than now and at most 90 days from now",
        )
        content = {
            "to_contact": to_contact,
            "to_channel": to_channel,
            "remind_time": remind_at,
            "delay_seconds": None if delay is None else _seconds(delay),
            "reminder_note": note,
        }
        self._caller.done("createReminderForMessage", content=content, ids={"messageId": message_id})

    def delete(
        self, *, message_id: str, to_channel: str | None = None, to_contact: str | None = None
    ) -> None:
        """Delete the reminder of a message; `to_channel` or `to_contact`, exactly one, is the message's place.

        Raises NotFound (4200) when there is no such message, BadRequest (4100) when the place is none.

        API: deleteReminderForMessage, LIGHT.
        Scopes: chat_message:write; granular team_chat:delete:reminder.
        """
        self._caller.done(
            "deleteReminderForMessage",
            query={"to_contact": to_contact, "to_channel": to_channel},
            ids={"messageId": message_id},
        )

    def list(
        self, *, to_channel: str | None = None, to_contact: str | None = None
    ) -> Iterator[ListPage[ReminderRecord]]:
        """The reminders of one conversation, or of all when none is named, 20 a page.

        Raises BadRequest (4100) when the place is none.

        API: listReminders, LIGHT.
        Scopes: chat_message:read; granular team_chat:read:list_reminders.
        """
        return paging.listed(
            self._caller,
            "listReminders",
            ReminderRecord,
            name="reminders",
            page_size=20,
            query={"to_contact": to_contact, "to_channel": to_channel},
        )


def _seconds(delay: timedelta) -> int | float:
    """Whole seconds as such; a part of one stays, for the bounds to refuse by name."""
    seconds = delay.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds
