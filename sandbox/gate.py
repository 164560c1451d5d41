"""What every API request passes through: token, scopes, rate limit, faults.

The order is the service's: who are you (401), may you (400/4711), not so fast (429), then the operation
itself. Faults strike in between: those that refuse come before the operation, those that spoil a reply after.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import spoil
from sandbox.downloads import other_name
from sandbox.faults import Kind, Rule
from sandbox.files import StoredFile
from sandbox.instance import Instance
from sandbox.operations.rows import Operation
from sandbox.operations.table import OPERATIONS
from sandbox.pages import Place, query_of
from sandbox.wire import Refusal
from sandbox.world import Unknown, World


@dataclass(slots=True, frozen=True)
class Call:
    """One request to one operation, past the gate."""

    instance: Instance
    request: Request
    hits: dict[Kind, Rule]

    @property
    def world(self) -> World:
        """The world the request is about."""
        return self.instance.world

    def path(self, name: str) -> str:
        """A part of the path, decoded."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str | None:
        """A query parameter, None when absent or empty."""
        return self.request.query_params.get(name) or None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A true-or-false query parameter; refuses what is neither."""
        text = self.query(name)
        if text is None:
            return default
        if text.lower() not in ("true", "false"):
            raise Refusal(400, 300, f"Invalid field: {name} must be true or false.")
        return text.lower() == "true"

    def place(self) -> Place:
        """Where the asked page starts."""
        place = self.instance.pages.place(self.query("next_page_token"), query=self._paged())
        if Kind.REPEATED_PAGE in self.hits:
            return Place(place.previous, place.previous, is_first=False)
        return place

    def next_token(self, place: Place, after: tuple[int, int] | None) -> str:
        """The token of the page after this one; empty at the end."""
        if after is None:
            return ""
        return self.instance.pages.token(query=self._paged(), after=after, previous=place.after)

    def link(self, stored: StoredFile) -> str:
        """A fresh download link for the asking client."""
        return self.instance.links.download_url(stored, host=self.request.headers.get("host", "127.0.0.1"))

    def _paged(self) -> str:
        return query_of(self.request.url.path, self.request.query_params.multi_items())


Handler = Callable[[Call], Awaitable[Response]]


def route(operation_id: str, handler: Handler) -> Route:
    """The route of an operation, under `/v2`, behind the gate."""
    operation = OPERATIONS[operation_id]

    async def endpoint(request: Request) -> Response:
        return await _answer(operation, handler, request)

    return Route("/v2" + operation.path, endpoint, methods=[operation.method])


async def _answer(operation: Operation, handler: Handler, request: Request) -> Response:
    instance: Instance = request.app.state.instance
    instance.requests[operation.id] = instance.requests.get(operation.id, 0) + 1
    has_page_token = bool(request.query_params.get("next_page_token"))
    hits = instance.faults.strike(operation.id, has_page_token=has_page_token)
    headers: dict[str, str] = {}
    try:
        token = instance.tokens.check(request.headers.get("authorization"), any_of=operation.scopes)
        if Kind.REVOKED_TOKEN in hits:
            instance.tokens.revoke(token)
            raise Refusal(401, 124, "Access token is expired.")
        headers = instance.limits.spend(operation.label)
        refused = spoil.before(operation.label, hits, now=instance.limits.now())
        if refused is not None:
            return refused
        if Kind.REDIRECTED_UPLOAD in hits:
            return _elsewhere(request)
        response = await handler(Call(instance, request, hits))
    except Refusal as refusal:
        response = refusal.reply()
    except Unknown as unknown:
        response = Refusal(404, 1001, f"User does not exist: {unknown.args[0]}.").reply()
    response.headers.update(headers)
    return spoil.after(response, hits) if hits else response


def _elsewhere(request: Request) -> Response:
    """The same request, at this server's other name: the token is to go along."""
    host = other_name(request.headers.get("host", "127.0.0.1"))
    return RedirectResponse(str(request.url.replace(netloc=host)), 307)
