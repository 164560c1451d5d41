"""Any number of workers at once: no deadlock, nothing double, the log without a hole."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from archive import ingest
from archive.models import Leaf, Message, Observation, Person, Revision, Window
from tests.archive.scenes import INES, NOW, account, conversation, month_of, page, said, session_list

pytestmark = pytest.mark.django_db(transaction=True)
CAST = 30
WORKERS = 6


def speaker(number: int, *, nickname: int = 0) -> dict[str, str]:
    return {
        "sender": f"p{number}@example.com",
        "sender_member_id": f"m-{number}",
        "sender_display_name": f"Person {number}" + " II" * nickname,
    }


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run jobs in threads, each with a connection of its own; the first error is raised."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, jobs))


def test_workers_on_many_sessions_meet_on_the_same_people() -> None:
    """Everyone speaks everywhere, in another order each time, known before by address only."""
    held_by = account()
    pairs = [{"id": f"d{n}", "type": "1:1", "member_emails": [f"p{n}@example.com"]} for n in range(CAST)]
    windows = [conversation(f"s{n}", of=held_by) for n in range(8)]
    chance = random.Random(7)
    jobs: list[Callable[[], object]] = []
    for number in range(4):
        for window in windows:
            cast = chance.sample(range(CAST), CAST)
            offered = page(
                [
                    said("x", id=f"{number}-{p}", by=speaker(p, nickname=number % 2), minute=number)
                    for p in cast
                ]
            )
            jobs.append(partial(ingest.message_page, offered, window=window, pull=1, now=NOW))
        listed = session_list(chance.sample(pairs, CAST))
        jobs.append(partial(ingest.session_page, listed, window=month_of(held_by), pull=1, now=NOW))
    at_once(jobs)
    assert Person.objects.count() == CAST
    assert Message.objects.count() == Revision.objects.count() == 4 * 8 * CAST
    indexes = list(Leaf.objects.values_list("index", flat=True))
    assert indexes == list(range(len(indexes)))


@pytest.mark.parametrize("seed", range(3))
def test_workers_give_ids_to_people_others_lean_on(seed: int) -> None:
    """Some change people's keys while others refer to them: nobody waits for someone who waits for them."""
    held_by = account()
    chance = random.Random(seed)
    windows = [conversation(f"s{n}", of=held_by) for n in range(20)]
    everyone = page([said("x", id=str(n), by=speaker(n)) for n in chance.sample(range(4 * CAST), 4 * CAST)])
    ingest.message_page(everyone, window=windows[0], pull=1, now=NOW)
    jobs: list[Callable[[], object]] = []
    for number, window in enumerate(windows):
        cast = chance.sample(range(4 * CAST), 3 * CAST)
        offered = page([said("x", id=str(n), by=speaker(n)) for n in cast])
        jobs.append(partial(ingest.message_page, offered, window=window, pull=1, now=NOW))
        contacts = [
            (f"u-{n}", b'{"id":"u-%d","member_id":"m-%d"}' % (n, n)) for n in cast[number :: len(windows)]
        ]
        kind = Observation.Kind.CONTACT
        jobs.append(partial(ingest.observations, account=held_by, kind=kind, items=contacts, now=NOW))
    at_once(jobs)
    assert Person.objects.count() == 4 * CAST
    assert Person.objects.exclude(user_id=None).exists()


def test_workers_on_one_session_pull_the_same_pages() -> None:
    """Two claims of one window, a sweep beside it: every record once, every offer counted."""
    window = conversation()
    offered = [page([said("x", id=f"{n}-{m}", by=speaker(m)) for m in range(20)], number=n) for n in range(5)]
    edits = page(edited=[said("y", id=f"{n}-{m}", by=speaker(m)) for m in range(20) for n in range(5)])
    jobs: list[Callable[[], object]] = []
    for pull in range(3):
        for one in [*offered, edits]:
            jobs.append(partial(ingest.message_page, one, window=_again(window), pull=pull, now=NOW))
    counted = at_once(jobs)
    total = sum((c.total for c in counted if isinstance(c, ingest.PageCounts)), ingest.DayAccount())
    assert total == ingest.DayAccount(archived=200, duplicate=400)
    assert (Message.objects.count(), Revision.objects.count()) == (100, 200)


def test_contacts_and_activities_arrive_beside_messages() -> None:
    """The same people from four sides at once are one person each."""
    held_by = account()
    window = conversation("s", of=held_by)
    jobs: list[Callable[[], object]] = []
    for n in range(CAST):
        contact = b'{"id":"u-%d","member_id":"m-%d","email":"p%d@example.com","display_name":"P"}' % (n, n, n)
        joined = (
            b'{"channel_id":"c","activity_timestamp":1793620800000,"members":{"member_status":"join",'
            b'"member_list":[{"user_id":"u-%d","member_id":"m-%d","display_name":"P"}]}}' % (n, n)
        )
        words = page([said("x", id=f"{n}", by=speaker(n)), said("y", id=f"i{n}", by=INES)])
        observe = partial(ingest.observation, account=held_by, now=NOW)
        jobs.append(partial(observe, kind=Observation.Kind.CONTACT, subject=f"u-{n}", raw=contact))
        jobs.append(partial(observe, kind=Observation.Kind.ACTIVITY, subject="c", raw=joined))
        jobs.append(partial(ingest.message_page, words, window=_again(window), pull=1, now=NOW))
    at_once(jobs)
    assert Person.objects.exclude(member_id="m-ines").count() == CAST
    assert Person.objects.exclude(member_id="m-ines").filter(user_id=None).count() == 0


def _again(window: Window) -> Window:
    return Window.objects.select_related("session").get(pk=window.pk)
