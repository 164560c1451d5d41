"""Zips of released matters in a disposition: put together with the messages, destroyed before them.

A message that also lies in a zip is not destroyed while that is kept, so the zips go first. Each goes whole, in a
transaction of its own that asks again, under the locks, whether its matter is released, whether it is what was approved,
whether a hold covers something in it, and whether a rule keeps something in it still. What is refused is an event and so a
leaf of the log.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from archive import holding, keeping, kept_zips, purge, zip_fates
from archive.zip_fates import Contents, Verdict
from compliance import audit, holds
from compliance import keeping as standing
from compliance.models import Disposition, DispositionZip, Matter, ZoomMatter

GONE = "it was not here any more"
CHANGED = "it changed since it was approved"
BUSY = "it was being fetched or opened"
HELD = "a hold covers something in it"
KEPT = "a rule keeps something in it longer now"


_WORDS = {purge.Why.HELD: HELD, purge.Why.BUSY: BUSY, purge.Why.UNKNOWN: GONE}
_KEPT = ~Q(why="")


@dataclass(frozen=True)
class OfMatter:
    """What goes of one released matter's zips. `name` is empty for a matter the reader may not see."""

    matter_id: int
    name: str
    zips: int
    bytes: int
    destroyed: int
    refused: int


@dataclass(frozen=True)
class Rules:
    """What is asked of each zip: the holds and the rules in force; `duties` alone where it was asked to be erased."""

    holds: Sequence[holding.Rule]
    rules: Sequence[keeping.Rule]
    duties: Sequence[keeping.Rule] | None


class Kept:
    """Which of some messages lie in a zip that may not go now; each zip is looked at once."""

    def __init__(
        self, *, account_id: int, holds: Sequence[holding.Rule], duties: Sequence[keeping.Rule], now: datetime
    ) -> None:
        self._rules = Rules(holds, standing.rules(account_id=account_id), duties)
        self._matter_of, self._now = _released(account_id), now
        self._known: dict[int, bool] = {}

    def among(self, message_ids: Collection[int]) -> frozenset[int]:
        """Those of the messages that such a zip has, or may have."""
        lying = kept_zips.having(message_ids)
        return frozenset(key for key, zip_ids in lying.items() if any(map(self._is_kept, zip_ids)))

    def _is_kept(self, zip_id: int) -> bool:
        if zip_id not in self._known:
            one = zip_fates.contents(zip_id)
            is_free = one is not None and one.zoom_matter_id in self._matter_of
            self._known[zip_id] = one is not None and not (
                is_free and _look(one, self._rules, now=self._now) is Verdict.DUE
            )
        return self._known[zip_id]


def put_together(row: Disposition, *, in_force: Sequence[holding.Rule], now: datetime) -> None:
    """Write the zips that may go now of the account's released matters, and how many stay; in the caller's transaction."""
    DispositionZip.objects.filter(disposition=row).delete()
    rules, kept, going = _rules(row, in_force), 0, []
    for one, matter_id in _there(row):
        if _look(one, rules, now=now) is Verdict.DUE:
            going.append(
                DispositionZip(
                    disposition=row, zip_id=one.zip_id, matter_id=matter_id, sha256=one.sha256,
                    size_bytes=one.size_bytes, messages=one.messages, first_day=one.first_day, last_day=one.last_day,
                )
            )  # fmt: skip
        else:
            kept += 1
    DispositionZip.objects.bulk_create(going)
    Disposition.objects.filter(pk=row.pk).update(zips_kept=kept)


def to_do(row: Disposition) -> QuerySet[DispositionZip]:
    """Those not decided yet, in order."""
    return DispositionZip.objects.filter(disposition=row, done_at=None).order_by("zip_id")


def lines(disposition_id: int) -> list[tuple[int, int, bytes]]:
    """Each zip's id, size and digest, in order: what an approval is bound to."""
    rows = DispositionZip.objects.filter(disposition=disposition_id).order_by("zip_id")
    return [
        (key, size, bytes(sha256)) for key, size, sha256 in rows.values_list("zip_id", "size_bytes", "sha256")
    ]


def destroy(
    row: Disposition, one: DispositionZip, *, statement: Mapping[str, Any], is_last_try: bool, now: datetime
) -> bool:
    """Destroy one zip in the caller's transaction, or refuse it; False when it has to be tried again."""
    in_force = holds.rules(lock=True)
    standing.hold(standing.NOW_AND_LATER)
    why, covering, outcome = _refusal(row, one, in_force, now=now), tuple[int, ...](), None
    if why == "":
        outcome = purge.destroy_zip(
            one.zip_id, holds=in_force, matter=one.matter_id, statement=statement, disposition=row.pk, now=now
        )
        if outcome.why is purge.Why.BUSY and not is_last_try:
            return False
        why, covering = "" if outcome.why is None else _WORDS[outcome.why], outcome.holds
    DispositionZip.objects.filter(pk=one.pk).update(done_at=now, why=why)
    figures = {"zips_refused": F("zips_refused") + 1} if why else {"zips_destroyed": F("zips_destroyed") + 1}
    if outcome is not None:
        figures |= {"blobs": F("blobs") + outcome.blobs, "bytes": F("bytes") + outcome.bytes}
    Disposition.objects.filter(pk=row.pk).update(**figures)
    details: dict[str, Any] = {"disposition": row.pk, "matter": one.matter_id, "zip": one.zip_id}
    if why:
        details |= {"wanted": "destroy it", "why": why, "holds": list(covering)}
    action = audit.Action.REFUSED if why else audit.Action.DESTROYED
    subject = f"zip/{one.zip_id}" if why else f"disposition/{row.pk}"
    audit.record(action=action, subject=subject, details=details, by=None, now=now)
    return True


def held_now(disposition_id: int) -> int:
    """How many of the zips hold something that a hold covers at this moment, or may cover."""
    in_force, held = holds.rules(), 0
    for zip_id in to_do(Disposition(pk=disposition_id)).values_list("zip_id", flat=True).iterator():
        one = zip_fates.contents(zip_id)
        held += one is not None and len(zip_fates.covering(one, holds=in_force)) > 0
    return held


def of_matters(row: Disposition, *, visible: QuerySet[Matter] | None) -> list[OfMatter]:
    """What goes by matter; named are those of the matters the reader may see, None for nobody."""
    by_matter = list(
        DispositionZip.objects.filter(disposition=row)
        .order_by("matter_id")
        .values("matter_id")
        .annotate(
            count=Count("pk"), size=Sum("size_bytes"), over=Count("done_at"),
            kept=Count("pk", filter=_KEPT),
        )
    )  # fmt: skip
    there = [one["matter_id"] for one in by_matter]
    names = {} if visible is None else dict(visible.filter(pk__in=there).values_list("pk", "name"))
    return [
        OfMatter(
            one["matter_id"], names.get(one["matter_id"], ""), one["count"], one["size"],
            one["over"] - one["kept"], one["kept"],
        )
        for one in by_matter
    ]  # fmt: skip


def refused(row: Disposition) -> list[tuple[str, int]]:
    """Why zips were refused, and how many for each reason."""
    rows = DispositionZip.objects.filter(disposition=row).exclude(why="").order_by()
    return list(rows.values_list("why").annotate(count=Count("pk")).order_by("-count", "why"))


def _there(row: Disposition) -> Iterator[tuple[Contents, int]]:
    """The zips of the account's released matters that are here, one by one, each with its matter.

    For an erasure, those of the person whose words are asked for, and those of nobody known.
    """
    matter_of = _released(row.account_id)
    zip_ids = zip_fates.of_matters(list(matter_of), account_id=row.account_id)
    for one in map(zip_fates.contents, zip_ids):
        if one is not None and (row.erasure is None or one.person_id in (None, row.erasure.person_id)):
            yield one, matter_of[one.zoom_matter_id]


def _released(account_id: int) -> dict[str, int]:
    """The matters at Zoom behind the account's released matters, and whose each is."""
    of_account = ZoomMatter.objects.filter(matter__account_id=account_id, matter__state=Matter.State.RELEASED)
    return dict(of_account.exclude(zoom_id="").values_list("zoom_id", "matter_id"))


def _rules(row: Disposition, in_force: Sequence[holding.Rule]) -> Rules:
    """Those in force at this moment."""
    rules, duties = standing.rules(account_id=row.account_id), None
    if row.erasure_id is not None:
        duties = standing.rules(account_id=row.account_id, only_duties=True)
    return Rules(in_force, rules, duties)


def _look(one: Contents, given: Rules, *, now: datetime) -> Verdict:
    return zip_fates.look(one, holds=given.holds, rules=given.rules, duties=given.duties, now=now).verdict


def _refusal(
    row: Disposition, one: DispositionZip, in_force: Sequence[holding.Rule], *, now: datetime
) -> str:
    """Why it may not go now, empty when it may, as far as that is not for the archive to say."""
    found = zip_fates.contents(one.zip_id)
    if found is None:
        return GONE
    if found.sha256 != bytes(one.sha256):
        return CHANGED
    verdict = _look(found, _rules(row, in_force), now=now)
    return "" if verdict in (Verdict.DUE, Verdict.HELD) else KEPT
