"""What surrounds a message: the one a forward shows, and the thread below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zoom import decoding
from zoom.calls import Caller
from zoom.records.messages import ForwardedRecord, Thread, ThreadRecord
from zoom.replies import Reply


@dataclass(frozen=True, slots=True)
class Messages:
    """The reading operations tagged Chat Messages that an archive needs."""

    _caller: Caller

    def forwarded(self, forward_id: str) -> ForwardedRecord:
        """The message that a forward shows. Raises NotFound when it is gone.

        API: getForwardedMessage, LIGHT.
        Scopes: chat_message:read, chat_message:read:admin, chat_message:write, chat_message:write:admin;
        granular team_chat:read:user_message, team_chat:read:user_message:admin.
        """
        return self._caller.record("getForwardedMessage", ForwardedRecord, ids={"forwardId": forward_id})

    def thread(
        self,
        *,
        user_id: str,
        message_id: str,
        start: datetime,
        end: datetime | None = None,
        to_channel: str | None = None,
        to_contact: str | None = None,
    ) -> Thread:
        """A message and its first 100 replies from `start` on, oldest first.

        Name exactly one of `to_channel` and `to_contact`. There are no further pages: while `total` is more than
        came, ask again from the last reply's time. Raises NotFound (4130, 4131) when channel or message are gone.

        API: retrieveThread, MEDIUM.
        Scopes: chat_message:read, chat_message:read:admin;
        granular team_chat:read:thread_message, team_chat:read:thread_message:admin.
        """
        query = {
            "to_channel": to_channel,
            "to_contact": to_contact,
            "from": start,
            "to": end,
            "limit": 100,
            "sort": "asc",
            "need_main_message": True,
            **dict.fromkeys(("need_emoji", "need_attachment", "need_rich_text", "need_at_items"), True),
        }

        def read(reply: Reply) -> Thread:
            (slices,), _ = decoding.listed(
                reply.body, lists=("messages",), status=reply.status, request=reply.request
            )
            return Thread(
                request=reply.request,
                received_at=reply.received_at,
                status=reply.status,
                body=reply.body,
                total=decoding.record(_Total, reply.body).total,
                messages=decoding.records(ThreadRecord, slices),
            )

        return self._caller.call(
            "retrieveThread", read=read, query=query, ids={"userId": user_id, "messageId": message_id}
        )


class _Total(decoding.Record, frozen=True):
    total: decoding.Number = None
