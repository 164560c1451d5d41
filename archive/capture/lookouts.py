"""Looking at Zoom again and again for what silently defeats a hold: which rows are due, reading one, keeping what it said.

1. `plan` is told who is held in which account. It makes a lookout of the account's list of matters, of every channel in
   which one of them ever took part (its retention and its owner), and of every one of them in the company directory.
   What nobody needs any more rests; its sightings stay.
2. The members of every channel of the account are looked at too, held or not: whoever is in a channel and says nothing
   is in no report, and a hold on them later covers what they received until now.
3. `read_due` claims one row after the other and reads it. The list of matters (RESOURCE-INTENSIVE) is one list a quarter
   of an hour and account; channels are read hourly, less often where there are so many of them that it would be more
   than one request a second; the directory four times a day.
4. What was read is a `Sighting` when it differs from the one before. A read that failed changes nothing but the row's
   error: the age of `read_at` is then what is known of it.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

import structlog
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from archive import bulk, gateway, sealing, taking_part
from archive.capture import failures, rosters, sights, windows
from archive.models import Account, Lookout, Sighting
from zoom.client import ZoomClient
from zoom.errors import ZoomError

Clock = Callable[[], datetime]
Kind, State = Lookout.Kind, Lookout.State

EVERY = {
    Kind.MATTERS: timedelta(minutes=15),
    Kind.RETENTION: timedelta(hours=1),
    Kind.OWNER: timedelta(hours=1),
    Kind.MEMBERS: timedelta(hours=6),
    Kind.CONTACT: timedelta(hours=6),
}
"""How often each is read, at most."""
A_REQUEST = timedelta(seconds=1)
"""However many rows there are, an account is asked no more than once in so long, on average."""
CLAIM_HOLDS = timedelta(minutes=10)
LATELY = timedelta(minutes=1)
MOST_AT_ONCE = 200

_logger = structlog.get_logger(__name__)
_PLACES: LiteralString = """
SELECT DISTINCT ON (place.channel_id) place.channel_id, coalesce(person.user_id, '')
FROM pairs
JOIN archive_session place ON place.id = pairs.session_id AND place.type <> '1:1' AND place.channel_id <> ''
JOIN archive_person person ON person.id = pairs.person_id
LEFT JOIN archive_sessionmember named ON named.session_id = place.id AND named.person_id = person.id
ORDER BY place.channel_id, person.user_id IS NULL, named.last_seen_at DESC NULLS LAST, person.id
"""
_WANTED: LiteralString = """
INSERT INTO archive_lookout AS row (account_id, kind, subject, through, state, attempts, not_before, last_error, begun_at)
SELECT %b::bigint, kind, subject, through, 'due', 0, %b::timestamptz, '', %b::timestamptz
FROM unnest(%b::text[], %b::text[], %b::text[]) AS wanted (kind, subject, through)
ON CONFLICT (account_id, kind, subject) DO UPDATE
    SET through = excluded.through,
        state = CASE WHEN row.state = 'resting' THEN 'due' ELSE row.state END,
        not_before = CASE WHEN row.state = 'resting' THEN excluded.not_before ELSE row.not_before END
    WHERE row.state = 'resting' OR row.through <> excluded.through
"""
_OTHERS: LiteralString = """
UPDATE archive_lookout SET state = 'resting', claim = NULL, claimed_at = NULL
WHERE account_id = %b AND state <> 'resting' AND NOT EXISTS (
    SELECT FROM unnest(%b::text[], %b::text[]) AS wanted (kind, subject)
    WHERE wanted.kind = archive_lookout.kind AND wanted.subject = archive_lookout.subject)
"""


@dataclass(frozen=True, slots=True)
class _Claim:
    row: Lookout
    key: uuid.UUID

    def finish(self, **columns: object) -> bool:
        """Give the row back, unless another worker took it over meanwhile."""
        held = Lookout.objects.filter(pk=self.row.pk, state=State.CLAIMED, claim=self.key)
        return held.update(state=State.DUE, claim=None, claimed_at=None, **columns) == 1


def plan(*, people: Mapping[int, Collection[int]], now: datetime) -> None:
    """What holds of these people, by account, depend on is looked at from now on, and nothing else."""
    for account_id in Account.objects.filter(is_active=True).values_list("pk", flat=True):
        held = people.get(account_id)
        with transaction.atomic():
            wanted = rosters.wanted(account_id) + ([] if held is None else _wanted(held))
            kinds, subjects, through = ([row[column] for row in wanted] for column in range(3))
            bulk.run(_WANTED, (account_id, now, now, kinds, subjects, through))
            bulk.run(_OTHERS, (account_id, kinds, subjects))
            rosters.read_again(account_id, now=now)


def read_due(*, clock: Clock, until: datetime) -> int:
    """Read what is due until nothing is, or the moment has come; how many were read, well or not."""
    done = 0
    for account in Account.objects.filter(is_active=True).order_by("pk"):
        if not _due(account, now=clock()).exists():
            continue
        try:
            with gateway.client_for(account) as client:
                done += _read_all(account, client=client, clock=clock, until=until)
        except sealing.SealBroken as error:
            _due(account, now=clock()).update(attempts=F("attempts") + 1, last_error=str(error))
    return done


def ask_now(*, account_id: int, now: datetime) -> None:
    """Have the list of matters read at the next look, and what was read longest ago, because a person asked.

    Never what was read within the last minute: asking again and again costs Zoom's budget and says nothing new.
    """
    waiting = Lookout.objects.filter(account_id=account_id, state=State.DUE, not_before__gt=now)
    waiting = waiting.filter(Q(read_at=None) | Q(read_at__lt=now - LATELY))
    first = Case(When(kind=Kind.MATTERS, then=0), default=1)
    keys = list(
        waiting.order_by(first, F("read_at").asc(nulls_first=True)).values_list("pk", flat=True)[
            :MOST_AT_ONCE
        ]
    )
    Lookout.objects.filter(pk__in=keys, state=State.DUE).update(not_before=now)


def _read_all(account: Account, *, client: ZoomClient, clock: Clock, until: datetime) -> int:
    rows = Lookout.objects.filter(account=account).exclude(state=State.RESTING)
    all_rows, members = rows.count(), rows.filter(kind=Kind.MEMBERS).count()
    done = unanswered = 0
    while clock() < until and unanswered < 3:
        claim = _claim(account, now=clock())
        if claim is None:
            break
        at_once = all_rows if claim.row.kind == Kind.MEMBERS else all_rows - members
        failure = _read(claim, client=client, clock=clock, slowest=A_REQUEST * at_once)
        done += 1
        if failure is not None and failure.stops_account:
            break
        unanswered = 0 if failure is None or not failure.at_zoom else unanswered + 1
    return done


def _read(claim: _Claim, *, client: ZoomClient, clock: Clock, slowest: timedelta) -> failures.Failure | None:
    row, began = claim.row, clock()
    try:
        said = sights.look(row, client=client, clock=clock)
    except (ZoomError, DatabaseError) as error:
        failure = failures.of(error, failures=row.attempts, now=clock())
        claim.finish(attempts=F("attempts") + 1, last_error=failure.reason, not_before=failure.not_before)
        _logger.warning("lookout_failed", lookout=row.pk, kind=row.kind, code=failure.code)
        return failure
    kind = Kind(row.kind)
    every = EVERY[kind] if kind is Kind.MATTERS else max(EVERY[kind], slowest)
    with transaction.atomic():
        is_ours = claim.finish(attempts=0, last_error="", read_at=began, not_before=began + every)
        before = Sighting.objects.filter(lookout=row).order_by("-pk").first()
        if is_ours and (before is None or _differ(before.said, said)):
            Sighting.objects.create(lookout=row, said=said, seen_at=began, before_at=row.read_at)
    return None


def _differ(before: sights.Said, now: sights.Said) -> bool:
    """Whether more than somebody's name changed."""
    return {**before, "name": ""} != {**now, "name": ""}


def _wanted(people: Collection[int]) -> list[tuple[str, str, str]]:
    """Kind, subject and in whose place, of everything to look at."""
    persons: LiteralString = "WITH RECURSIVE persons AS (SELECT DISTINCT unnest(%b::bigint[]) AS id),"
    places = bulk.run(persons + taking_part.PAIRS_ANYWHERE + _PLACES, (list(people),))
    emails = bulk.run(
        "SELECT DISTINCT lower(email) FROM archive_person"
        " WHERE id = ANY(%b::bigint[]) AND email <> '' AND is_external IS NOT TRUE",
        (list(people),),
    )
    return [
        (Kind.MATTERS.value, "", ""),
        *((kind.value, channel, user) for channel, user in places for kind in (Kind.RETENTION, Kind.OWNER)),
        *((Kind.CONTACT.value, email, "") for (email,) in emails),
    ]


def _due(account: Account, *, now: datetime) -> QuerySet[Lookout]:
    waiting = Q(state=State.DUE, not_before__lte=now)
    dead = Q(state=State.CLAIMED, claimed_at__lt=now - CLAIM_HOLDS)
    return Lookout.objects.filter(waiting | dead, account=account, not_before__lt=windows.NEVER)


def _claim(account: Account, *, now: datetime) -> _Claim | None:
    """The row that waits longest: the list of matters first of all, members of channels last."""
    key = uuid.uuid4()
    with transaction.atomic():
        due = _due(account, now=now).select_for_update(skip_locked=True)
        first = Case(When(kind=Kind.MATTERS, then=0), When(kind=Kind.MEMBERS, then=2), default=1)
        pk = due.order_by(first, "not_before", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        Lookout.objects.filter(pk=pk).update(state=State.CLAIMED, claim=key, claimed_at=now)
    return _Claim(Lookout.objects.select_related("account").get(pk=pk), key)
