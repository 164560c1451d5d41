"""What may be destroyed, decided with two connections: nothing that is held can slip through in between."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from archive import holding
from archive.models import Membership, Message, SessionMember
from compliance import holds
from compliance.models import Hold
from tests.archive import scenes
from tests.archive.scenes import NOON, NOW
from tests.compliance.holds.conftest import Office
from tests.waiting import is_waited_for, wait_until

DAY = timedelta(days=1)
IMPATIENT = "200ms"


@pytest.mark.django_db
def test_what_nothing_holds_may_go(office: Office) -> None:
    """Of three messages the one that is held stays; one that does not exist is not let go either."""
    office.step("left", NOON)
    held, first, second = office.say(NOON - DAY), office.say(NOON + DAY), office.say(NOON + 2 * DAY)
    office.hold(office.open_matter())
    assert holds.may_go([held.pk, first.pk, second.pk, 10**9]) == {first.pk, second.pk}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_decided(office: Office) -> None:
    """A lock that ends with the question would protect nothing."""
    message = office.say(NOON)
    with pytest.raises(transaction.TransactionManagementError):
        holds.may_go([message.pk])
    with pytest.raises(RuntimeError, match="READ COMMITTED"):
        holding.may_go([message.pk], rules=[])


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_sees_only_the_past_decides_nothing(office: Office) -> None:
    """In REPEATABLE READ a hold committed after its first statement would be invisible."""
    message = office.say(NOON)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(RuntimeError, match="READ COMMITTED"):
            holds.may_go([message.pk])


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[Callable[[Callable[[], object]], object]]:
    """Do something in another connection, in a transaction that does not wait long for a lock."""

    def do(deed: Callable[[], object]) -> object:
        def in_a_thread() -> object:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{IMPATIENT}'")
                    return deed()
            finally:
                connection.close()

        return pool.submit(in_a_thread).result()

    with ThreadPoolExecutor(1) as pool:
        yield do


def _places_a_hold(office: Office, message: Message) -> None:
    office.hold(Hold.objects.get().matter, session_id=office.session.pk)


def _ends_a_hold(office: Office, message: Message) -> None:
    Hold.objects.update(released_at=NOW)


def _learns_of_a_join(office: Office, message: Message) -> None:
    Membership.objects.create(channel=office.channel, person=office.olu, action="joined", at=NOON - 9 * DAY)


def _learns_of_a_member(office: Office, message: Message) -> None:
    SessionMember.objects.create(
        session=office.session, person=office.olu, first_seen_at=NOON, last_seen_at=NOON
    )


def _stores_a_message(office: Office, message: Message) -> None:
    Message.objects.create(session=office.session, zoom_id="new", sent_at=NOON, sender=office.olu)


def _destroys_too(office: Office, message: Message) -> None:
    holds.may_go([message.pk])


DEEDS = [
    _places_a_hold,
    _ends_a_hold,
    _learns_of_a_join,
    _learns_of_a_member,
    _stores_a_message,
    _destroys_too,
]


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_that_could_hold_a_message_happens_while_it_is_destroyed(
    office: Office,
    elsewhere: Callable[[Callable[[], object]], object],
    deed: Callable[[Office, Message], None],
) -> None:
    """Once it was decided that a message may go, whatever would make it held waits until it is gone."""
    message = office.say(NOON)
    office.hold(office.open_matter(), since=NOON + 9 * DAY)
    with transaction.atomic():
        assert holds.may_go([message.pk]) == {message.pk}
        with pytest.raises(OperationalError, match="lock timeout"):
            elsewhere(lambda: deed(office, message))
    elsewhere(lambda: deed(office, message))


def test_whoever_destroys_waits_for_a_hold_that_is_being_placed(
    office: Office, transactional_db: None
) -> None:
    """A hold written and not yet committed: the decision waits for it, and then sees it."""
    message = office.say(NOON)
    matter = office.open_matter()
    decided: list[frozenset[int]] = []
    asked = threading.Event()

    def destroy() -> None:
        try:
            with transaction.atomic():
                asked.set()
                decided.append(holds.may_go([message.pk]))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            office.hold(matter, session_id=office.session.pk)
            done = pool.submit(destroy)
            assert asked.wait(120)
            wait_until(is_waited_for)
            assert decided == []
        done.result()
    assert decided == [frozenset()]


def test_reading_and_other_sessions_go_on_meanwhile(
    office: Office, elsewhere: Callable[[Callable[[], object]], object]
) -> None:
    """While one message is destroyed, pages are read, and what is said elsewhere is stored."""
    message = office.say(NOON)
    other = scenes.conversation("elsewhere", of=office.account).session
    assert other is not None
    with transaction.atomic():
        holds.may_go([message.pk])
        assert elsewhere(lambda: holds.held([message.pk])) == frozenset()
        elsewhere(lambda: Message.objects.create(session=other, zoom_id="x", sent_at=NOON))
    assert Message.objects.count() == 2
