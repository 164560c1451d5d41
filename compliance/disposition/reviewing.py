"""Looking at what may go: by rule and by session, taking some of it out, or discarding all of it.

Taking out only makes the set smaller, is final for this disposition, and says why. What was taken out is due again the
next time something is put together, unless a rule is made that keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum, prefetch_related_objects

from archive import directory, weighing
from compliance import approvals, audit, inert, matters, pages, refusals
from compliance.disposition import gathering, zips
from compliance.disposition.gathering import Unfit
from compliance.hindrances import Absent
from compliance.models import AuditEvent, Disposition, DispositionPart, Request, TakenOut
from compliance.pages import Page
from compliance.permissions import Action

State = Disposition.State
PAGE_SIZE = 50
MOST_SESSIONS = 200
LONGEST_REASON = 2_000


class NoSuchDisposition(Absent):
    """There is no such disposition."""


@dataclass(frozen=True)
class OfRule:
    """What goes under a rule; `rule` is as it was when the set was put together, empty for none."""

    rule: Mapping[str, str]
    messages: int
    sessions: int
    files: int


@dataclass(frozen=True)
class OfSession:
    """What goes of a session."""

    session_id: int
    title: str
    messages: int
    files: int
    first_at: datetime
    last_at: datetime
    destroyed: int
    refused: int


@dataclass(frozen=True)
class Refused:
    """So many messages were refused when they were to be destroyed, for the same reason."""

    why: str
    messages: int


@dataclass(frozen=True)
class Seen:
    """One disposition as its page shows it; `beyond` is how many more sessions there are."""

    row: Disposition
    rules: list[OfRule]
    sessions: list[OfSession]
    beyond: int
    taken_out: list[TakenOut]
    titles: Mapping[int, str]
    asked: Request | None
    """The one it is carried out under, or else the last one about it, however it stands."""
    refused: list[Refused]
    zips: list[zips.OfMatter]
    zips_refused: list[tuple[str, int]]
    events: list[AuditEvent]

    @property
    def request(self) -> Request | None:
        """The one that waits or cools off, or else the one it is carried out under."""
        return None if self._is_over else self.asked

    @property
    def ended(self) -> Request | None:
        """The last one where it ended and nothing came of it: the set stays until somebody discards it or asks again."""
        return self.asked if self._is_over and self.row.state == State.REVIEW else None

    @property
    def _is_over(self) -> bool:
        return self.asked is not None and self.row.request_id is None and self.asked.ended_at is not None


@dataclass(frozen=True)
class Listed:
    """A page of dispositions; `requests` are the last ones about those that wait for somebody, by their keys."""

    page: Page[Disposition]
    requests: Mapping[int, Request]


def listed(*, before: int | None, by: User | None, now: datetime) -> Listed:
    """The dispositions, newest first, with what became of asking for them."""
    found = page(before=before, by=by, now=now)
    waiting = {f"disposition/{row.pk}": row.pk for row in found.rows if row.state == State.REVIEW}
    asked = approvals.latest(subjects=waiting)
    return Listed(found, {waiting[subject]: request for subject, request in asked.items()})


def requests(rows: Sequence[Disposition]) -> Mapping[int, Request]:
    """The last request about each, by their keys, however it stands, with who approved it; for who may see them."""
    keys = {f"disposition/{row.pk}": row.pk for row in rows}
    found = approvals.latest(subjects=keys)
    prefetch_related_objects(list(found.values()), "approvals")
    return {keys[subject]: request for subject, request in found.items()}


def page(
    *,
    among: pages.Among = pages.ALL,
    before: int | None = None,
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> Page[Disposition]:
    """The dispositions, newest first."""
    refusals.check(Action.SEE_DISPOSITION, subject="dispositions", by=by, now=now)
    return pages.newest(among.of(Disposition.objects.all(), made="made_at"), before=before, size=limit)


def get(*, disposition_id: int, by: User | None, now: datetime) -> Disposition:
    """One disposition, for its progress. Raises NoSuchDisposition."""
    refusals.check(Action.SEE_DISPOSITION, subject=f"disposition/{disposition_id}", by=by, now=now)
    return _row(disposition_id)


def seen(*, disposition_id: int, by: User | None, now: datetime) -> Seen:
    """One disposition; recorded as a look. Raises NoSuchDisposition."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.SEE_DISPOSITION, subject=subject, by=by, now=now)
    row = _row(disposition_id)
    of_sessions = list(
        _remaining(row)
        .values("session_id")
        .annotate(
            count=Sum("messages"), of_files=Sum("files"), first=Min("first_at"), last=Max("last_at"),
            gone=Sum("destroyed"), kept=Sum("refused"),
        )
        .order_by("-count", "session_id")[:MOST_SESSIONS]
    )  # fmt: skip
    out = list(row.taken_out.order_by("pk"))
    titles = directory.titles({one["session_id"] for one in of_sessions} | {one.session_id for one in out})
    events = AuditEvent.objects.filter(subject=subject)
    told = list(events.exclude(action__in=_QUIET).order_by("pk")[:100])
    with transaction.atomic():
        details = {"state": row.state}
        audit.record(action=audit.Action.LOOKED, subject=subject, details=details, by=by, now=now)
    return Seen(
        row=row,
        rules=of_rules(row),
        sessions=[
            OfSession(
                one["session_id"], titles.get(one["session_id"], ""), one["count"], one["of_files"],
                one["first"], one["last"], one["gone"], one["kept"],
            )
            for one in of_sessions
        ],
        beyond=max(row.sessions - len(of_sessions), 0),
        taken_out=out,
        titles=titles,
        asked=row.request or approvals.latest(subjects=[subject]).get(subject),
        refused=refused(row),
        zips=zips.of_matters(row, visible=matters.of(by)) if row.zips else [],
        zips_refused=zips.refused(row) if row.zips_refused else [],
        events=told,
    )  # fmt: skip


def take_out(
    *,
    disposition_id: int,
    session_id: int | None,
    message_id: int | None,
    reason: str,
    by: User,
    now: datetime,
) -> TakenOut:
    """Take a session, or one message, out of what may go. Raises NoSuchDisposition, Unfit."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.DISPOSE, subject=subject, by=by, now=now)
    why = inert.typed(reason)
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Unfit(f"Say why it is taken out, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        row = in_review(disposition_id)
        if message_id is not None:
            where, count = _take_message(row, message_id), 1
        elif session_id is not None:
            where, count = session_id, _take_session(row, session_id)
        else:
            raise Unfit("Choose a session, or give the number of a message.")
        Disposition.objects.filter(pk=row.pk).update(**gathering.totals(row.pk))
        row.refresh_from_db()
        out = TakenOut.objects.create(
            disposition=row, session_id=where, message_id=message_id, messages=count, reason=why, by=by,
            by_name=audit.name_of(by), at=now,
        )  # fmt: skip
        details = {
            "session": where,
            "message": message_id,
            "messages": count,
            "reason": why,
            "sha256": gathering.hexed(row.sha256),
        }
        audit.record(action=audit.Action.REMOVED, subject=subject, details=details, by=by, now=now)
    return out


def discard(*, disposition_id: int, reason: str, by: User, now: datetime) -> Disposition:
    """Let go of a set that is not being destroyed: nothing goes. Raises NoSuchDisposition, Unfit."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.DISPOSE, subject=subject, by=by, now=now)
    why = inert.typed(reason)
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Unfit(f"Say why it is discarded, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        row = in_review(disposition_id, or_gathering=True)
        Disposition.objects.filter(pk=row.pk).update(
            state=State.DISCARDED, claim=None, finished_at=now, stop_at=now, stop_by_name=audit.name_of(by),
            stop_reason=why,
        )  # fmt: skip
        audit.record(
            action=audit.Action.ENDED,
            subject=subject,
            details={"state": "discarded", "reason": why},
            by=by,
            now=now,
        )
    row.refresh_from_db()
    return row


def in_review(disposition_id: int, *, or_gathering: bool = False) -> Disposition:
    """The row, locked, while it may be changed. Raises NoSuchDisposition, Unfit."""
    row = Disposition.objects.select_for_update().filter(pk=disposition_id).first()
    if row is None:
        raise NoSuchDisposition
    if row.state != State.REVIEW and not (or_gathering and row.state in (State.GATHERING, State.FAILED)):
        raise Unfit(f"It is {row.get_state_display()}, so nothing of it can be changed here.")
    if approvals.pending(subject=f"disposition/{row.pk}").exists():
        raise Unfit("It has been asked for. Withdraw the request first.")
    return row


_QUIET = (audit.Action.LOOKED, audit.Action.REFUSED)


def _row(disposition_id: int) -> Disposition:
    row = Disposition.objects.select_related("request", "erasure").filter(pk=disposition_id).first()
    if row is None:
        raise NoSuchDisposition
    return row


def _remaining(row: Disposition) -> QuerySet[DispositionPart]:
    return DispositionPart.objects.filter(disposition=row, is_out=False).order_by()


def of_rules(row: Disposition) -> list[OfRule]:
    """What goes under each rule, in the order in which the rules were written down."""
    by_rule = (
        _remaining(row)
        .values("rule_id")
        .annotate(count=Sum("messages"), of_files=Sum("files"), places=Count("session_id", distinct=True))
    )
    found = {one["rule_id"]: one for one in by_rule}
    lines: list[OfRule] = []
    known: Sequence[Mapping[str, str]] = row.rules
    for rule in known:
        one = found.pop(int(rule["id"]), None)
        if one is not None:
            lines.append(OfRule(rule, one["count"], one["places"], one["of_files"]))
    lines += [OfRule({}, one["count"], one["places"], one["of_files"]) for one in found.values()]
    return lines


def refused(row: Disposition) -> list[Refused]:
    """What was refused when it was to be destroyed, by why."""
    if row.refused == 0:
        return []
    events = AuditEvent.objects.filter(
        action=audit.Action.REFUSED, details__disposition=row.pk, subject__startswith="message/"
    )
    by_why = events.values("details__why").annotate(count=Count("pk")).order_by("-count")
    return [Refused(str(one["details__why"]), one["count"]) for one in by_why]


def _take_session(row: Disposition, session_id: int) -> int:
    parts = _remaining(row).filter(session_id=session_id)
    count = parts.aggregate(n=Sum("messages"))["n"]
    if count is None:
        raise Unfit("Nothing of that session is in this disposition.")
    parts.update(is_out=True)
    return int(count)


def _take_message(row: Disposition, message_id: int) -> int:
    """Take one message out of its part; the session it is in."""
    part = _remaining(row).filter(message_ids__contains=[message_id]).first()
    if part is None:
        raise Unfit(f"Message {message_id} is not in this disposition.")
    at = part.message_ids.index(message_id)
    prints = bytes(part.fingerprints)
    ids = part.message_ids[:at] + part.message_ids[at + 1 :]
    joined = prints[: at * 32] + prints[at * 32 + 32 :]
    weight = weighing.weigh(ids)
    changed = {"message_ids": ids, "fingerprints": joined, "sha256": gathering.digest(ids, joined)}
    DispositionPart.objects.filter(pk=part.pk).update(
        messages=len(ids), files=weight.files, file_bytes=weight.file_bytes, is_out=len(ids) == 0, **changed
    )
    return part.session_id
