"""Messages straight into the record, by COPY, as ingest leaves them: rows, exact bytes and leaves of the log.

500 people talk in 2,000 sessions over a year, in some far more than in others. The months come one after another;
within a month the order is any, as a capture of session after session leaves it. More can be said in the same town
later, over the same year.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from archive import commitments, log
from archive.models import Account, Leaf, Page, Person, PersonName, Session, SessionMember

START = datetime(2026, 1, 1, tzinfo=UTC)
MONTH_MS = 365 * 86_400_000 // 12
PEOPLE = 500
SESSIONS = 2_000
BATCH = 20_000
# fmt: off
_FIRST = (
    "Ada", "Ines", "Ravi", "Olu", "Mira", "Tom", "Lena", "Jan", "Femke", "Yusuf",
    "Chen", "Aiko", "Sofia", "Pavel", "Noor", "Ivo", "Zoe", "Hugo", "Maja", "Kofi",
)
_LAST = (
    "Olsson", "Rao", "Brandt", "Ade", "Visser", "Jansen", "Okafor", "Silva",
    "Novak", "Tanaka", "Li", "Costa", "Haddad", "Berg", "Kaya", "Moreau",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded: messages, bytes of their texts in UTF-8, bytes of the records as Zoom sends them."""

    messages: int
    text_bytes: int
    raw_bytes: int


@dataclass(frozen=True, slots=True)
class Town:
    """Who talks where, and since when. `members` are the numbers of each session's people."""

    account: Account
    page: Page
    people: list[Person]
    sessions: list[Session]
    members: list[list[int]]
    start: datetime
    busy: float
    """The share of everything that is said in the first session; 0: as in the others."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    sent_at: datetime
    person: int
    session: int

    @property
    def zoom_id(self) -> str:
        return _zoom_id(self.number)

    @property
    def reply_to(self) -> str:
        """Zoom's id of the message it replies to, which may have been said elsewhere and then is not found."""
        return _zoom_id(self.number - self.number % 10) if self.number % 10 == 9 else ""


def load(texts: Iterator[str], *, messages: int, only_members_speak: bool = False) -> Loaded:
    """Put so many messages with these texts into an empty, migrated database.

    Anybody speaks anywhere, which is enough for searches; with `only_members_speak` only a session's members do.
    """
    return say(settle(), texts, numbers=range(messages), only_members_speak=only_members_speak)


def settle(
    *, start: datetime = START, places: int = SESSIONS, busy: float = 0, busy_members: int = 12
) -> Town:
    """People and sessions in an empty, migrated database, who have not said anything yet."""
    account = Account.objects.create(zoom_account_id="bench", sealed_client_secret=b"", connected_at=start)
    page = Page.objects.create(
        pull=1, number=1, status=200, body_sha256=bytes(32), body_bytes=0, received_at=start, salt=bytes(16)
    )
    people = _people(account, start)
    sessions, members = _sessions(account, places, start)
    if busy > 0:
        members[0] = list(range(busy_members))
    _join(sessions, members, people, start)
    return Town(account, page, people, sessions, members, start, busy)


def say(town: Town, texts: Iterator[str], *, numbers: range, only_members_speak: bool = False) -> Loaded:
    """Have messages with these numbers said over the year of the town; none may have been said before."""
    text_bytes = raw_bytes = 0
    lines = _lines(town, texts, numbers, only_members_speak)
    while batch := list(islice(lines, BATCH)):
        raws = [_raw(line) for line in batch]
        _insert(town, batch, raws)
        text_bytes += sum(len(line.text.encode()) for line in batch)
        raw_bytes += sum(map(len, raws))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Loaded(len(numbers), text_bytes, raw_bytes)


def _people(account: Account, start: datetime) -> list[Person]:
    named = [(_FIRST[n % len(_FIRST)], _LAST[n // len(_FIRST) % len(_LAST)]) for n in range(PEOPLE)]
    people = Person.objects.bulk_create(
        Person(
            account=account,
            member_id=f"{n:06}-AbCdEfGhIjKlMn",
            email=f"{first.lower()}.{last.lower()}{n}@acme.example",
            display_name=f"{first} {last}",
        )
        for n, (first, last) in enumerate(named)
    )
    PersonName.objects.bulk_create(
        PersonName(person=person, name=person.display_name, first_used_at=start, last_used_at=start)
        for person in people
    )
    return people


def _sessions(account: Account, places: int, start: datetime) -> tuple[list[Session], list[list[int]]]:
    """The sessions, and the numbers of each one's members."""
    chance = random.Random(2)
    sessions = Session.objects.bulk_create(
        Session(
            account=account,
            zoom_id=f"session-{n:030}",
            channel_id=f"channel-{n:030}",
            name=f"project {n}",
            type=Session.Type.DIRECT if n % 4 == 3 else Session.Type.GROUP,
            first_seen_at=start,
            last_seen_at=start,
        )
        for n in range(places)
    )
    members = [
        chance.sample(range(PEOPLE), 2 if session.type == Session.Type.DIRECT else 12) for session in sessions
    ]
    return sessions, members


def _join(sessions: list[Session], members: list[list[int]], people: list[Person], start: datetime) -> None:
    SessionMember.objects.bulk_create(
        SessionMember(session=session, person=people[number], first_seen_at=start, last_seen_at=start)
        for session, numbers in zip(sessions, members, strict=True)
        for number in numbers
    )


def _lines(town: Town, texts: Iterator[str], numbers: range, only_members_speak: bool) -> Iterator[_Line]:
    chance = random.Random(3 + numbers.start)
    people = list(accumulate(1 / (n + 20) for n in range(PEOPLE)))
    weights = [1 / (n + 20) for n in range(len(town.sessions))]
    if town.busy > 0:
        weights[0] = town.busy / (1 - town.busy) * sum(weights[1:])
    sessions = list(accumulate(weights))
    for n, (number, text) in enumerate(zip(numbers, texts, strict=False)):
        at = town.start + timedelta(milliseconds=int((n * 12 // len(numbers) + chance.random()) * MONTH_MS))
        person = chance.choices(range(PEOPLE), cum_weights=people)[0]
        session = chance.choices(range(len(town.sessions)), cum_weights=sessions)[0]
        if only_members_speak:
            person = town.members[session][person % len(town.members[session])]
        yield _Line(number, text, at, person, session)


def _raw(line: _Line) -> bytes:
    """The record in the shape of Zoom's report of a session: one in ten is a reply, one in fifteen has a reaction."""
    first, last = _FIRST[line.person % len(_FIRST)], _LAST[line.person // len(_FIRST) % len(_LAST)]
    record: dict[str, object] = {
        "id": line.zoom_id,
        "message": line.text,
        "sender": f"{first.lower()}.{last.lower()}{line.person}@acme.example",
        "sender_member_id": f"{line.person:06}-AbCdEfGhIjKlMn",
        "sender_display_name": f"{first} {last}",
        "date_time": line.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timestamp": int(line.sent_at.timestamp() * 1_000),
    }
    if line.number % 10 == 9:
        record |= {
            "reply_main_message_id": line.reply_to,
            "reply_main_message_timestamp": record["timestamp"],
        }
    if line.number % 15 == 1:
        who = {"user_ids": ["AbCdEfGhIjKlMnOpQrStUv"], "member_ids": ["000001-AbCdEfGhIjKlMn"]}
        record["reactions"] = [{"emoji": "U+1F44D", "total_count": 1, **who}]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _insert(town: Town, lines: list[_Line], raws: list[bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        message, revision = (_keys(cursor, table, len(lines)) for table in ("message", "revision"))
        people, sessions = town.people, town.sessions
        messages = (
            (message + n, sessions[line.session].pk, line.zoom_id, line.sent_at, False, people[line.person].pk,
             line.reply_to)
            for n, line in enumerate(lines)
        )  # fmt: skip
        revisions = (
            (revision + n, message + n, "sent", os.urandom(32), raw, bytes(16), line.text,
             people[line.person].display_name, town.page.pk, town.start)
            for n, (line, raw) in enumerate(zip(lines, raws, strict=True))
        )  # fmt: skip
        for table, columns, rows in (
            ("message", "id, session_id, zoom_id, sent_at, sent_at_is_doubtful, sender_id, reply_to_zoom_id", messages),
            ("revision", "id, message_id, kind, digest, raw, salt, text, sender_name, page_id, stored_at", revisions),
        ):  # fmt: skip
            with cursor.copy(f"COPY archive_{table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        log.append(
            [
                log.Entry(Leaf.Kind.REVISION, revision + n, _commitment(town, line, raw))
                for n, (line, raw) in enumerate(zip(lines, raws, strict=True))
            ],
            now=town.start,
        )


def _commitment(town: Town, line: _Line, raw: bytes) -> bytes:
    """What the log binds of a revision: the real thing, so that what is exported of it can be verified."""
    return commitments.revision(
        salt=bytes(16),
        session=town.sessions[line.session].zoom_id,
        message=line.zoom_id,
        kind="sent",
        raw=raw,
        page_id=town.page.pk,
        stored_at=town.start,
    )


def _keys(cursor: CursorWrapper, table: str, number: int) -> int:
    """So many keys in a row, as long as nobody else takes any: the first."""
    cursor.execute(
        f"SELECT min(nextval(pg_get_serial_sequence('archive_{table}', 'id'))) FROM generate_series(1, %s)",
        [number],
    )
    (first,) = cursor.fetchone()
    return int(first)


def _zoom_id(number: int) -> str:
    return f"{number:08X}-0B1C-4D2E-8F3A-{number * 7919:012X}"
