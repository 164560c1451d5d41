"""Ending holds: a matter released, custodians or conversations dropped. Each is a request that a second person approves.

What is bound to the approval is which holds end; how much becomes destroyable because of it moves with every capture, so
it is counted behind the page and shown, never bound, and there must be figures before anybody approves. What is said of
it when the holds end is exact: counted again by a worker first where much has changed, and for the rest at that moment. At Zoom nothing
lapses on the way: whoever stays held in a matter there that has to end is held in a new one first, and the old one ends
when Zoom has taken the new.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from compliance import approvals, audit, losing, matters, opening, places, placing, waking, weighing
from compliance.approvals import Awaited, Item, ItemSet, Kind, Obstacle
from compliance.losing import WouldLose
from compliance.models import Custodian, Hold, LossCount, Matter, Request, ZoomMatter
from compliance.permissions import Action

RELEASE, DROP, DROP_PLACES = "release-matter", "drop-custodians", "drop-conversations"
LONGEST_WAIT = timedelta(hours=1)
"""After which a release is carried out though what it lets go has to be counted while it is."""
State = ZoomMatter.State


def ask_release(*, matter_id: int, reason: str, by: User, now: datetime) -> Request:
    """Ask for a matter to be released. Raises NoSuchMatter, Obstacle."""
    return _ask(RELEASE, matter_id, {}, reason, by=by, now=now)


def ask_drop(*, matter_id: int, custodian_ids: list[int], reason: str, by: User, now: datetime) -> Request:
    """Ask for custodians to be dropped from a matter that goes on. Raises NoSuchMatter, Obstacle."""
    return _ask(DROP, matter_id, {"custodians": sorted(set(custodian_ids))}, reason, by=by, now=now)


def ask_drop_places(*, matter_id: int, hold_ids: list[int], reason: str, by: User, now: datetime) -> Request:
    """Ask for conversations to be held themselves no longer, by their holds. Raises NoSuchMatter, Obstacle."""
    return _ask(DROP_PLACES, matter_id, {"holds": sorted(set(hold_ids))}, reason, by=by, now=now)


def _ask(
    kind: str, matter_id: int, parameters: Mapping[str, Any], reason: str, *, by: User, now: datetime
) -> Request:
    """Asking waits for no figures: what is not counted within two seconds is there before anybody can approve."""
    matter = matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
    if matter.state == Matter.State.ACTIVE:
        with transaction.atomic():
            row = _want(matter, parameters, by=by, now=now)
        weighing.at_once(row, clock=lambda: now)
    return approvals.ask(
        kind=kind, subject=f"matter/{matter_id}", parameters=parameters, reason=reason, by=by, now=now
    )


def _want(matter: Matter, parameters: Mapping[str, Any], *, by: User | None, now: datetime) -> LossCount:
    ending = [hold.pk for hold in _ending(matter, parameters)]
    return weighing.want(matter=matter, holds=ending, custodians=_wanted(parameters), by=by, now=now)


def _wanted(parameters: Mapping[str, Any]) -> list[int] | None:
    """The custodians that are dropped, nobody where conversations are; None: the matter is released."""
    return [] if "holds" in parameters else parameters.get("custodians")


def _counted(request: Request) -> LossCount | None:
    """The count of what the request lets go, however it stands; None when there is none."""
    matter = _matter(request.subject)
    ending = [hold.pk for hold in _ending(matter, request.parameters)]
    return weighing.found(matter_id=matter.pk, holds=ending)


def _prepare(request: Request, now: datetime, anew: bool) -> bool:
    row = _counted(request)
    if row is not None and row.state == LossCount.State.STOPPED and not anew:
        return False
    row = _want(_matter(request.subject), request.parameters, by=request.asked_by, now=now)
    return row.state == LossCount.State.DUE


def _stop(request: Request) -> bool:
    row = _counted(request)
    return row is not None and weighing.halt(LossCount.objects.filter(pk=row.pk))


def _awaits(request: Request, now: datetime) -> Awaited | None:
    row = _counted(request)
    if row is not None and weighing.is_known(row, now=now):
        return None
    if row is None or row.state == LossCount.State.COUNTED:
        words = "What would become destroyable has to be counted anew first. Look at the request again."
        return Awaited(words, is_idle=True)
    if row.state == LossCount.State.CLAIMED:
        return Awaited("What would become destroyable is being counted.", row.done, row.total, "sessions")
    if row.state == LossCount.State.STOPPED:
        return Awaited("Counting what would become destroyable was stopped.", is_idle=True)
    if row.state == LossCount.State.FAILED:
        words = f"What would become destroyable could not be counted. {row.last_error}"
        return Awaited(words.strip(), is_idle=True)
    return Awaited("What would become destroyable is waiting to be counted.")


def _find(subject: str, parameters: Mapping[str, Any], now: datetime) -> ItemSet:  # noqa: ARG001
    matter = _matter(subject)
    if matter.state != Matter.State.ACTIVE:
        raise Obstacle("The matter was released already.")
    ending = _ending(matter, parameters)
    people = list(_let_go(matter, parameters).order_by("pk"))
    _check(matter, parameters, people, ending)
    by_custodian: dict[int | None, list[int]] = {}
    for hold in ending:
        by_custodian.setdefault(hold.custodian_id, []).append(hold.pk)
    items = [
        Item(f"custodian/{one.pk}", f"{one.name} ({one.email})", {"hold": by_custodian.get(one.pk, [])})
        for one in people
    ]
    others = [hold for hold in ending if hold.custodian_id is None]
    items += [Item(f"hold/{hold.pk}", _words(hold), _facts(hold)) for hold in others]
    title = f"Release the matter “{matter.name}”"
    if parameters:
        what = "custodian" if "custodians" in parameters else "conversation"
        title = f"Drop {len(items)} {what}{'' if len(items) == 1 else 's'} from “{matter.name}”"
    counts = {} if "holds" in parameters else {"people no longer held in this matter": len(people)}
    there = sum(hold.session_name != "" for hold in others)
    counts |= {"conversations no longer held themselves": there} if there else {}
    counts |= {"holds end": len(ending)}
    figures = partial(_losses, matter, {hold.pk for hold in ending}, is_release=not parameters)
    return ItemSet(title, items, counts, figures)


def _check(
    matter: Matter, parameters: Mapping[str, Any], people: list[Custodian], ending: list[Hold]
) -> None:
    """That all that was chosen is there, and that something stays held."""
    if not parameters:
        return
    is_of_people = "custodians" in parameters
    wanted = parameters["custodians" if is_of_people else "holds"]
    if len(wanted) == 0:
        what = "custodians" if is_of_people else "conversations"
        raise Obstacle(f"Tick the {what} to be dropped first.")
    if len(people if is_of_people else ending) < len(wanted):
        if is_of_people:
            raise Obstacle("Somebody chosen is no custodian of this matter any more.")
        raise Obstacle("A conversation chosen is not held in this matter any more.")
    staying = Custodian.objects.filter(matter=matter, dropped_at=None)
    staying = staying.exclude(pk__in=[one.pk for one in people])
    others = places.held(matter).exclude(pk__in=[hold.pk for hold in ending])
    if not staying.exists() and not others.exists():
        raise Obstacle("Nothing would be held in the matter any more. Release it instead.")


def _let_go(matter: Matter, parameters: Mapping[str, Any]) -> QuerySet[Custodian]:
    """The custodians that are dropped: everybody where the matter is released."""
    people = Custodian.objects.filter(matter=matter, dropped_at=None)
    wanted = _wanted(parameters)
    return people if wanted is None else people.filter(pk__in=wanted)


def _words(hold: Hold) -> str:
    if hold.session_name == "":
        return "A hold on no one person"
    days = places.days_of(hold)
    limits = (("from", days.since), ("to", days.until))
    said = " ".join(f"{word} {day.isoformat()}" for word, day in limits if day is not None)
    return f"The conversation “{hold.session_name}”, {said or 'at any time'}"


def _facts(hold: Hold) -> dict[str, Any]:
    return {} if hold.session_name == "" else {"session": hold.session_id}


def _losses(matter: Matter, ending: set[int], *, is_release: bool) -> dict[str, int]:
    """What these holds alone keep from being destroyed, as last counted, nothing before that; and the matter's zips."""
    lost = weighing.found(matter_id=matter.pk, holds=ending)
    if lost is None or lost.counted_at is None:
        return {}
    figures = {  # shown in the order in which Postgres keeps them: the shortest words first
        "messages become destroyable": lost.messages,
        "files become destroyable with them": lost.files,
        "sessions in which those messages are": lost.sessions,
    }
    if is_release:
        here = losing.zips(matter)
        figures |= {
            "zips from Zoom no longer kept by this matter": here.zips,
            "bytes in those zips, which go where no other hold covers them": here.bytes,
        }
    return figures


def _ending(matter: Matter, parameters: Mapping[str, Any]) -> list[Hold]:
    active = Hold.objects.filter(matter=matter, released_at=None)
    if "holds" in parameters:
        return list(places.held(matter).filter(pk__in=parameters["holds"]))
    wanted = parameters.get("custodians")
    return list(active if wanted is None else active.filter(custodian__in=wanted))


def _lock(subject: str) -> None:
    """The matter, then its holds: whoever adds custodians locks the matter first too."""
    matter = Matter.objects.select_for_update().get(pk=_number(subject))
    list(Hold.objects.select_for_update().filter(matter=matter, released_at=None).order_by("pk"))


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    matter = _matter(request.subject)
    ending = _ending(matter, request.parameters)
    people = _let_go(matter, request.parameters)
    names = [one.name for one in people.order_by("pk")]
    gone = list(people.values_list("pk", flat=True))
    lost = _exactly(matter, [hold.pk for hold in ending])
    Hold.objects.filter(pk__in=[hold.pk for hold in ending]).update(released_at=now)
    people.update(dropped_at=now)
    if request.kind == RELEASE:
        Matter.objects.filter(pk=matter.pk).update(state=Matter.State.RELEASED, released_at=now)
    _at_zoom(matter, gone, now=now)
    destroyable: dict[str, int | str] = {
        "messages": lost.messages,
        "files": lost.files,
        "file_bytes": lost.file_bytes,
        "sessions": len(lost.sessions),
        "sha256": lost.sha256,
    }
    if request.kind == RELEASE:
        here = losing.zips(matter)
        destroyable |= {"zips": here.zips, "zip_bytes": here.bytes}
    details = {
        "custodians": names,
        "holds": [hold.pk for hold in ending],
        "destroyable": destroyable,
        "request": request.pk,
    }
    if there := [hold for hold in ending if hold.custodian_id is None and hold.session_name]:
        details["conversations"] = places.told(there)
    audit.record(
        action=audit.Action.RELEASED if request.kind == RELEASE else audit.Action.DROPPED,
        subject=request.subject,
        details=details,
        by=None,
        now=now,
    )
    transaction.on_commit(waking.after_holds_changed, robust=True)
    return {"custodians": names, "holds": len(ending), "destroyable": destroyable}


def _before(request: Request, now: datetime) -> Awaited | None:
    """Have what becomes destroyable counted anew where it is long out of date; after an hour nobody waits for that."""
    matter = _matter(request.subject)
    ending = [hold.pk for hold in _ending(matter, request.parameters)]
    row = weighing.found(matter_id=matter.pk, holds=ending)
    is_late = request.runs_at is not None and now >= request.runs_at + LONGEST_WAIT
    if (row is not None and weighing.is_near(row)) or is_late or matter.state != Matter.State.ACTIVE:
        return None
    with transaction.atomic():
        row = weighing.want(
            matter=matter,
            holds=ending,
            custodians=_wanted(request.parameters),
            anew=True,
            by=None,
            now=now,
        )
    if weighing.at_once(row, clock=lambda: now).state == LossCount.State.COUNTED:
        return None
    return Awaited("What becomes destroyable is counted once more first.")


def _exactly(matter: Matter, ending: list[int]) -> WouldLose:
    """What these holds alone keep at this moment."""
    row = weighing.found(matter_id=matter.pk, holds=ending)
    found = None if row is None else weighing.as_of_now(row)
    return losing.of_holds(ending) if found is None else found


def _at_zoom(matter: Matter, gone: list[int], *, now: datetime) -> None:
    """Matters at Zoom with somebody dropped in them end; who stays is held in new ones first."""
    touched = ZoomMatter.objects.filter(matter=matter, custodians__in=gone).distinct()
    touched = touched.filter(state__in=[State.DUE, State.CREATING, State.HELD])
    keys = list(touched.values_list("pk", flat=True))
    staying = Custodian.objects.filter(zoom_matters__in=keys, dropped_at=None).distinct()
    opening.want_at_zoom(matter, list(staying.order_by("pk")), now=now)
    rows = ZoomMatter.objects.filter(pk__in=keys)
    rows.filter(state=State.DUE, attempts=0).update(
        state=State.FAILED, last_error="Not wanted any more: somebody in it was dropped before it was placed."
    )
    rows.exclude(state=State.FAILED).update(is_replaced=True)
    placing.end_replaced(matter_id=matter.pk, now=now)


def _subjects(person: User) -> frozenset[str]:
    return frozenset(f"matter/{pk}" for pk in matters.of(person).values_list("pk", flat=True))


def _matter(subject: str) -> Matter:
    return Matter.objects.get(pk=_number(subject))


def _number(subject: str) -> int:
    return int(subject.removeprefix("matter/"))


def _link(subject: str) -> str:
    return f"/matters/{_number(subject)}/"


def _kind(key: str, *, name: str, typed: str, means: str) -> Kind:
    """The kinds differ in their words alone: `find` and `carry_out` go by the parameters and the key."""
    return Kind(
        key=key,
        name=name,
        typed=typed,
        means=means,
        ask=Action.RELEASE,
        approve=Action.APPROVE_RELEASE,
        find=_find,
        lock=_lock,
        carry_out=_carry_out,
        subjects=_subjects,
        link=_link,
        awaits=_awaits,
        prepare=_prepare,
        stop=_stop,
        before=_before,
    )


KINDS = (
    _kind(
        RELEASE,
        name="Release a matter",
        typed="release",
        means="What no other matter holds is no longer kept from being destroyed, here and at Zoom, where the hold "
        "ends. It can be held again by a new matter as long as it is there.",
    ),
    _kind(
        DROP,
        name="Drop custodians",
        typed="drop",
        means="What nobody else's hold covers is no longer kept from being destroyed, here and at Zoom. Whoever stays "
        "in the matter stays held without a break.",
    ),
    _kind(
        DROP_PLACES,
        name="Drop conversations",
        typed="drop",
        means="What was said there and no other hold covers is no longer kept from being destroyed here. Whoever is a "
        "custodian stays held, there too. Zoom’s own hold knows people alone, so nothing changes there.",
    ),
)
