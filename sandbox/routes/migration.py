"""Tag Chat Migration."""

from starlette.routing import Route

ROUTES: list[Route] = []
