"""The jobs that bring our matters to Zoom: create them there, once, and end them there when it was decided.

The row is the job. A worker claims it with a filtered update; a creation whose reply was lost, or whose worker died, may
have happened, so Zoom's list is read for the row's name, which no other matter has, before it is tried again. Zoom's
refusal of a whole list because of one person splits the list, so that everybody else is held; who cannot be is said.
Custodians are held here from the moment they were added, whatever Zoom does.

People may be dropped while a worker talks to Zoom. Nobody is placed there who was dropped before it was asked; and who
was dropped meanwhile is in a row that was marked as replaced, which ends once it is held. Whatever changes which rows
there are locks the matter first, so that neither misses what the other did.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from archive import candidates, holdings
from compliance import at_zoom, audit, claiming, renaming, told
from compliance.models import Custodian, Matter, MatterMember, ZoomMatter

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = ZoomMatter.State

CLAIM_HOLDS = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
_WORKING = {State.DUE: State.CREATING, State.ENDING: State.DELETING}


def nudge() -> None:
    """Have a worker look for jobs now; losing it harms nothing."""
    current_app.send_task("compliance.tasks.place_holds")


def work(*, clock: Clock) -> int:
    """Do the jobs that are due, one after the other; how many."""
    done = 0
    while carry_out_next(clock=clock):
        done += 1
    return done


def carry_out_next(*, clock: Clock) -> bool:
    """Do one job that is due; False when none is."""
    now = clock()
    row = _claim(now=now)
    if row is None:
        return False
    try:
        if row.state == State.CREATING:
            _create(row, clock=clock)
        else:
            _delete(row, clock=clock)
    except claiming.Lost:
        log.warning("zoom_matter_claim_lost", zoom_matter=row.pk)
    return True


def _claim(*, now: datetime) -> ZoomMatter | None:
    """The next row that is due, or that a worker which died left behind."""
    abandoned = Q(state__in=_WORKING.values(), claimed_at__lt=now - CLAIM_HOLDS)
    waiting = ZoomMatter.objects.filter(Q(state__in=_WORKING) | abandoned, not_before__lte=now)
    begun = [When(state=state, then=Value(working)) for state, working in _WORKING.items()]
    taken = claiming.take_next(waiting, now=now, state=Case(*begun, default=F("state")))
    return None if taken is None else ZoomMatter.objects.select_related("matter").get(pk=taken[0])


def _create(row: ZoomMatter, *, clock: Clock) -> None:
    people = list(row.custodians.filter(dropped_at=None).order_by("pk"))
    matter = row.matter
    try:
        zoom_id = None
        if row.attempts > 1:
            zoom_id = at_zoom.find_matter(account_id=matter.account_id, name=row.name)
        if zoom_id is None and (row.is_replaced or len(people) == 0):
            _not_wanted(row)
            return
        if zoom_id is None:
            zoom_id = at_zoom.create_matter(
                account_id=matter.account_id,
                name=row.name,
                identifiers=_identifiers(people),
                start=matter.since,
                end=matter.until,
            )
    except at_zoom.Unknown as error:
        _split(row, people, str(error), now=clock())
    except at_zoom.Refused as error:
        _refused(row, str(error), now=clock())
    except (at_zoom.NotNow, at_zoom.Unclear) as error:
        _later(row, error, back_to=State.DUE, now=clock())
    else:
        _held(row, people, zoom_id, now=clock())


def _identifiers(people: Sequence[Custodian]) -> list[str]:
    """What Zoom knows these people by. Raises Unknown when the directory says that somebody is no user any more."""
    identifiers = _known_by(people)
    if "" in identifiers:
        raise at_zoom.Unknown("The directory does not have them as a user of the account any more.")
    return identifiers


def _known_by(people: Sequence[Custodian]) -> list[str]:
    """What Zoom knows each of these people by, in their order; "" for whom it would not know."""
    known = {one.person_id: one.identifier for one in candidates.of([one.person_id for one in people])}
    return [known.get(one.person_id, "") for one in people]


def _not_wanted(row: ZoomMatter) -> None:
    """Somebody in it was dropped before Zoom took it: it is not asked for, and who stays is in another row."""
    _update(row, state=State.FAILED, last_error="Not wanted any more: somebody in it was dropped before.")


def _held(row: ZoomMatter, people: Sequence[Custodian], zoom_id: str, *, now: datetime) -> None:
    with transaction.atomic():
        matter = _lock(row)
        _update(row, state=State.HELD, zoom_id=zoom_id, created_at=now, last_error="")
        details = {"zoom_matter": zoom_id, "name": row.name, "custodians": [one.name for one in people]}
        _record(row, audit.Action.HELD_AT_ZOOM, details, now=now)
        named = [(by or one.email, one.email) for one, by in zip(people, _known_by(people), strict=True)]
        asked = [one for one in named if one[0] != ""]
        holdings.expect(account_id=row.matter.account_id, zoom_matter_id=zoom_id, people=asked, now=now)
        end_replaced(matter_id=row.matter_id, now=now)
        renaming.want(matter, by=None, now=now)  # it may have been renamed while Zoom was asked
        if not _of(row).filter(state__in=[State.DUE, State.CREATING]).exists():
            _tell(row, f"{row.matter.name}: Zoom holds all it can.", now=now)


def end_replaced(*, matter_id: int, now: datetime) -> None:
    """Make those due to end at Zoom that were replaced and whose people, as far as they stay, are held by others there."""
    rows = ZoomMatter.objects.filter(matter=matter_id, state=State.HELD)
    for row in rows.filter(is_replaced=True):
        others = rows.filter(is_replaced=False)
        staying = row.custodians.filter(dropped_at=None)
        if not staying.exclude(zoom_matters__in=others).exists():
            rows.filter(pk=row.pk).update(state=State.ENDING, not_before=now, attempts=0)
            transaction.on_commit(nudge, robust=True)


def _split(row: ZoomMatter, people: Sequence[Custodian], reason: str, *, now: datetime) -> None:
    """Zoom does not know somebody in the list: halves are asked for in its place, down to whom it does not know."""
    if len(people) == 1:
        _refused(row, f"Zoom does not know {people[0].name} ({people[0].email}). {reason}", now=now)
        return
    with transaction.atomic():
        _lock(row)
        _update(row, state=State.FAILED, last_error=f"Asked for in two parts instead. {reason}")
        if ZoomMatter.objects.filter(pk=row.pk, is_replaced=True).exists():
            return  # somebody was dropped while Zoom was asked: who stays is in another row already
        middle = len(people) // 2
        for letter, half in (("a", people[:middle]), ("b", people[middle:])):
            part = ZoomMatter.objects.create(
                matter=row.matter, name=_part_of(row.name, letter), not_before=now, asked_at=now
            )
            part.custodians.add(*half)


def _part_of(name: str, letter: str) -> str:
    """The name of a part: its mark is the whole's with a letter more, so that it stays one of its kind."""
    return f"{name[:-1]}{letter}]"


def _refused(row: ZoomMatter, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        _update(row, state=State.FAILED, last_error=reason)
        names = [one.name for one in row.custodians.order_by("pk")]
        _record(row, audit.Action.REFUSED, {"by": "Zoom", "reason": reason, "custodians": names}, now=now)
        _tell(row, f"{row.matter.name}: Zoom would not hold {', '.join(names)}. {reason}", now=now)


def _delete(row: ZoomMatter, *, clock: Clock) -> None:
    try:
        gone = False
        try:
            at_zoom.delete_matter(account_id=row.matter.account_id, zoom_id=row.zoom_id)
        except at_zoom.Unknown:
            gone = True
    except at_zoom.Refused as error:
        _later(row, error, back_to=State.ENDING, now=clock())
    except (at_zoom.NotNow, at_zoom.Unclear) as error:
        _later(row, error, back_to=State.ENDING, now=clock())
    else:
        with transaction.atomic():
            now = clock()
            _update(row, state=State.DELETED, deleted_at=now, last_error="")
            details = {"zoom_matter": row.zoom_id, "name": row.name, "was_gone_already": gone}
            _record(row, audit.Action.RELEASED_AT_ZOOM, details, now=now)


def _later(row: ZoomMatter, error: Exception, *, back_to: State, now: datetime) -> None:
    """Try again: when Zoom said, or after a while that doubles."""
    named = getattr(error, "retry_at", None)
    later = claiming.again_at(now=now, tries=row.attempts - 1, most=LONGEST_WAIT)
    with transaction.atomic():
        _update(row, state=back_to, last_error=str(error), not_before=named or later)
    log.info("zoom_matter_tried", zoom_matter=row.pk, attempts=row.attempts, error=type(error).__name__)


def _update(row: ZoomMatter, **columns: object) -> None:
    """Write to the row while it is still ours; raises claiming.Lost when it is not."""
    ours = ZoomMatter.objects.filter(pk=row.pk, claim=row.claim, state=row.state)
    claiming.keep(ours, claim=None, claimed_at=None, **columns)


def _lock(row: ZoomMatter) -> Matter:
    """Wait for whoever drops custodians or adds some, and have them wait until the transaction ends."""
    return Matter.objects.select_for_update().get(pk=row.matter_id)


def _of(row: ZoomMatter) -> QuerySet[ZoomMatter]:
    return ZoomMatter.objects.filter(matter=row.matter)


def _record(row: ZoomMatter, action: audit.Action, details: Mapping[str, object], *, now: datetime) -> None:
    audit.record(action=action, subject=f"matter/{row.matter_id}", details=details, by=None, now=now)


def _tell(row: ZoomMatter, text: str, *, now: datetime) -> None:
    members = MatterMember.objects.filter(matter=row.matter, removed_at=None, user__is_active=True)
    for member in members.select_related("user"):
        told.tell(person=member.user, text=text, link=f"/matters/{row.matter_id}/custodians/", now=now)
