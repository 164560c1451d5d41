"""Tag Chat Sessions."""

from starlette.routing import Route

ROUTES: list[Route] = []
