"""A reconciliation that is kept and one by the calendar, to put into addresses."""

from datetime import date

from django.contrib.auth.models import Group, User

from archive.models import Session, Window
from compliance import reconciliations, reconciling
from compliance.models import Reconciliation
from compliance.permissions import Role
from tests.archive import scenes


def reconciled(session: Session) -> dict[str, int]:
    """An account of November in which a session has unknown days, and a daily one that Rosa is told of; their keys."""
    Window.objects.filter(session=session).update(complete_through=None)
    run = reconciling.ask(
        account_ids=None, first=date(2026, 11, 1), last=date(2026, 11, 19), by=None, now=scenes.NOW
    )
    Window.objects.filter(session=session).update(complete_through=scenes.NOW)
    rosa = User.objects.create_user("rosa", "rosa@example.test")
    rosa.groups.add(Group.objects.get(name=Role.AUDITOR.value))
    day = Reconciliation.Period.DAY
    made = reconciliations.plan(
        name="Board", period=day, account_ids=None, recipient_ids=[rosa.pk], by=None, now=scenes.NOW
    )
    return {"run": run.pk, "reconciliation": made.pk}
