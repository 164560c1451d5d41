"""A hold against the purge, with two connections, 10,000 times: placed before, during and after the destruction.

Each round is a session with a hundred messages. One connection destroys them in small transactions, as a disposition
does; the other places a hold for every one of them in small transactions of its own: a third before the first goes, a
third while they are going, a third when it is over. Who of the two is ahead while they are going is settled for most
rounds. Right after it has placed a hold it looks whether its message is still there, in the same transaction: if it is,
it must be for ever.
"""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from archive import purge
from archive.models import Account, HoldFile, Message, Revision
from archive.purge import Refusal, Why
from compliance import holds
from compliance.models import Hold, Matter
from tests.archive import scenes
from tests.archive.disposition import zips
from tests.archive.disposition.conftest import DISPOSITION, Talk
from tests.archive.scenes import NOON, NOW

ROUNDS, MESSAGES = 100, 100
AT_ONCE = 10
"""Messages a transaction, of both."""
PATIENCE_SECONDS = 300
"""How long either waits for the other at most: only one that has failed does not come."""


class Ahead:
    """Who is ahead in a round: by turns whoever is quicker, the purge by half of its work, the holder by one transaction.

    Left to themselves, one of them may be ahead in every round of a run, which would then meet half of the cases only.
    """

    def __init__(self, number: int) -> None:
        self.half_gone, self.some_held = threading.Event(), threading.Event()
        if number % 3 != 1:
            self.half_gone.set()
        if number % 3 != 2:
            self.some_held.set()

    def wait_as_holder(self) -> None:
        assert self.half_gone.wait(PATIENCE_SECONDS)

    def wait_as_purge(self) -> None:
        assert self.some_held.wait(PATIENCE_SECONDS)


def matter_of(account: Account) -> Matter:
    return Matter.objects.create(
        account_id=account.pk, name="Inquiry 2026-114", reason="Letter of 1 November", request_key=uuid.uuid4(),
        opened_by_name="Ines", opened_at=NOON,
    )  # fmt: skip


def conversation(account: Account, number: int, *, people_there: int = MESSAGES) -> list[Message]:
    """A session in which a hundred people, or so many, say one thing each."""
    talk = Talk(scenes.conversation(f"s{number}", of=account))
    people = [{"sender": f"p{n}@example.com", "sender_member_id": f"m-{n}"} for n in range(people_there)]
    talk.offer(sent=[scenes.said("words", id=f"m{n}", by=people[n], minute=n) for n in range(people_there)])
    return list(Message.objects.filter(session_id=talk.session_id).order_by("pk"))


def place(matter: Matter, messages: Sequence[Message], ahead: Ahead | None = None) -> set[int]:
    """Hold what these people say there, and see which of their messages that holds."""
    found: set[int] = set()
    for first in range(0, len(messages), AT_ONCE):
        some = messages[first : first + AT_ONCE]
        with transaction.atomic():
            Hold.objects.bulk_create(
                Hold(
                    matter=matter, account_id=matter.account_id, person_id=one.sender_id, session_id=one.session_id,
                    covers_received=False, placed_at=NOW, placed_by_name="Ines",
                )
                for one in some
            )  # fmt: skip
            there = Revision.objects.filter(message_id__in=[one.pk for one in some])
            found |= set(there.values_list("message_id", flat=True))
        if ahead is not None:
            ahead.some_held.set()
    return found


def destroy_all(messages: Sequence[Message], ahead: Ahead) -> tuple[set[int], list[Refusal]]:
    """Batch after batch, each asking for the rules in force under their lock."""
    gone: set[int] = set()
    refused: list[Refusal] = []
    for first in range(0, len(messages), AT_ONCE):
        keys = [one.pk for one in messages[first : first + AT_ONCE]]
        with transaction.atomic():
            outcome = purge.destroy(keys, holds=holds.rules(lock=True), disposition=DISPOSITION, now=NOW)
        gone |= set(outcome.destroyed)
        refused += outcome.refused
        if len(gone) + len(refused) >= len(messages) / 2:
            ahead.half_gone.set()
    return gone, refused


@pytest.mark.slow
@pytest.mark.timeout(900)  # half a minute alone; once, beside browsers on a busy machine, over five
@pytest.mark.django_db(transaction=True)
def test_nothing_held_is_ever_lost_and_every_refusal_is_reported() -> None:
    """Whatever a hold found when it was placed is there at the end, refused by name; everything else is gone."""
    account, chance, met = scenes.account(), random.Random(6), Counter[str]()
    matter, begin, over = matter_of(account), threading.Barrier(2), threading.Barrier(2)

    def holder(
        ahead: Ahead, before: Sequence[Message], during: Sequence[Message], after: Sequence[Message]
    ) -> set[int]:
        try:
            found = place(matter, before)
            begin.wait(PATIENCE_SECONDS)
            ahead.wait_as_holder()
            amid = place(matter, during, ahead)
            over.wait(PATIENCE_SECONDS)
            too_late = place(matter, after)
        finally:
            connection.close()
        met.update(
            before=len(found),
            amid=len(amid),
            amid_late=len(during) - len(amid),
            after=len(after) - len(too_late),
        )
        return found | amid | too_late

    with ThreadPoolExecutor(1) as pool:
        for number in range(ROUNDS):
            messages = conversation(account, number)
            everyone = {one.pk for one in messages}
            mixed = chance.sample(messages, MESSAGES)
            ahead = Ahead(number)
            placing = pool.submit(holder, ahead, mixed[:33], mixed[33:67], mixed[67:])
            begin.wait(PATIENCE_SECONDS)
            ahead.wait_as_purge()
            gone, refused = destroy_all(messages, ahead)
            over.wait(PATIENCE_SECONDS)
            protected = placing.result(timeout=PATIENCE_SECONDS)
            there = set(Revision.objects.filter(message_id__in=everyone).values_list("message_id", flat=True))
            assert protected == there == everyone - gone
            assert {one.message_id for one in refused} == there
            rules = dict(Hold.objects.filter(released_at=None).values_list("person_id", "pk"))
            senders = {one.pk: one.sender_id for one in messages}
            for one in refused:
                assert (one.why, one.rules) == (Why.HELD, (rules[senders[one.message_id]],))
            Hold.objects.filter(released_at=None).update(released_at=NOW)
    assert met["before"] == 33 * ROUNDS
    assert met["amid"] > ROUNDS
    assert met["amid_late"] > ROUNDS
    assert met["after"] == 33 * ROUNDS


ZIP_ROUNDS, ZIPS = 15, 12


def place_on_zips(
    matter: Matter, zips_of: Sequence[tuple[HoldFile, Message]], ahead: Ahead | None = None
) -> set[int]:
    """Hold what each person says in the session of their zip, and see whether it was still here then."""
    found: set[int] = set()
    for zip_, message in zips_of:
        with transaction.atomic():
            Hold.objects.create(
                matter=matter, account_id=matter.account_id, person_id=message.sender_id,
                session_id=message.session_id, covers_received=False, placed_at=NOW, placed_by_name="Ines",
            )  # fmt: skip
            found |= set(HoldFile.objects.filter(pk=zip_.pk, blob__isnull=False).values_list("pk", flat=True))
        if ahead is not None:
            ahead.some_held.set()
    return found


def destroy_zips(
    zips_of: Sequence[tuple[HoldFile, Message]], matter: Matter, ahead: Ahead
) -> tuple[set[int], set[int]]:
    """One after the other, each asking for the rules in force under their lock; those gone and those held."""
    gone, held = set[int](), set[int]()
    for zip_, _ in zips_of:
        with transaction.atomic():
            outcome = purge.destroy_zip(
                zip_.pk, holds=holds.rules(lock=True), matter=matter.pk, statement={}, disposition=DISPOSITION,
                now=NOW,
            )  # fmt: skip
        (gone if outcome.why is None else held).add(zip_.pk)
        assert outcome.why in (None, Why.HELD)
        if len(gone) + len(held) >= len(zips_of) / 2:
            ahead.half_gone.set()
    return gone, held


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_no_zip_with_something_held_in_it_is_ever_lost(data: Path) -> None:
    """The same for zips of a released matter, 180 times: whatever was here when a hold was placed stays."""
    account, chance, met = scenes.account(), random.Random(7), Counter[str]()
    matter, released = matter_of(account), zips.matter_at_zoom(account)
    zips.release(released)
    begin, over = threading.Barrier(2), threading.Barrier(2)

    def holder(ahead: Ahead, parts: Sequence[Sequence[tuple[HoldFile, Message]]]) -> set[int]:
        try:
            found = place_on_zips(matter, parts[0])
            begin.wait(PATIENCE_SECONDS)
            ahead.wait_as_holder()
            amid = place_on_zips(matter, parts[1], ahead)
            over.wait(PATIENCE_SECONDS)
            late = place_on_zips(matter, parts[2])
        finally:
            connection.close()
        met.update(before=len(found), amid=len(amid), amid_late=len(parts[1]) - len(amid), after=len(late))
        return found | amid | late

    with ThreadPoolExecutor(1) as pool:
        for number in range(ZIP_ROUNDS):
            messages = conversation(account, number, people_there=ZIPS)
            there = [(zips.zipped(account, one, file_key=f"{one.pk}"), one) for one in messages]
            mixed, third = chance.sample(there, ZIPS), ZIPS // 3
            ahead = Ahead(number)
            parts = mixed[:third], mixed[third : 2 * third], mixed[2 * third :]
            placing = pool.submit(holder, ahead, parts)
            begin.wait(PATIENCE_SECONDS)
            ahead.wait_as_purge()
            gone, held = destroy_zips(there, released, ahead)
            over.wait(PATIENCE_SECONDS)
            protected = placing.result(timeout=PATIENCE_SECONDS)
            here = set(
                HoldFile.objects.filter(pk__in=[one.pk for one, _ in there], blob__isnull=False).values_list(
                    "pk", flat=True
                )
            )
            assert protected == here == held == {one.pk for one, _ in there} - gone
            Hold.objects.filter(released_at=None).update(released_at=NOW)
    assert (met["before"], met["after"]) == (ZIPS // 3 * ZIP_ROUNDS, 0)
    assert met["amid"] > 0
    assert met["amid_late"] > 0
