"""The reports, as data: each has an address of its own, and a tab for whoever may open it.

The period goes with the reader from tab to tab; a report that is about none leaves it alone.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from compliance import permissions
from compliance.permissions import Action

TABS: tuple[tuple[str, str, Action], ...] = (
    ("Sessions", "report_sessions", Action.SEE_REPORTS),
    ("Activity", "report_activity", Action.SEE_REPORTS),
    ("External contacts", "report_outside", Action.SEE_REPORTS),
    ("Files and languages", "report_content", Action.SEE_REPORTS),
    ("Month against month", "report_months", Action.SEE_REPORTS),
    ("Completeness", "completeness", Action.SEE_COMPLETENESS),
    ("Reconciliation", "reconciliation", Action.SEE_COMPLETENESS),
)
"""What a tab is called, the name of its address, and what a person must be allowed to do to open it."""


@dataclass(frozen=True)
class Tab:
    """One tab."""

    label: str
    url: str
    is_current: bool


def of(by: User, *, current: str = "", query: str = "") -> list[Tab]:
    """The tabs for a person; `current` is the name of the address that is shown, `query` what goes along."""
    ending = f"?{query}" if query else ""
    return [
        Tab(label, reverse(name) + ending, name == current)
        for label, name, action in TABS
        if permissions.can(action, by=by)
    ]
