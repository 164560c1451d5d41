"""Tag IM Chat."""

from starlette.routing import Route

ROUTES: list[Route] = []
