"""Telling the members of a matter what a notice needs them to know: that it failed, that it was acknowledged."""

from datetime import datetime

from compliance import permissions, told
from compliance.models import MatterMember, Notice, NoticeKind
from compliance.permissions import Action


def trouble(notice: Notice, why: str, *, now: datetime) -> None:
    """A notice was not sent, or nobody knows whether it was."""
    what = NoticeKind(notice.kind).label
    _tell(notice, f"The {what} to {notice.custodian.name} in “{notice.matter.name}”: {why}", now=now)


def acknowledged(notice: Notice, *, now: datetime) -> None:
    """A custodian has read the notice; whether they wrote something is said, their words are not."""
    more = " They wrote a comment." if notice.comment else ""
    _tell(
        notice,
        f"{notice.custodian.name} has acknowledged the hold notice of “{notice.matter.name}”.{more}",
        now=now,
    )


def _tell(notice: Notice, text: str, *, now: datetime) -> None:
    members = MatterMember.objects.filter(matter=notice.matter, removed_at=None).select_related("user")
    for member in members:
        if permissions.can(Action.CHANGE_MATTER, by=member.user):
            told.tell(person=member.user, text=text, link=f"/matters/{notice.matter_id}/notices/", now=now)
