"""The tabs of retention, as data: each has an address of its own, and is shown where there is one."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import NoReverseMatch, reverse

from compliance import permissions
from compliance.permissions import Action

TABS: tuple[tuple[str, str, Action], ...] = (
    ("Channels at Zoom", "retention", Action.SEE_RETENTION),
    ("Rules", "retention_rules", Action.SEE_RETENTION),
    ("Plans", "retention_plans", Action.SEE_RETENTION),
    ("The archive’s own", "keeping_rules", Action.SEE_DISPOSITION),
)
"""What a tab is called, the name of its address, and what a person must be allowed to do to open it."""


@dataclass(frozen=True)
class Tab:
    """One tab."""

    label: str
    url: str
    is_current: bool


def of(current: str, *, by: User | AnonymousUser) -> list[Tab]:
    """The tabs for a person; `current` is the name of the address that is shown."""
    tabs = []
    for label, name, action in TABS:
        if not permissions.can(action, by=by):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        tabs.append(Tab(label, url, name == current))
    return tabs
