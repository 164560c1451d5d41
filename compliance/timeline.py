"""Everything that was ever done about a matter: by people, by jobs and in requests, newest first.

Read from the audit trail, of which the look is itself an event. What was done is told as it was written then. The zips
that came for it stand in no trail, since the archive brings them: their receipts are lines between the events.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from archive import zip_receipts
from archive.zip_receipts import Receipt
from compliance import audit, happenings, matters, pages, permissions
from compliance.happenings import Words
from compliance.models import AuditEvent, DispositionZip, Export, Matter, Request
from compliance.permissions import Action

PAGE_SIZE = 100
PARTS = ("health",)
"""What stands in the trail as `matter/7/…`. Named one by one, because a prefix is no key that Postgres looks up."""
SYSTEM = audit.name_of(None)
Place = tuple[int, int]
"""Where a page goes on: the event and the receipt that the last one ended with; 0 for none yet."""
NEWEST: Place = (0, 0)


@dataclass(frozen=True)
class Line:
    """What was done in words, when and by whom.

    `event` is its number in the trail, None for what stands in the log alone or is not the reader's to look up there;
    `request` the request it is about, None for others.
    """

    at: datetime
    who: str
    words: Words
    event: int | None
    request: int | None


@dataclass(frozen=True)
class Page:
    """A page of what was done about a matter, with the exact total; `older` is where the next begins, None on the last."""

    matter: Matter
    lines: list[Line]
    total: int
    older: Place | None


def page(
    *, matter_id: int, before: Place = NEWEST, with_looks: bool = False, by: User | None, now: datetime
) -> Page:
    """One page of what came before; without those who only looked, unless wanted. Raises NoSuchMatter."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, by=by)
        found = AuditEvent.objects.filter(Q(subject__in=subjects([matter])) | _of_zips(matter))
        if not with_looks:
            found = found.exclude(action=audit.Action.LOOKED)
        there = pages.newest(found, before=before[0] or None, size=PAGE_SIZE)
        receipts, received = _receipts(matter, before=before[1] or None)
        total = there.total + received
        audit.record(
            action=audit.Action.LOOKED,
            subject=f"matter/{matter_id}",
            details={"at": "timeline", "events": total},
            by=by,
            now=now,
        )
    return _page(matter, there, receipts, before=before, total=total, by=by)


def subjects(of: Iterable[Matter]) -> list[str]:
    """All that the trail calls some matters: themselves, their parts, their exports, and the requests about them.

    Not their zips: what is said of one can name the holds of other matters, which a member of this one may not know of.
    """
    keys = [matter.pk for matter in of]
    own = [f"matter/{key}" for key in keys]
    exports = Export.objects.filter(matter__in=keys).annotate(called=_called("export/")).values("called")
    about = Request.objects.filter(Q(subject__in=own) | Q(subject__in=exports))
    asked = about.annotate(called=_called("request/")).values("called")
    parts = (f"{subject}/{part}" for subject in own for part in PARTS)
    return [*own, *parts, *(row["called"] for row in exports.order_by().union(asked.order_by(), all=True))]


def _called(kind: str) -> Concat:
    return Concat(Value(kind), Cast("pk", CharField()))


def _of_zips(matter: Matter) -> Q:
    """What dispositions did to its zips, and could not do: a zip goes only once its matter is released."""
    if matter.state != Matter.State.RELEASED:
        return Q(pk__in=())
    tried = DispositionZip.objects.filter(matter=matter).exclude(done_at=None)
    zips, dispositions = set(), set()
    for zip_id, disposition_id in tried.values_list("zip_id", "disposition_id"):
        zips.add(f"zip/{zip_id}")
        dispositions.add(f"disposition/{disposition_id}")
    gone = Q(action=audit.Action.DESTROYED, subject__in=sorted(dispositions))
    refused = Q(action=audit.Action.REFUSED, subject__in=sorted(zips))
    return Q(gone | refused, details__matter=matter.pk)


def _receipts(matter: Matter, *, before: int | None) -> tuple[list[Receipt], int]:
    """The receipts that could be on the page and one more, and how many there are in all."""
    ids = matters.ids_at_zoom(matter)
    if len(ids) == 0:
        return [], 0
    there = zip_receipts.newest(ids, account_id=matter.account_id, before=before, limit=PAGE_SIZE + 1)
    return there, zip_receipts.count(ids, account_id=matter.account_id)


def _page(
    matter: Matter,
    events: pages.Page[AuditEvent],
    receipts: Sequence[Receipt],
    *,
    before: Place,
    total: int,
    by: User | None,
) -> Page:
    """Both in the order of their times, each in its own order; what does not fit is where the next page begins."""
    names = matters.Names(matter)
    may_trace = by is None or permissions.can(Action.SEE_WHOLE_AUDIT, by=by)
    told = heapq.merge(
        _events(events.rows, names, may_trace=may_trace), _came(receipts, names), key=_since, reverse=True
    )
    lines = []
    last_event, last_receipt = before
    for line, event_id, receipt_id in islice(told, PAGE_SIZE):
        last_event, last_receipt = event_id or last_event, receipt_id or last_receipt
        lines.append(line)
    is_more = events.older is not None or len(events.rows) + len(receipts) > PAGE_SIZE
    return Page(matter, lines, total, (last_event, last_receipt) if is_more else None)


Told = tuple[Line, int, int]
"""A line with the number of the event or of the receipt it tells of, and 0 for the other."""


def _since(told: Told) -> datetime:
    return told[0].at


def _events(rows: Iterable[AuditEvent], names: matters.Names, *, may_trace: bool) -> Iterator[Told]:
    for event in rows:
        words = happenings.in_words(
            action=event.action, subject=event.subject, details=event.details, names=names.by_number
        )
        kind, _, key = event.subject.partition("/")
        is_of_zip = kind in ("zip", "disposition")
        traced = event.pk if may_trace or not is_of_zip else None
        yield (
            Line(event.at, event.actor_name, words, traced, int(key) if kind == "request" else None),
            event.pk,
            0,
        )


def _came(receipts: Iterable[Receipt], names: matters.Names) -> Iterator[Told]:
    for one in receipts:
        yield (
            Line(one.received_at, SYSTEM, happenings.received(one, name=names.of(one)), None, None),
            0,
            one.id,
        )
