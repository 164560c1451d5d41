"""What is known of every active matter at one moment, gathered in a number of queries that does not grow with matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archive import footing, zip_trouble
from archive.footing import Footing
from archive.zip_trouble import Troubled
from compliance.models import Confirmation, Custodian, Matter, ZoomMatter

State = ZoomMatter.State


@dataclass(frozen=True)
class AtZoom:
    """One matter at Zoom as it should be there, with everybody it was created for."""

    row: ZoomMatter
    custodians: tuple[Custodian, ...]

    @property
    def is_held(self) -> bool:
        """Whether Zoom took it, and nobody decided that it goes; one that Zoom refused to delete is there."""
        return self.row.state == State.HELD or (self.row.state == State.FAILED and self.row.zoom_id != "")

    @property
    def is_awaited(self) -> bool:
        """Whether it should be there and is not yet, or never will be."""
        return self.row.zoom_id == "" and self.row.state in (State.DUE, State.CREATING, State.FAILED)

    @property
    def is_refused(self) -> bool:
        """Whether Zoom would not take it."""
        return self.row.state == State.FAILED and self.row.zoom_id == ""

    @property
    def kept(self) -> tuple[Custodian, ...]:
        """Its custodians who are still held."""
        return tuple(one for one in self.custodians if one.dropped_at is None)


@dataclass(frozen=True)
class Facts:
    """One matter with what its holds stand on. `settings` are the newest confirmations of the account."""

    matter: Matter
    custodians: tuple[Custodian, ...]
    at_zoom: tuple[AtZoom, ...]
    footing: Footing
    settings: Mapping[str, Confirmation]
    zips: tuple[Troubled, ...]
    """What is wrong with zips of its matters at Zoom."""
    now: datetime

    @property
    def held(self) -> tuple[Custodian, ...]:
        """Custodians who were not dropped."""
        return tuple(one for one in self.custodians if one.dropped_at is None)

    def where(self, people: frozenset[int]) -> tuple[Custodian, ...]:
        """The held custodians among some people."""
        return tuple(one for one in self.held if one.person_id in people)


def people() -> dict[int, set[int]]:
    """Who is held by active matters, by account; an account with a matter of nobody is there with nobody."""
    found: dict[int, set[int]] = {
        account_id: set()
        for account_id in Matter.objects.filter(state=Matter.State.ACTIVE).values_list(
            "account_id", flat=True
        )
    }
    held = Custodian.objects.filter(matter__state=Matter.State.ACTIVE, dropped_at=None)
    for account_id, person_id in held.values_list("matter__account_id", "person_id"):
        found[account_id].add(person_id)
    return found


def gather(*, now: datetime) -> list[Facts]:
    """The facts of every active matter."""
    footings = footing.of(people(), now=now)
    matters = list(Matter.objects.filter(state=Matter.State.ACTIVE).order_by("pk"))
    custodians: dict[int, list[Custodian]] = {}
    for one in Custodian.objects.filter(matter__in=matters).order_by("pk"):
        custodians.setdefault(one.matter_id, []).append(one)
    at_zoom: dict[int, list[AtZoom]] = {}
    zoom_matters = ZoomMatter.objects.filter(matter__in=matters).prefetch_related("custodians")
    for row in zoom_matters.order_by("pk"):
        at_zoom.setdefault(row.matter_id, []).append(AtZoom(row, tuple(row.custodians.all())))
    settings = confirmed()
    zips: dict[tuple[int, str], list[Troubled]] = {}
    for account_id in {matter.account_id for matter in matters}:
        for troubled in zip_trouble.of(account_id=account_id, now=now):
            zips.setdefault((account_id, troubled.zoom_matter_id), []).append(troubled)
    return [
        Facts(
            matter=matter,
            custodians=tuple(custodians.get(matter.pk, ())),
            at_zoom=tuple(at_zoom.get(matter.pk, ())),
            footing=footings[matter.account_id],
            settings=settings.get(matter.account_id, {}),
            zips=tuple(
                zip
                for one in at_zoom.get(matter.pk, ())
                if one.row.zoom_id != ""
                for zip in zips.get((matter.account_id, one.row.zoom_id), ())
            ),
            now=now,
        )
        for matter in matters
    ]


def confirmed() -> dict[int, dict[str, Confirmation]]:
    """The newest confirmation of each setting, by account."""
    found: dict[int, dict[str, Confirmation]] = {}
    newest = Confirmation.objects.order_by("account_id", "setting", "-pk").distinct("account_id", "setting")
    for row in newest:
        found.setdefault(row.account_id, {})[row.setting] = row
    return found
