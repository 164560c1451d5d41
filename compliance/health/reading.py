"""Hold health as pages show it: a mark for the head of a matter and for the list of matters, counts, and its own page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count

from archive import footing
from compliance import audit, matters, permissions
from compliance.health import facts, kinds, looking
from compliance.health.kinds import SORTS
from compliance.models import Confirmation, Finding, HoldHealth, Matter
from compliance.models.health import ACCEPTED, MISSING, RED
from compliance.permissions import Action

STALE = timedelta(minutes=20)
"""A look longer ago than this says nothing of now."""
OVER_SHOWN = 50


@dataclass(frozen=True)
class Mark:
    """The health of a matter's holds in a few words; `state` is one of the marks of the console."""

    state: str
    words: str
    red: int = 0
    missing: int = 0
    """Holds that Zoom had and has no longer."""

    @property
    def is_well(self) -> bool:
        return self.state == "complete"


@dataclass(frozen=True)
class Line:
    """A finding with its sentences, and since when it is so."""

    row: Finding
    what: str
    means: str
    do: str
    since: datetime
    """When it was first read like this, or found."""
    since_after: datetime | None
    """When it was last read otherwise; None: unknown."""
    can_be_placed_again: bool


@dataclass(frozen=True)
class Setting:
    """A setting that Zoom's API does not tell, with what a person said of it last."""

    key: str
    label: str
    newest: Confirmation | None
    is_due: bool


@dataclass(frozen=True)
class Page:
    """Everything the page of a matter's health shows."""

    matter: Matter
    mark: Mark | None
    health: HoldHealth | None
    readings: list[footing.Reading]
    red: list[Line]
    accepted: list[Line]
    over: list[Line]
    over_count: int
    settings: list[Setting]
    may_change: bool
    look: looking.Progress | None
    """How far a look is that somebody asked for; None: nobody waits for one."""


def page(*, matter_id: int, by: User | None, now: datetime) -> Page:
    """The health of one matter's holds; recorded as a look. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    mine = Finding.objects.filter(matter=matter)
    over = mine.exclude(RED).exclude(ACCEPTED)
    health = HoldHealth.objects.filter(matter=matter).first()
    confirmed = facts.confirmed().get(matter.account_id, {})
    due = looking.unconfirmed(confirmed, now=now)
    red = [_line(row) for row in mine.filter(RED).order_by("-pk")]
    accepted = [_line(row) for row in mine.filter(ACCEPTED).order_by("-pk")]
    is_active = matter.state == Matter.State.ACTIVE
    with transaction.atomic():
        details = {"red": len(red), "accepted": len(accepted)}
        subject = f"matter/{matter.pk}/health"
        audit.record(action=audit.Action.LOOKED, subject=subject, details=details, by=by, now=now)
    return Page(
        matter=matter,
        readings=footing.readings(account_id=matter.account_id),
        mark=_mark(is_active, health, red=len(red), accepted=len(accepted), due=len(due), now=now),
        health=health,
        red=red,
        accepted=accepted,
        over=[_line(row) for row in over.order_by("-pk")[:OVER_SHOWN]],
        over_count=over.count(),
        settings=[
            Setting(key, label, confirmed.get(key), key in due) for key, label in Confirmation.Setting.choices
        ],
        may_change=by is None or permissions.can(Action.CHANGE_MATTER, by=by),
        look=looking.progress(matter) if is_active else None,
    )


def progress(*, matter_id: int, by: User | None) -> tuple[Matter, looking.Progress | None]:
    """How far a look is that somebody asked for. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    return matter, looking.progress(matter)


def mark(matter: Matter, *, now: datetime) -> Mark | None:
    """The mark for the head of a matter, for a page that has already let its reader in; None: nothing to say."""
    return marks([matter], now=now)[matter.pk]


def marks(of: Collection[Matter], *, now: datetime) -> dict[int, Mark | None]:
    """The marks of matters that the reader may see, in a constant number of queries; released ones have few."""
    ids = [matter.pk for matter in of]
    found = Finding.objects.filter(RED | ACCEPTED, matter__in=ids).order_by().values_list("matter")
    counted = {
        matter_id: (red, accepted, missing)
        for matter_id, red, accepted, missing in found.annotate(
            red=Count("pk", filter=RED),
            accepted=Count("pk", filter=ACCEPTED),
            missing=Count("pk", filter=MISSING),
        )
    }
    health = {row.matter_id: row for row in HoldHealth.objects.filter(matter__in=ids)}
    confirmed = facts.confirmed()
    return {
        matter.pk: _mark(
            matter.state == Matter.State.ACTIVE,
            health.get(matter.pk),
            red=counted.get(matter.pk, (0, 0, 0))[0],
            accepted=counted.get(matter.pk, (0, 0, 0))[1],
            missing=counted.get(matter.pk, (0, 0, 0))[2],
            due=len(looking.unconfirmed(confirmed.get(matter.account_id, {}), now=now)),
            now=now,
        )
        for matter in of
    }


@dataclass(frozen=True)
class Standing:
    """How the holds of all matters stand, without naming any: for the overview, the metrics and the command line."""

    active: int
    unhealthy: int
    """Matters with something red, released ones too: somebody still has to write."""
    findings: int
    unknown: int
    """Active matters of which something is not known, or that were not looked at lately."""
    looked_at: datetime | None
    """The oldest of the newest looks; None: an active matter was never looked at, or there is none."""

    @property
    def state(self) -> str:
        return "alarm" if self.unhealthy > 0 else "unknown" if self.unknown > 0 else "complete"


def standing(*, now: datetime) -> Standing:
    """Counts over all matters, whoever may see them."""
    red = Finding.objects.filter(RED).aggregate(findings=Count("pk"), matters=Count("matter", distinct=True))
    active = Matter.objects.filter(state=Matter.State.ACTIVE)
    looks: list[tuple[datetime | None, str | None]] = list(
        active.order_by().values_list("health__looked_at", "health__unknown")
    )
    unknown = [at for at, words in looks if at is None or at < now - STALE or words != ""]
    moments = [at for at, _ in looks if at is not None]
    return Standing(
        active=len(looks),
        unhealthy=red["matters"],
        findings=red["findings"],
        unknown=len(unknown),
        looked_at=min(moments) if moments and len(moments) == len(looks) else None,
    )


def sentences(row: Finding) -> tuple[str, str, str]:
    """What was found, what it means for the evidence, what to do; in the words of today for what was found then."""
    sort, told = SORTS[Finding.Kind(row.kind)], _Told(kinds.told(row.facts))
    return sort.what.format_map(told), sort.means.format_map(told), sort.do.format_map(told)


class _Told(dict[str, Any]):
    """The facts of a finding; one that an older release did not write down is shown as unknown."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def _line(row: Finding) -> Line:
    what, means, do = sentences(row)
    sort = SORTS[Finding.Kind(row.kind)]
    return Line(
        row=row,
        what=what,
        means=means,
        do=do,
        since=_read(row.facts.get("seen_at")) or row.first_seen_at,
        since_after=_read(row.facts.get("before_at")),
        can_be_placed_again=sort.can_be_placed_again and row.cleared_at is None,
    )


def _mark(
    is_active: bool,
    health: HoldHealth | None,
    *,
    red: int,
    accepted: int,
    due: int,
    now: datetime,
    missing: int = 0,
) -> Mark | None:
    if red > 0:
        return Mark("alarm", "1 finding" if red == 1 else f"{red:,} findings", red, missing)
    if not is_active:
        return None
    if health is None or health.looked_at < now - STALE or health.unknown != "":
        return Mark("unknown", "hold health unknown")
    if due > 0:
        settings = "1 setting" if due == 1 else f"{due} settings"
        return Mark("due", f"hold healthy, {settings} to confirm")
    if accepted > 0:
        return Mark("complete", f"hold healthy, {accepted:,} accepted in writing")
    return Mark("complete", "hold healthy")


def _read(moment: object) -> datetime | None:
    return datetime.fromisoformat(moment) if isinstance(moment, str) else None
