"""Renaming a matter: here at once, and at Zoom by jobs; the name it had is kept and still finds it.

A name is all that can change in a matter at Zoom. The mark of ours in it stays, since by it a creation whose reply was
lost is found again; a matter that Zoom may be creating this very moment is therefore renamed once Zoom has it. The row
is the job: Zoom is asked, and read back, until it calls the matter so. Renamed again meanwhile, the row wants the newest
name, and whoever asks for an older one finds out before saying that it is done.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from compliance import at_zoom, audit, claiming, inert, matters, told
from compliance.hindrances import Hindrance
from compliance.models import FormerName, Matter, ZoomMatter, ZoomRename
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = ZoomRename.State

LONGEST_NAME = 100
LONGEST_AT_ZOOM = 95
"""What of a name goes to Zoom, before the mark."""
CLAIM_HOLDS = timedelta(minutes=5)
_NAMED_ONCE = "matter_named_once"
_TAKEN = "There is, or was, another matter of this name; choose another."


class Unfit(Hindrance):
    """The matter cannot be called so; the sentence says why."""


def rename(*, matter_id: int, name: str, reason: str, by: User | None, now: datetime) -> Matter:
    """Give a matter another name. Raises NoSuchMatter, PermissionDenied, Unfit.

    1. The old name is written down with who changed it and why.
    2. The matter is called by the new one.
    3. Zoom is asked to call its matters so, by jobs that begin when this is committed.
    """
    name, reason = fitting(name), inert.typed(reason)
    if reason == "":
        raise Unfit("Say why it is renamed.")
    try:
        with transaction.atomic():
            matter = matters.locked(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
            if matter.state != Matter.State.ACTIVE:
                raise Unfit("The matter was released: it keeps the name under which it was.")
            if name == matter.name:
                raise Unfit("The matter is called so already.")
            if is_taken(name, account_id=matter.account_id, but=matter.pk):
                raise Unfit(_TAKEN)
            before, matter.name = matter.name, name
            FormerName.objects.create(
                matter=matter, name=before, used_until=now, renamed_by=by,
                renamed_by_name=audit.name_of(by), reason=reason,
            )  # fmt: skip
            Matter.objects.filter(pk=matter.pk).update(name=name)
            want(matter, by=by, now=now)
            details = {"from": before, "to": name, "reason": reason}
            subject = f"matter/{matter.pk}"
            audit.record(action=audit.Action.RENAMED, subject=subject, details=details, by=by, now=now)
    except IntegrityError as error:
        if _NAMED_ONCE in str(error):
            raise Unfit(_TAKEN) from error
        raise
    return matter


def fitting(name: str) -> str:
    """A name without superfluous spaces. Raises Unfit when it is none."""
    name = " ".join(inert.typed(name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unfit(f"A matter needs a name of 1 to {LONGEST_NAME} characters.")
    return name


def is_taken(name: str, *, account_id: int, but: int | None = None) -> bool:
    """Whether another matter of the account is called so, or was: a name leads to one matter."""
    others = Matter.objects.filter(Q(name=name) | Q(former_names__name=name), account_id=account_id)
    return (others if but is None else others.exclude(pk=but)).exists()


def name_at_zoom(name: str, mark: str) -> str:
    """A matter's name with the mark (`[HF 12.1 0a1b2c3d]`) that no other has."""
    return f"{name[:LONGEST_AT_ZOOM].rstrip()} {mark}"


def want(matter: Matter, *, by: User | None, now: datetime) -> None:
    """Have every matter at Zoom called as the matter is now; the caller has locked the matter.

    What Zoom was not asked for yet is asked for under the new name. What it may be creating follows once it has it.
    """
    rows = ZoomMatter.objects.filter(matter=matter)
    for row in rows.filter(state=ZoomMatter.State.DUE, attempts=0):
        rows.filter(pk=row.pk, state=ZoomMatter.State.DUE, attempts=0).update(name=_renamed(row, matter))
    for row in rows.filter(state=ZoomMatter.State.HELD):
        _want(row, _renamed(row, matter), by=by, now=now)


def ask_again(*, matter_id: int, by: User | None, now: datetime) -> int:
    """Ask Zoom anew for the names it refused; how many. Raises NoSuchMatter, Unfit."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
        refused = of(matter).filter(state=State.REFUSED)
        names = list(refused.values_list("name", flat=True))
        if len(names) == 0:
            raise Unfit("Zoom has refused no name of this matter.")
        refused.update(state=State.DUE, attempts=0, not_before=now, asked_by=by, asked_at=now)
        subject, details = f"matter/{matter.pk}", {"names_asked_again": names}
        audit.record(action=audit.Action.STARTED, subject=subject, details=details, by=by, now=now)
        transaction.on_commit(nudge, robust=True)
    return len(names)


def of(matter: Matter) -> QuerySet[ZoomRename]:
    """The jobs of a matter, those that are done too."""
    return ZoomRename.objects.filter(zoom_matter__matter=matter)


def nudge() -> None:
    """Have a worker look for jobs now; losing it harms nothing."""
    current_app.send_task("compliance.tasks.rename_at_zoom")


def work(*, clock: Clock) -> int:
    """Do the jobs that are due, one after the other; how many."""
    done = 0
    while carry_out_next(clock=clock):
        done += 1
    return done


def carry_out_next(*, clock: Clock) -> bool:
    """Do one job that is due; False when none is."""
    now = clock()
    free = claiming.free(now=now, holds_for=CLAIM_HOLDS, claimed=State.ASKING)
    taken = claiming.take_next(ZoomRename.objects.filter(free), now=now, state=State.ASKING)
    if taken is None:
        return False
    row = ZoomRename.objects.select_related("zoom_matter__matter", "asked_by").get(pk=taken[0])
    if row.claim != taken[1]:
        return True  # another worker has it by now
    there = row.zoom_matter
    if there.state != ZoomMatter.State.HELD:
        _update(row, state=State.NOT_WANTED, last_error="The matter at Zoom ends, or has ended.")
        return True
    try:
        account_id = there.matter.account_id
        at_zoom.rename_matter(account_id=account_id, zoom_id=there.zoom_id, name=row.name)
        name = at_zoom.name_of_matter(account_id=account_id, zoom_id=there.zoom_id)
    except at_zoom.Refused as error:
        _refused(row, str(error), now=clock())
    except (at_zoom.NotNow, at_zoom.Unclear) as error:
        _later(row, str(error), getattr(error, "retry_at", None), now=clock())
    else:
        if name == row.name:
            _done(row, now=clock())
        else:
            _later(row, "Zoom took the new name, and still says the old one.", None, now=clock())
    return True


def _renamed(row: ZoomMatter, matter: Matter) -> str:
    _, found, mark = row.name.rpartition("[HF ")
    return name_at_zoom(matter.name, found + mark if found else f"[HF {row.matter_id}.{row.pk}]")


def _want(row: ZoomMatter, name: str, *, by: User | None, now: datetime) -> None:
    """One that is being asked for this moment keeps its claim: its worker sees that the name is another by now."""
    wanted = {"name": name, "asked_by": by, "asked_at": now}
    jobs = ZoomRename.objects.filter(zoom_matter=row)
    known = jobs.first()
    if name == (row.name if known is None else known.name):
        return
    if known is None:
        ZoomRename.objects.create(zoom_matter=row, not_before=now, **wanted)
    elif (
        jobs.exclude(state=State.ASKING).update(
            state=State.DUE, attempts=0, not_before=now, last_error="", done_at=None, **wanted
        )
        == 0
    ):
        jobs.update(**wanted)
    transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute


def _done(row: ZoomRename, *, now: datetime) -> None:
    with transaction.atomic():
        if not _update(row, state=State.DONE, done_at=now, last_error=""):
            return
        there = row.zoom_matter
        details = {"zoom_matter": there.zoom_id, "from": there.name, "to": row.name}
        ZoomMatter.objects.filter(pk=there.pk).update(name=row.name)
        subject = f"matter/{there.matter_id}"
        audit.record(action=audit.Action.RENAMED_AT_ZOOM, subject=subject, details=details, by=None, now=now)
        if not of(there.matter).filter(state__in=[State.DUE, State.ASKING]).exists():
            _tell(row, f"{there.matter.name}: Zoom calls it so now, too.", now=now)


def _refused(row: ZoomRename, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        if not _update(row, state=State.REFUSED, last_error=reason):
            return
        matter = row.zoom_matter.matter
        details = {"by": "Zoom", "renaming": row.name, "reason": reason}
        subject = f"matter/{matter.pk}"
        audit.record(action=audit.Action.REFUSED, subject=subject, details=details, by=None, now=now)
        _tell(row, f"{matter.name}: Zoom would not take the new name. {reason}", now=now)


def _later(row: ZoomRename, reason: str, named: datetime | None, *, now: datetime) -> None:
    """Try again: when Zoom said, or after a while that doubles."""
    again_at = named or claiming.again_at(now=now, tries=row.attempts - 1)
    _update(row, state=State.DUE, last_error=reason, not_before=again_at)
    log.info("zoom_rename_tried", zoom_matter=row.zoom_matter_id, attempts=row.attempts)


def _update(row: ZoomRename, **columns: object) -> bool:
    """Write how it went, if the row is still ours and still wants this name; one that wants another is due again."""
    ours = ZoomRename.objects.filter(pk=row.pk, claim=row.claim, state=State.ASKING)
    if ours.filter(name=row.name).update(claim=None, claimed_at=None, **columns) == 1:
        return True
    ours.update(claim=None, claimed_at=None, state=State.DUE, attempts=0)
    return False


def _tell(row: ZoomRename, text: str, *, now: datetime) -> None:
    if row.asked_by is not None:
        link = f"/matters/{row.zoom_matter.matter_id}/rename/"
        told.tell(person=row.asked_by, text=text, link=link, now=now)
