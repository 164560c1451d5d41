"""Asking for what may go to be destroyed: a request that two others approve, bound to the digest of the whole set."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import holding, kept_zips
from compliance import approvals, audit, holds, refusals
from compliance.approvals import Item, ItemSet, Obstacle, kinds
from compliance.approvals.kinds import Terms
from compliance.disposition import erasures, gathering, outdated, reviewing, zips
from compliance.models import Disposition, DispositionPart, DispositionZip, Erasure, Request
from compliance.permissions import Action

REQUEST = "dispose"
State = Disposition.State
TYPED = "destroy"


def ask(*, disposition_id: int, typed: str, reason: str, by: User, now: datetime) -> Request:
    """Ask for a disposition to be carried out, for the first time or again: what is held is counted as of now.

    Raises NoSuchDisposition, Unfit, approvals.Obstacle.
    """
    refusals.check(Action.DISPOSE, subject=f"disposition/{disposition_id}", by=by, now=now)
    if typed.strip().casefold() != TYPED:
        raise gathering.Unfit(f"Nothing was asked for: type “{TYPED}” to confirm.")
    with transaction.atomic():
        outdated.check(reviewing.in_review(disposition_id))
    return approvals.ask(
        kind=REQUEST, subject=f"disposition/{disposition_id}", parameters={}, reason=reason, by=by, now=now
    )


def terms() -> Terms:
    """How many have to approve it, and how long it cools off, as this installation has it."""
    return kinds.terms(KIND)


def _find(subject: str, parameters: Mapping[str, Any], now: datetime) -> ItemSet:  # noqa: ARG001
    row = Disposition.objects.select_related("erasure").filter(pk=_number(subject)).first()
    if row is None:
        raise Obstacle("There is no such disposition.")
    if row.state != State.REVIEW:
        raise Obstacle(f"The disposition is {row.get_state_display()}.")
    if row.erasure is not None and row.erasure.state == Erasure.State.WITHDRAWN:
        raise Obstacle(
            f"Request {row.erasure.pk} for erasure, which it is for, was withdrawn: nothing of it goes."
        )
    if row.messages == 0 and row.zips == 0:
        raise Obstacle("There is nothing in it any more.")
    found = gathering.totals(row.pk)
    whole = {"messages": found["messages"], "sha256": gathering.hexed(bytes(found["sha256"]))}  # type: ignore[call-overload]
    items = [Item(subject, f"All of disposition {row.pk}, message by message with its versions", whole)]
    for one in reviewing.of_rules(row):
        name = one.rule.get("name", "requests for erasure")
        kept = f", which keeps {one.rule['kept']}" if one.rule else ""
        words = f"{one.messages:,} messages of {one.sessions:,} sessions under “{name}”{kept}"
        items.append(
            Item(f"rule/{one.rule.get('id', 'none')}", words, {"messages": one.messages, "files": one.files})
        )
    counts = {
        "messages are destroyed": row.messages,
        "files are destroyed with them": row.files,
        "sessions they are in": row.sessions,
    }
    for matter in zips.of_matters(row, visible=None):
        several = "" if matter.zips == 1 else "s"
        words = f"{matter.zips:,} zip{several} of the released matter {matter.matter_id}, with {matter.bytes:,} bytes"
        items.append(Item(f"zips/{matter.matter_id}", words, {"zips": matter.zips, "bytes": matter.bytes}))
    if row.zips > 0:
        counts["zips of legal holds are destroyed"] = row.zips
    return ItemSet(f"Destroy {gathering.in_words(row)} for good", items, counts)


def _count(
    subject: str,
    parameters: Mapping[str, Any],  # noqa: ARG001
    now: datetime,  # noqa: ARG001
    step: Callable[[int, int], None],
) -> dict[str, int]:
    """What of it a hold covers, or a zip has that does not go, at this moment, and so would not be destroyed."""
    in_force, held, zipped = holds.rules(), 0, 0
    going = set(DispositionZip.objects.filter(disposition=_number(subject)).values_list("zip_id", flat=True))
    parts = DispositionPart.objects.filter(disposition=_number(subject), is_out=False).order_by("number")
    total = parts.count()
    for done, ids in enumerate(parts.values_list("message_ids", flat=True).iterator(), 1):
        covered = holding.held(ids, rules=in_force)
        held += len(covered)
        kept = kept_zips.having([key for key in ids if key not in covered])
        zipped += sum(not going.issuperset(of) for of in kept.values())
        step(done, total)
    found = {"of them are held now and would stay": held}
    if zipped > 0:
        found["of them lie in a zip that is kept, and would stay"] = zipped
    if len(going) > 0:
        found["of the zips hold something that is held now, and would stay"] = zips.held_now(_number(subject))
    return found


def _lock(subject: str) -> None:
    row = Disposition.objects.select_for_update().filter(pk=_number(subject)).first()
    if row is not None and row.erasure_id is not None:
        erasures.settled(
            row.erasure_id
        )  # a withdrawal is seen by `_find`, or waits and stops what begins here


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    """Let the worker begin: the destruction is the disposition's own job, since it takes long."""
    key = _number(request.subject)
    row = Disposition.objects.get(pk=key)
    Disposition.objects.filter(pk=key, state=State.REVIEW).update(
        state=State.RUNNING, request=request, started_at=now, not_before=now, attempts=0, done=0,
        total=row.messages, last_error="",
    )  # fmt: skip
    details = {
        "messages": row.messages,
        "zips": row.zips,
        "sha256": gathering.hexed(row.sha256),
        "request": request.pk,
    }
    audit.record(action=audit.Action.STARTED, subject=request.subject, details=details, by=None, now=now)
    transaction.on_commit(gathering.nudge, robust=True)  # a lost nudge is made up for by the next minute
    return {"disposition": key, "messages": row.messages}


def _number(subject: str) -> int:
    return int(subject.removeprefix("disposition/"))


KIND = approvals.Kind(
    key=REQUEST,
    name="Destroy what is due",
    ask=Action.DISPOSE,
    approve=Action.APPROVE_DISPOSITION,
    find=_find,
    lock=_lock,
    carry_out=_carry_out,
    count=_count,
    link=lambda subject: f"/{subject}/",
    typed=TYPED,
    cools_off=timedelta(hours=72),
    approvers=2,
    means="What was said is destroyed in every version, with its files, here and in the search, and cannot be brought "
    "back. Zips of legal holds go first, whole, with whatever is in them; those at Zoom are Zoom's. Who said something "
    "where and when stays known, with a proof that it was there. What a hold covers at the moment it is to go stays, "
    "whoever approved.",
)
