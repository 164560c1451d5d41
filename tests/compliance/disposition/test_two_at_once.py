"""A hold placed between approval and execution wins, with two connections at the same time."""

import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import override_settings

from archive.models import Account, Revision, Session
from compliance.disposition import executing
from compliance.models import AuditEvent, Disposition, Hold, Matter
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.disposition.test_disposing import LATER, approved, gather
from tests.waiting import is_waited_for, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = 60


@pytest.fixture
def decided(mei: User, ines: User, tmp_path: Path) -> Disposition:
    """A message in each of many sessions, due, approved and cooled off."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        of = scenes.account()
        for number in range(SESSIONS):
            window = scenes.conversation(f"s{number}", of=of)
            world.captured(window, [scenes.said("words", id=f"m{number}")])
        world.keeping_rule(amount=1)
        row = gather(of.pk, by=mei)
        approved(row, by=mei, second=ines)
    return row


def elsewhere(deed: Callable[[], None]) -> None:
    """In a connection of its own."""
    try:
        deed()
    finally:
        connection.close()


def matter_of(account: Account) -> Matter:
    return Matter.objects.create(
        account_id=account.pk, name="Inquiry", reason="r", request_key=uuid.uuid4(), opened_by_name="Ines",
        opened_at=LATER,
    )  # fmt: skip


def place(matter: Matter, session: Session) -> bool:
    """Place a hold on a session; whether what was said there was still there in the transaction that placed it."""
    with transaction.atomic():
        Hold.objects.create(
            matter=matter, account_id=matter.account_id, session_id=session.pk, covers_received=True,
            placed_at=LATER, placed_by_name="Ines",
        )  # fmt: skip
        return Revision.objects.filter(message__session=session).exists()


def run() -> None:
    while executing.carry_out_next(clock=lambda: LATER + timedelta(days=4)):
        pass


def test_holds_placed_while_it_runs_lose_nothing(decided: Disposition) -> None:
    """Two hands place holds on half of the sessions in any order while the worker destroys; what was there stays."""
    matter = matter_of(Account.objects.get())
    sessions = list(Session.objects.order_by("pk"))
    chosen = random.Random(3).sample(sessions, SESSIONS // 2)
    was_there: dict[int, bool] = {}

    def hands(mine: list[Session]) -> None:
        for session in mine:
            was_there[session.pk] = place(matter, session)

    with ThreadPoolExecutor(3) as pool:
        deeds = [
            pool.submit(elsewhere, lambda: hands(chosen[::2])),
            pool.submit(elsewhere, lambda: hands(chosen[1::2])),
            pool.submit(elsewhere, run),
        ]
        for deed in deeds:
            deed.result()
    decided.refresh_from_db()
    kept = set(Revision.objects.values_list("message__session_id", flat=True))
    assert {key for key, there in was_there.items() if there} == kept
    assert decided.destroyed == SESSIONS - len(kept)
    assert decided.refused == len(kept)
    refused = AuditEvent.objects.filter(action="refused", details__why="a hold covers it")
    assert refused.count() == len(kept)


def test_whoever_destroys_waits_for_a_hold_that_is_being_placed(decided: Disposition) -> None:
    """Written and not yet committed when the worker begins: it waits, sees it, and refuses."""
    matter = matter_of(Account.objects.get())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Hold.objects.create(
                matter=matter, account_id=matter.account_id, covers_received=True, placed_at=LATER,
                placed_by_name="Ines",
            )  # fmt: skip
            working = pool.submit(elsewhere, run)
            wait_until(is_waited_for)
        working.result()
    decided.refresh_from_db()
    assert (decided.destroyed, decided.refused) == (0, SESSIONS)
    assert Revision.objects.count() == SESSIONS
