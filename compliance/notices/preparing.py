"""Preparing what is due to be told: rows, each with the text that will be sent, and nothing else.

The first notice of a custodian, reminders, the escalation and the release follow from the rows of matters, custodians
and notices alone, so nobody has to remember to ask for them: a custodian added in whatever way is told. A sweep repeated,
late or run twice at once prepares nothing twice, because the database takes each notice once.
"""

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from compliance import audit
from compliance.models import Channel, Custodian, Matter, Notice, NoticeKind, Wording
from compliance.notices import following, plans, rendering, writing
from compliance.notices.writing import Made

log = structlog.get_logger(__name__)
Kind, State = NoticeKind, Notice.State
EVERYWHERE = Q()
DELIVERED = (State.SENT, State.ACKNOWLEDGED, State.UNSURE)


def sweep(*, now: datetime) -> int:
    """Prepare everything that is due; how many notices that were."""
    made = 0
    for step in _STEPS:
        for key in step(now):
            try:
                with transaction.atomic():
                    made += _STEPS[step](key, now)
            except IntegrityError:
                log.info("notice_prepared_elsewhere", key=key)
            except rendering.NoWording:
                log.warning("notice_without_wording", key=key)
            except (
                Exception
            ):  # recorded; what cannot be prepared for one must not keep the others from being told
                log.exception("notice_not_prepared", key=key)
    return made


def renew(*, matter: Matter, now: datetime) -> None:
    """Prepare anew, in the caller's transaction, what waits in a matter with a wording that is in force no more."""
    for key in list(_outdated(now, within=Q(matter=matter))):
        _renew(key, now)


def _first_notices(_: datetime) -> Iterator[int]:
    """Custodians for whom nothing was ever prepared; one whose notice a person discarded stays without."""
    any_notice = Notice.objects.filter(custodian=OuterRef("pk"), kind=Kind.HOLD)
    found = Custodian.objects.filter(dropped_at=None, matter__state=Matter.State.ACTIVE)
    yield from found.exclude(Exists(any_notice)).order_by("pk").values_list("pk", flat=True)


def _prepare_first(key: int, now: datetime) -> int:
    custodian = Custodian.objects.select_related("matter__opened_by").get(pk=key)
    plan = plans.of(custodian.matter)
    ways = plans.channels(plan)
    writing.root(custodian=custodian, channels=ways, made=Made(at_once=plan.at_once), now=now)
    return len(ways)


def _releases(_: datetime) -> Iterator[int]:
    """Custodians who were told, are held no more, and have not been told that.

    Of somebody added again and told again, the row that was told last speaks for all of them.
    """
    told = Notice.objects.filter(custodian=OuterRef("pk"), kind=Kind.HOLD, state__in=DELIVERED)
    already = Notice.objects.filter(custodian=OuterRef("pk"), kind=Kind.RELEASE)
    again = Custodian.objects.filter(
        matter=OuterRef("matter"), person_id=OuterRef("person_id"), dropped_at=None
    ).filter(matter__state=Matter.State.ACTIVE)
    told_later = Notice.objects.filter(
        custodian__matter=OuterRef("matter"), custodian__person_id=OuterRef("person_id"),
        custodian__gt=OuterRef("pk"), kind=Kind.HOLD, state__in=DELIVERED,
    )  # fmt: skip
    over = Custodian.objects.filter(
        Q(dropped_at__isnull=False) | Q(matter__state=Matter.State.RELEASED)
    ).filter(Exists(told))
    silent = Exists(already) | Exists(again) | Exists(told_later)
    yield from over.exclude(silent).order_by("pk").values_list("pk", flat=True)


def _prepare_release(key: int, now: datetime) -> int:
    custodian = Custodian.objects.select_related("matter__opened_by").get(pk=key)
    plan = plans.of(custodian.matter)
    ways = plans.channels(plan)
    for channel in ways:
        writing.write(Kind.RELEASE, custodian, channel, plan, Made(at_once=plan.at_once), now=now)
    return len(ways)


def _outdated(_: datetime, *, within: Q = EVERYWHERE) -> Iterator[int]:
    """What waits to be reviewed and was written with a wording that is in force no more, or for nobody any more."""
    newer = Wording.objects.filter(
        kind=OuterRef("kind"), in_force_from__gt=OuterRef("wording__in_force_from")
    )
    over = Q(custodian__dropped_at__isnull=False) | Q(matter__state=Matter.State.RELEASED)
    found = Notice.objects.filter(within, state=State.REVIEW, first=None).filter(
        Exists(newer) | (Q(kind=Kind.HOLD) & over)
    )
    yield from found.order_by("pk").values_list("pk", flat=True)


def _renew(key: int, now: datetime) -> int:
    """Prepare it again with the wording in force, in the same transaction as the old one goes."""
    old = Notice.objects.select_related("custodian__matter__opened_by").get(pk=key)
    custodian, plan = old.custodian, plans.of(old.custodian.matter)
    is_over = custodian.dropped_at is not None or custodian.matter.state == Matter.State.RELEASED
    why = "the hold is over" if is_over and old.kind == Kind.HOLD else "the wording has changed"
    both = Notice.objects.filter(Q(pk=key) | Q(first=key), state=State.REVIEW)
    if both.update(state=State.DISCARDED, last_error=f"Not sent: {why}.") == 0:
        return 0
    audit.record(
        action=audit.Action.REMOVED,
        subject=writing.subject(old),
        details=writing.facts(old) | {"why": why},
        by=None,
        now=now,
    )
    if is_over and old.kind == Kind.HOLD:
        return 0
    made = Made(at_once=False, replaces=old.replaces, why=old.why)
    if old.kind == Kind.HOLD:
        writing.root(custodian=custodian, channels=plans.channels(plan), made=made, now=now)
    else:
        writing.write(Kind.RELEASE, custodian, Channel(old.channel), plan, made, now=now)
    return 1


_STEPS = {
    _first_notices: _prepare_first,
    following.due: following.prepare,
    _releases: _prepare_release,
    _outdated: _renew,
}
