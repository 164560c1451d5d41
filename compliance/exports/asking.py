"""Asking for an export: chosen, in formats, under a title and for a reason. Its preflight begins by itself."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from archive.packages import formats
from archive.packages.content import Format
from compliance import audit, inert, periods, permissions, refusals
from compliance.exports import choosing, reading
from compliance.exports.choosing import Chosen, Source, Unfit
from compliance.models import Export
from compliance.periods import Period
from compliance.permissions import Action

State = Export.State
LONGEST_TITLE = 100
LONGEST_REASON = 2_000
LEAST_PART, MOST_PART = 10_000_000, 4_000_000_000
"""Bytes. FAT32, which sticks and drives often have, takes no file larger than 4 GiB."""
USUAL_PART = 2_000_000_000
ALWAYS = frozenset({Format.NDJSON})
"""What every package has: the records themselves, which everything else in it is checked against."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody asks for. `request_key` makes asking twice ask for one export."""

    source: Source
    title: str
    reason: str
    formats: frozenset[Format]
    request_key: uuid.UUID
    part_bytes: int = USUAL_PART
    zone: str = "UTC"


def ask(draft: Draft, *, by: User | None, now: datetime) -> Export:
    """Ask for an export. The same key gives the same export. Raises Absent, Unfit, PermissionDenied, SearchError."""
    subject = f"{draft.source.kind.value}/{draft.source.key}"
    refusals.check(Action.EXPORT, subject=subject, by=by, now=now)
    before = _asked_before(draft.request_key, by)
    if before is not None:
        return before
    title, reason, zone = _fit(draft)
    chosen = choosing.find(draft.source, by=by, now=now)
    chosen = choosing.frozen(chosen, by=by, now=now)
    columns = {
        "title": title, "reason": reason, "formats": [one.value for one in Format if one in draft.formats | ALWAYS],
        "part_bytes": draft.part_bytes, "zone": zone, "request_key": draft.request_key,
    }  # fmt: skip
    try:
        return _write(chosen, columns, by=by, now=now)
    except IntegrityError:
        before = _asked_before(draft.request_key, by)
        if before is None:
            raise
        return before


def anew(*, export_id: int, request_key: uuid.UUID, by: User | None, now: datetime) -> Export:
    """Ask for the same again, as it is now: of one that failed, was withdrawn, or no longer fits. Raises as `ask`."""
    row = reading.find(export_id=export_id, by=by, now=now)
    before = _asked_before(request_key, by)
    if before is not None:
        return before
    chosen = choosing.find(_source(row), by=by, now=now)
    chosen = choosing.frozen(chosen, by=by, now=now)
    names = ("title", "reason", "formats", "part_bytes", "zone")
    columns = {name: getattr(row, name) for name in names} | {"follows": row, "request_key": request_key}
    return _write(chosen, columns, by=by, now=now)


def offered() -> list[Format]:
    """The formats that this release writes."""
    return [one for one in Format if one in ALWAYS or one in formats.WRITERS]


def nudge() -> None:
    """Tell a worker that there may be something to measure or to make."""
    current_app.send_task("compliance.tasks.advance_exports", expires=55)


@transaction.atomic
def _write(chosen: Chosen, columns: dict[str, Any], *, by: User | None, now: datetime) -> Export:
    row = Export.objects.create(
        kind=chosen.kind, matter=chosen.matter, search=chosen.search, list=chosen.list,
        session_id=chosen.session_id, since=chosen.since, until=chosen.until, chosen=chosen.as_data(),
        asked_by=by, asked_by_name=audit.name_of(by), limits=permissions.limits_as_data(by), asked_at=now,
        not_before=now, **columns,
    )  # fmt: skip
    details = {
        "export": row.pk, "title": row.title, "reason": row.reason, "what": chosen.words, "formats": row.formats,
        "part_bytes": row.part_bytes, "zone": row.zone, "follows": row.follows_id,
    }  # fmt: skip
    audit.record(action=audit.Action.STARTED, subject=f"export/{row.pk}", details=details, by=by, now=now)
    transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    return row


def _asked_before(request_key: uuid.UUID, by: User | None) -> Export | None:
    return Export.objects.filter(asked_by=by, request_key=request_key).first()


def _fit(draft: Draft) -> tuple[str, str, str]:
    title = " ".join(inert.typed(draft.title).split())
    reason = inert.typed(draft.reason)
    zone = periods.a_zone(draft.zone)
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Unfit(f"Give it a title of 1 to {LONGEST_TITLE} characters.")
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Unfit(f"Say what it is for, in 1 to {LONGEST_REASON:,} characters.")
    lacking = draft.formats - ALWAYS - formats.WRITERS.keys()
    if len(lacking) > 0:
        raise Unfit(f"This release does not write {', '.join(sorted(one.value for one in lacking))}.")
    if not LEAST_PART <= draft.part_bytes <= MOST_PART:
        raise Unfit(
            f"A part has {LEAST_PART // 1_000_000:,} MB to {MOST_PART // 1_000_000:,} MB, so that every system takes it."
        )
    if zone is None:
        raise Unfit("There is no time zone of that name.")
    return title, reason, zone


def _source(row: Export) -> Source:
    """What an export was of, to be found again."""
    kind = Export.Kind(row.kind)
    keys = {
        Export.Kind.MATTER: row.matter_id,
        Export.Kind.SEARCH: row.search_id,
        Export.Kind.LIST: row.list_id,
        Export.Kind.SESSION: row.session_id,
    }
    key = keys[kind]
    assert key is not None
    return Source(kind, key, matter_id=row.matter_id, period=_period(row))


def _period(row: Export) -> Period | None:
    zone = row.chosen.get("zone_of_days")
    if zone is None or row.since is None or row.until is None:
        return None
    return periods.of_moments(row.since, row.until, zone=zone)
