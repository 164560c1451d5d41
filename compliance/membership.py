"""Who works on a matter.

The last compliance officer of a matter cannot leave it, so that somebody can always answer for it. Where that happened
otherwise, because accounts were closed, any compliance officer may join with a reason, which is in the trail.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from compliance import audit, inert, matters, permissions, refusals, told
from compliance.hindrances import Hindrance
from compliance.models import Matter, MatterMember
from compliance.permissions import Action, Role


class Unfit(Hindrance):
    """It cannot be done; the sentence says why."""


@dataclass(frozen=True)
class Member:
    """Somebody who works on a matter, and what their roles let them do."""

    row: MatterMember
    name: str
    roles: str


def members(*, matter_id: int, by: User) -> tuple[Matter, list[Member], list[User]]:
    """A matter, its members, and who could become one. Raises NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    rows = list(
        matter.members.filter(removed_at=None)
        .select_related("user")
        .prefetch_related("user__groups")
        .order_by("pk")
    )
    there = [_member(row) for row in rows]
    able = [role.value for role, actions in permissions.MATRIX.items() if Action.SEE_MATTER in actions]
    others = User.objects.filter(is_active=True, groups__name__in=able)
    return (
        matter,
        there,
        list(others.exclude(pk__in=[row.user_id for row in rows]).distinct().order_by("username")),
    )


def add(*, matter_id: int, user_id: int, by: User, now: datetime) -> MatterMember:
    """Make somebody a member, who is told. Raises NoSuchMatter, Unfit."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is None or not permissions.can(Action.SEE_MATTER, by=user):
            raise Unfit("Only a person whose role may see matters can become a member.")
        row, is_new = MatterMember.objects.get_or_create(
            matter=matter,
            user=user,
            removed_at=None,
            defaults={"added_at": now, "added_by_name": audit.name_of(by)},
        )
        if is_new:
            link = f"/matters/{matter.pk}/"
            told.tell(
                person=user, text=f"You are a member of the matter “{matter.name}” now.", link=link, now=now
            )
            _record(matter, audit.Action.ADDED_MEMBER, {"member": audit.name_of(user)}, by=by, now=now)
    return row


def remove(*, matter_id: int, user_id: int, by: User, now: datetime) -> None:
    """Take somebody off a matter. Raises NoSuchMatter, Unfit."""
    with transaction.atomic():
        matter = matters.locked(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        row = MatterMember.objects.filter(matter=matter, user=user_id, removed_at=None).first()
        if row is None:
            raise Unfit("They are no member of this matter.")
        if not _officers(matter).exclude(user=user_id).exists():
            raise Unfit("A matter needs a compliance officer among its members. Add another one first.")
        MatterMember.objects.filter(pk=row.pk, removed_at=None).update(
            removed_at=now, removed_by_name=audit.name_of(by)
        )
        _record(matter, audit.Action.REMOVED_MEMBER, {"member": audit.name_of(row.user)}, by=by, now=now)


def orphans(*, by: User) -> list[Matter]:
    """Matters that no compliance officer works on any more, active ones first, for a person who may open matters."""
    if not permissions.can(Action.OPEN_MATTER, by=by):
        return []
    answered_for = _active_officers().values("matter")
    return list(Matter.objects.exclude(pk__in=answered_for).order_by("state", "pk"))


def join(*, matter_id: int, reason: str, by: User, now: datetime) -> None:
    """Become a member of a matter that has no officer left. Raises NoSuchMatter, Unfit."""
    refusals.check(Action.OPEN_MATTER, subject=f"matter/{matter_id}", by=by, now=now)
    reason = inert.typed(reason)
    if reason == "":
        raise Unfit("Say why you join this matter.")
    with transaction.atomic():
        matter = Matter.objects.select_for_update().filter(pk=matter_id).first()
        if matter is None or _officers(matter).exists():
            raise matters.NoSuchMatter
        MatterMember.objects.get_or_create(
            matter=matter,
            user=by,
            removed_at=None,
            defaults={"added_at": now, "added_by_name": audit.name_of(by)},
        )
        details = {"member": audit.name_of(by), "reason": reason, "joined_without_an_officer": True}
        _record(matter, audit.Action.ADDED_MEMBER, details, by=by, now=now)


def _member(row: MatterMember) -> Member:
    names = {group.name for group in row.user.groups.all()}  # read for all members at once
    roles = ", ".join(sorted(role.value for role in Role if role.value in names))
    return Member(row, audit.name_of(row.user), roles or "no role")


def _active_officers() -> QuerySet[MatterMember]:
    return MatterMember.objects.filter(
        removed_at=None, user__is_active=True, user__groups__name=Role.COMPLIANCE_OFFICER.value
    )


def _officers(matter: Matter) -> QuerySet[MatterMember]:
    return _active_officers().filter(matter=matter)


def _record(
    matter: Matter, action: audit.Action, details: dict[str, object], *, by: User, now: datetime
) -> None:
    audit.record(action=action, subject=f"matter/{matter.pk}", details=details, by=by, now=now)
