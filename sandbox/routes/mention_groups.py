"""Tag Chat Channel Mention Group."""

from starlette.routing import Route

ROUTES: list[Route] = []
