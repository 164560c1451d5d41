"""What holds stand on, account by account: what Zoom last said of it, since when, and how old that is.

A reader: plain frozen values in a number of queries that does not grow with people or matters, nothing changed. What was
never read is None; what was read long ago is given with its age, so that nobody takes it for news.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

from archive import bulk, completeness, directory, features, taking_part
from archive.capture import windows
from archive.capture.lookouts import Held
from archive.models import Account, Lookout, Person, Sighting

Kind = Lookout.Kind
HOLDS_NEED = frozenset(
    {"reportChatSessions", "getAccountChannels", "listLegalHoldMatters", "searchCompanyContacts"}
)
"""Features that read (by one operation of each) what a hold without any of Zoom's matters depends on."""
HOLDS_AT_ZOOM_NEED = frozenset({"addLegalHoldMatter"})
STUBBORN = 4
"""After so many tries in a row that broke off, a gap is one: the first of them are seconds apart."""
MOST_PLACES = 200
LATE: Mapping[str, timedelta] = {
    Kind.MATTERS: timedelta(hours=1),
    Kind.RETENTION: timedelta(hours=6),
    Kind.OWNER: timedelta(hours=6),
    Kind.MEMBERS: timedelta(hours=24),
    Kind.CONTACT: timedelta(hours=24),
}
"""What was last read longer ago than this is not known any more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What something was: first read so at `seen_at`, last read otherwise at `before_at` (None: never read before)."""

    said: dict[str, Any]
    seen_at: datetime
    before_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matters:
    """Zoom's list of matters as it was last read to its end, at `read_at`."""

    read_at: datetime
    newest: Seen

    @property
    def listed(self) -> dict[str, dict[str, Any]]:
        """Each matter by Zoom's id: its name, and its users as pairs of user id and e-mail."""
        matters: dict[str, dict[str, Any]] = self.newest.said["matters"]
        return matters


@dataclass(frozen=True, slots=True)
class Place:
    """A channel about which Zoom said more than one thing, or something doubtful.

    `people` are those held who were ever there, `held` the sessions of it that are held themselves.
    """

    kind: str
    channel_id: str
    session_id: int
    title: str
    people: frozenset[int]
    held: frozenset[int]
    history: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """Lookouts of one kind that are not read as they should be: how many of how many, since when at least, and why."""

    kind: str
    label: str
    rows: int
    of: int
    last_read_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Lookouts of one kind: how many, how many never read, the oldest of the newest reads, and an error of one of them.

    `untold` were read and Zoom does not tell what was asked.
    """

    label: str
    rows: int
    never: int
    untold: int
    oldest_read_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Days of one conversation that Zoom has not given in spite of several tries; who of those held was ever there."""

    session_id: int
    title: str
    people: frozenset[int]
    windows: int
    first_day: date
    lost: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that the app may not do; `without` says what it means."""

    name: str
    without: str
    advice: str
    at_zoom_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """What the holds of one account stand on. `matters` None: their list was never read. Contacts are by e-mail."""

    account_id: int
    name: str
    is_active: bool
    token_error: str
    scopes_seen_at: datetime | None
    lacks: tuple[Lack, ...]
    complete_to: datetime | None
    matters: Matters | None
    places: tuple[Place, ...]
    contacts: Mapping[str, tuple[Seen, ...]]
    closed: Mapping[str, str]
    """Channels whose members Zoom does not tell: Zoom's id of each and its name, "" when that is not known either."""
    unread: tuple[Unread, ...]
    pending: int
    """Lookouts never read yet, and not late either: what is not known yet."""
    broken: tuple[Broken, ...]
    identities: Mapping[int, tuple[str, str]]
    """Each person's user id and e-mail in lower case, "" for what is not known, and of whoever is outside."""


_DOUBTFUL: LiteralString = """
SELECT row.id, row.kind, row.subject FROM archive_lookout row
WHERE row.account_id = %b AND row.state <> 'resting' AND row.for_holds AND row.kind NOT IN ('matters', 'members') AND (
    (SELECT count(*) FROM archive_sighting seen WHERE seen.lookout_id = row.id) > 1
    OR EXISTS (SELECT FROM archive_sighting seen WHERE seen.lookout_id = row.id
               AND (seen.said ->> 'period' ~ '^[1-6]d$' OR seen.said ->> 'status' = 'inactive')))
ORDER BY row.id
"""
_CLOSED: LiteralString = """
SELECT row.subject,
       coalesce((SELECT name FROM archive_channel WHERE account_id = row.account_id AND zoom_id = row.subject AND name <> ''),
                (SELECT max(name) FROM archive_session WHERE account_id = row.account_id AND channel_id = row.subject), '')
FROM archive_lookout row
WHERE row.account_id = %b AND row.kind = 'members' AND row.state <> 'resting'
  AND (SELECT said ->> 'refused' FROM archive_sighting seen WHERE seen.lookout_id = row.id
       ORDER BY seen.id DESC LIMIT 1) = 'true'
ORDER BY row.subject
"""
_SESSIONS: LiteralString = """
SELECT channel_id, max(id), coalesce(array_agg(id) FILTER (WHERE id = ANY(%b::bigint[])), '{}') FROM archive_session
WHERE account_id = %b AND channel_id = ANY(%b::text[]) GROUP BY channel_id
"""
_UNREAD: LiteralString = """
SELECT kind, count(*), count(*) FILTER (WHERE greatest(read_at, begun_at) < late),
       min(read_at) FILTER (WHERE greatest(read_at, begun_at) < late),
       coalesce((array_agg(last_error ORDER BY last_error = '', id)
                 FILTER (WHERE greatest(read_at, begun_at) < late))[1], ''),
       count(*) FILTER (WHERE read_at IS NULL AND begun_at >= late)
FROM archive_lookout JOIN unnest(%b::text[], %b::timestamptz[]) AS kinds (kind, late) USING (kind)
WHERE account_id = %b AND state <> 'resting' AND for_holds GROUP BY kind
"""
_READINGS: LiteralString = """
SELECT kind, count(*), count(*) FILTER (WHERE read_at IS NULL),
       count(*) FILTER (WHERE (SELECT said ->> 'refused' FROM archive_sighting seen WHERE seen.lookout_id = row.id
                               ORDER BY seen.id DESC LIMIT 1) = 'true'),
       min(read_at), max(last_error)
FROM archive_lookout row WHERE account_id = %b AND state <> 'resting' AND for_holds
GROUP BY kind ORDER BY kind <> 'matters', kind
"""
_BROKEN: LiteralString = """
SELECT session_id, count(*), min(first_day), count(*) FILTER (WHERE not_before >= %b), min(last_error)
FROM archive_window row
WHERE account_id = %b AND session_id IS NOT NULL AND state <> 'complete' AND last_error <> ''
  AND last_error_code <> 'rate_limited'
  AND (not_before >= %b OR %b <= (
      SELECT count(*) FROM archive_windowclosure broken WHERE broken.window_id = row.id AND broken.state = 'gap'
        AND broken.id > coalesce((SELECT max(good.id) FROM archive_windowclosure good
                                  WHERE good.window_id = row.id AND good.state = 'complete'), 0)))
GROUP BY session_id ORDER BY session_id <> ALL(%b::bigint[]), session_id LIMIT %b
"""
# One that is being tried once more has not healed yet.


def of(held: Mapping[int, Held], *, now: datetime) -> dict[int, Footing]:
    """The footing of each account named, for what is held of it."""
    rows = Account.objects.filter(pk__in=held.keys()).order_by("pk")
    return {account.pk: _of(account, held[account.pk], now=now) for account in rows}


def readings(*, account_id: int) -> list[Reading]:
    """How the lookouts of an account stand, a line a kind; what rests is left out."""
    rows = bulk.run(_READINGS, (account_id,))
    return [Reading(Kind(kind).label, *figures) for kind, *figures in rows]


def _of(account: Account, held: Held, *, now: datetime) -> Footing:
    doubtful = bulk.run(_DOUBTFUL, (account.pk,))
    histories = _histories([row[0] for row in doubtful])
    unread, pending = _unread(account, now=now)
    return Footing(
        account_id=account.pk,
        name=str(account),
        is_active=account.is_active,
        token_error=account.token_error,
        scopes_seen_at=account.scopes_seen_at,
        lacks=_lacks(account),
        complete_to=completeness.complete_to(account, now=now),
        matters=_matters(account),
        places=_places(account, doubtful, histories, held),
        contacts={subject: histories[key] for key, kind, subject in doubtful if kind == Kind.CONTACT.value},
        closed=closed(account_id=account.pk),
        unread=unread,
        pending=pending,
        broken=_broken(account, held),
        identities={
            pk: ("", "") if is_external else (user_id or "", email.lower())
            for pk, user_id, email, is_external in Person.objects.filter(pk__in=held.people).values_list(
                "pk", "user_id", "email", "is_external"
            )
        },
    )


def closed(*, account_id: int) -> dict[str, str]:
    """Channels whose members Zoom does not tell, by Zoom's id, with their names as far as they are known."""
    return dict(bulk.run(_CLOSED, (account_id,)))


def _matters(account: Account) -> Matters | None:
    row = Lookout.objects.filter(account=account, kind=Kind.MATTERS).exclude(read_at=None).first()
    if row is None or row.read_at is None:
        return None
    newest = Sighting.objects.filter(lookout=row).order_by("-pk").first()
    return None if newest is None else Matters(row.read_at, _seen(newest))


def _histories(lookouts: Collection[int]) -> dict[int, tuple[Seen, ...]]:
    found: dict[int, tuple[Seen, ...]] = dict.fromkeys(lookouts, ())
    for row in Sighting.objects.filter(lookout_id__in=lookouts).order_by("pk"):
        found[row.lookout_id] = (*found[row.lookout_id], _seen(row))
    return found


def _places(
    account: Account,
    doubtful: list[tuple[Any, ...]],
    histories: Mapping[int, tuple[Seen, ...]],
    held: Held,
) -> tuple[Place, ...]:
    rows = [row for row in doubtful if row[1] != Kind.CONTACT.value]
    found = bulk.run(_SESSIONS, (list(held.sessions), account.pk, [row[2] for row in rows]))
    sessions = {channel_id: session_id for channel_id, session_id, _ in found}
    itself = {channel_id: frozenset(ids) for channel_id, _, ids in found}
    there = _there(sessions.values(), held)
    titles = directory.titles(sessions.values())
    return tuple(
        Place(
            kind,
            channel_id,
            sessions[channel_id],
            titles[sessions[channel_id]],
            there.get(sessions[channel_id], frozenset()),
            itself[channel_id],
            histories[key],
        )
        for key, kind, channel_id in rows
        if channel_id in sessions
    )


def _there(sessions: Collection[int], held: Held) -> dict[int, frozenset[int]]:
    """Who of the people held was ever in each of some sessions."""
    found: dict[int, set[int]] = {}
    for stretch in taking_part.within(sessions=sessions, people=held.people):
        found.setdefault(stretch.session_id, set()).add(stretch.person_id)
    return {session_id: frozenset(people) for session_id, people in found.items()}


def _unread(account: Account, *, now: datetime) -> tuple[tuple[Unread, ...], int]:
    kinds = list(LATE)
    rows = bulk.run(
        _UNREAD, ([str(kind) for kind in kinds], [now - LATE[kind] for kind in kinds], account.pk)
    )
    late = tuple(
        Unread(kind, Kind(kind).label, count, whole, oldest, error)
        for kind, whole, count, oldest, error, _ in sorted(rows)
        if count > 0
    )
    return late, sum(row[5] for row in rows)


def _lacks(account: Account) -> tuple[Lack, ...]:
    found = []
    for one in features.grant_of(account.granted_scopes).standings:
        operations = frozenset(one.feature.operations)
        is_needed = not operations.isdisjoint(HOLDS_NEED)
        if not one.is_granted and (is_needed or not operations.isdisjoint(HOLDS_AT_ZOOM_NEED)):
            found.append(Lack(one.feature.name, one.feature.without, one.advice, not is_needed))
    return tuple(found)


def _broken(account: Account, held: Held) -> tuple[Broken, ...]:
    """All conversations held themselves that are broken; of very many others the first, which is enough to be alarmed."""
    never, itself = windows.NEVER, list(held.sessions)
    most = len(itself) + MOST_PLACES
    rows = bulk.run(_BROKEN, (never, account.pk, never, STUBBORN, itself, most))
    sessions = [row[0] for row in rows]
    there, titles = _there(sessions, held), directory.titles(sessions)
    return tuple(
        Broken(session_id, titles[session_id], there.get(session_id, frozenset()), *figures)
        for session_id, *figures in rows
    )


def _seen(row: Sighting) -> Seen:
    return Seen(row.said, row.seen_at, row.before_at)
