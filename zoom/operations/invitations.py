"""Asking somebody to become a contact."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Invitations:
    """The operations tagged Invitations."""

    _caller: Caller

    def send(self, *, user_id: str, email: str, message: str | None = None) -> None:
        """Ask somebody, by e-mail, to become a contact of a user (`me` is the app's own), in words if given.

        Raises NotAuthorized (403) when the user may not add contacts, BadRequest when Zoom does not take the
        address.

        API: sendNewContactInvitation, LIGHT.
        Scopes: chat_contact:write, chat_contact:write:admin;
        granular team_chat:write:contact_information:admin, team_chat:write:contact_information.
        """
        self._caller.done(
            "sendNewContactInvitation",
            content={"email": email, "message": message},
            ids={"userId": user_id},
        )
