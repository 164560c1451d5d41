"""`manage.py status`: the archive's, and how the holds of all matters stand."""

from datetime import datetime
from typing import Any

from archive.management.commands import status
from compliance import health


class Command(status.Command):
    """Stands before the archive's own command of this name, because the console comes first in INSTALLED_APPS."""

    def beyond(self, *, now: datetime) -> list[tuple[str, str, str, Any]]:
        """Matters with something that defeats a hold, and those of which it is not known."""
        found = health.standing(now=now)
        findings = "1 finding" if found.findings == 1 else f"{found.findings:,} findings"
        words = (
            f"{found.unhealthy:,} not healthy ({findings}), {found.unknown:,} unknown,"
            f" of {found.active:,} active matters"
        )
        value = {
            "active": found.active,
            "unhealthy": found.unhealthy,
            "findings": found.findings,
            "unknown": found.unknown,
            "looked_at": None if found.looked_at is None else found.looked_at.isoformat(),
        }
        return [("Holds", "holds", words, value)]
