"""Holds against a disposition that two people approved, 2,000 times: every refusal is an event, and so a leaf of the log.

The whole way: put together, approved, cooled off, carried out by the worker in parts of ten; another connection places a
hold for every message, a third before the first part, a third while the parts of its session go, a third when all is over.
In every third session the worker waits in the middle until some are placed: otherwise it might be ahead in all of them.
"""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings

from archive.models import Account, Leaf, Message, Revision
from compliance.disposition import executing, gathering
from compliance.models import AuditEvent, Disposition, Hold
from tests.archive import scenes
from tests.archive.disposition.test_hold_against_purge import (
    AT_ONCE,
    MESSAGES,
    conversation,
    matter_of,
    place,
)
from tests.compliance import world
from tests.compliance.disposition.test_disposing import LATER, approved, gather

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SESSIONS = 20
PARTS = MESSAGES // AT_ONCE
"""Of a session."""
COOL = LATER + timedelta(days=4)


@pytest.fixture
def decided(mei: User, ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disposition:
    """A hundred people say one thing each in 20 sessions; all of it due, approved, cooled off, in parts of ten."""
    monkeypatch.setattr(gathering, "SIZE", AT_ONCE)
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        of = scenes.account()
        for number in range(SESSIONS):
            conversation(of, number)
        world.keeping_rule(amount=1)
        row = gather(of.pk, by=mei)
        approved(row, by=mei, second=ines)
    return row


def test_every_refusal_is_a_leaf_of_the_log(decided: Disposition) -> None:
    """What a hold found when it was placed is there at the end, refused by name in an event with its leaf; the rest is gone."""
    account, chance, met = Account.objects.get(), random.Random(31), Counter[str]()
    matter, begin, over = matter_of(account), threading.Barrier(2), threading.Barrier(2)
    parts, placed, looks = threading.Semaphore(0), threading.Semaphore(0), count()
    every = list(Message.objects.order_by("session_id", "sent_at", "pk"))
    mixed = [chance.sample(every[at : at + MESSAGES], MESSAGES) for at in range(0, len(every), MESSAGES)]

    def keep_pace(session: int, during: Sequence[Message]) -> set[int]:
        """All of a session's in the time in which the worker takes up its ten parts."""
        found: set[int] = set()
        for wait, first in zip((3, 3, 2, 2), range(0, len(during), AT_ONCE), strict=True):
            assert all(parts.acquire(timeout=120) for _ in range(wait))
            found |= place(matter, during[first : first + AT_ONCE])
            if session % 3 == 0 and first == AT_ONCE:
                placed.release()
        return found

    def holder() -> set[int]:
        try:
            found = place(matter, [one for theirs in mixed for one in theirs[:33]])
            met["before"] = len(found)
            begin.wait(120)
            for session, theirs in enumerate(mixed):
                amid = keep_pace(session, theirs[33:67])
                met.update(amid=len(amid), amid_late=34 - len(amid))
                found |= amid
            over.wait(300)
            late = place(matter, [one for theirs in mixed for one in theirs[67:]])
            met["after"] = len(late)
            return found | late
        finally:
            connection.close()

    def clock() -> datetime:
        """Looked at for the claim, and then before each part, outside of its transaction."""
        parts.release()
        session, part = divmod(next(looks), PARTS)
        if session % 3 == 0 and part == 6:
            assert placed.acquire(timeout=120)
        return COOL

    with ThreadPoolExecutor(1) as pool:
        placing = pool.submit(holder)
        begin.wait(120)
        while executing.carry_out_next(clock=clock):
            pass
        over.wait(300)
        protected = placing.result()
    decided.refresh_from_db()
    there = set(Revision.objects.values_list("message_id", flat=True))
    assert protected == there
    assert (decided.state, decided.refused, decided.destroyed) == (
        "done",
        len(there),
        len(every) - len(there),
    )
    refused_in_the_log(there, every, decided)
    assert met["before"] == 33 * SESSIONS
    assert min(met["amid"], met["amid_late"]) > SESSIONS, met
    assert met["after"] == 0


def refused_in_the_log(there: set[int], every: Sequence[Message], row: Disposition) -> None:
    """One event for each message that stayed, by the hold it was refused by, and one leaf for each event."""
    rules = {(one.session_id, one.person_id): one.pk for one in Hold.objects.all()}
    by_hold = {f"message/{one.pk}": rules[one.session_id, one.sender_id] for one in every if one.pk in there}
    events = list(AuditEvent.objects.filter(action="refused", details__disposition=row.pk))
    assert len(events) == len(there)
    assert {one.subject: one.details["holds"] for one in events} == {
        key: [hold] for key, hold in by_hold.items()
    }
    assert {one.details["why"] for one in events} == {"a hold covers it"}
    leaves = Leaf.objects.filter(kind=Leaf.Kind.AUDIT, subject_id__in=[one.pk for one in events])
    assert leaves.count() == len(events)
