"""Around the application: what is due is done before a request is answered.

So whatever is asked, the API or the control room, finds the world as it should be by its own clock.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import drafts
from sandbox.world import World


class Punctual:
    """Lets requests through to a world that is up to date."""

    def __init__(self, app: ASGIApp, *, world: World) -> None:
        self._app, self._world = app, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do what is due, then answer."""
        if scope["type"] == "http":
            now = self._world.clock.now_ms()
            if drafts.due(self._world, at=now):
                drafts.send_due(self._world, at=now)
        await self._app(scope, receive, send)
