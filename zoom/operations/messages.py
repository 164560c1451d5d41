"""What surrounds a message: the one a forward shows, and the thread below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from zoom import decoding
from zoom.calls import Caller
from zoom.records import ForwardedRecord, Reply, Thread, ThreadRecord


@dataclass(frozen=True, slots=True)
class Messages:
    """The reading operations tagged Chat Messages that an archive needs."""

    _caller: Caller

    def forwarded(self, forward_id: str) -> ForwardedRecord:
        """The message that a forward shows (getForwardedMessage)."""

        def read(reply: Reply) -> ForwardedRecord:
            return decoding.whole(ForwardedRecord, reply.body, status=reply.status, request=reply.request)

        return self._caller.call("getForwardedMessage", read=read, ids={"forwardId": forward_id})

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
        """A message and its first 100 replies from `start` on, oldest first (retrieveThread).

        There are no further pages: while `total` is more than came, ask again from the last reply's time.
        """
        if (to_channel is None) == (to_contact is None):
            raise ValueError("a thread is in a channel or with a contact: name exactly one")
        where = ("to_channel", to_channel) if to_channel is not None else ("to_contact", to_contact or "")
        query = [where, ("from", _second(start))]
        if end is not None:
            query.append(("to", _second(end)))
        query += [("limit", "100"), ("sort", "asc"), ("need_main_message", "true")]
        query += [(f"need_{part}", "true") for part in ("emoji", "attachment", "rich_text", "at_items")]

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


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
