"""Generated accounts with sessions of every kind, rules of keeping over them, and holds."""

import random
from datetime import UTC, datetime, timedelta

from archive import hashing, holding
from archive.keeping import Kind, Period, Rule
from archive.models import Account, Channel, Message, Page, Person, Revision, Session, SessionMember
from tests.archive.holds import worlds
from tests.archive.holds.oracle import Talk, Utterance
from tests.archive.keeping.oracle import Facts

FIRST = datetime(2024, 1, 29, tzinfo=UTC)
"""Around the ends of short months, so that a month is not always as long as another."""
NAMES = ("general", "Board *1", "board room", "deals-2024", "Deals 50%_x", "")
PATTERNS = ("", "", "*", "board*", "*deal*", "deals-2024", "*0%_x", "B*r*m", "general")
PERIODS = (
    Period(days=30), Period(months=1), Period(days=31), Period(days=28), Period(months=3), Period(days=90),
    Period(months=12), Period(days=365), Period(months=13), Period(days=60), Period(months=2),
)  # fmt: skip
Said = tuple[Utterance, Facts]


def moment(chance: random.Random) -> datetime:
    return FIRST + timedelta(days=chance.randrange(40), hours=chance.choice([0, 23]))


def generated(number: int, page: Page, chance: random.Random) -> tuple[list[Said], list[holding.Rule]]:
    """One account's sessions with what was said there, in the database and in memory; and holds over it."""
    of = worlds.account(f"world {number}")
    people = [
        one.pk
        for one in Person.objects.bulk_create(Person(account=of, member_id=f"{number}-{n}") for n in range(3))
    ]
    said: list[Said] = []
    for n in range(4):
        talk, facts = _talk(of, n, people, chance)
        said += [(one, facts) for one in talk.said]
    Revision.objects.bulk_create(
        Revision(
            message_id=one.id,
            kind="sent",
            digest=hashing.new_salt() * 2,
            raw=b"{}",
            salt=hashing.new_salt(),
            page=page,
            stored_at=FIRST,
        )
        for one, _ in said
    )
    return said, holds(number, said, chance)


def holds(number: int, said: list[Said], chance: random.Random) -> list[holding.Rule]:
    """Some holds over an account: on a person or everybody, in a session or anywhere, from and to some day or ever."""
    people = sorted({person for one, _ in said for person in one.talk.named} | {
        one.sender for one, _ in said if one.sender is not None
    })  # fmt: skip
    sessions = sorted({one.talk.id for one, _ in said})
    return [
        holding.Rule(
            id=number * 1_000 + n + 1,
            account=said[0][0].talk.account,
            person=chance.choice([*people, None]),
            session=chance.choice([None, *sessions]),
            covers_received=chance.random() < 0.5,
            since=since,
            until=chance.choice([None, None, (since or FIRST) + timedelta(days=chance.randrange(1, 30))]),
        )
        for n in range(chance.randrange(3))
        for since in (chance.choice([None, moment(chance)]),)
    ]


def rules(number: int, said: list[Said], chance: random.Random) -> list[Rule]:
    """Some rules over an account, each about kinds, a name, a session, or all of it."""
    sessions = sorted({one.talk.id for one, _ in said})
    accounts = sorted({one.talk.account for one, _ in said})
    return [
        Rule(
            id=number * 1_000 + n + 1,
            account=chance.choice(accounts),
            kinds=chance.choice([None, frozenset(chance.sample(list(Kind), chance.randrange(1, 4)))]),
            named=chance.choice(PATTERNS),
            session=chance.choice([None, None, None, chance.choice(sessions)]),
            period=None if chance.random() < 0.05 else chance.choice(PERIODS),
        )
        for n in range(chance.randrange(6))
    ]


def _talk(of: Account, number: int, people: list[int], chance: random.Random) -> tuple[Talk, Facts]:
    session_type = "1:1" if number == 3 else chance.choice(["Group", "Group", ""])
    channel = None if number == 3 else chance.choice([None, 0, 1, 2, 3, 4, 5])
    name = "" if number == 3 else chance.choice(NAMES)
    session = Session.objects.create(
        account=of, zoom_id=f"s{number}", type=session_type, name=name,
        channel_id="" if channel is None else f"c{number}", first_seen_at=FIRST, last_seen_at=FIRST,
    )  # fmt: skip
    if channel is not None:
        Channel.objects.create(account=of, zoom_id=f"c{number}", type=channel, last_seen_at=FIRST)
    talk = Talk(session.pk, of.pk, is_direct=number == 3)
    SessionMember.objects.create(
        session=session, person_id=people[0], first_seen_at=FIRST, last_seen_at=FIRST
    )
    talk.named[people[0]] = (FIRST, FIRST)
    messages = Message.objects.bulk_create(
        Message(
            session=session,
            zoom_id=f"m{n}",
            sent_at=moment(chance),
            sent_at_is_doubtful=chance.random() < 0.1,
            sender_id=chance.choice([*people, None]),
        )
        for n in range(chance.randrange(1, 5))
    )
    talk.said = [Utterance(m.pk, talk, m.sender_id, m.sent_at, m.sent_at_is_doubtful) for m in messages]
    return talk, Facts(name, session_type == "1:1", session_type == "Group", channel)
