"""A message to a contact, the older way."""

from __future__ import annotations

from dataclasses import dataclass

from zoom import made
from zoom.calls import Caller
from zoom.records.im_chat import SentRecord


@dataclass(frozen=True, slots=True)
class ImChat:
    """The operations tagged IM Chat."""

    _caller: Caller

    def send(self, *, to: str, message: str) -> str:
        """Say something to a contact in the name of the app's own user, and return the message's id.

        `to` is a user id or the e-mail registered with Zoom. A sending whose outcome is unknown is not repeated.
        Raises NotFound (1001) when there is no such user, BadRequest (300, 5301) when Zoom did not send it.

        API: sendimmessages, MEDIUM.
        Scopes: imchat:write; granular none.
        """
        return self._caller.call(
            "sendimmessages",
            read=made.id_of(SentRecord, lambda one: one.id),
            query={"chat_user": to},
            content={"message": message},
        )
