"""Tag Invitations: asking somebody outside to become a contact."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, contacts
from sandbox.asked import Asked
from sandbox.gate import Call, route
from sandbox.world import Unknown


class Invitation(Asked, frozen=True, kw_only=True):
    """Whom to ask, and in which words."""

    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$")]
    message: str | None = None


async def send(call: Call) -> Response:
    """Ask somebody, in the name of one of the account's people."""
    given = await asked.body(call, Invitation)
    inviter = call.world.person(call.path("userId"))
    if inviter.external:
        raise Unknown(call.path("userId"))
    contacts.invite(
        call.world,
        inviter_id=inviter.id,
        email=given.email,
        message=given.message,
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


ROUTES = [route("sendNewContactInvitation", send)]
