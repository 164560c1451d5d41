"""The pretend Zoom as an ASGI application: the token endpoint, the API, the file host, the control room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.instance import Account, Instance
from sandbox.live import Act, Life
from sandbox.punctual import Punctual
from sandbox.reports import Source
from sandbox.routes import (
    account_channels,
    bookmarks,
    channels,
    contacts,
    control,
    emoji,
    files,
    im_chat,
    im_groups,
    invitations,
    legal_hold,
    mention_groups,
    messages,
    migration,
    oauth,
    pins,
    reminders,
    reports,
    scheduled,
    sending,
    sessions,
    spaces,
    uploads,
    webhooks,
)
from sandbox.wire import Refusal
from sandbox.world import World


def build(
    world: World,
    *,
    account: Account | None = None,
    source: Source | None = None,
    act: Act | None = None,
    live_per_minute: float = 0,
) -> Starlette:
    """The application over a world; `app.state.instance` is the Instance behind it."""
    instance = Instance(world, account=Account() if account is None else account, source=source)
    life = Life(world, per_minute=live_per_minute, act=act)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with instance.webhooks.running(), life.running():
            yield

    app = Starlette(
        routes=[
            *oauth.ROUTES,
            *account_channels.ROUTES,
            *bookmarks.ROUTES,
            *channels.ROUTES,
            *contacts.ROUTES,
            *emoji.ROUTES,
            *files.ROUTES,
            *im_chat.ROUTES,
            *im_groups.ROUTES,
            *invitations.ROUTES,
            *legal_hold.ROUTES,
            *mention_groups.ROUTES,
            *messages.ROUTES,
            *migration.ROUTES,
            *pins.ROUTES,
            *reminders.ROUTES,
            *reports.ROUTES,
            *scheduled.ROUTES,
            *sending.ROUTES,
            *sessions.ROUTES,
            *spaces.ROUTES,
            *uploads.ROUTES,
            *control.ROUTES,
            *webhooks.ROUTES,
            Route("/{rest:path}", _nothing_here, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
        ],
        middleware=[Middleware(Punctual, world=world)],
        lifespan=lifespan,
    )
    app.state.instance = instance
    return app


async def _nothing_here(_: Request) -> Response:
    return Refusal(404, 404, "The requested resource does not exist.").reply()
