"""Counting what matters preserve, behind the pages.

The row is the job (PreservedCount). It is due when the matter's rules are not those it was counted by, and otherwise once
a day when the log has grown. A count begins at a position of the log; the next one counts again only the sessions of
which the log has told something since, and those whose files were not all here; all of them when the rules changed. The
figures are replaced in one transaction, so that a page never shows half of a count. A count can be stopped, which keeps
the figures there were; it is due again when somebody asks, or after a day. Whoever asks is told when it is done.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, Min, Q, Sum

from archive import completeness, tallies
from archive import log as archive_log
from archive.holding import Rule
from archive.tallies import Tally
from compliance import audit, claiming, holds, matters, told
from compliance.models import Matter, PreservedCount, PreservedPart

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = PreservedCount.State

COUNTS_LAST = timedelta(days=1)
CLAIM_HOLDS = timedelta(minutes=10)
RENEWED_EVERY = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(hours=1)
SUMS = ("messages", "said", "revisions", "files", "files_here", "file_bytes")
WHAT = "counting what is preserved"
NOBODY = 0
"""The owner of rules that name no custodian."""


def plan(*, now: datetime) -> None:
    """Make due what may have changed: new matters, changed rules, and once a day what the log may have added to."""
    of_matters = holds.by_matter()
    counts = {count.matter_id: count for count in PreservedCount.objects.all()}
    for matter_id in sorted(of_matters.keys() - counts.keys()):
        PreservedCount.objects.get_or_create(matter_id=matter_id, defaults={"not_before": now})
    size = archive_log.size()
    stale = [
        count.pk
        for count in counts.values()
        if _sha256(of_matters.get(count.matter_id, [])) != bytes(count.rules_sha256 or b"")
        or (
            count.counted_at is not None and count.counted_at < now - COUNTS_LAST and count.complete_to < size
        )
    ]
    idle = Q(state=State.COUNTED) | Q(state=State.STOPPED, not_before__lte=now)
    PreservedCount.objects.filter(idle, pk__in=stale).update(state=State.DUE, not_before=now)


def ask(*, matter_id: int, by: User | None, now: datetime) -> None:
    """Count a matter now, at somebody's wish. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    with transaction.atomic():
        PreservedCount.objects.get_or_create(matter=matter, defaults={"not_before": now})
        PreservedCount.objects.filter(matter=matter).exclude(state=State.CLAIMED).update(
            state=State.DUE, not_before=now
        )
        PreservedCount.objects.filter(matter=matter).update(asked_by=by)
        details = {"what": WHAT}
        audit.record(
            action=audit.Action.STARTED, subject=f"matter/{matter_id}", details=details, by=by, now=now
        )
        transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute


def stop(*, matter_id: int, by: User | None, now: datetime) -> bool:
    """Stop a count that is not done; whether it was still to be done. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    with transaction.atomic():
        open_ones = PreservedCount.objects.filter(matter=matter, state__in=[State.DUE, State.CLAIMED])
        is_stopped = (
            open_ones.update(
                state=State.STOPPED,
                claim=None,
                asked_by=None,
                attempts=0,
                last_error="",
                not_before=now + COUNTS_LAST,
            )
            == 1
        )
        if is_stopped:
            audit.record(
                action=audit.Action.STOPPED,
                subject=f"matter/{matter_id}",
                details={"what": WHAT},
                by=by,
                now=now,
            )
    return is_stopped


def nudge() -> None:
    """Tell a worker that there may be something to count."""
    current_app.send_task("compliance.tasks.count_preserved", expires=55)


def count_next(*, clock: Clock) -> bool:
    """Count the matter that has been due longest; False when none is."""
    now = clock()
    rows = PreservedCount.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))
    taken = claiming.take_next(rows, now=now, state=State.CLAIMED, done=0, total=0)
    if taken is None:
        return False
    _carry_out(*taken, clock=clock)
    return True


def _carry_out(key: int, claim: uuid.UUID, *, clock: Clock) -> None:
    row = PreservedCount.objects.select_related("matter").get(pk=key)
    try:
        _count(row, claim, clock=clock)
    except claiming.Lost:
        log.info("count_taken_over", matter=row.matter_id)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        PreservedCount.objects.filter(pk=key, claim=claim).update(
            state=State.DUE,
            claim=None,
            last_error=f"It broke off ({type(error).__name__}).",
            not_before=claiming.again_at(now=clock(), tries=row.attempts),
        )
        log.warning("matter_not_counted", matter=row.matter_id, attempts=row.attempts)
        raise


def _count(row: PreservedCount, claim: uuid.UUID, *, clock: Clock) -> None:
    begun, size = clock(), archive_log.size()
    rules = holds.of_matter(row.matter_id)
    sha256 = _sha256(rules)
    places = tallies.places(rules)
    is_whole = row.counted_at is None or sha256 != bytes(row.rules_sha256 or b"")
    todo = places if is_whole else _changed(row, places, size)
    owners = holds.owners([rule.id for rule in rules], otherwise=NOBODY)
    counted: dict[int, dict[int, Tally]] = {}
    renewed = begun - RENEWED_EVERY
    for number, session_id in enumerate(todo):
        if (now := clock()) - renewed >= RENEWED_EVERY:
            _keep(row.pk, claim, now=now, done=number, total=len(todo))
            renewed = now
        counted[session_id] = tallies.of_session(session_id, rules=rules, owners=owners)
    with transaction.atomic():
        _keep(row.pk, claim, now=clock(), done=len(todo), total=len(todo))
        parts = PreservedPart.objects.filter(matter_id=row.matter_id)
        parts.filter(Q(session_id__in=counted) | ~Q(session_id__in=places)).delete()
        PreservedPart.objects.bulk_create(
            (
                _part(row.matter_id, session_id, owner, tally)
                for session_id, found in counted.items()
                for owner, tally in found.items()
            ),
            batch_size=1_000,
        )
        opened = _mark_open(row.matter, places)
        whole = parts.filter(is_whole=True).aggregate(
            **{name: Sum(name, default=0) for name in SUMS}, first_at=Min("first_at"), last_at=Max("last_at")
        )
        PreservedCount.objects.filter(pk=row.pk, claim=claim).update(
            **whole,
            places=len(places),
            places_open=len(opened),
            state=State.COUNTED,
            claim=None,
            attempts=0,
            last_error="",
            counted_at=begun,
            complete_to=size,
            rules_sha256=sha256,
        )
        _tell(row.pk, now=clock())


def _mark_open(matter: Matter, places: Collection[int]) -> frozenset[int]:
    """The sessions of which some day that is held is not whole here, marked as that; of the others the mark goes."""
    opened = completeness.opened(places, first=matter.since, last=matter.until)
    whole = PreservedPart.objects.filter(matter=matter, is_whole=True)
    whole.filter(is_open=True).exclude(session_id__in=opened).update(is_open=False)
    whole.filter(is_open=False, session_id__in=opened).update(is_open=True)
    return opened


def _tell(key: int, *, now: datetime) -> None:
    """Tell whoever asked for a count, also while it was under way, that it is done; once."""
    row = PreservedCount.objects.select_related("asked_by", "matter").get(pk=key)
    if row.asked_by is None:
        return
    words = f"{row.messages:,} message{'' if row.messages == 1 else 's'}"
    if row.asked_by.is_active:
        told.tell(
            person=row.asked_by,
            text=f"What is preserved in “{row.matter.name}” is counted: {words}.",
            link=f"/matters/{row.matter_id}/preserved/",
            now=now,
        )
    PreservedCount.objects.filter(pk=key).update(asked_by=None)


def _changed(row: PreservedCount, places: Collection[int], size: int) -> list[int]:
    """The sessions to count again: the log told something of them since, or their files were not all here."""
    awaited = PreservedPart.objects.filter(
        matter_id=row.matter_id, is_whole=True, files__gt=F("files_here")
    ).values_list("session_id", flat=True)
    assert row.counted_at is not None  # the first count is of everything
    since = row.counted_at - CLOCKS_DIFFER  # lists of members are written by other machines too
    fresh = tallies.changed(first=row.complete_to, last=size, since=since)
    return sorted((fresh | set(awaited)) & set(places))


def _part(matter_id: int, session_id: int, owner: int, tally: Tally) -> PreservedPart:
    return PreservedPart(
        matter_id=matter_id,
        session_id=session_id,
        custodian_id=None if owner in (tallies.WHOLE, NOBODY) else owner,
        is_whole=owner == tallies.WHOLE,
        first_at=tally.first_at,
        last_at=tally.last_at,
        **{name: getattr(tally, name) for name in SUMS},
    )


def _keep(key: int, claim: uuid.UUID, *, now: datetime, done: int, total: int) -> None:
    """Renew the claim and say how far it is; raises claiming.Lost when another has it."""
    kept = PreservedCount.objects.filter(pk=key, claim=claim, state=State.CLAIMED)
    claiming.keep(kept, claimed_at=now, done=done, total=total)


def _sha256(rules: Sequence[Rule]) -> bytes:
    """What rules are counted by, in 32 bytes: other rules give others."""
    return hashlib.sha256("\n".join(map(repr, sorted(rules, key=lambda rule: rule.id))).encode()).digest()
