"""The wordings of notices: written as versions that never change, in force once a second person has approved them.

The version that came into force last is the one in use. Going back to an older text is a new version with that text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max

from archive import differences
from compliance import approvals, audit, inert, refusals
from compliance.hindrances import Absent
from compliance.models import NoticeKind, Request, Wording
from compliance.notices import placeholders, rendering
from compliance.permissions import Action

REQUEST = "approve-notice-template"
CAME_WITH = "came with Holdfast"


class NoSuchWording(Absent):
    """There is no such wording."""


@dataclass(frozen=True)
class Version:
    """A wording among the others of its kind, and where it stands."""

    wording: Wording
    standing: str
    """`in force`, `replaced`, `asked`, `refused` or `draft`."""
    request: Request | None
    """The newest request for its approval."""

    @property
    def came_with_holdfast(self) -> bool:
        """Whether nobody here wrote or approved it."""
        return self.wording.made_by_name == CAME_WITH


@dataclass(frozen=True)
class Seen:
    """One version beside the version it is compared with: the one before, or the one in force."""

    version: Version
    other: Wording | None
    subject_changes: list[differences.Change]
    body_changes: list[differences.Change]
    may_ask: bool


def every(*, by: User | None, now: datetime) -> dict[NoticeKind, list[Version]]:
    """All versions of each kind, newest first."""
    refusals.check(Action.SEE_WORDINGS, subject="wordings", by=by, now=now)
    found: dict[NoticeKind, list[Version]] = {kind: [] for kind in NoticeKind}
    rows = list(Wording.objects.order_by("kind", "-number"))
    asked = _newest_requests([row.pk for row in rows])
    current = {kind: _in_force(rows, kind) for kind in NoticeKind}
    for row in rows:
        kind = NoticeKind(row.kind)
        version = Version(row, _standing(row, current[kind], asked.get(row.pk)), asked.get(row.pk))
        found[kind].append(version)
    return found


def seen(*, wording_id: int, against: int | None = None, by: User | None, now: datetime) -> Seen:
    """One version with what differs from another of its kind: the one before unless it is named.

    Raises NoSuchWording.
    """
    refusals.check(Action.SEE_WORDINGS, subject=f"wording/{wording_id}", by=by, now=now)
    row = get(wording_id)
    of_kind = list(Wording.objects.filter(kind=row.kind).order_by("-number"))
    wanted = row.number - 1 if against is None else against
    other = next((one for one in of_kind if one.number == wanted and one != row), None)
    request = _newest_requests([row.pk]).get(row.pk)
    version = Version(row, _standing(row, _in_force(of_kind, NoticeKind(row.kind)), request), request)
    is_own = by is not None and row.made_by_id == by.pk
    return Seen(
        version=version,
        other=other,
        subject_changes=[] if other is None else differences.between(other.subject, row.subject),
        body_changes=[] if other is None else differences.between(other.body, row.body),
        may_ask=is_own and version.standing in ("draft", "refused"),
    )


def write(*, kind: NoticeKind, subject: str, body: str, by: User, now: datetime) -> Wording:
    """Keep a new version as a draft. Raises placeholders.UnfitWording."""
    refusals.check(Action.WRITE_WORDINGS, subject="wordings", by=by, now=now)
    subject = inert.typed(subject)
    body = inert.typed(body) + "\n"
    placeholders.check(kind, subject=subject, body=body)
    try:
        with transaction.atomic():
            last = Wording.objects.filter(kind=kind).aggregate(n=Max("number"))["n"]
            written = Wording.objects.create(
                kind=kind, number=(last or 0) + 1, subject=subject, body=body, made_by=by,
                made_by_name=audit.name_of(by), made_at=now,
            )  # fmt: skip
            details = _facts(written)
            audit.record(
                action=audit.Action.SAVED, subject=f"wording/{written.pk}", details=details, by=by, now=now
            )
    except IntegrityError as error:
        raise placeholders.UnfitWording(
            "Somebody wrote a version at the same moment. Write yours again, and look at theirs first."
        ) from error
    return written


def ask(*, wording_id: int, reason: str, by: User, now: datetime) -> Request:
    """Ask a second person to approve one's own draft. Raises NoSuchWording, approvals.Obstacle."""
    refusals.check(Action.WRITE_WORDINGS, subject=f"wording/{wording_id}", by=by, now=now)
    row = get(wording_id)
    if row.made_by_id != by.pk:
        raise approvals.Obstacle("Only its author asks for a wording, so that nobody approves their own.")
    subject = f"wording/{row.pk}"
    return approvals.ask(kind=REQUEST, subject=subject, parameters={}, reason=reason, by=by, now=now)


def get(wording_id: int) -> Wording:
    """A version. Raises NoSuchWording."""
    row = Wording.objects.filter(pk=wording_id).first()
    if row is None:
        raise NoSuchWording
    return row


def _find(subject: str, _: Mapping[str, Any], __: datetime) -> approvals.ItemSet:
    """What would come into force, in place of what."""
    row = _of_subject(subject)
    if row.in_force_from is not None:
        raise approvals.Obstacle("It has been in force already.")
    try:
        current = f"version {rendering.in_force(NoticeKind(row.kind)).number}"
    except rendering.NoWording:
        current = "none"
    item = approvals.Item(
        ref=subject,
        words=f"{NoticeKind(row.kind).label.capitalize()}, version {row.number}: {inert.plain(row.subject)}",
        facts={"subject": row.subject, "text": row.body, "takes the place of": current},
    )
    title = f"Use version {row.number} of the {NoticeKind(row.kind).label} from now on"
    return approvals.ItemSet(title=title, items=[item])


def _lock(subject: str) -> None:
    kind = _of_subject(subject).kind
    list(Wording.objects.select_for_update().filter(kind=kind).order_by("pk"))


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    row = _of_subject(request.subject)
    Wording.objects.filter(pk=row.pk, in_force_from=None).update(
        in_force_from=now, approved_by=request.approved_by, approved_by_name=request.approved_by_name
    )
    return _facts(row)


KIND = approvals.Kind(
    key=REQUEST,
    name="Approve a notice template",
    ask=Action.WRITE_WORDINGS,
    approve=Action.APPROVE_WORDINGS,
    find=_find,
    lock=_lock,
    carry_out=_carry_out,
    means="Notices prepared from then on say this. Those that were sent stay as they are; those that wait to be "
    "reviewed are prepared anew.",
    link=lambda subject: f"/notices/templates/{subject.partition('/')[2]}/",
    cools_off=timedelta(0),
)


def _of_subject(subject: str) -> Wording:
    key = subject.partition("/")[2]
    row = Wording.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() else None
    if row is None:
        raise approvals.Obstacle("There is no such wording.")
    return row


def _facts(row: Wording) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "version": row.number,
        "sha256": rendering.digest(row.subject, row.body).hex(),
        "wording": row.pk,
    }


def _newest_requests(keys: list[int]) -> dict[int, Request]:
    """The newest request about each version."""
    subjects = {f"wording/{key}": key for key in keys}
    found = Request.objects.filter(subject__in=subjects, kind=REQUEST).order_by("pk")
    return {subjects[request.subject]: request for request in found}


def _in_force(rows: list[Wording], kind: NoticeKind) -> Wording | None:
    used = [(row.in_force_from, row.pk, row) for row in rows if row.kind == kind and row.in_force_from]
    return max(used)[2] if used else None


def _standing(row: Wording, current: Wording | None, request: Request | None) -> str:
    if row.in_force_from is not None:
        return "in force" if row == current else "replaced"
    if request is None:
        return "draft"
    if request.state in (Request.State.ASKED, Request.State.APPROVED):
        return "asked"
    return "refused" if request.state == Request.State.REFUSED else "draft"
