"""Appending to the log: gapless, in order, in the caller's transaction, from any number of writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction

from archive import log
from archive.models import Leaf

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def entries(first: int, count: int) -> list[log.Entry]:
    return [
        log.Entry(Leaf.Kind.PAGE, subject, bytes([subject % 256]) * 32)
        for subject in range(first, first + count)
    ]


@pytest.mark.django_db
def test_leaves_are_numbered_from_zero_without_a_hole() -> None:
    """The log says where a batch begins and keeps its order."""
    assert log.append(entries(1, 3), now=NOON) == 0
    assert log.append(entries(4, 2), now=NOON) == 3
    assert list(Leaf.objects.values_list("index", "subject_id")) == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    assert bytes(Leaf.objects.get(index=4).commitment) == bytes([5]) * 32
    assert Leaf.objects.get(index=4).at == NOON
    assert log.size() == 5


@pytest.mark.django_db
def test_an_empty_batch_appends_nothing() -> None:
    """Nothing to say leaves the log as it is."""
    assert log.append([], now=NOON) == 0
    assert log.size() == 0


@pytest.mark.django_db(transaction=True)
def test_a_leaf_outside_a_transaction_is_refused() -> None:
    """A leaf without the row it commits to would be a lie."""
    with pytest.raises(transaction.TransactionManagementError, match=r"transaction\.atomic"):
        log.append(entries(1, 1), now=NOON)


@pytest.mark.django_db
def test_a_short_commitment_is_refused() -> None:
    """Thirty-two bytes, or it is no commitment."""
    with pytest.raises(ValueError, match="32 bytes"):
        log.append([log.Entry(Leaf.Kind.PAGE, 1, b"short")], now=NOON)


@pytest.mark.django_db
def test_a_row_has_one_leaf() -> None:
    """A second leaf for the same row is refused by the database."""
    log.append(entries(1, 1), now=NOON)
    with pytest.raises(IntegrityError, match="leaf_once"), transaction.atomic():
        log.append(entries(1, 1), now=NOON)


@pytest.mark.django_db
def test_the_application_cannot_write_a_leaf_around_the_log() -> None:
    """Only the function that numbers leaves may add one."""
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Leaf.objects.create(index=7, kind=1, subject_id=1, at=NOON, commitment=bytes(32))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_append_leaves_no_hole() -> None:
    """A number is only taken by a transaction that commits."""
    with transaction.atomic():
        log.append(entries(1, 5), now=NOON)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert log.append(entries(1, 1), now=NOON) == 0


@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_hole_and_no_double() -> None:
    """Each batch is whole and in order, whoever else was writing."""

    def write(writer: int) -> list[int]:
        try:
            firsts = []
            for batch in range(12):
                with transaction.atomic():
                    firsts.append(log.append(entries(writer * 1000 + batch * 7, 7), now=NOON))
            return firsts
        finally:
            connection.close()

    close_old_connections()
    with ThreadPoolExecutor(8) as pool:
        firsts = sorted(first for done in pool.map(write, range(8)) for first in done)
    assert firsts == list(range(0, 8 * 12 * 7, 7))
    indexes = list(Leaf.objects.values_list("index", flat=True))
    assert indexes == list(range(8 * 12 * 7))
    for first in firsts:
        batch = list(Leaf.objects.filter(index__gte=first)[:7].values_list("subject_id", flat=True))
        assert batch == list(range(batch[0], batch[0] + 7))
