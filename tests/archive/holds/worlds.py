"""Generated archives: people who join, leave and speak, with records that are missing or contradict each other."""

import random
from datetime import UTC, datetime, timedelta

from archive.holding import Rule
from archive.models import Account, Channel, Membership, Message, Person, Session, SessionMember
from tests.archive.holds.oracle import Talk, Utterance

DAWN = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = 24
"""Few moments, so that joining, leaving, speaking and the ends of rules often fall on the same one."""


def moment(chance: random.Random) -> datetime:
    return DAWN + timedelta(hours=chance.randrange(HOURS))


def account(name: str) -> Account:
    return Account.objects.create(
        zoom_account_id=name, name=name, client_id="c", sealed_client_secret=b"", connected_at=DAWN
    )


def generated(number: int, chance: random.Random) -> tuple[list[Talk], list[Rule]]:
    """One account's sessions with all that is recorded of them, in the database and in memory; and rules over it."""
    of = account(f"world {number}")
    people = [
        p.pk
        for p in Person.objects.bulk_create(Person(account=of, member_id=f"{number}-{n}") for n in range(5))
    ]
    talks = [_talk(of, n, people, chance) for n in range(4)]
    rules = [_rule(number * 1_000 + n + 1, of.pk, people, talks, chance) for n in range(100)]
    return talks, rules


def _talk(of: Account, number: int, people: list[int], chance: random.Random) -> Talk:
    is_direct = number == 3
    session = Session.objects.create(
        account=of, zoom_id=f"s{number}", type="1:1" if is_direct else "Group",
        channel_id="" if number == 2 else f"c{number}", first_seen_at=DAWN, last_seen_at=DAWN,
    )  # fmt: skip
    talk = Talk(session.pk, of.pk, is_direct=is_direct)
    if session.channel_id != "":
        _steps(of, session, talk, people, chance)
    for person in chance.sample(people, 2 if is_direct else chance.randrange(3)):
        seen = sorted((moment(chance), moment(chance)))
        talk.named[person] = (seen[0], seen[1])
        SessionMember.objects.create(
            session=session, person_id=person, first_seen_at=seen[0], last_seen_at=seen[1]
        )
    messages = Message.objects.bulk_create(
        Message(
            session=session,
            zoom_id=f"m{n}",
            sent_at=moment(chance),
            sent_at_is_doubtful=chance.random() < 0.1,
            sender_id=chance.choice([*people[:3], None]),
        )
        for n in range(chance.randrange(8))
    )
    talk.said = [Utterance(m.pk, talk, m.sender_id, m.sent_at, m.sent_at_is_doubtful) for m in messages]
    return talk


def _steps(of: Account, session: Session, talk: Talk, people: list[int], chance: random.Random) -> None:
    channel = Channel.objects.create(account=of, zoom_id=session.channel_id, last_seen_at=DAWN)
    steps = {
        (chance.choice(people[1:]), chance.choice(["joined", "left"]), moment(chance))
        for _ in range(chance.randrange(14))
    }
    talk.steps = sorted(steps)
    Membership.objects.bulk_create(
        Membership(channel=channel, person_id=person, action=action, at=at)
        for person, action, at in talk.steps
    )


def _rule(key: int, of: int, people: list[int], talks: list[Talk], chance: random.Random) -> Rule:
    since, until = chance.choice([None, moment(chance)]), chance.choice([None, moment(chance)])
    if since is not None and until is not None and until <= since:
        until = None
    return Rule(
        id=key,
        account=of,
        person=chance.choice([*people, None]),
        session=chance.choice([None, None, chance.choice(talks).id]),
        covers_received=chance.random() < 0.7,
        since=since,
        until=until,
    )
