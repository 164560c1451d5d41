"""The id of what an operation has just made, for the many replies that say nothing else."""

from __future__ import annotations

from zoom import decoding
from zoom.decoding import Record, Text
from zoom.errors import UnexpectedReply
from zoom.replies import Reply


class _Made(Record, frozen=True):
    id: Text = None


def id_of(reply: Reply) -> str:
    """The `id` of the reply. Raises UnexpectedReply without one: what was made could not be found again."""
    made = decoding.whole(_Made, reply.body, status=reply.status, request=reply.request)
    if made.id is None:
        raise UnexpectedReply(
            f"{reply.request.operation}: what was made has no id",
            body=reply.body,
            status=reply.status,
            request=reply.request,
        )
    return made.id
