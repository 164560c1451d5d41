"""Channels as one of their members has them, and the joins and leaves of all channels of the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zoom import paging
from zoom.calls import Caller
from zoom.records.channels import ActivityRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Channels:
    """The operations tagged Chat Channels."""

    _caller: Caller

    def activities(
        self, *, start: date, end: date, channel_id: str | None = None
    ) -> Iterator[ListPage[ActivityRecord]]:
        """Joins and leaves of all channels, or of one, over one to three UTC days, 15 a page.

        Raises NotFound (5306) when there is no such channel.

        API: listAllChannelActivityLogs, LIGHT.
        Scopes: chat_channel:read:admin; granular team_chat:read:list_channel_activity_logs:admin.
        """
        return paging.listed(
            self._caller,
            "listAllChannelActivityLogs",
            ActivityRecord,
            name="channel_activity_logs",
            page_size=15,
            query={"start_date": start, "end_date": end, "channel_id": channel_id},
        )
