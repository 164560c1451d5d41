"""Legal matters a person may see: those they are a member of, and no others."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from compliance import permissions
from compliance.models import Matter
from compliance.permissions import Action


class NoSuchMatter(Exception):
    """There is no such matter, or the person is no member of it: the two are not told apart."""


def of(by: User | None) -> QuerySet[Matter]:
    """The matters whose member the person is; all of them for the operator at the command line."""
    if by is None:
        return Matter.objects.all()
    if not permissions.can(Action.SEE_MATTER, by=by):
        return Matter.objects.none()
    return Matter.objects.filter(members__user=by, members__removed_at=None)


def get(*, matter_id: int, action: Action = Action.SEE_MATTER, by: User | None) -> Matter:
    """One matter, for a person who may do `action` with it.

    Raises NoSuchMatter, and PermissionDenied when the person is a member whose role does not allow the action.
    """
    if by is not None:
        permissions.check(Action.SEE_MATTER, by=by)
    matter = of(by).filter(pk=matter_id).first()
    if matter is None:
        raise NoSuchMatter
    if by is not None:
        permissions.check(action, by=by)
    return matter
