"""The sandbox on a real port: as a program of its own, or inside a test.

`running()` serves from a thread and hands out the address, so that a test talks to it over a real socket and
reaches into the same world from its own side.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from sandbox import app as application
from sandbox.instance import Account, Instance
from sandbox.reports import Source
from sandbox.world import World

_START_SECONDS = 20.0
_NOTICE_SECONDS = 0.02


@dataclass(slots=True, frozen=True)
class Running:
    """A sandbox that answers: where, and the instance behind it."""

    port: int
    instance: Instance

    @property
    def world(self) -> World:
        """The world it answers from."""
        return self.instance.world

    @property
    def url(self) -> str:
        """The origin, without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What stands for `https://api.zoom.us/v2`."""
        return f"{self.url}/v2"

    @property
    def oauth_url(self) -> str:
        """What stands for `https://zoom.us/oauth/token`."""
        return f"{self.url}/oauth/token"


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then let whoever waits go on."""
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Serve until told to stop, and notice it soon: a test waits for the end of its server."""
        ticks = 0
        while not await self.on_tick(ticks):
            await asyncio.sleep(_NOTICE_SECONDS)
            ticks = (ticks + 1) % 1000


def listen(*, host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes any free one."""
    # the protocol must be named: asyncio switches Nagle's delay off only where it is
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def server_of(app: Starlette) -> _Server:
    """A quiet server for the application: its errors are the sandbox's own, not news."""
    return _Server(
        uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=30,
        )
    )


@contextmanager
def running(
    world: World,
    *,
    account: Account | None = None,
    source: Source | None = None,
    live_per_minute: float = 0,
) -> Iterator[Running]:
    """Serve a world from a thread for as long as the block lasts."""
    app = application.build(world, account=account, source=source, live_per_minute=live_per_minute)
    bound = listen(host="127.0.0.1", port=0)
    server = server_of(app)
    thread = threading.Thread(target=server.run, args=([bound],), name="sandbox", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError("the sandbox did not start")
        yield Running(bound.getsockname()[1], app.state.instance)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        bound.close()
