"""How long it takes to know what is held, with hundreds of matters over millions of messages.

500 people talk in 2,000 sessions over a year, each in about fifty; channels have joins and leaves, and one in five
members left during the year. 500 matters hold ten custodians each, with what they received. Times are medians of warm
runs, through the functions that pages and purge call. In a database of its own; for the real thing:
`python -m benchmarks holds --messages 5000000`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client

from archive import explaining, held_pieces, holding, taking_part
from archive import log as archive_log
from archive.models import Account, Channel, Membership, Person, Session, SessionMember
from benchmarks import _record, _texts
from compliance import holds, losing, tallying
from compliance.models import Custodian, Hold, Matter, MatterMember, PreservedCount
from compliance.permissions import Role

MATTERS = 500
CUSTODIANS = 10
MANY = 10_000
YEAR = timedelta(days=365)
Figures = dict[str, float]


def run(*, messages: int = 200_000) -> Figures:
    """Milliseconds of each question; needs an empty, migrated database."""
    _record.load(_texts.texts(messages), messages=messages, only_members_speak=True)
    _join_and_leave()
    matters = _open_matters()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures: Figures = {"rules in force": len(holds.rules())}
    return figures | _questions(messages) | _tallies(matters) | _pages(messages, matters[0])


def _join_and_leave() -> None:
    """Channels with a join of every member and a leave of one in five, as Zoom's history gives them."""
    chance = random.Random(4)
    account = Account.objects.get()
    groups = {session.pk: session for session in Session.objects.filter(type=Session.Type.GROUP)}
    channels = {
        channel.zoom_id: channel
        for channel in Channel.objects.bulk_create(
            Channel(account=account, zoom_id=session.channel_id, last_seen_at=_record.START)
            for session in groups.values()
        )
    }
    steps = []
    for member in SessionMember.objects.filter(session_id__in=groups):
        channel = channels[groups[member.session_id].channel_id]
        at = _record.START - YEAR + 2 * YEAR * chance.random() * 0.6
        steps.append(Membership(channel=channel, person_id=member.person_id, action="joined", at=at))
        if chance.random() < 0.2:
            left = at + YEAR * chance.random()
            steps.append(Membership(channel=channel, person_id=member.person_id, action="left", at=left))
    Membership.objects.bulk_create(steps, batch_size=5_000)
    SessionMember.objects.filter(session_id__in=groups).delete()


def _open_matters() -> list[Matter]:
    chance = random.Random(5)
    account, people = Account.objects.get(), list(Person.objects.order_by("pk"))
    opened = Matter.objects.bulk_create(
        Matter(
            account_id=account.pk,
            name=f"matter {n}",
            reason="a benchmark",
            request_key=uuid.uuid4(),
            opened_by_name="the benchmark",
            opened_at=_record.START,
        )
        for n in range(MATTERS)
    )
    custodians = Custodian.objects.bulk_create(
        Custodian(
            matter=matter, person_id=person.pk, name=str(person), added_at=_record.START, added_by_name=""
        )
        for matter in opened
        for person in chance.sample(people, CUSTODIANS)
    )
    Hold.objects.bulk_create(
        Hold(
            matter=custodian.matter,
            custodian=custodian,
            account_id=account.pk,
            person_id=custodian.person_id,
            covers_received=True,
            since=chance.choice([None, _record.START + YEAR * chance.random() / 2]),
            placed_at=_record.START,
            placed_by_name="",
        )
        for custodian in custodians
    )
    return opened


def _questions(messages: int) -> Figures:
    chance = random.Random(6)
    rules = holds.rules()
    some = [chance.randrange(1, messages + 1) for _ in range(MANY)]
    of_one_session = _ids_of_the_largest_session()
    ten = [rule.person for rule in rules[:CUSTODIANS] if rule.person is not None]
    answer = holding.covering(some, rules=rules)

    def destroy() -> None:
        with transaction.atomic():
            holds.may_go(of_one_session)

    return {
        "reading the rules, ms": _ms(holds.rules),
        "explaining one message, ms": _ms(lambda: explaining.explain(chance.choice(some), rules=rules)),
        f"which rules hold which of {len(some):,}, ms": _ms(lambda: holding.covering(some, rules=rules), 5),
        "… pairs of a message and a rule": sum(map(len, answer.values())),
        "marking a page of 100, ms": _ms(lambda: holds.held(of_one_session[:100])),
        f"may {len(of_one_session):,} of a session go, ms": _ms(destroy, 5),
        "when ten custodians took part, ms": _ms(lambda: taking_part.anywhere(people=ten)),
        "pieces of a matter, ms": _ms(lambda: held_pieces.of(rules[:CUSTODIANS])),
        "pieces of all matters, ms": _ms(lambda: held_pieces.of(rules), 3),
    }


def _tallies(matters: list[Matter]) -> Figures:
    """Counting one matter from nothing; again after a day's messages in some sessions; and what its release would lose."""
    tallying.plan(now=_now())
    first = matters[0].pk
    PreservedCount.objects.exclude(matter_id=first).update(not_before=_now() + YEAR)
    whole = _s(lambda: tallying.count_next(clock=_now))
    counted = PreservedCount.objects.get(matter_id=first)
    size = archive_log.size()
    PreservedCount.objects.filter(matter_id=first).update(
        state="due", not_before=_now(), complete_to=size - min(size, 10_000)
    )
    again = _s(lambda: tallying.count_next(clock=_now))
    changed = PreservedCount.objects.get(matter_id=first)
    lost = losing.of_matter(first)
    return {
        f"counting a matter of {counted.messages:,} messages in {counted.total:,} sessions, s": whole,
        f"… again after 10,000 new ones, {changed.total:,} sessions, s": again,
        "planning counts of all matters, ms": _ms(lambda: tallying.plan(now=_now())),
        f"what its release would lose: {lost.messages:,} messages, s": _s(lambda: losing.of_matter(first)),
    }


def _pages(messages: int, matter: Matter) -> Figures:
    """Pages of the console from the request to the last byte, without a network."""
    user = User.objects.create_user("bench", "bench@acme.example", "never signs in")
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    MatterMember.objects.create(matter=matter, user=user, added_at=_record.START, added_by_name="")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    session_id = Session.objects.order_by("pk")[0].pk
    number = f"/matters/{matter.pk}/"
    return {
        "page of a matter, ms": _ms(lambda: _get(client, number)),
        "page of what it preserves, ms": _ms(lambda: _get(client, f"{number}preserved/")),
        "page of matters, ms": _ms(lambda: _get(client, "/matters/")),
        "page of a message, ms": _ms(lambda: _get(client, f"/messages/{messages // 2}/")),
        "page of a conversation, ms": _ms(lambda: _get(client, f"/sessions/{session_id}/")),
    }


def _ids_of_the_largest_session() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM archive_message WHERE session_id ="
            " (SELECT session_id FROM archive_message GROUP BY session_id ORDER BY count(*) DESC LIMIT 1) LIMIT %s",
            [MANY],
        )
        return [message_id for (message_id,) in cursor.fetchall()]


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _ms(step: Callable[[], object], runs: int = 9) -> float:
    """The median of some runs, after one that warms up."""
    step()
    times = []
    for _ in range(runs):
        begun = perf_counter()
        step()
        times.append(1_000 * (perf_counter() - begun))
    return median(times)


def _s(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun


def _now() -> datetime:
    return datetime.now(UTC)
