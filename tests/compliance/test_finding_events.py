"""Narrowing the audit trail: by who did it, by what was done, to what, and when; and that nothing else is shown."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from compliance import audit, trail
from compliance.models import AuditEvent
from compliance.permissions import Role
from compliance.trail import Filters
from tests.archive import scenes
from tests.compliance import cast

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
SUBJECTS = ("session/1", "session/12", "session/120", "message/1", "messages", "audit")


@pytest.fixture
def ursula(db: None) -> User:
    return cast.person(Role.CHIEF_AUDITOR)


@pytest.fixture
def written(ines: User, ravi: User) -> None:
    """Sixty events of two days, by Ines, Ravi and the system."""
    for n in range(60):
        audit.record(
            action=(Action.LOOKED, Action.SEARCHED, Action.DOWNLOADED)[n % 3],
            subject=SUBJECTS[n % len(SUBJECTS)],
            by=(ines, ravi, None, ravi)[n % 4],
            now=scenes.NOW - timedelta(hours=n),
        )


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(person="KAPOOR"),
        Filters(person="r"),
        Filters(person="the system"),
        Filters(person="%"),
        Filters(action="searched"),
        Filters(subject="session/12"),
        Filters(subject="s"),
        Filters(subject="_"),
        Filters(first_day=date(2026, 11, 19), last_day=date(2026, 11, 19)),
        Filters(person="moreau", action="looked", subject="session/", first_day=date(2026, 11, 19)),
    ],
    ids=lambda filters: ",".join(filters.narrowed()) or "everything",
)
def test_what_passes_every_filter_is_shown_page_by_page_and_nothing_else(
    filters: Filters, written: None, ursula: User
) -> None:
    """The same as looking at every event, in the same order, with the total of all."""
    events = list(AuditEvent.objects.order_by("-pk"))
    expected = [
        one.pk
        for one in events
        if filters.person.upper() in one.actor_name.upper()
        and filters.action in ("", one.action)
        and one.subject.startswith(filters.subject)
        and (filters.first_day is None or one.at.date() >= filters.first_day)
        and (filters.last_day is None or one.at.date() <= filters.last_day)
    ]
    seen, before = [], None
    newest = events[0].pk
    while True:
        page = trail.page(filters=filters, before=before or newest + 1, limit=7, by=ursula, now=scenes.NOW)
        seen += [one.pk for one in page.events]
        before = page.older
        if before is None:
            break
    assert seen == expected
