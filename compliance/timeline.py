"""Everything that was ever done about a matter: by people, by jobs and in requests, newest first.

Read from the audit trail, of which the look is itself an event. What was done is told as it was written then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from compliance import audit, happenings, matters, pages
from compliance.happenings import Words
from compliance.models import AuditEvent, Custodian, Export, Matter, Request

PAGE_SIZE = 100
PARTS = ("health",)
"""What stands in the trail as `matter/7/…`. Named one by one, because a prefix is no key that Postgres looks up."""


@dataclass(frozen=True)
class Line:
    """One event in words; `request` is the request it is about, None for others."""

    event: AuditEvent
    words: Words
    request: int | None


@dataclass(frozen=True)
class Page:
    """A page of what was done about a matter, with the exact total; `older` is the key of the next page, None on the last."""

    matter: Matter
    lines: list[Line]
    total: int
    older: int | None


def page(
    *, matter_id: int, before: int | None = None, with_looks: bool = False, by: User | None, now: datetime
) -> Page:
    """One page of events older than `before`; without those who only looked, unless wanted. Raises NoSuchMatter."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, by=by)
        found = AuditEvent.objects.filter(subject__in=subjects([matter]))
        if not with_looks:
            found = found.exclude(action=audit.Action.LOOKED)
        there = pages.newest(found, before=before, size=PAGE_SIZE)
        names = dict(Custodian.objects.filter(matter=matter).values_list("pk", "name"))
        audit.record(
            action=audit.Action.LOOKED,
            subject=f"matter/{matter_id}",
            details={"at": "timeline", "events": there.total},
            by=by,
            now=now,
        )
    return Page(matter, [_line(one, names) for one in there.rows], there.total, there.older)


def subjects(of: Iterable[Matter]) -> list[str]:
    """All that the trail calls some matters: themselves, their parts, their exports, and the requests about them."""
    keys = [matter.pk for matter in of]
    own = [f"matter/{key}" for key in keys]
    exports = [f"export/{pk}" for pk in Export.objects.filter(matter__in=keys).values_list("pk", flat=True)]
    requests = Request.objects.filter(subject__in=[*own, *exports]).values_list("pk", flat=True)
    parts = (f"{subject}/{part}" for subject in own for part in PARTS)
    return [*own, *parts, *exports, *(f"request/{pk}" for pk in requests)]


def _line(event: AuditEvent, names: dict[int, str]) -> Line:
    words = happenings.in_words(
        action=event.action, subject=event.subject, details=event.details, names=names
    )
    kind, _, key = event.subject.partition("/")
    return Line(event, words, int(key) if kind == "request" else None)
