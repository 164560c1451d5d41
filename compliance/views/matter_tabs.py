"""The tabs of a matter's page, as data: each has an address of its own, and is shown where there is one."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse

from compliance import permissions
from compliance.models import Matter
from compliance.permissions import Action

TABS: tuple[tuple[str, str, Action], ...] = (
    ("Summary", "matter", Action.SEE_MATTER),
    ("Custodians", "matter_custodians", Action.SEE_MATTER),
    ("Conversations", "matter_places", Action.SEE_MATTER),
    ("Preserved", "matter_preserved", Action.SEE_MATTER),
    ("Files at Zoom", "matter_files", Action.SEE_MATTER),
    ("Notices", "matter_notices", Action.SEE_MATTER),
    ("Search", "matter_search", Action.SEARCH),
    ("Exports", "matter_exports", Action.EXPORT),
    ("Health", "matter_health", Action.SEE_MATTER),
    ("Timeline", "matter_timeline", Action.SEE_MATTER),
    ("Members", "matter_members", Action.SEE_MATTER),
)
"""What a tab is called, the name of its address, and what a person must be allowed to do to open it."""


@dataclass(frozen=True)
class Tab:
    """One tab."""

    label: str
    url: str
    is_current: bool


def of(matter: Matter, *, current: str, by: User) -> list[Tab]:
    """The tabs of a matter for a person; `current` is the name of the address that is shown."""
    tabs = []
    for label, name, action in TABS:
        if not permissions.can(action, by=by):
            continue
        try:
            url = reverse(name, args=[matter.pk])
        except NoReverseMatch:
            continue
        tabs.append(Tab(label, url, name == current))
    return tabs
