"""The people of the console and the roles they are given.

Nobody appoints themselves into reading: appointments are made by an administrator, who cannot read, and each one is
an event of the audit trail.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group, User
from django.db import transaction

from compliance import audit, permissions
from compliance.permissions import Role


def appoint(
    *,
    username: str,
    email: str,
    full_name: str,
    roles: Iterable[Role],
    password: str | None,
    by: User | None,
    now: datetime,
) -> User:
    """Give a person, made when new, exactly these roles; `by=None` is the operator at the command line.

    A password of None leaves a known person's as it is, and a new person unable to sign in until one is set.
    """
    if by is not None:
        permissions.check(permissions.Action.APPOINT, by=by)
    given = sorted(set(roles))
    first_name, _, last_name = full_name.partition(" ")
    with transaction.atomic():
        person, is_new = User.objects.update_or_create(
            username=username,
            defaults={
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "is_staff": bool(permissions.STAFF & set(given)),
            },
        )
        if password is not None or is_new:
            person.set_password(password)
            person.save(update_fields=["password"])
        person.groups.set(Group.objects.filter(name__in=[role.value for role in given]))
        details = {"roles": [role.value for role in given], "new": is_new}
        audit.record(
            action=audit.Action.CHANGED, subject=f"person/{person.pk}", details=details, by=by, now=now
        )
    return person
