"""What every page wears: the rail, the search box, the completeness badge, the person, the theme.

The rail shows only where the person may go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from compliance import approvals, oidc, permissions, standing, told
from compliance.exports import reading as exports
from compliance.permissions import Action

THEME_COOKIE = "theme"
THEMES = (("", "System"), ("light", "Light"), ("dark", "Dark"))


@dataclass(frozen=True)
class Entry:
    """One entry of the rail."""

    label: str
    icon: str
    url: str
    is_current: bool
    begins_group: bool
    waiting: int = 0
    """How many things wait for this person there."""


_RAIL: tuple[tuple[str, str, str, Action, bool], ...] = (
    ("Overview", "overview", "overview", Action.SEE_COMPLETENESS, False),
    ("Search", "search", "search", Action.SEARCH, False),
    ("Searches", "searches", "searches", Action.SEARCH, False),
    ("Sessions", "sessions", "sessions", Action.SEE_COMPLETENESS, False),
    ("Matters", "matters", "matters", Action.SEE_MATTER, False),
    ("Retention", "retention", "retention", Action.SEE_RETENTION, False),
    ("Capture", "capture", "capture", Action.SEE_COMPLETENESS, False),
    ("Reports", "reports", "reports", Action.SEE_COMPLETENESS, False),
    ("Exports", "exports", "exports", Action.EXPORT, False),
    ("Approvals", "approvals", "approvals", Action.SEE_REQUESTS, True),
    ("Audit", "audit", "audit", Action.SEE_AUDIT, False),
    ("System", "system", "system", Action.SEE_SYSTEM, False),
    ("Records", "records", "admin:index", Action.SEE_RECORDS, False),
    ("People", "people", "people", Action.APPOINT, False),
)
_ALSO = {"searches": ("/lists/", "/compare/", "/tags/"), "retention": ("/disposition/",)}
"""Addresses that belong to an entry although they do not begin with its own."""


def context(request: HttpRequest) -> dict[str, Any]:
    """The template variable `shell`, for a signed-in person; pages of the entrance get only the theme."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    shell: dict[str, Any] = {
        "theme": theme if theme in dict(THEMES) else "",
        "themes": THEMES,
        "single_sign_on": oidc.name(),
    }
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return {"shell": shell}
    now = timezone.now()
    allowed = permissions.allowed(person)
    name = person.get_full_name() or person.username
    return {
        "shell": shell
        | {
            "rail": rail(request.path, allowed=allowed, waiting=waiting_for(person)),
            "unseen": told.unseen(person=person),
            "can_search": Action.SEARCH in allowed,
            "can_download": Action.DOWNLOAD in allowed,
            "standing": standing.recent(now=now) if Action.SEE_COMPLETENESS in allowed else None,
            "person_name": name,
            "initials": initials(name),
            "roles": ", ".join(sorted(role.value for role in permissions.roles(person))),
            "zone": timezone.get_current_timezone_name(),
            "now": now,
        }
    }


def waiting_for(person: User) -> dict[str, int]:
    """How many things wait for a person, by the entry of the rail that leads to them."""
    return {
        "approvals": approvals.number_waiting(by=person),
        "exports": exports.waiting_for(by=person),
    }


def rail(path: str, *, allowed: frozenset[Action], waiting: Mapping[str, int] | None = None) -> list[Entry]:
    """The entries a person may open; the one whose address begins this page's address is the current one."""
    entries: list[Entry] = []
    for label, icon, name, action, begins_group in _RAIL:
        url = reverse(name)
        if action in allowed and url not in [entry.url for entry in entries]:
            is_current = path == url if url == "/" else path.startswith((url, *_ALSO.get(name, ())))
            entries.append(Entry(label, icon, url, is_current, begins_group, (waiting or {}).get(name, 0)))
    return entries


def initials(name: str) -> str:
    """Two letters for the account button."""
    parts = [part for part in name.split() if part]
    letters = [part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)]
    return "".join(letters).upper() or "?"
