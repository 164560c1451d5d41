"""Why a message is still here, or when and why it went: the decisions one after the other, for its page.

The rules as archive.fates looked at them, the hold that stands before them, and what was done with it in dispositions:
taken out, waiting, refused, destroyed. Shows and never decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from archive import fates
from archive.fates import Fate, Looked, Verdict
from compliance import audit, keeping, refusals
from compliance.disposition import released
from compliance.disposition.released import Lying
from compliance.models import AuditEvent, Disposition, DispositionPart, KeepingRule, TakenOut
from compliance.permissions import Action

State = Disposition.State
WAITING = (State.GATHERING, State.REVIEW, State.RUNNING)


@dataclass(frozen=True)
class Step:
    """One rule with what it said of the message; `decides` is the one that governs."""

    rule: KeepingRule
    looked: Looked
    decides: bool


@dataclass(frozen=True)
class Gone:
    """How it went: under which disposition, by which rule, None where none is known."""

    disposition: Disposition
    rule: KeepingRule | None


@dataclass(frozen=True)
class Path:
    """The whole of it. `about` are the rules that are about the message, `apart` those that are not."""

    fate: Fate
    verdict: Verdict
    about: Sequence[Step]
    apart: Sequence[Step]
    waiting: Disposition | None
    taken_out: Sequence[TakenOut]
    refused: Sequence[AuditEvent]
    gone: Gone | None
    zips: Sequence[Lying]
    """The zips of legal holds that have it, or may, where it is due and nothing else keeps it."""

    @property
    def decisive(self) -> Step | None:
        """The rule that governs."""
        return next((step for step in self.about if step.decides), None)


def of_message(
    *, message_id: int, is_held: bool, destroyed_under: int | None, by: User | None, now: datetime
) -> Path | None:
    """The path of a message that the person was shown; `is_held` and `destroyed_under` are as its page knows them."""
    refusals.check(Action.READ_MESSAGES, subject=f"message/{message_id}", by=by, now=now)
    rows = {row.pk: row for row in keeping.in_force()}
    fate = fates.explain(message_id, rules=keeping.read(rows.values()), holds=[], now=now)
    if fate is None:
        return None
    steps = [Step(rows[one.rule.id], one, one is fate.governing) for one in fate.looked]
    parts = list(
        DispositionPart.objects.filter(session_id=fate.session_id, message_ids__contains=[message_id])
        .select_related("disposition__request", "rule")
        .defer("message_ids", "fingerprints")
        .order_by("-pk")[:20]
    )
    refused = AuditEvent.objects.filter(
        subject=f"message/{message_id}", action=audit.Action.REFUSED, details__has_key="disposition"
    )
    verdict = Verdict.HELD if fate.verdict is Verdict.DUE and is_held else fate.verdict
    zips = released.having(message_id=message_id, by=by, now=now) if verdict is Verdict.DUE else []
    if any(one.is_kept for one in zips):
        verdict = Verdict.IN_A_ZIP
    return Path(
        fate=fate,
        verdict=verdict,
        about=sorted(
            (step for step in steps if step.looked.apart is None), key=lambda step: not step.decides
        ),
        apart=[step for step in steps if step.looked.apart not in (None, fates.Apart.ACCOUNT)],
        waiting=next(
            (one.disposition for one in parts if one.disposition.state in WAITING and not one.is_out), None
        ),
        taken_out=list(TakenOut.objects.filter(message_id=message_id).order_by("pk")),
        refused=list(refused.order_by("pk")[:10]),
        gone=_gone(parts, destroyed_under),
        zips=zips,
    )


def _gone(parts: Sequence[DispositionPart], destroyed_under: int | None) -> Gone | None:
    if destroyed_under is None:
        return None
    part = next((one for one in parts if one.disposition_id == destroyed_under), None)
    if part is not None:
        return Gone(part.disposition, part.rule)
    row = Disposition.objects.select_related("request").filter(pk=destroyed_under).first()
    return None if row is None else Gone(row, None)
