"""What is known of every active matter at one moment, gathered in a number of queries that does not grow with matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from archive import footing, zip_trouble
from archive.capture.lookouts import Held
from archive.footing import Footing, Unread
from archive.zip_trouble import Troubled
from compliance import places
from compliance.models import Confirmation, Custodian, Hold, Matter, ZoomMatter
from compliance.models.matters import PLACES

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
class Holders:
    """By what a matter holds a conversation: custodians who took part there, and rules that hold it itself."""

    custodians: tuple[Custodian, ...]
    conversations: tuple[Hold, ...]

    @property
    def began_at(self) -> datetime | None:
        """When the first of them was held; None: the matter does not hold it."""
        moments = [one.added_at for one in self.custodians] + [one.placed_at for one in self.conversations]
        return min(moments, default=None)


@dataclass(frozen=True)
class Facts:
    """One matter with what its holds stand on. `settings` are the newest confirmations of the account."""

    matter: Matter
    custodians: tuple[Custodian, ...]
    conversations: tuple[Hold, ...]
    """Rules in force that hold a conversation itself."""
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

    @property
    def holds_anything(self) -> bool:
        """Whether somebody is held, or a conversation itself."""
        return bool(self.held or self.conversations)

    @property
    def asks_zoom(self) -> bool:
        """Whether Zoom should hold anybody of it: conversations are held here only."""
        return self.matter.at_zoom and len(self.held) > 0

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What it stands on and was not read lately: a matter that asks nothing of Zoom needs no list of matters."""
        return tuple(one for one in self.footing.unread if one.kind != "matters" or self.asks_zoom)

    @property
    def until(self) -> date | None:
        """The last day that it holds anything of, in UTC; None: no end."""
        ends = [self.matter.until] if self.held else []
        ends += [places.days_of(one).until for one in self.conversations]
        days = [day for day in ends if day is not None]
        return max(days) if 0 < len(days) == len(ends) else None

    def holders(self, *, people: frozenset[int], sessions: frozenset[int]) -> Holders:
        """By what it holds a conversation, of which these are the people who were ever there and the sessions."""
        return Holders(
            tuple(one for one in self.held if one.person_id in people),
            tuple(one for one in self.conversations if one.session_id in sessions),
        )


def held() -> dict[int, Held]:
    """What active matters hold, by account; an account with a matter of nobody is there with nobody."""
    active = Matter.objects.filter(state=Matter.State.ACTIVE)
    people: dict[int, set[int]] = {key: set() for key in active.values_list("account_id", flat=True)}
    custodians = Custodian.objects.filter(matter__state=Matter.State.ACTIVE, dropped_at=None)
    for account_id, person_id in custodians.values_list("matter__account_id", "person_id"):
        people[account_id].add(person_id)
    sessions: dict[int, set[int]] = {}
    for account_id, session_id in _conversations().values_list("account_id", "session_id"):
        if session_id is not None:
            sessions.setdefault(account_id, set()).add(session_id)
    return {key: Held(frozenset(people[key]), frozenset(sessions.get(key, ()))) for key in people}


def _conversations() -> QuerySet[Hold]:
    """The rules in force of active matters that hold a conversation itself."""
    return Hold.objects.filter(PLACES, released_at=None, matter__state=Matter.State.ACTIVE).order_by("pk")


def gather(*, now: datetime) -> list[Facts]:
    """The facts of every active matter."""
    footings = footing.of(held(), now=now)
    matters = list(Matter.objects.filter(state=Matter.State.ACTIVE).order_by("pk"))
    custodians: dict[int, list[Custodian]] = {}
    for one in Custodian.objects.filter(matter__in=matters).order_by("pk"):
        custodians.setdefault(one.matter_id, []).append(one)
    conversations: dict[int, list[Hold]] = {}
    for hold in _conversations():
        conversations.setdefault(hold.matter_id, []).append(hold)
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
            conversations=tuple(conversations.get(matter.pk, ())),
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
