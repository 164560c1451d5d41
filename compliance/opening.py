"""Opening a matter and adding custodians: held here at once, and asked for at Zoom by jobs.

Everything one call places is one transaction: the matter, its member, custodians and holds, the matters wanted at Zoom
and, last, the audit event that names them. A form sent twice opens one matter, by its key. Adding needs nobody else;
dropping somebody does, and is not done here.
"""

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from archive import candidates
from archive.candidates import Candidate
from archive.conversations import Conversation
from compliance import audit, inert, matters, places, placing, refusals, renaming, waking
from compliance.hindrances import Hindrance
from compliance.models import Custodian, Hold, Matter, MatterMember, ZoomMatter
from compliance.permissions import Action
from compliance.places import Days

MOST_AT_ZOOM = 20
"""People in one matter at Zoom (addLegalHoldMatter)."""
MOST_CUSTODIANS = 5_000
LONGEST_ORIGIN = 600
LONGEST_NAME = renaming.LONGEST_NAME
_NOTHING = "Choose at least one custodian, or a conversation to be held itself."
_ALREADY_NAMED = "matter_named_once"
_TAKEN = "There is, or was, a matter of this name already; choose another."


class Unfit(Hindrance):
    """What was asked for cannot be placed; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A matter as it is to be opened; days are whole days in UTC, both included."""

    request_key: uuid.UUID
    account_id: int
    name: str
    reason: str
    since: date | None = None
    until: date | None = None
    covers_received: bool = True
    at_zoom: bool = True
    person_ids: Collection[int] = field(default=())
    origins: Mapping[int, str] = field(default_factory=dict)
    """In words, by what group people were picked, by person: `directory group “Legal”`."""
    session_ids: Collection[int] = field(default=())
    """Conversations to be held themselves, whoever speaks there."""
    session_days: Days | None = None
    """The days of those conversations; None: the matter's."""

    @property
    def place_days(self) -> Days:
        """The days for which the conversations are held."""
        return Days(self.since, self.until) if self.session_days is None else self.session_days

    @property
    def digest(self) -> str:
        """Of all that is placed, so that what one looked at is what one places."""
        said = (self.account_id, self.name, self.reason, self.since, self.until)
        held = (self.covers_received, self.at_zoom, sorted(set(self.person_ids)))
        there = (sorted(set(self.session_ids)), self.session_days)
        return hashlib.sha256(repr((said, held, there)).encode()).hexdigest()


@dataclass(frozen=True)
class Preview:
    """Whom a draft would hold: at Zoom too, or here alone because Zoom cannot hold them; and which conversations."""

    everywhere: list[Candidate]
    here_alone: list[Candidate]
    matters_at_zoom: int
    places: list[Conversation] = field(default_factory=list)

    @property
    def people(self) -> list[Candidate]:
        return [*self.everywhere, *self.here_alone]


def preview(draft: Draft) -> Preview:
    """What opening the draft would place. Raises Unfit."""
    return _fitting(draft)[2]


def open_matter(draft: Draft, *, by: User | None, now: datetime) -> Matter:
    """Open a matter with its custodians held; the one opened before when the same form comes twice. Raises Unfit."""
    refusals.check(Action.OPEN_MATTER, subject="matters", by=by, now=now)
    known = Matter.objects.filter(request_key=draft.request_key).first()
    if known is not None:
        return known
    name, reason, placed = _fitting(draft)
    try:
        with transaction.atomic():
            matter = Matter.objects.create(
                account_id=draft.account_id,
                name=name,
                reason=reason,
                since=draft.since,
                until=draft.until,
                covers_received=draft.covers_received,
                at_zoom=draft.at_zoom,
                request_key=draft.request_key,
                opened_by=by,
                opened_by_name=audit.name_of(by),
                opened_at=now,
            )
            if by is not None:
                MatterMember.objects.create(
                    matter=matter, user=by, added_at=now, added_by_name=audit.name_of(by)
                )
            there = places.place(matter, placed.places, days=draft.place_days, by=by, now=now)
            _place(matter, placed, draft.origins, there, action=audit.Action.OPENED, by=by, now=now)
    except IntegrityError as error:
        again = Matter.objects.filter(request_key=draft.request_key).first()
        if again is not None:
            return again
        if _ALREADY_NAMED in str(error):
            raise Unfit(_TAKEN) from error
        raise
    return matter


def add(
    *,
    matter_id: int,
    person_ids: Collection[int],
    origins: Mapping[int, str] = MappingProxyType({}),
    by: User | None,
    now: datetime,
) -> list[Custodian]:
    """Hold more people in a matter; those who are custodians already are left as they are. Raises Unfit."""
    with transaction.atomic():
        matter = matters.locked(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        if matter.state != Matter.State.ACTIVE:
            raise Unfit("The matter was released: nobody can be held in it any more. Open a new one.")
        if len(person_ids) == 0:
            raise Unfit("Choose at least one custodian.")
        there = Custodian.objects.filter(matter=matter, dropped_at=None).values_list("person_id", flat=True)
        fresh = set(person_ids) - set(there)
        if len(fresh) == 0:
            raise Unfit("Everybody chosen is held in this matter already.")
        placed = _checked(fresh, matter.account_id, at_zoom=matter.at_zoom)
        return _place(matter, placed, origins, [], action=audit.Action.HELD, by=by, now=now)


def ask_zoom_again(*, matter_id: int, by: User | None, now: datetime) -> list[Custodian]:
    """Ask Zoom anew for the custodians whom it refused; they are held here all the while. Raises Unfit."""
    with transaction.atomic():
        matter = matters.locked(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        refused = [one.custodian for one in matters.held(matter) if one.at_zoom == "refused"]
        if matter.state != Matter.State.ACTIVE or len(refused) == 0:
            raise Unfit("Zoom has refused nobody who is held in this matter.")
        wanted = want_at_zoom(matter, refused, now=now)
        details = {
            "asked_again": [one.name for one in wanted],
            "custodians": [one.name for one in refused],
        }
        audit.record(
            action=audit.Action.STARTED, subject=f"matter/{matter.pk}", details=details, by=by, now=now
        )
    return refused


def _fitting(draft: Draft) -> tuple[str, str, Preview]:
    """The name, the reason and the people of a draft that can be placed. Raises Unfit."""
    try:
        name, reason = renaming.fitting(draft.name), inert.typed(draft.reason)
    except renaming.Unfit as error:
        raise Unfit(str(error)) from error
    if reason == "":
        raise Unfit("Say why something is held: the case, the order or the request.")
    if draft.since is not None and draft.until is not None and draft.until < draft.since:
        raise Unfit("The last day held is before the first.")
    if len(draft.person_ids) == 0 and len(draft.session_ids) == 0:
        raise Unfit(_NOTHING)
    placed = _checked(draft.person_ids, draft.account_id, at_zoom=draft.at_zoom)
    try:
        there = places.fitting(draft.session_ids, account_id=draft.account_id, days=draft.place_days)
    except places.Unfit as error:
        raise Unfit(str(error)) from error
    if renaming.is_taken(name, account_id=draft.account_id):
        raise Unfit(_TAKEN)
    return name, reason, replace(placed, places=there)


def _checked(person_ids: Collection[int], account_id: int, *, at_zoom: bool) -> Preview:
    wanted = set(person_ids)
    if len(wanted) > MOST_CUSTODIANS:
        raise Unfit(f"A matter takes at most {MOST_CUSTODIANS:,} custodians at once.")
    people = candidates.of(wanted, account_id=account_id)
    if len(people) < len(wanted):
        raise Unfit("Somebody chosen is not known in this account any more. Choose again.")
    everywhere = [one for one in people if at_zoom and one.identifier]
    here_alone = [one for one in people if not (at_zoom and one.identifier)]
    return Preview(everywhere, here_alone, -(-len(everywhere) // MOST_AT_ZOOM))


def _place(
    matter: Matter,
    placed: Preview,
    origins: Mapping[int, str],
    there: list[Hold],
    *,
    action: audit.Action,
    by: User | None,
    now: datetime,
) -> list[Custodian]:
    """Custodians, holds, wanted matters at Zoom, and the event that names them and the conversations `there`, last."""
    who = audit.name_of(by)
    custodians = Custodian.objects.bulk_create(
        Custodian(
            matter=matter,
            person_id=one.person_id,
            name=one.name[:500],
            email=one.email,
            came_from=origins.get(one.person_id, "")[:LONGEST_ORIGIN],
            added_at=now,
            added_by_name=who,
        )
        for one in placed.people
    )
    since, until = places.of_matter(matter).bounds
    Hold.objects.bulk_create(
        Hold(
            matter=matter,
            custodian=one,
            account_id=matter.account_id,
            person_id=one.person_id,
            covers_received=matter.covers_received,
            since=since,
            until=until,
            placed_at=now,
            placed_by_name=who,
        )
        for one in custodians
    )
    wanted = want_at_zoom(matter, custodians[: len(placed.everywhere)], now=now)
    details = {
        "custodians": [_told(one) for one in custodians],
        "at_zoom": [one.name for one in wanted],
        "here_alone": [one.name for one in custodians[len(placed.everywhere) :]],
        "since": _iso(matter.since),
        "until": _iso(matter.until),
        "covers_received": matter.covers_received,
    }
    if len(there) > 0:
        details["conversations"] = places.told(there)
    if action == audit.Action.OPENED:
        details |= {"name": matter.name, "reason": matter.reason}
    audit.record(action=action, subject=f"matter/{matter.pk}", details=details, by=by, now=now)
    transaction.on_commit(waking.after_holds_changed, robust=True)
    return custodians


def _told(one: Custodian) -> dict[str, object]:
    told: dict[str, object] = {"person": one.person_id, "name": one.name, "email": one.email}
    return told | ({"from": one.came_from} if one.came_from else {})


def want_at_zoom(matter: Matter, custodians: list[Custodian], *, now: datetime) -> list[ZoomMatter]:
    """Ask for matters at Zoom that hold these custodians, 20 in each; the jobs begin when the transaction commits."""
    made = ZoomMatter.objects.filter(matter=matter).count()
    wanted = []
    for first in range(0, len(custodians), MOST_AT_ZOOM):
        made += 1
        one = ZoomMatter.objects.create(
            matter=matter, name=_name_at_zoom(matter, made), not_before=now, asked_at=now
        )
        one.custodians.add(*custodians[first : first + MOST_AT_ZOOM])
        wanted.append(one)
    if wanted:
        transaction.on_commit(placing.nudge, robust=True)  # a lost nudge is made up for by the next minute
    return wanted


def _name_at_zoom(matter: Matter, number: int) -> str:
    """The matter's name with a mark that no other has, by which a creation whose reply was lost is found again."""
    return renaming.name_at_zoom(matter.name, f"[HF {matter.pk}.{number} {uuid.uuid4().hex[:8]}]")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
