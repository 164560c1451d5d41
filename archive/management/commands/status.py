"""`manage.py status`: what the archive holds and how complete it is."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from archive import completeness, readable, witnesses
from archive.completeness import HoldZips, Outstanding, Rosters, Summary, Totals
from archive.search import watch

UNKNOWN = "unknown"
_ZIP_STATES = ("waiting", "due", "claimed", "stored", "gone", "mismatch", "failed", "destroyed")
_OPENINGS = ("unopened", "partly", "refused", "broken")


class Command(BaseCommand):
    """Counts exactly; what is not known is null (`unknown` in words), never zero."""

    help = "Say what the archive holds, how complete it is, and where it is not."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="As one JSON object.")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        state, totals = completeness.summary(now=now), completeness.totals()
        if options["json"]:
            more = {name: value for _, name, _, value in self.beyond(now=now)}
            more |= {"witnesses": [_witness(one) for one in witnesses.standings(now=now)]}
            self.stdout.write(json.dumps(_as_json(state, totals) | more, indent=2))
        else:
            self._tell(state, totals, now=now)

    def beyond(self, *, now: datetime) -> list[tuple[str, str, str, Any]]:  # noqa: ARG002
        """What stands on the archive adds here: a label, a name, words and the value of each."""
        return []

    def _tell(self, state: Summary, totals: Totals, *, now: datetime) -> None:
        index, files = totals.index, state.files
        revisions = ", ".join(f"{count:,} {kind}" for kind, count in totals.revisions.items())
        windows = ", ".join(f"{count:,} {name}" for name, count in state.windows.items())
        lines = {
            "Complete to": _moment(state.complete_to),
            "Sessions": f"{totals.sessions:,}",
            "Messages": f"{totals.messages:,}",
            "Revisions": f"{sum(totals.revisions.values()):,} ({revisions})",
            "Records": f"{sum(totals.records.values()):,}, as Zoom sent them",
            "Attachments": f"{files.total:,} ({files.stored:,} stored, {files.gone:,} gone at Zoom, "
            f"{files.mismatch:,} differing, {files.failed:,} failed, {files.due + files.claimed:,} waiting)",
            "Hold zips": _zips(state.zips),
            "Channel members": _rosters(completeness.rosters()),
            "Blobs": f"{totals.blobs:,} ({totals.blob_bytes:,} bytes)",
            "Windows": windows,
            "Gaps": f"{state.gaps:,} (of these {state.lost:,} that Zoom can no longer close)",
            "Falls off Zoom soon": f"{state.cliff.windows:,} windows not captured",
            "Log": f"{totals.log_size:,} leaves, signed up to "
            + (UNKNOWN if totals.checkpoint_size is None else f"{totals.checkpoint_size:,}"),
            "Witnesses": _witnesses(now=now),
            "Index": UNKNOWN
            if index is None
            else f"{index.documents:,} messages, complete to leaf {index.complete_to:,} of {totals.log_size:,}",
        }
        lines |= {label: words for label, _, words, _ in self.beyond(now=now)}
        for name, words in lines.items():
            self.stdout.write(f"{name + ':':<21}{words}")
        for sentence in watch.alarms(now=timezone.now()):
            self.stdout.write(f"  index: {readable.printed(sentence)}")
        for gap in completeness.gaps(limit=20):
            where = readable.printed(gap.session or "the account")
            reason = readable.printed(gap.reason)
            self.stdout.write(f"  gap: {gap.first_day} to {gap.last_day}, {gap.kind}, {where}: {reason}")


def _witnesses(*, now: datetime) -> str:
    found = [
        f"{one.label.lower()} {readable.printed(one.name)}: {UNKNOWN if one.size is None else f'{one.size:,} leaves'}"
        + (f", BEHIND ({readable.printed(one.last_error) or 'nobody sends'})" if one.is_behind else "")
        for one in witnesses.standings(now=now)
    ]
    return "; ".join(found) or "none outside this machine"


def _witness(one: witnesses.Standing) -> dict[str, Any]:
    return {
        "place": one.place,
        "name": one.name,
        "size": one.size,
        "sent_at": _iso(one.sent_at),
        "last_error": one.last_error,
        "is_behind": one.is_behind,
    }


def _as_json(state: Summary, totals: Totals) -> dict[str, Any]:
    index, run = totals.index, state.run
    return {
        "is_complete": state.is_complete,
        "complete_to": _iso(state.complete_to),
        "accounts": state.accounts,
        "sessions": totals.sessions,
        "messages": totals.messages,
        "revisions": sum(totals.revisions.values()),
        "revisions_by_kind": dict(totals.revisions),
        "records": sum(totals.records.values()),
        "records_by_list": dict(totals.records),
        "attachments": state.files.total,
        "attachments_by_state": _by_state(state.files),
        "forwards": state.forwards.total,
        "forwards_by_state": _by_state(state.forwards),
        "hold_zips": state.zips.total,
        "hold_zips_by_state": {name: getattr(state.zips, name) for name in _ZIP_STATES},
        "hold_zips_opening": {name: getattr(state.zips, name) for name in _OPENINGS},
        "hold_custodians": state.zips.custodians,
        "hold_custodians_unknown_at_zoom": state.zips.custodians_gone,
        "hold_custodians_not_listed": state.zips.unlisted,
        "channel_members": _rosters_as_json(completeness.rosters()),
        "blobs": totals.blobs,
        "blob_bytes": totals.blob_bytes,
        "windows": dict(state.windows),
        "gap_count": state.gaps,
        "lost": state.lost,
        "gaps": [
            {
                "kind": gap.kind,
                "session": gap.session_id,
                "first_day": gap.first_day.isoformat(),
                "last_day": gap.last_day.isoformat(),
                "code": gap.code,
                "reason": gap.reason,
                "attempts": gap.attempts,
                "retry_at": _iso(gap.retry_at),
            }
            for gap in completeness.gaps()
        ],
        "falls_off_soon": {
            "oldest_day": state.cliff.oldest_day.isoformat(),
            "windows": state.cliff.windows,
            "days_left": state.cliff.days_left,
        },
        "run": None
        if run is None
        else {"id": run.run_id, "done": run.done, "total": run.total, "seconds_left": run.seconds_left},
        "log_size": totals.log_size,
        "checkpoint_size": totals.checkpoint_size,
        "index": None
        if index is None
        else {
            "complete_to": index.complete_to,
            "documents": index.documents,
            "committed_at": _iso(index.committed_at),
        },
        "indexes": [_watched(one) for one in watch.watched(now=timezone.now())],
    }


def _watched(one: watch.Watched) -> dict[str, Any]:
    return {
        "name": one.name,
        "home": one.home,
        "complete_to": one.complete_to,
        "seen_at": _iso(one.seen_at),
        "days": one.days,
        "days_at_fault": one.days_at_fault,
        "days_healed": one.days_healed,
        "compared_since": _iso(one.compared_since),
        "alarms": list(one.alarms),
    }


def _by_state(rows: Outstanding) -> dict[str, int]:
    names = ("due", "claimed", "stored", "gone", "mismatch", "failed")
    return {name: getattr(rows, name) for name in names}


def _zips(zips: HoldZips) -> str:
    words = (
        f"{zips.total:,} ({zips.stored:,} stored, {zips.waiting:,} not ready at Zoom, {zips.gone:,} gone at Zoom, "
        f"{zips.mismatch:,} differing, {zips.failed:,} failed, {zips.due + zips.claimed:,} waiting; "
        f"{zips.unopened:,} to be opened, {zips.partly:,} opened in part, {zips.refused:,} dangerous, "
        f"{zips.broken:,} damaged)"
    )
    gone = f", {zips.custodians_gone:,} custodians unknown at Zoom" if zips.custodians_gone > 0 else ""
    gone += f", {zips.destroyed:,} destroyed here" if zips.destroyed > 0 else ""
    return words + gone + (f", {zips.unlisted:,} custodians not listed" if zips.unlisted > 0 else "")


def _rosters(lists: Rosters) -> str:
    return f"{lists.channels:,} channels ({lists.waiting:,} not read yet, {lists.missing:,} that could not be read)"


def _rosters_as_json(lists: Rosters) -> dict[str, int]:
    return {"channels": lists.channels, "not_read_yet": lists.waiting, "not_readable": lists.missing}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(moment: datetime | None) -> str:
    return UNKNOWN if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
