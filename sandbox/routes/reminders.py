"""Tag Chat Reminder."""

from starlette.routing import Route

ROUTES: list[Route] = []
