"""Dealing with findings, in writing: the only thing that ends one for the people who answer for the hold."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from compliance import audit, matters, opening
from compliance.health.kinds import SORTS
from compliance.hindrances import Hindrance
from compliance.models import Confirmation, Custodian, Finding, Matter, ZoomMatter
from compliance.models.health import RED
from compliance.permissions import Action

FEWEST_LETTERS = 15
FEWEST_WORDS = 3


class Unfit(Hindrance):
    """What was written or chosen does not do; the sentence says why."""


def deal(
    *,
    matter_id: int,
    finding_ids: Collection[int],
    words: str,
    everywhere: bool = False,
    by: User | None,
    now: datetime,
) -> int:
    """Write what was done about findings of a matter that nobody has written about; how many.

    With `everywhere` also about the same findings in the other matters the person may change. Raises matters.NoSuchMatter
    and Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    text = _sentence(words)
    with transaction.atomic():
        chosen = list(
            Finding.objects.select_for_update().filter(matter=matter, pk__in=finding_ids, dealt_with_at=None)
        )
        if len(chosen) == 0:
            raise Unfit("Choose at least one finding that nobody has written about yet.")
        rows = [*chosen, *(_same_elsewhere(chosen, matter, by=by) if everywhere else [])]
        Finding.objects.filter(pk__in=[row.pk for row in rows]).update(
            dealt_with_at=now, dealt_with_by=by, dealt_with_by_name=audit.name_of(by), dealt_with_words=text
        )
        for row in rows:
            audit.record(
                action=audit.Action.DEALT_WITH,
                subject=f"matter/{row.matter_id}",
                details={"finding": row.pk, "kind": row.kind, "of": row.subject, "reason": text},
                by=by,
                now=now,
            )
    return len(rows)


def place_again(*, matter_id: int, finding_id: int, by: User | None, now: datetime) -> ZoomMatter:
    """Place at Zoom again what went missing there: a new matter with the custodians who are still held.

    The old row is closed as deleted at Zoom, or keeps those who are still in it. Raises matters.NoSuchMatter and Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(pk=matter.pk)  # nobody is dropped meanwhile
        finding = Finding.objects.select_for_update().filter(matter=matter, pk=finding_id).first()
        if finding is None or not SORTS[Finding.Kind(finding.kind)].can_be_placed_again:
            raise Unfit("This is nothing that can be placed at Zoom again.")
        if finding.cleared_at is not None or matter.state != Matter.State.ACTIVE:
            raise Unfit("It is no longer missing at Zoom.")
        lost = ZoomMatter.objects.select_for_update().get(matter=matter, pk=finding.facts["row"])
        people = lost.custodians.filter(dropped_at=None)
        if finding.kind == Finding.Kind.CUSTODIAN_MISSING:
            people = people.filter(pk=finding.facts["custodian_id"])
        custodians: list[Custodian] = list(people.order_by("pk"))
        if len(custodians) == 0 or _is_on_its_way(matter, custodians):
            raise Unfit("These custodians are being placed at Zoom already.")
        if finding.kind == Finding.Kind.MATTER_MISSING:
            ZoomMatter.objects.filter(pk=lost.pk).update(
                state=ZoomMatter.State.DELETED,
                deleted_at=now,
                last_error="It went missing at Zoom, and was placed there again.",
            )
        (placed,) = opening.want_at_zoom(matter, custodians, now=now)
        audit.record(
            action=audit.Action.CHANGED,
            subject=f"matter/{matter.pk}",
            details={
                "placed_again": placed.pk,
                "instead_of": lost.zoom_id,
                "custodians": [one.pk for one in custodians],
                "finding": finding.pk,
            },
            by=by,
            now=now,
        )
    return placed


def confirm(
    *, matter_id: int, setting: str, is_so: bool, words: str, by: User | None, now: datetime
) -> Confirmation:
    """Say how a setting is that Zoom's API does not tell; it counts for every matter of the account.

    Raises matters.NoSuchMatter, and Unfit for a setting that there is not or one that is not so without a sentence.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    if setting not in Confirmation.Setting.values:
        raise Unfit("There is no such setting.")
    text = " ".join(words.split()) if is_so else _sentence(words)
    with transaction.atomic():
        row = Confirmation.objects.create(
            account_id=matter.account_id,
            setting=setting,
            is_so=is_so,
            words=text,
            by=by,
            by_name=audit.name_of(by),
            at=now,
        )
        audit.record(
            action=audit.Action.CONFIRMED,
            subject=f"matter/{matter.pk}",
            details={
                "setting": setting,
                "is_so": is_so,
                "reason": f"{row.get_setting_display()}: {_answer(is_so)}",
                "words": text,
            },
            by=by,
            now=now,
        )
    return row


def _same_elsewhere(chosen: list[Finding], matter: Matter, *, by: User | None) -> list[Finding]:
    """The same findings, open and unanswered, in the other matters of the same account that the person may change."""
    same = {(row.kind, row.subject) for row in chosen}
    others = matters.of(by).filter(account_id=matter.account_id).exclude(pk=matter.pk)
    found = Finding.objects.select_for_update().filter(RED, matter__in=others, dealt_with_at=None)
    return [row for row in found.order_by("pk") if (row.kind, row.subject) in same]


def _is_on_its_way(matter: Matter, custodians: list[Custodian]) -> bool:
    waiting = (ZoomMatter.State.DUE, ZoomMatter.State.CREATING)
    return ZoomMatter.objects.filter(matter=matter, state__in=waiting, custodians__in=custodians).exists()


def _answer(is_so: bool) -> str:
    return "so" if is_so else "not so"


def _sentence(words: str) -> str:
    """What was written, on one line; at least a short sentence."""
    text = " ".join(words.split())
    if len(text) < FEWEST_LETTERS or len(text.split()) < FEWEST_WORDS:
        raise Unfit("Write at least a sentence: what was done, or why it may stay as it is.")
    return text[:4000]
