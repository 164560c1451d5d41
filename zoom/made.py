"""The id of something that a call has just made.

Without it what was made could not be found again, and asking once more would make it twice: a reply that lacks
it is refused with its bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from zoom import decoding
from zoom.decoding import Record, Text
from zoom.errors import UnexpectedReply
from zoom.replies import Reply

R = TypeVar("R", bound=Record)


class Made(Record, frozen=True):
    """A reply that says nothing but the `id` of what was made."""

    id: Text = None


def id_of(kind: type[R], get: Callable[[R], str | None]) -> Callable[[Reply], str]:
    """A reader of replies that are a record of this kind: what `get` finds in it is the id."""

    def read(reply: Reply) -> str:
        made = get(decoding.whole(kind, reply.body, status=reply.status, request=reply.request))
        if made is None:
            raise UnexpectedReply(
                f"{reply.request.operation}: what was made has no id",
                body=reply.body,
                status=reply.status,
                request=reply.request,
            )
        return made

    return read


own_id = id_of(Made, lambda one: one.id)
"""The reader of the many replies that name what was made by `id`."""
