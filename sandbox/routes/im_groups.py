"""Tag IM Groups."""

from starlette.routing import Route

ROUTES: list[Route] = []
