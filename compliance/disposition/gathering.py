"""Putting together what is due: a frozen set of messages, part by part, each of one session under one rule; and zips.

The row is the job. A worker claims it, goes through the sessions in which something can be due, and writes each one's
parts in a transaction of its own; a worker that dies loses its claim and the next one begins again, so that the set is
always one answer. What a hold covers at that moment is counted and left out; what comes under a hold later is refused
when it is to be destroyed. Memory is bounded by a part.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from archive import candidates, erasing, holding, keeping, weighing
from archive.keeping import Due
from compliance import audit, claiming, holds, refusals, told
from compliance import keeping as standing
from compliance.disposition import erasures, looking, rules, zips
from compliance.hindrances import Hindrance
from compliance.models import Disposition, DispositionPart, Erasure
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = Disposition.State
SIZE = 500
"""Messages a part: placing a hold waits as long as one is destroyed."""
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)
OPEN = (State.GATHERING, State.REVIEW, State.RUNNING)


class Unfit(Hindrance):
    """Why it cannot be done, in a sentence."""


def start(*, account_id: int, by: User, now: datetime) -> Disposition:
    """Begin to put together what is due of an account. Raises Unfit while another one of it is open."""
    refusals.check(Action.DISPOSE, subject="dispositions", by=by, now=now)
    if account_id not in dict(candidates.accounts()):
        raise Unfit("Choose an account.")
    with transaction.atomic():
        row = _begin(account_id, erasure=None, by=by, now=now)
        if len(row.rules) == 0:
            raise Unfit("There is no rule, so everything is kept for good. Write a rule first.")
    return row


def start_erasure(*, erasure_id: int, by: User, now: datetime) -> Disposition:
    """Begin to put together what can go of a request for erasure. Raises erasures.NoSuchErasure, Unfit."""
    refusals.check(Action.DISPOSE, subject=f"erasure/{erasure_id}", by=by, now=now)
    with transaction.atomic():
        asked = erasures.settled(erasure_id)
        if asked.state != Erasure.State.READY:
            raise Unfit("Nothing of it can go now.")
        return _begin(asked.account_id, erasure=asked, by=by, now=now)


def _begin(account_id: int, *, erasure: Erasure | None, by: User, now: datetime) -> Disposition:
    standing.hold(standing.ALONE)  # one at a time, and by the rules of this moment
    there = Disposition.objects.filter(account_id=account_id, state__in=OPEN).first()
    if there is not None:
        raise Unfit(f"Disposition {there.pk} is still open. End or discard it first: nothing may be in two.")
    in_force = standing.in_force().filter(account_id=account_id)
    if erasure is not None:
        in_force = in_force.none()
    snapshot = [_as_data(one) for one in rules.in_lines(list(in_force))]
    row = Disposition.objects.create(
        account_id=account_id, erasure=erasure, as_of=now, rules=snapshot, made_by=by,
        made_by_name=audit.name_of(by), made_at=now, not_before=now,
    )  # fmt: skip
    details = {"rules": [one["id"] for one in snapshot], "erasure": None if erasure is None else erasure.pk}
    audit.record(
        action=audit.Action.STARTED, subject=f"disposition/{row.pk}", details=details, by=by, now=now
    )
    transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    return row


def _as_data(line: rules.Line) -> dict[str, object]:
    return {
        "id": line.rule.pk,
        "name": line.rule.name,
        "law": line.rule.law,
        "reason": line.rule.reason,
        "about": line.about,
        "kept": rules.lasting(line.rule),
    }


def nudge() -> None:
    """Tell a worker that there may be something to put together or to destroy."""
    current_app.send_task("compliance.tasks.advance_dispositions", expires=55)


def carry_out_next(*, clock: Clock) -> bool:
    """Put together the oldest one that is due; False when none is."""
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Disposition.objects.filter(free, state=State.GATHERING)
    taken = claiming.take_next(due, now=now, last_error="")
    if taken is None:
        return False
    key, claim = taken
    row = Disposition.objects.select_related("erasure").get(pk=key)
    try:
        _gather(row, claim, clock=clock)
    except claiming.Lost:
        log.info("disposition_taken_over", disposition=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(row, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise
    return True


def _gather(row: Disposition, claim: uuid.UUID, *, clock: Clock) -> None:
    source = _due(row) if row.erasure is None else _asked_for(row, row.erasure)
    total, number, held, in_force = len(source.sessions), 0, 0, holds.rules()
    with transaction.atomic():
        _hold(row, claim, done=0, total=total, held=0, now=clock())
        DispositionPart.objects.filter(disposition=row).delete()
    for looked, session_id in enumerate(source.sessions, 1):
        parts: list[DispositionPart] = []
        with transaction.atomic():
            for batch in source.batches(session_id):
                ids = [one.message_id for one in batch]
                covered = holding.held(ids, rules=in_force)
                held += len(covered)
                free = frozenset(ids) - covered - source.bound(ids)
                parts += _parts(row, session_id, [one for one in batch if one.message_id in free])
            for part in parts:
                number += 1
                part.number = number
            DispositionPart.objects.bulk_create(parts)
            _hold(row, claim, done=looked, total=total, held=held, now=clock())
    with transaction.atomic():
        _hold(row, claim, done=total, total=total, held=held, now=clock())
        zips.put_together(row, in_force=in_force, now=row.as_of)
        Disposition.objects.filter(pk=row.pk).update(
            state=State.REVIEW, claim=None, gathered_at=clock(), **totals(row.pk)
        )
        row.refresh_from_db()
        _say(row, now=clock())


@dataclass(frozen=True)
class _Source:
    """Where messages come from: sessions, what of each could go, and which of that is bound all the same."""

    sessions: list[int]
    batches: Callable[[int], Iterator[list[Due]]]
    bound: Callable[[list[int]], frozenset[int]] = lambda _: frozenset()


def _due(row: Disposition) -> _Source:
    """What the rules that were written down bring to its end, unless one of them has ended since."""
    written = {one["id"] for one in row.rules}
    asked = [rule for rule in standing.rules(account_id=row.account_id) if rule.id in written]
    there = [one.place.session_id for one in keeping.reached(rules=asked)]
    return _Source(there, lambda session_id: _batches(session_id, asked, row.as_of))


def _asked_for(row: Disposition, erasure: Erasure) -> _Source:
    """What was asked to be erased and no duty binds."""
    scope = looking.scope(erasure)
    duties = standing.rules(account_id=row.account_id, only_duties=True)
    return _Source(
        erasing.sessions(scope),
        lambda session_id: looking.batches(scope, session_id=session_id),
        lambda ids: frozenset(erasing.bound(ids, duties=duties, now=row.as_of)),
    )


def _say(row: Disposition, *, now: datetime) -> None:
    details = {
        "messages": row.messages,
        "sessions": row.sessions,
        "held": row.held,
        "zips": row.zips,
        "sha256": hexed(row.sha256),
    }
    audit.record(
        action=audit.Action.FROZE, subject=f"disposition/{row.pk}", details=details, by=row.made_by, now=now
    )
    if row.made_by is not None:
        text = f"Disposition {row.pk} is put together: {in_words(row)} may go. Look at it before you ask."
        if row.erasure is not None and row.erasure.state == Erasure.State.WITHDRAWN:
            text = f"Disposition {row.pk} is put together, and what it is for was withdrawn meanwhile. Discard it."
        told.tell(person=row.made_by, text=text, link=f"/disposition/{row.pk}/", now=now)


def in_words(row: Disposition) -> str:
    """What is in it: so many messages, and so many zips where there are any."""
    messages = f"{row.messages:,} message{'' if row.messages == 1 else 's'}"
    return (
        messages
        if row.zips == 0
        else f"{messages} and {row.zips:,} zip{'' if row.zips == 1 else 's'} of legal holds"
    )


def _batches(session_id: int, asked: Sequence[keeping.Rule], now: datetime) -> Iterator[list[Due]]:
    after: Due | None = None
    while batch := keeping.due(session_id=session_id, rules=asked, now=now, after=after, limit=4 * SIZE):
        after = batch[-1]
        yield batch


def _parts(row: Disposition, session_id: int, going: Sequence[Due]) -> list[DispositionPart]:
    by_rule: dict[int, list[Due]] = {}
    for one in going:
        by_rule.setdefault(one.rule_id, []).append(one)
    return [
        part_of(row, session_id, rule_id, same[first : first + SIZE])
        for rule_id, same in sorted(by_rule.items())
        for first in range(0, len(same), SIZE)
    ]


def part_of(row: Disposition, session_id: int, rule_id: int | None, going: Sequence[Due]) -> DispositionPart:
    """A part that is not saved, with what its messages weigh and their fingerprints."""
    ids = [one.message_id for one in going]
    prints = weighing.fingerprints(ids)
    weight = weighing.weigh(ids)
    joined = b"".join(prints[key] for key in ids)
    return DispositionPart(
        disposition=row, number=0, session_id=session_id, rule_id=rule_id or None, message_ids=ids, fingerprints=joined,
        sha256=digest(ids, joined), messages=len(ids), files=weight.files, file_bytes=weight.file_bytes,
        first_at=going[0].sent_at, last_at=going[-1].sent_at,
    )  # fmt: skip


def digest(message_ids: Sequence[int], fingerprints: bytes) -> bytes:
    """SHA-256 over a line a message: its id in decimal and its fingerprint in hexadecimal."""
    lines = (f"{key} {fingerprints[at * 32 : at * 32 + 32].hex()}\n" for at, key in enumerate(message_ids))
    return hashlib.sha256("".join(lines).encode()).digest()


def totals(disposition_id: int) -> dict[str, object]:
    """What a disposition adds up to without what was taken out, and the digest over its parts and zips.

    SHA-256 over a line a part, in order: session, rule (- for none), messages and digest; then a line a zip: zip, its id,
    size and digest.
    """
    sha256, sessions = hashlib.sha256(), set()
    messages = files = file_bytes = 0
    for session_id, rule_id, count, of_files, size, part in (
        _remaining(disposition_id)
        .values_list("session_id", "rule_id", "messages", "files", "file_bytes", "sha256")
        .iterator()
    ):
        sessions.add(session_id)
        messages, files, file_bytes = messages + count, files + of_files, file_bytes + size
        sha256.update(f"{session_id} {rule_id or '-'} {count} {bytes(part).hex()}\n".encode())
    of_zips = zips.lines(disposition_id)
    for zip_id, size, content in of_zips:
        sha256.update(f"zip {zip_id} {size} {content.hex()}\n".encode())
    return {
        "zips": len(of_zips),
        "zip_bytes": sum(size for _, size, _ in of_zips),
        "messages": messages,
        "files": files,
        "file_bytes": file_bytes,
        "sessions": len(sessions),
        "sha256": sha256.digest(),
    }


def _remaining(disposition_id: int) -> QuerySet[DispositionPart]:
    return DispositionPart.objects.filter(disposition_id=disposition_id, is_out=False).order_by("number")


def hexed(value: bytes | memoryview | None) -> str:
    """A digest in hexadecimal; "" for none."""
    return "" if value is None else bytes(value).hex()


def _hold(row: Disposition, claim: uuid.UUID, *, done: int, total: int, held: int, now: datetime) -> None:
    """Renew the claim and lock the row to the end of the transaction; raises claiming.Lost when another has it."""
    kept = Disposition.objects.filter(pk=row.pk, claim=claim, state=State.GATHERING)
    claiming.keep(kept, done=done, total=total, held=held, claimed_at=now)


@transaction.atomic
def _fail(row: Disposition, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    is_over = row.attempts >= MOST_ATTEMPTS
    lost = Disposition.objects.filter(pk=row.pk, claim=claim, state=State.GATHERING).update(
        state=State.FAILED if is_over else State.GATHERING,
        claim=None,
        last_error=why,
        not_before=claiming.again_at(now=now, tries=row.attempts),
    )
    if is_over and lost == 1 and row.made_by is not None:
        text = f"Disposition {row.pk} could not be put together. {why}"
        told.tell(person=row.made_by, text=text, link=f"/disposition/{row.pk}/", now=now)
    log.warning("disposition_not_gathered", disposition=row.pk, attempts=row.attempts, given_up=is_over)
