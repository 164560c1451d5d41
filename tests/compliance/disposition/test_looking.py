"""Looking what stands in the way of a request for erasure: this one at once, for two seconds, then behind the page."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from archive.models import Account, Person
from compliance.disposition import erasures, looking
from compliance.models import Erasure
from tests.archive.scenes import NOW
from tests.compliance.conftest import As
from tests.compliance.disposition.test_erasures import wanted


@pytest.fixture
def person(account: Account) -> Person:
    """Ines, who said something in two sessions."""
    return Person.objects.get(member_id="m-ines", account=account)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted while somebody waits."""
    monkeypatch.setattr(looking, "PATIENCE", timedelta(0))


def test_what_takes_long_is_left_to_a_worker(person: Person, mei: User, slow: None, as_person: As) -> None:
    """Taken at once with nothing counted, and the page says so with a bar, which goes when the worker is through."""
    row = erasures.take(wanted=wanted(person), by=mei, now=NOW)
    assert (row.state, row.free, row.claim) == ("taken", None, None)
    browser, address = as_person(mei), f"/disposition/erasures/{row.pk}/"
    page = browser.get(address).content.decode()
    assert "Waits to be looked at" in page
    assert "no hold stands in the way" not in page
    assert "HX-Refresh" not in browser.get(f"{address}progress/").headers
    while looking.look_next(clock=timezone.now):
        pass
    row.refresh_from_db()
    assert row.state == "ready"
    assert (row.done, row.total) == (2, 2)
    assert browser.get(f"{address}progress/").headers["HX-Refresh"] == "true"
    assert "Waits to be looked at" not in browser.get(address).content.decode()


def test_looking_again_takes_as_long(person: Person, mei: User, slow: None) -> None:
    """What was known stays until it is counted anew."""
    row = erasures.take(wanted=wanted(person), by=mei, now=NOW)
    looking.look_next(clock=lambda: NOW)
    known = Erasure.objects.get(pk=row.pk).free
    later = NOW + timedelta(minutes=5)
    seen = erasures.look_now(erasure_id=row.pk, by=mei, now=later)
    assert (seen.free, seen.looked_at, seen.not_before) == (known, NOW, later)
    assert looking.look_next(clock=lambda: later)
    assert Erasure.objects.get(pk=row.pk).looked_at == later


def test_only_the_one_that_is_asked_for_is_looked_at(person: Person, mei: User) -> None:
    """An older one that has been due for long waits for the clock: neither taking nor looking works it off."""
    old = erasures.take(wanted=wanted(person), by=mei, now=NOW)
    later = NOW + timedelta(days=2)
    new = erasures.take(wanted=wanted(person), by=mei, now=later)
    assert (new.state, new.looked_at) == ("ready", later)
    assert new.free is not None
    assert new.free > 0
    erasures.look_now(erasure_id=new.pk, by=mei, now=later + timedelta(minutes=1))
    old.refresh_from_db()
    assert old.looked_at == NOW


def test_how_far_it_is_while_it_is_looked_at(person: Person, mei: User, slow: None) -> None:
    """The row says how many of how many sessions, and the claim is renewed."""
    row = erasures.take(wanted=wanted(person), by=mei, now=NOW)
    told: list[int] = []

    def clock() -> datetime:
        told.append(Erasure.objects.get(pk=row.pk).total)
        return NOW + timedelta(seconds=len(told))

    looking.look_next(clock=clock)
    row.refresh_from_db()
    assert len(told) >= 2
    assert row.total == 2
    assert row.claimed_at is not None
    assert row.claimed_at > NOW + timedelta(seconds=1)


def test_what_is_withdrawn_while_it_is_looked_at_stays_withdrawn(
    person: Person, mei: User, slow: None
) -> None:
    """Nobody waits for the count to withdraw it, and what was counted is written nowhere."""
    row = erasures.take(wanted=wanted(person), by=mei, now=NOW)
    looks = [0]

    def clock() -> datetime:
        looks[0] += 1
        if looks[0] == 2:
            erasures.withdraw(erasure_id=row.pk, reason="Taken back.", by=mei, now=NOW)
        return NOW

    assert looking.look_next(clock=clock)
    row.refresh_from_db()
    assert (row.state, row.free, row.looked_at) == ("withdrawn", None, None)
