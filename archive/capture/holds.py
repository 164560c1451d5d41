"""Whose zips to ask for: every custodian of every legal-hold matter at Zoom, and the zips made for each.

1. The daily list of matters names custodians; each becomes a row, due at once. `expect` does the same for a matter that
   was just created, so that nobody waits a day for it.
2. A due row is listed (LIGHT, where listing matters is RESOURCE-INTENSIVE): every state of every zip is kept as observed,
   and `versions` makes the rows that bring the zips here.
3. It is listed again daily; sooner, from a minute to an hour, while a zip whose days are over is not ready.

A custodian who left, or a matter deleted behind our back, is `gone`: said so, and asked for again daily for a week. One
that Zoom's list of matters no longer names has ended, and is not asked for any more. Nothing is changed at Zoom.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from django.db import Error as DatabaseError
from django.db.models import F, Q

from archive import ingest, readable
from archive.capture import claims, failures, versions, windows
from archive.capture.failures import Failure
from archive.models import Account, HoldCustodian, HoldFile, Observation, Person
from zoom.client import ZoomClient
from zoom.errors import NotFound, ZoomError
from zoom.records.legal_hold import MatterRecord

DAILY = timedelta(days=1)
SOON = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
LAST_TRY = 7

Clock = Callable[[], datetime]
State = HoldCustodian.State
_logger = structlog.get_logger(__name__)


class Custodian(NamedTuple):
    """A person whom a matter at Zoom names; `identifier` is a user id or an e-mail."""

    matter_id: str
    identifier: str
    email: str


class _Claim(NamedTuple):
    row: HoldCustodian
    at: datetime

    def finish(self, **columns: object) -> None:
        """Write what became of it, unless another worker had taken it over."""
        held = HoldCustodian.objects.filter(pk=self.row.pk, state=State.CLAIMED, claimed_at=self.at)
        held.update(claimed_at=None, **columns)
        claims.let_go(claims.Job.HOLD_LISTING, self.row.pk)


def custodians(matters: Iterable[MatterRecord]) -> Iterator[Custodian]:
    """Everyone whom zips can be listed for."""
    for matter in matters:
        if matter.matter_id is None:
            continue
        for user in matter.matter_users:
            identifier = user.user_id or user.email
            if identifier:
                yield Custodian(matter.matter_id, identifier, user.email or "")


def seen(*, account: Account, custodians: Iterable[Custodian], now: datetime) -> None:
    """Zoom's list of matters names these: new ones are due at once, and so are some that it had stopped naming."""
    for one in custodians:
        matter = HoldCustodian.objects.filter(
            account=account, zoom_matter_id=readable.identifier(one.matter_id, limit=255) or ""
        )
        identifier = readable.identifier(one.identifier, limit=320) or ""
        if one.email != "" and not matter.filter(identifier=identifier).exists():
            matter.filter(identifier__iexact=one.email).update(
                identifier=identifier
            )  # known by e-mail so far
        row, is_new = matter.get_or_create(
            account=account,
            zoom_matter_id=readable.identifier(one.matter_id, limit=255) or "",
            identifier=identifier,
            defaults={
                "email": readable.line(one.email, limit=320),
                "not_before": now,
                "first_seen_at": now,
                "seen_at": now,
            },
        )
        if not is_new:
            row.seen_at, row.email = now, readable.line(one.email, limit=320) or row.email
            row.save(update_fields=["seen_at", "email"])
        learn_person(row)
        back = HoldCustodian.objects.filter(pk=row.pk).exclude(ended_at=None)
        back.update(ended_at=None, state=State.DUE, not_before=now, attempts=0, last_error="")


def learn_person(row: HoldCustodian) -> int | None:
    """Who a custodian is here, by user id or e-mail; None while nobody of that name has been met."""
    if row.person_id is not None:
        return row.person_id
    known = Person.objects.filter(account_id=row.account_id)
    found = known.filter(user_id=row.identifier).first()
    if found is None and row.email != "":
        found = known.filter(email__iexact=row.email).order_by("id").first()
    if found is None:
        return None
    HoldCustodian.objects.filter(pk=row.pk, person=None).update(person=found)
    return found.pk


def expect(*, account_id: int, matter_id: str, people: Iterable[tuple[str, str]], now: datetime) -> None:
    """A matter was just created at Zoom for these people: list their zips without waiting for the daily list.

    Each is what Zoom knows them by, a user id or an e-mail, and their e-mail where one is known.
    """
    account = Account.objects.get(pk=account_id)
    seen(account=account, custodians=[Custodian(matter_id, *one) for one in people], now=now)


def ended(*, account: Account, since: datetime, now: datetime) -> int:
    """Zoom's list of matters, begun at `since`, was read to its end: whom it did not name is held there no more."""
    gone = HoldCustodian.objects.filter(account=account, seen_at__lt=since, ended_at=None)
    words = "Zoom's list of legal-hold matters no longer names this matter with this custodian."
    return gone.update(ended_at=now, not_before=windows.NEVER, last_error=words)


def list_next(*, account: Account, client: ZoomClient, clock: Clock) -> tuple[bool, Failure | None]:
    """List the zips of the custodian who waits longest; whether there was one, and what went wrong."""
    claim = _claim(account, now=clock())
    if claim is None:
        return False, None
    try:
        _list(claim, client=client, clock=clock)
    except NotFound as error:
        _gone(claim, error, now=clock())
    except (ZoomError, DatabaseError) as error:
        failure = failures.of(error, failures=claim.row.attempts, now=clock())
        claim.finish(
            state=State.FAILED,
            attempts=F("attempts") + 1,
            last_error=failure.reason,
            not_before=failure.not_before,
        )
        _logger.warning("hold_listing_failed", custodian=claim.row.pk, code=failure.code)
        return True, failure
    return True, None


def make_due(*, account: Account, now: datetime, at_once: bool) -> int:
    """Those whose time has come (with `at_once` all that Zoom still names) are due again; how many are due."""
    rows = HoldCustodian.objects.filter(account=account)
    waiting = rows.filter(state__in=(State.LISTED, State.GONE, State.FAILED), not_before__lt=windows.NEVER)
    (waiting if at_once else waiting.filter(not_before__lte=now)).update(state=State.DUE, not_before=now)
    return rows.filter(state=State.DUE, not_before__lte=now).count()


def free_abandoned(*, account: Account, now: datetime) -> int:
    """Make due again what a dead or hanging worker had; how many."""
    rows, claimed = HoldCustodian.objects.filter(account=account), {"state": State.CLAIMED}
    return claims.free(
        claims.Job.HOLD_LISTING, rows, claimed=claimed, now=now, state=State.DUE, not_before=now
    )


def _claim(account: Account, *, now: datetime) -> _Claim | None:
    due = HoldCustodian.objects.filter(account=account, state=State.DUE, not_before__lte=now)
    due = due.order_by("not_before", "id")
    pk = claims.take_next(claims.Job.HOLD_LISTING, due, state=State.CLAIMED, claimed_at=now)
    if pk is None:
        return None
    return _Claim(HoldCustodian.objects.select_related("account", "person").get(pk=pk), now)


def _list(claim: _Claim, *, client: ZoomClient, clock: Clock) -> None:
    row = claim.row
    for page in client.legal_hold.files(matter_id=row.zoom_matter_id, identifier=row.identifier):
        items = [(one.file_key or "", one.raw) for one in page.records]
        if len(items) > 0:
            ingest.observations(
                account=row.account, kind=Observation.Kind.HOLD_FILE, items=items, now=clock()
            )
        versions.note(custodian=row, records=page.records, now=clock())
    now = clock()
    waits = row.attempts + 1 if _waits_for_something(row, now=now) else 0
    again = DAILY if waits == 0 else SOON[min(waits, len(SOON)) - 1]
    claim.finish(
        state=State.LISTED,
        attempts=waits,
        last_error="",
        listed_at=now,
        not_before=now + again,
        ended_at=None,
    )


def _waits_for_something(row: HoldCustodian, *, now: datetime) -> bool:
    """Whether a zip is not ready though its days are over; one whose days go on is not ready before they end."""
    waiting = HoldFile.objects.filter(custodian=row, state=HoldFile.State.WAITING, is_newest=True)
    over = Q(last_day=None) | Q(last_day__lt=now.astimezone(UTC).date())
    return waiting.filter(over | Q(first_seen_at__gt=now - timedelta(hours=1))).exists()


def _gone(claim: _Claim, error: ZoomError, *, now: datetime) -> None:
    tries = claim.row.attempts + 1
    claim.finish(
        state=State.GONE,
        attempts=tries,
        last_error=f"Zoom no longer knows this matter, or this custodian in it ({error}).",
        not_before=windows.NEVER if tries >= LAST_TRY else now + DAILY,
    )
    _logger.warning("hold_custodian_gone", custodian=claim.row.pk)
