"""What a reconciliation says: its figures, its sessions, and all of it as CSV. Reads what was kept, changes nothing.

The CSV of a run that is done has the same bytes whenever it is taken; the run keeps their SHA-256. Cells that a
spreadsheet could take for a formula begin with an apostrophe: what sessions are called is a stranger's.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from compliance import audit, pages, refusals
from compliance.hindrances import Absent
from compliance.models import ReconciledSession, Reconciliation, ReconciliationRun, Told
from compliance.permissions import Action

State = ReconciliationRun.State
PAGE_SIZE = 50
SIDES = ("archived", "duplicate", "excluded", "failed", "destroyed")
SUMS = ("offered", *SIDES, "difference", "unknown_days", "silent_days")
WORDS = {
    "offered": "offered",
    "archived": "archived",
    "duplicate": "already here",
    "excluded": "excluded",
    "failed": "failed",
    "destroyed": "destroyed",
    "difference": "not accounted for",
    "unknown_days": "unknown session-days",
    "unlisted_days": "days without a proven list of sessions",
    "sessions": "sessions",
}
COLUMNS = (
    "account", "session", "title", "first_day", "last_day", "days", "state", "offered", "archived", "already_here",
    "excluded", "failed", "destroyed", "unknown", "difference", "reason",
)  # fmt: skip
UNKNOWN = "unknown"


class NoSuchRun(Absent):
    """There is no such reconciliation."""


@dataclass(frozen=True)
class Change:
    """A figure of the previous run's days: what it was then, and what it is now."""

    what: str
    then: int
    now: int


@dataclass(frozen=True)
class Mailed:
    """Whether a recipient got the mail; `state` is one of the marks of the console."""

    name: str
    state: str
    words: str


@dataclass(frozen=True)
class Seen:
    """A run with a page of its sessions; `next` is the place of the next page (None: nowhere)."""

    run: ReconciliationRun
    lines: list[ReconciledSession]
    count: int
    next: tuple[int, int] | None
    changes: list[Change]
    mailed: list[Mailed]


def runs(
    *, reconciliation_id: int | None = None, before: int | None = None, by: User | None, now: datetime
) -> tuple[list[ReconciliationRun], int | None]:
    """A page of runs, newest first, and the key of the next page (None on the last)."""
    refusals.check(Action.SEE_COMPLETENESS, subject="reconciliations", by=by, now=now)
    found = ReconciliationRun.objects.select_related("reconciliation")
    if reconciliation_id is not None:
        found = found.filter(reconciliation=reconciliation_id)
    return pages.part(found, before=before, size=PAGE_SIZE)


def find(*, run_id: int, by: User | None, now: datetime) -> ReconciliationRun:
    """One run. Raises NoSuchRun."""
    refusals.check(Action.SEE_COMPLETENESS, subject=f"reconciliation/{run_id}", by=by, now=now)
    run = ReconciliationRun.objects.select_related("reconciliation", "previous").filter(pk=run_id).first()
    if run is None:
        raise NoSuchRun
    return run


def seen(*, run_id: int, after: tuple[int, int] | None = None, by: User | None, now: datetime) -> Seen:
    """A run with its sessions beyond a place: those that do not balance first, then the unknown. Raises NoSuchRun."""
    run = find(run_id=run_id, by=by, now=now)
    sessions = ReconciledSession.objects.filter(run=run)
    found: QuerySet[ReconciledSession] = sessions.defer("stretches")
    if after is not None:
        rank, key = after
        found = found.filter(Q(rank__gt=rank) | Q(rank=rank, session_id__gt=key))
    rows = list(found.order_by("rank", "session_id")[: PAGE_SIZE + 1]) if run.state == State.DONE else []
    following = None
    if len(rows) > PAGE_SIZE:
        following = (rows[PAGE_SIZE - 1].rank, rows[PAGE_SIZE - 1].session_id)
    count = run.figures["sessions"] if run.figures is not None else 0
    return Seen(run, rows[:PAGE_SIZE], count, following, changes(run), _mailed(run))


def session(*, run_id: int, session_id: int, by: User | None, now: datetime) -> ReconciledSession:
    """A session's account in a run, day by day. Raises NoSuchRun."""
    run = find(run_id=run_id, by=by, now=now)
    row = ReconciledSession.objects.filter(run=run, session_id=session_id).first()
    if row is None or run.state != State.DONE:
        raise NoSuchRun
    row.run = run
    return row


def changes(run: ReconciliationRun) -> list[Change]:
    """What is different now of the days that the previous run was about."""
    if run.previous is None or run.previous.figures is None or run.since is None:
        return []
    then, now = run.previous.figures, run.since
    return [
        Change(words, then[name], now[name])
        for name, words in WORDS.items()
        if then.get(name) != now.get(name)
    ]


def take(*, run_id: int, by: User | None, now: datetime) -> tuple[ReconciliationRun, Iterator[bytes]]:
    """The account as CSV; recorded before the first line is given. Raises NoSuchRun."""
    run = find(run_id=run_id, by=by, now=now)
    subject = f"reconciliation/{run.pk}"
    refusals.check(Action.TAKE_REPORT, subject=subject, by=by, now=now)
    if run.state != State.DONE:
        raise NoSuchRun
    details = {"form": "csv", "sha256": bytes(run.sha256 or b"").hex()}
    with transaction.atomic():
        audit.record(action=audit.Action.DOWNLOADED, subject=subject, details=details, by=by, now=now)
    return run, as_csv(run)


def is_intact(run: ReconciliationRun) -> bool:
    """Whether the account still gives the digest that was kept with it."""
    return run.sha256 is not None and digest(run) == bytes(run.sha256)


def digest(run: ReconciliationRun) -> bytes:
    """SHA-256 over the account as CSV."""
    sha256 = hashlib.sha256()
    for line in as_csv(run):
        sha256.update(line)
    return sha256.digest()


def as_csv(run: ReconciliationRun) -> Iterator[bytes]:
    """The account line by line: each session's days in order, the days on which nothing was said, and the total."""
    yield _line(COLUMNS)
    rows = ReconciledSession.objects.filter(run=run).order_by("session_id")
    for row in rows.iterator(chunk_size=200):
        named = (row.account_id, row.session_id, row.title)
        for one in row.stretches:
            counts = one["counts"]
            known: Sequence[object] = [UNKNOWN] * 6 if counts is None else counts
            is_open = one["state"] != "complete"
            yield _line(
                (
                    *named, one["first"], one["last"], one["days"], one["state"], *known,
                    UNKNOWN if is_open else 0, 0 if counts is None else counts[0] - sum(counts[1:]),
                    one["reason"] or "; ".join(row.reasons if counts is not None and counts[4] else ()),
                )
            )  # fmt: skip
        if row.silent_days > 0:
            silent = (run.first_day, run.last_day, row.silent_days, "complete", *[0] * 8, "Nothing was said.")
            yield _line((*named, *silent))
    figures = run.figures or {}
    sums = [figures[name] for name in ("offered", *SIDES)]
    is_open = figures["unknown_days"] + figures["unlisted_days"] > 0
    yield _line(
        ("TOTAL", figures["sessions"], "", run.first_day, run.last_day, figures["days"],
         "not complete" if is_open else "complete", *sums, UNKNOWN if is_open else 0, figures["difference"],
         f"{figures['unknown_days']} unknown session-days; {figures['unlisted_days']} days without a proven list; "
         f"{figures['silent_sessions']} sessions in which nothing was said")
    )  # fmt: skip


def sentence(figures: dict[str, int]) -> str:
    """The account in a few words and numbers, for a mail: no name of anybody's in it."""
    said = [f"{figures['offered']:,} offered ="]
    said.append(" + ".join(f"{figures[name]:,} {WORDS[name]}" for name in SIDES))
    if figures["difference"] != 0:
        said.insert(0, f"DOES NOT BALANCE by {figures['difference']:,}:")
    unknown = []
    if figures["unknown_days"] > 0:
        unknown.append(f"{figures['unknown_days']:,} session-days")
    if figures["unlisted_days"] > 0:
        unknown.append(f"the list of sessions of {figures['unlisted_days']:,} days")
    return f"{' '.join(said)}; unknown: {' and '.join(unknown) if unknown else '0'}."


def link(run_id: int) -> str:
    """Where a run is in the console."""
    return f"/reports/reconciliation/runs/{run_id}/"


def undelivered() -> int:
    """How many mails about reconciliations could not be sent, for good."""
    return Told.objects.filter(
        mail=Told.Mail.FAILED, link__startswith="/reports/reconciliation/runs/"
    ).count()


def named(reconciliation: Reconciliation | None) -> str:
    """What a run is called."""
    return f"Reconciliation “{reconciliation.name}”" if reconciliation is not None else "Reconciliation"


def _mailed(run: ReconciliationRun) -> list[Mailed]:
    """What became of the mail to each recipient."""
    if run.reconciliation_id is None:
        return []
    words = {
        Told.Mail.NONE: ("none", "told in the console only: no address, or no mail server is set up"),
        Told.Mail.DUE: ("due", "to be mailed"),
        Told.Mail.CLAIMED: ("pulling", "being mailed"),
        Told.Mail.SENT: ("complete", "mailed"),
        Told.Mail.FAILED: ("failed", "could not be mailed"),
    }
    found = []
    for line in Told.objects.filter(link=link(run.pk)).select_related("person").order_by("pk"):
        state, said = words[Told.Mail(line.mail)]
        ended = f"{said}. {line.last_error}" if line.last_error else said
        found.append(Mailed(audit.name_of(line.person), state, ended))
    return found + [Mailed(name, "gap", why) for name, why in run.told]


def _line(cells: Sequence[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([_cell(cell) for cell in cells])
    return out.getvalue().encode()


def _cell(cell: object) -> object:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{cell}"
    return cell
