"""Looking at Zoom again and again for what defeats a hold or changes a retention: which rows are due, reading one.

1. `plan` makes a lookout of every channel of every connected account (its retention, its owner and its members: whoever
   is in a channel and says nothing is in no report, and a hold on them later covers what they received until now), and of
   the account's shared spaces. It is told what is held in which account: for the sake of people also of the list of
   matters, and of every one of them in the company directory; a conversation held itself needs its channel alone. What
   nobody needs any more rests; its sightings stay.
2. `read_due` claims one row after the other and reads it, first what holds depend on. The list of matters
   (RESOURCE-INTENSIVE) is one list a quarter of an hour and account; channels that are held, or in which somebody held
   took part, are read hourly, less often where there are so many of them that it would be more than one request a second;
   members and the directory four times a day. All other channels (MEDIUM) are read four times a day, at one request in
   two seconds.
3. What was read is a `Sighting` when it differs from the one before. A read that failed changes nothing but the row's
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
    Kind.SPACES: timedelta(hours=6),
}
"""How often each is read that a hold depends on, at most."""
OTHERS_EVERY = timedelta(hours=6)
GONE_EVERY = timedelta(hours=24)
"""How often others are read, and those that Zoom does not know any more."""
A_REQUEST = timedelta(seconds=1)
ANOTHER_REQUEST = timedelta(seconds=2)
"""However many rows there are, an account is asked no more than once in so long, on average: for holds, and for the rest."""
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
_CHANNELS: LiteralString = """
SELECT DISTINCT channel_id FROM archive_session
WHERE account_id = %b AND id = ANY(%b::bigint[]) AND type <> '1:1' AND channel_id <> ''
"""
_WANTED: LiteralString = """
INSERT INTO archive_lookout AS row
    (account_id, kind, subject, through, for_holds, state, attempts, not_before, last_error, begun_at)
SELECT %b::bigint, kind, subject, through, for_holds, 'due', 0, %b::timestamptz, '', %b::timestamptz
FROM unnest(%b::text[], %b::text[], %b::text[], %b::boolean[]) AS wanted (kind, subject, through, for_holds)
ON CONFLICT (account_id, kind, subject) DO UPDATE
    SET through = excluded.through, for_holds = excluded.for_holds,
        begun_at = CASE WHEN excluded.for_holds AND NOT row.for_holds THEN excluded.begun_at ELSE row.begun_at END,
        state = CASE WHEN row.state = 'resting' THEN 'due' ELSE row.state END,
        not_before = CASE WHEN row.state = 'resting' OR (excluded.for_holds AND NOT row.for_holds)
                          THEN excluded.not_before ELSE row.not_before END
    WHERE row.state = 'resting' OR row.through <> excluded.through OR row.for_holds <> excluded.for_holds
"""
_OTHERS: LiteralString = """
UPDATE archive_lookout SET state = 'resting', claim = NULL, claimed_at = NULL
WHERE account_id = %b AND state <> 'resting' AND NOT EXISTS (
    SELECT FROM unnest(%b::text[], %b::text[]) AS wanted (kind, subject)
    WHERE wanted.kind = archive_lookout.kind AND wanted.subject = archive_lookout.subject)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Whom the holds of an account name, and which conversations they hold themselves, whoever is in them."""

    people: frozenset[int] = frozenset()
    sessions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Claim:
    row: Lookout
    key: uuid.UUID

    def finish(self, **columns: object) -> bool:
        """Give the row back, unless another worker took it over meanwhile."""
        held = Lookout.objects.filter(pk=self.row.pk, state=State.CLAIMED, claim=self.key)
        return held.update(state=State.DUE, claim=None, claimed_at=None, **columns) == 1


@dataclass(frozen=True, slots=True)
class _Slowest:
    """How long everything of a sort takes at the pace of its sort."""

    members: timedelta
    held: timedelta
    others: timedelta

    def of(self, row: Lookout) -> timedelta:
        """What a row waits for at least."""
        if row.kind == Kind.MEMBERS:
            return self.members
        return self.held if row.for_holds else self.others


def plan(*, held: Mapping[int, Held], now: datetime) -> None:
    """Every channel, and what is held by account depends on, is looked at from now on."""
    for account_id in Account.objects.filter(is_active=True).values_list("pk", flat=True):
        mine = held.get(account_id)
        with transaction.atomic():
            rosters_wanted = rosters.wanted(account_id)
            places = frozenset() if mine is None else _channels(account_id, mine.sessions)
            wanted = {row[:2]: (*row, row[1] in places) for row in _everywhere(rosters_wanted)}
            for row in rosters_wanted + ([] if mine is None else _wanted(mine.people)):
                wanted[row[:2]] = (*row, True)
            kinds, subjects, through, held_by = ([row[n] for row in wanted.values()] for n in range(4))
            bulk.run(_WANTED, (account_id, now, now, kinds, subjects, through, held_by))
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


def ask_now(*, account_id: int, now: datetime) -> int:
    """Have the list of matters read at the next look, and what was read longest ago, because a person asked.

    Never what was read within the last minute: asking again and again costs Zoom's budget and says nothing new. How much is
    read then.
    """
    waiting = Lookout.objects.filter(
        account_id=account_id, state=State.DUE, not_before__gt=now, for_holds=True
    )
    waiting = waiting.filter(Q(read_at=None) | Q(read_at__lt=now - LATELY))
    first = Case(When(kind=Kind.MATTERS, then=0), default=1)
    keys = list(
        waiting.order_by(first, F("read_at").asc(nulls_first=True)).values_list("pk", flat=True)[
            :MOST_AT_ONCE
        ]
    )
    Lookout.objects.filter(pk__in=keys, state=State.DUE).update(not_before=now)
    return left(account_id=account_id, since=now)


def left(*, account_id: int, since: datetime) -> int:
    """How much of what was to be read for holds at a moment was not tried since; of an account that is active."""
    waiting = Lookout.objects.filter(account=account_id, account__is_active=True, for_holds=True)
    return waiting.exclude(state=State.RESTING).filter(not_before__lte=since).count()


def read_soon(*, account_id: int, channel_ids: Collection[str], now: datetime) -> int:
    """Have the retention and the owner of some channels read at the next look, whenever they were read; how many rows."""
    rows = Lookout.objects.filter(account_id=account_id, kind__in=[Kind.RETENTION, Kind.OWNER])
    rows = rows.filter(subject__in=channel_ids, state=State.DUE, not_before__gt=now)
    return rows.exclude(not_before__gte=windows.NEVER).update(not_before=now)


def _read_all(account: Account, *, client: ZoomClient, clock: Clock, until: datetime) -> int:
    rows = Lookout.objects.filter(account=account).exclude(state=State.RESTING)
    members = rows.filter(kind=Kind.MEMBERS).count()
    held = rows.filter(for_holds=True).count() - members
    slowest = _Slowest(
        members=A_REQUEST * rows.count(),
        held=A_REQUEST * held,
        others=ANOTHER_REQUEST * (rows.count() - held),
    )
    done = unanswered = 0
    while clock() < until and unanswered < 3:
        claim = _claim(account, now=clock())
        if claim is None:
            break
        failure = _read(claim, client=client, clock=clock, slowest=slowest.of(claim.row))
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
    every = _pace(row, said, slowest=slowest)
    with transaction.atomic():
        is_ours = claim.finish(attempts=0, last_error="", read_at=began, not_before=began + every)
        before = Sighting.objects.filter(lookout=row).order_by("-pk").first()
        if is_ours and (before is None or _differ(before.said, said)):
            Sighting.objects.create(lookout=row, said=said, seen_at=began, before_at=row.read_at)
    return None


def _pace(row: Lookout, said: sights.Said, *, slowest: timedelta) -> timedelta:
    """How long until it is read again."""
    kind = Kind(row.kind)
    if kind is Kind.MATTERS:
        return EVERY[kind]
    if row.for_holds:
        return max(EVERY[kind], slowest)
    return max(GONE_EVERY if said == sights.GONE else OTHERS_EVERY, slowest)


def _differ(before: sights.Said, now: sights.Said) -> bool:
    """Whether more than somebody's name changed."""
    return {**before, "name": ""} != {**now, "name": ""}


def _everywhere(rosters_wanted: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Kind, subject and in whose place, of every channel whose members are looked at, and of the spaces then."""
    spaces = [(Kind.SPACES.value, "", "")] if rosters_wanted else []
    kinds = (Kind.RETENTION, Kind.OWNER)
    return spaces + [(kind.value, channel, user) for _, channel, user in rosters_wanted for kind in kinds]


def _channels(account_id: int, sessions: Collection[int]) -> frozenset[str]:
    """The channels, by Zoom's id, of conversations that are held themselves."""
    return frozenset(channel for (channel,) in bulk.run(_CHANNELS, (account_id, list(sessions))))


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
    """The row that waits longest: the list of matters first of all, then what holds depend on, members, the rest."""
    key = uuid.uuid4()
    with transaction.atomic():
        due = _due(account, now=now).select_for_update(skip_locked=True)
        members = When(kind=Kind.MEMBERS, then=2)
        first = Case(When(kind=Kind.MATTERS, then=0), members, When(for_holds=True, then=1), default=3)
        pk = due.order_by(first, "not_before", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        Lookout.objects.filter(pk=pk).update(state=State.CLAIMED, claim=key, claimed_at=now)
    return _Claim(Lookout.objects.select_related("account").get(pk=pk), key)
