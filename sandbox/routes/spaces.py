"""Tag Shared Spaces."""

from starlette.routing import Route

ROUTES: list[Route] = []
