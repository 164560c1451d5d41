"""Destroying what was approved: part by part, each in a transaction of its own that asks again what may go.

Zips of released matters go before the messages (compliance.disposition.zips): what lies in a zip cannot go while that is
kept, so no part begins while a zip has to be tried again.

In the transaction of a part, in this order: the job's row is held; the tables of holds and of rules are locked, so that
what is in force stays so; the session is locked by the function that decides what may go; whatever is no longer due, is
not what it was when it was approved, or is held, is refused, each with an event and so a leaf of the log; the rest goes
through archive.purge, the one way in which anything goes. A hold that is placed before that moment wins, whoever
approved; one that comes while a part goes waits until that is over.

The row is the job: a worker that dies loses its claim, and the next one goes on with the parts that are left. Somebody
may stop it between two parts, and so does withdrawing the request for erasure it is for; what is gone by then is gone,
and it says how much.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from archive import erasing, holding, keeping, purge, weighing
from compliance import audit, claiming, holds, inert, refusals, told
from compliance import keeping as standing
from compliance.disposition import certifying, erasures, gathering, zips
from compliance.disposition.gathering import Clock, Unfit
from compliance.disposition.reviewing import LONGEST_REASON, NoSuchDisposition
from compliance.models import Disposition, DispositionPart, Erasure
from compliance.permissions import Action

log = structlog.get_logger(__name__)

State = Disposition.State
CLAIM_HOLDS = timedelta(minutes=5)
MOST_ATTEMPTS = 20
NOT_DUE = "a rule keeps it longer now"
BOUND = "a duty to keep it stands"
CHANGED = "it changed since it was approved"
WORDS = {
    purge.Why.HELD: "a hold covers it",
    purge.Why.IN_A_ZIP: "it lies in a zip of a legal hold",
    purge.Why.BUSY: "a file of it was being fetched",
    purge.Why.UNKNOWN: "there is no such message",
}


@dataclass
class _Batch:
    """What became of a part: refused messages with why, and what destruction came to."""

    outcome: purge.Outcome
    refused: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    is_busy: bool = False


def carry_out_next(*, clock: Clock) -> bool:
    """Go on with the disposition that has been due longest; False when none is."""
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Disposition.objects.filter(free, state=State.RUNNING)
    taken = claiming.take_next(due, now=now, last_error="")
    if taken is None:
        return False
    key, claim = taken
    try:
        _go_on(key, claim, clock=clock)
    except claiming.Lost:
        log.info("disposition_taken_over", disposition=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _wait(key, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise
    return True


def stop(*, disposition_id: int, reason: str, by: User, now: datetime) -> Disposition:
    """Say that it is to stop before its next part. Raises NoSuchDisposition, Unfit."""
    subject = f"disposition/{disposition_id}"
    refusals.check(Action.DISPOSE, subject=subject, by=by, now=now)
    why = inert.typed(reason)
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Unfit(f"Say why it is stopped, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        row = Disposition.objects.select_for_update().filter(pk=disposition_id).first()
        if row is None:
            raise NoSuchDisposition
        if row.state != State.RUNNING or row.stop_at is not None:
            raise Unfit(f"It is {row.get_state_display()}, so there is nothing to stop.")
        row.stop_at, row.stop_by_name, row.stop_reason, row.not_before = now, audit.name_of(by), why, now
        row.save(update_fields=["stop_at", "stop_by_name", "stop_reason", "not_before"])
        details = {"reason": why, "destroyed": row.destroyed, "of": row.total}
        audit.record(action=audit.Action.WITHDREW, subject=subject, details=details, by=by, now=now)
        transaction.on_commit(gathering.nudge, robust=True)
    return row


def _go_on(key: int, claim: uuid.UUID, *, clock: Clock) -> None:
    """Zip after zip, then part after part, until none is left, somebody stopped it, or only some are left that wait."""
    waiting: list[int] = []
    while True:
        now = clock()
        with transaction.atomic():
            row = _hold(key, claim, now=now)
            _heed(row, now=now)
            if row.stop_at is not None:
                _end(row, State.STOPPED, now=now)
                return
            zip_ = zips.to_do(row).select_related("matter").first()
            if zip_ is not None:
                statement, is_last = certifying.of_zip(row, zip_.matter), row.attempts >= MOST_ATTEMPTS
                if zips.destroy(row, zip_, statement=statement, is_last_try=is_last, now=now):
                    continue
                break
            parts = DispositionPart.objects.filter(disposition=row, done_at=None, is_out=False)
            part = parts.exclude(pk__in=waiting).order_by("number").first()
            if part is None and len(waiting) == 0:
                _end(row, State.DONE, now=now)
                return
            if part is not None and _destroy(row, part, now=now):
                waiting.append(part.pk)
        if part is None:
            break
    what = "A zip is" if zip_ is not None else "Files of some messages are"
    _wait(key, claim, f"{what} being fetched or opened; it goes on soon.", now=clock())


def _destroy(row: Disposition, part: DispositionPart, *, now: datetime) -> bool:
    """Destroy one part in the caller's transaction; whether it has to be tried again."""
    batch = _decide(row, part, now=now)
    refused = {} if batch.is_busy and row.attempts < MOST_ATTEMPTS else _busy(batch.outcome)
    refused |= batch.refused
    is_over = not batch.is_busy or row.attempts >= MOST_ATTEMPTS
    out = batch.outcome
    if is_over:
        for message_id, why in sorted(refused.items()):
            details = {"wanted": "destroy it", "disposition": row.pk, **why}
            audit.record(
                action=audit.Action.REFUSED,
                subject=f"message/{message_id}",
                details=details,
                by=None,
                now=now,
            )
    kept = len(refused) if is_over else 0
    gone = len(out.destroyed)
    DispositionPart.objects.filter(pk=part.pk).update(
        destroyed=F("destroyed") + gone, refused=kept, done_at=now if is_over else None
    )
    Disposition.objects.filter(pk=row.pk).update(
        done=F("done") + gone + kept,
        destroyed=F("destroyed") + gone,
        refused=F("refused") + kept,
        revisions=F("revisions") + out.revisions,
        attachments=F("attachments") + out.attachments,
        blobs=F("blobs") + out.blobs,
        bytes=F("bytes") + out.bytes,
    )
    if gone > 0:
        details = {"part": part.number, "session": part.session_id, "messages": gone, "refused": kept}
        audit.record(
            action=audit.Action.DESTROYED, subject=f"disposition/{row.pk}", details=details, by=None, now=now
        )
    return not is_over


def _decide(row: Disposition, part: DispositionPart, *, now: datetime) -> _Batch:
    """What may go of a part at this moment, and its destruction."""
    in_force = holds.rules(lock=True)
    rules = standing.rules(account_id=row.account_id, only_duties=row.erasure_id is not None, lock=True)
    ids: list[int] = part.message_ids
    holding.may_go(ids, rules=in_force)  # locks the session, so that what is looked at next stays so
    prints = weighing.fingerprints(ids)
    if row.erasure_id is None:
        due, why_not = keeping.still_due(ids, rules=rules, now=now), NOT_DUE
    else:
        due, why_not = frozenset(ids) - erasing.bound(ids, duties=rules, now=now).keys(), BOUND
    approved = {key: bytes(part.fingerprints)[at * 32 : at * 32 + 32] for at, key in enumerate(ids)}
    refused: dict[int, Mapping[str, Any]] = {}
    going = [key for key in ids if key in prints]
    for key in going:
        if prints[key] != approved[key]:
            refused[key] = {"why": CHANGED}
        elif key not in due:
            refused[key] = {"why": why_not}
    going = [key for key in going if key not in refused]
    outcome = purge.destroy(going, holds=in_force, disposition=row.pk, now=now)
    for one in outcome.refused:
        if one.why is not purge.Why.BUSY:
            refused[one.message_id] = {
                "why": WORDS[one.why],
                "holds": list(one.rules),
                "zips": list(one.zips),
            }
    is_busy = any(one.why is purge.Why.BUSY for one in outcome.refused)
    return _Batch(outcome, refused, is_busy)


def _busy(outcome: purge.Outcome) -> dict[int, Mapping[str, Any]]:
    busy = [one for one in outcome.refused if one.why is purge.Why.BUSY]
    return {one.message_id: {"why": WORDS[one.why]} for one in busy}


def _hold(key: int, claim: uuid.UUID, *, now: datetime) -> Disposition:
    """Renew the claim and lock the row to the end of the transaction; raises claiming.Lost when another has it."""
    claiming.keep(Disposition.objects.filter(pk=key, claim=claim, state=State.RUNNING), claimed_at=now)
    return Disposition.objects.select_related("request", "made_by").get(pk=key)


def _heed(row: Disposition, *, now: datetime) -> None:
    """Stop it when the request for erasure it is for was withdrawn, which nobody can do until this part is over."""
    if row.erasure_id is None or row.stop_at is not None:
        return
    asked = erasures.settled(row.erasure_id)
    if asked.state == Erasure.State.WITHDRAWN:
        why = f"Request {asked.pk} for erasure was withdrawn: {asked.ending}"
        row.stop_at, row.stop_by_name, row.stop_reason = now, asked.ended_by_name, why
        row.save(update_fields=["stop_at", "stop_by_name", "stop_reason"])


def _end(row: Disposition, state: Disposition.State, *, now: datetime) -> None:
    """Write how it ended, and tell whoever asked and whoever put it together, in the caller's transaction."""
    Disposition.objects.filter(pk=row.pk).update(state=state, claim=None, finished_at=now, last_error="")
    row.refresh_from_db()
    details = {
        "state": str(state),
        "destroyed": row.destroyed,
        "refused": row.refused,
        "of": row.total,
        "revisions": row.revisions,
        "attachments": row.attachments,
        "blobs": row.blobs,
        "bytes": row.bytes,
        "zips": row.zips_destroyed,
        "zips_refused": row.zips_refused,
        "sha256": gathering.hexed(row.sha256),
        "request": row.request_id,
    }
    details["certificate"] = certifying.issue(row, now=now)
    if state == State.STOPPED:
        details["reason"] = row.stop_reason
    audit.record(
        action=audit.Action.CARRIED_OUT, subject=f"disposition/{row.pk}", details=details, by=None, now=now
    )
    if row.erasure_id is not None:
        Erasure.objects.filter(pk=row.erasure_id).update(not_before=now)  # it may be complete
    for person in _owners(row):
        told.tell(person=person, text=in_words(row), link=f"/disposition/{row.pk}/", now=now)


def in_words(row: Disposition) -> str:
    """How a disposition ended, in a sentence."""
    gone = f"{row.destroyed:,} of {row.total:,} message{'' if row.total == 1 else 's'}"
    if row.zips > 0:
        gone += (
            f" and {row.zips_destroyed:,} of {row.zips:,} zip{'' if row.zips == 1 else 's'} of legal holds"
        )
    stay = row.refused + row.zips_refused
    stayed = (
        f" {stay:,} {'was' if stay == 1 else 'were'} refused and {'stays' if stay == 1 else 'stay'}."
        if stay
        else ""
    )
    if row.state == State.STOPPED:
        return f"Disposition {row.pk} was stopped: {gone} are destroyed already and cannot be brought back.{stayed}"
    return f"Disposition {row.pk} is done: {gone} are destroyed.{stayed}"


def _owners(row: Disposition) -> Sequence[User]:
    people = {} if row.made_by is None else {row.made_by.pk: row.made_by}
    if row.request is not None:
        people[row.request.asked_by_id] = row.request.asked_by
    return list(people.values())


def _wait(key: int, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    """Try again later: what was approved is not given up, and its page says what stands in the way."""
    row = Disposition.objects.filter(pk=key, claim=claim, state=State.RUNNING)
    attempts = row.values_list("attempts", flat=True).first() or 0
    row.update(claim=None, last_error=why, not_before=claiming.again_at(now=now, tries=attempts))
    log.warning("disposition_waits", disposition=key, attempts=attempts)
