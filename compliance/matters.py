"""Legal matters a person may see: those they are a member of, and no others."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from archive import candidates, holdings, zip_receipts
from compliance import audit, pages, permissions, refusals
from compliance.hindrances import Absent
from compliance.models import AuditEvent, Custodian, Finding, FormerName, Hold, Matter, ZoomMatter
from compliance.models.health import MISSING
from compliance.models.matters import PLACES
from compliance.permissions import Action

PAGE_SIZE = 50
AT_ZOOM = {
    "held": "held",
    "missing": "missing there",
    "waiting": "being placed",
    "refused": "refused",
    "alone": "held here only",
    "ending": "dropped, still held there",
    "ended": "dropped, ended there",
}
"""How a custodian stands at Zoom, in words."""
State = ZoomMatter.State


class NoSuchMatter(Absent):
    """There is no such matter, or the person is no member of it: the two are not told apart."""


@dataclass(frozen=True)
class Line:
    """A matter in the list: how many people it holds, how many of them Zoom holds too, how many of its holds Zoom has
    not taken yet or has refused, and how many conversations it holds themselves."""

    matter: Matter
    custodians: int
    at_zoom: int
    waiting: int
    refused: int
    places: int


@dataclass(frozen=True)
class Page:
    """A page of matters and how many there are; `older` is the key of the next page, None on the last."""

    lines: list[Line]
    total: int
    older: int | None


@dataclass(frozen=True)
class Held:
    """A custodian with how they stand at Zoom: `at_zoom` is held, missing, waiting, refused, alone (held here only),
    ending or ended.

    Missing is whom Zoom held and, as hold health last found, holds no longer; ending, whoever was dropped and is still
    held there.
    """

    custodian: Custodian
    at_zoom: str
    reason: str
    zoom_ids: tuple[str, ...]


@dataclass(frozen=True)
class Roll:
    """A page of the custodians that were asked for, how many those are, and how many there are in all.

    `following` is the key of the last one shown when there are more.
    """

    lines: list[Held]
    total: int
    everybody: int
    following: int | None


@dataclass(frozen=True)
class Seen:
    """One matter for its summary page: the account's name, and its custodians counted by how they stand."""

    matter: Matter
    account: str
    custodians: int
    dropped: int
    ending: int
    at_zoom: int
    missing: int
    waiting: int
    refused: tuple[Held, ...]
    alone: int
    places: int
    """Conversations held themselves; of a released matter, those that were."""
    members: list[str]
    former: list[FormerName]
    """What it was called before, the last name first."""
    lost: Mapping[str, int] | None
    """What was held by nothing else when it was released, as it was counted then."""


def of(by: User | None) -> QuerySet[Matter]:
    """The matters whose member the person is; all of them for the operator at the command line."""
    if by is None:
        return Matter.objects.all()
    if not permissions.can(Action.SEE_MATTER, by=by):
        return Matter.objects.none()
    theirs = Matter.objects.filter(members__user=by, members__removed_at=None)
    limited = permissions.limits(by)
    return theirs if limited is None or limited.matters is None else theirs.filter(pk__in=limited.matters)


def get(*, matter_id: int, action: Action = Action.SEE_MATTER, by: User | None) -> Matter:
    """One matter, for a person who may do `action` with it.

    Raises NoSuchMatter, and PermissionDenied when the person is a member whose role does not allow the action.
    """
    if by is not None:
        permissions.check(Action.SEE_MATTER, by=by)
    matter = of(by).filter(pk=matter_id).first()
    if matter is None:
        raise NoSuchMatter
    if by is not None:
        permissions.check(action, by=by)
    return matter


def locked(*, matter_id: int, action: Action, by: User | None) -> Matter:
    """The same as it is now, which nobody else changes before the caller's transaction ends."""
    return Matter.objects.select_for_update().get(pk=get(matter_id=matter_id, action=action, by=by).pk)


def page(
    *,
    state: str = "",
    named: str = "",
    among: pages.Among = pages.ALL,
    before: int | None = None,
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> Page:
    """The person's matters, newest first, all of them for the operator.

    `state` narrows to active or released ones, `named` to those that are called so in part, or ever were.
    """
    refusals.check(Action.SEE_MATTER, subject="matters", by=by, now=now)
    found = among.of(of(by), made="opened_at")
    if state in Matter.State.values:
        found = found.filter(state=state)
    if named != "":
        called_so = Q(name__icontains=named) | Q(former_names__name__icontains=named)
        found = found.filter(pk__in=Matter.objects.filter(called_so).values("pk"))
    there = pages.newest(found, before=before, size=limit)
    shown = there.rows
    people = Custodian.objects.filter(matter__in=shown, dropped_at=None)
    by_zoom = Count("pk", filter=Q(zoom_matters__state=State.HELD), distinct=True)
    each = people.order_by().values("matter").annotate(all=Count("pk", distinct=True), there=by_zoom)
    counted = list(each.values_list("matter", "all", "there"))
    held = {matter_id: everybody for matter_id, everybody, _ in counted}
    at_zoom = {matter_id: there for matter_id, _, there in counted}
    rows = ZoomMatter.objects.filter(matter__in=shown)
    waiting = _counted(rows.filter(state__in=[State.DUE, State.CREATING]))
    refused = _counted(people.filter(_REFUSED).distinct())
    places = _counted(Hold.objects.filter(PLACES, matter__in=shown, released_at=None))
    counts = (held, at_zoom, waiting, refused, places)
    lines = [Line(one, *(count.get(one.pk, 0) for count in counts)) for one in shown]
    return Page(lines, there.total, there.older)


def seen(*, matter_id: int, by: User | None, now: datetime) -> Seen:
    """What is protected by a matter, in a few figures. Recorded as a look. Raises NoSuchMatter."""
    with transaction.atomic():
        matter = get(matter_id=matter_id, by=by)
        people = held(matter)
        names = dict(candidates.accounts())
        members = matter.members.filter(removed_at=None).select_related("user").order_by("pk")
        lost = _lost(matter) if matter.state == Matter.State.RELEASED else None
        places = Hold.objects.filter(PLACES, matter=matter, released_at=matter.released_at).count()
        audit.record(
            action=audit.Action.LOOKED,
            subject=f"matter/{matter_id}",
            details={"at": "matter"},
            by=by,
            now=now,
        )
    there = [one for one in people if one.custodian.dropped_at is None]
    return Seen(
        matter=matter,
        account=names.get(matter.account_id, ""),
        custodians=len(there),
        dropped=len(people) - len(there),
        ending=sum(one.at_zoom == "ending" for one in people),
        at_zoom=sum(one.at_zoom == "held" for one in there),
        missing=sum(one.at_zoom == "missing" for one in there),
        waiting=sum(one.at_zoom == "waiting" for one in there),
        refused=tuple(one for one in there if one.at_zoom == "refused"),
        alone=sum(one.at_zoom == "alone" for one in there),
        places=places,
        members=[audit.name_of(one.user) for one in members],
        former=list(matter.former_names.order_by("-pk")),
        lost=lost,
    )


def held(matter: Matter) -> list[Held]:
    """Every custodian of a matter there ever was, and how each stands at Zoom: the held, then those dropped last."""
    people = matter.custodians.prefetch_related("zoom_matters")
    people = people.order_by(F("dropped_at").desc(nulls_first=True), "name", "pk")
    found = Finding.objects.filter(MISSING, matter=matter).values_list("facts", flat=True)
    gone = {(facts["row"], facts.get("custodian_id")) for facts in found}
    return [_held(one, one.zoom_matters.all(), gone) for one in people]


def roll(matter: Matter, *, named: str = "", at_zoom: str = "", after: int | None = None) -> Roll:
    """Custodians in whose name or address the words are, and who stand so at Zoom, from behind one on."""
    everybody = held(matter)
    wanted = named.casefold().split()
    found = [
        one
        for one in everybody
        if at_zoom in ("", one.at_zoom)
        and all(word in f"{one.custodian.name} {one.custodian.email}".casefold() for word in wanted)
    ]
    begin = next((place for place, one in enumerate(found, 1) if one.custodian.pk == after), 0)
    lines = found[begin : begin + PAGE_SIZE]
    following = lines[-1].custodian.pk if begin + PAGE_SIZE < len(found) else None
    return Roll(lines, len(found), len(everybody), following)


class Names:
    """What the custodians of a matter are called, for what is known by Zoom's names alone."""

    def __init__(self, matter: Matter) -> None:
        people = list(Custodian.objects.filter(matter=matter).values_list("pk", "person_id", "email", "name"))
        self.by_number = {key: name for key, _, _, name in people}
        self._by_person = {person_id: name for _, person_id, _, name in people}
        self._by_email = {email.casefold(): name for _, _, email, name in people if email != ""}

    def of(self, one: holdings.Zip | holdings.Listing | zip_receipts.Receipt) -> str:
        """Their name; what Zoom calls them where we know none."""
        if one.person_id is not None and one.person_id in self._by_person:
            return self._by_person[one.person_id]
        return self._by_email.get(one.email.casefold(), "") or one.email or one.identifier


def ids_at_zoom(matter: Matter) -> list[str]:
    """What Zoom calls the matters there that stand behind it, ended ones too."""
    rows = ZoomMatter.objects.filter(matter=matter).exclude(zoom_id="")
    return list(rows.order_by("pk").values_list("zoom_id", flat=True))


def _lost(matter: Matter) -> Mapping[str, int] | None:
    released = AuditEvent.objects.filter(subject=f"matter/{matter.pk}", action=audit.Action.RELEASED)
    event = released.order_by("-pk").first()
    return None if event is None else event.details.get("destroyable")


_REFUSED = (
    Q(dropped_at=None, zoom_matters__state=State.FAILED)
    & ~Q(zoom_matters__state__in=[State.DUE, State.CREATING, State.HELD])
)  # fmt: skip


def _held(custodian: Custodian, at_zoom: Iterable[ZoomMatter], gone: Set[tuple[int, int | None]]) -> Held:
    """How a custodian stands; `gone` are matters at Zoom, or one custodian in one, that Zoom has no longer."""
    rows = list(at_zoom)
    states = {row.state for row in rows}
    if custodian.dropped_at is not None:
        return _going(custodian, rows)
    there = [row for row in rows if row.state == State.HELD]
    there = [row for row in there if gone.isdisjoint({(row.pk, None), (row.pk, custodian.pk)})]
    ids = tuple(row.zoom_id for row in there)
    if there:
        return Held(custodian, "held", "", ids)
    if states & {State.DUE, State.CREATING}:
        reason = next((row.last_error for row in rows if row.state in (State.DUE, State.CREATING)), "")
        return Held(custodian, "waiting", reason, ids)
    if State.HELD in states:
        return Held(custodian, "missing", "Zoom held them, and does so no longer.", ids)
    if State.FAILED in states:
        return Held(custodian, "refused", rows[-1].last_error, ids)
    return Held(custodian, "alone", "", ids)


def _going(custodian: Custodian, rows: list[ZoomMatter]) -> Held:
    """Somebody who was dropped: gone at Zoom too, or still held there, and why."""
    still = [row for row in rows if row.state in (State.CREATING, State.HELD, State.ENDING, State.DELETING)]
    if len(still) == 0:
        return Held(custodian, "ended", "", ())
    waits = "Until Zoom holds in another matter whoever stays." if still[-1].state == State.HELD else ""
    return Held(
        custodian, "ending", still[-1].last_error or waits, tuple(row.zoom_id for row in still if row.zoom_id)
    )


def _counted(rows: "QuerySet[Custodian] | QuerySet[ZoomMatter] | QuerySet[Hold]") -> dict[int, int]:
    return dict(rows.order_by().values_list("matter").annotate(count=Count("pk", distinct=True)))
