"""Our matters brought to a pretend Zoom over HTTP: one there and one here, whatever is lost on the way."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from redis import Redis

from archive.models import Person
from compliance import at_zoom, opening, placing
from compliance.models import AuditEvent, Matter, ZoomMatter
from tests.archive.capture.conftest import Town, data, hurry, person, town

__all__ = ["data", "hurry", "town"]
State = ZoomMatter.State


class Clock:
    """The town's time, and what is added to it."""

    def __init__(self, town: Town) -> None:
        self.town, self.more = town, timedelta(0)

    def __call__(self) -> datetime:
        return self.town.now() + self.more


def opened(town: Town, *emails: str) -> Matter:
    """A matter about the town's people of these addresses."""
    ids = [
        Person.objects.get_or_create(
            account=town.account, user_id=user_id, defaults={"email": email, "display_name": email}
        )[0].pk
        for email, user_id in ((email, _id(town, email)) for email in emails)
    ]
    draft = opening.Draft(
        request_key=uuid.uuid4(), account_id=town.account.pk, name="Inquiry", reason="x", person_ids=ids
    )
    return opening.open_matter(draft, by=None, now=town.now())


def _id(town: Town, email: str) -> str:
    return next((one.id for one in town.world.people.values() if one.email == email), f"gone-{email}")


def there(town: Town) -> list[tuple[str, int]]:
    """The matters at Zoom: names and how many people each holds."""
    return sorted((one.name, len(one.person_ids)) for one in town.world.matters.values())


@pytest.fixture
def clock(town: Town) -> Clock:
    """What the jobs go by."""
    return Clock(town)


def test_a_matter_is_placed_at_zoom(town: Town, clock: Clock) -> None:
    """Its id is learned, and the trail says when."""
    opened(town, town.ines.email, town.ravi.email)
    assert placing.work(clock=clock) == 1
    row = ZoomMatter.objects.get()
    assert row.state == State.HELD
    assert there(town) == [(row.name, 2)]
    assert row.zoom_id in town.world.matters
    assert AuditEvent.objects.get(action="held_at_zoom").details["zoom_matter"] == row.zoom_id


def test_twenty_one_people_are_held_by_two_matters_at_zoom(town: Town, clock: Clock) -> None:
    """Zoom takes twenty in one; the last is in one of their own, under another name, and nobody is held twice."""
    names = [f"P{number:02}" for number in range(21)]
    for name in names:
        town.world.add_person(person(name))
    opened(town, *(f"{name.lower()}@acme.example" for name in names))
    while placing.work(clock=clock) > 0:
        pass
    assert list(ZoomMatter.objects.values_list("state", flat=True)) == [State.HELD, State.HELD]
    assert sorted(count for _, count in there(town)) == [1, 20]
    assert len({name for name, _ in there(town)}) == 2
    held = [key for one in town.world.matters.values() for key in one.person_ids]
    assert sorted(held) == sorted(person(name).id for name in names)


@pytest.mark.parametrize("fault", ["cut_body", "error_500", "bad_gateway"])
def test_a_creation_whose_reply_was_lost_is_not_repeated(town: Town, clock: Clock, fault: str) -> None:
    """Zoom's list is read for the name first: one matter there, one here."""
    opened(town, town.ines.email)
    town.misbehave(f"{fault}@addLegalHoldMatter:nth=1")
    placing.work(clock=clock)
    assert ZoomMatter.objects.get().state == State.DUE
    clock.more += timedelta(minutes=2)
    placing.work(clock=clock)
    row = ZoomMatter.objects.get()
    assert (row.state, row.last_error) == (State.HELD, "")
    assert there(town) == [(row.name, 1)]


def test_a_worker_that_died_is_made_up_for(town: Town, clock: Clock) -> None:
    """It had created the matter and told nobody; the next one finds it by its name."""
    matter = opened(town, town.ines.email)
    row = ZoomMatter.objects.get()
    world = town.world
    ZoomMatter.objects.update(
        state=State.CREATING, attempts=1, claim=uuid.uuid4(), claimed_at=town.now() - timedelta(minutes=6)
    )
    lost = at_zoom.create_matter(
        account_id=matter.account_id, name=row.name, identifiers=[town.ines.id], start=None, end=None
    )
    placing.work(clock=clock)
    row.refresh_from_db()
    assert (row.state, row.zoom_id, len(world.matters)) == (State.HELD, lost, 1)


def test_the_limit_of_the_api_is_waited_for(town: Town, clock: Clock) -> None:
    """Until the moment Zoom named, and then it is placed."""
    opened(town, town.ines.email)
    town.misbehave("rate_day@addLegalHoldMatter:every=1,seconds=3600")
    placing.work(clock=clock)
    row = ZoomMatter.objects.get()
    assert row.state == State.DUE
    assert timedelta(minutes=55) < row.not_before - town.now() < timedelta(minutes=65)
    assert "no more requests" in row.last_error
    assert placing.work(clock=clock) == 0
    town.behave()
    clock.more += timedelta(hours=2)
    Redis.from_url(settings.REDIS_URL).flushdb()  # the pause that all processes share
    assert placing.work(clock=clock) == 1
    assert len(there(town)) == 1


def test_somebody_who_left_keeps_nobody_from_being_held(town: Town, clock: Clock) -> None:
    """Zoom refuses the list because of one person; the others are held, and that one is named."""
    for name in ("Ana", "Bo", "Cleo"):
        town.world.add_person(person(name))
    opened(town, "ana@acme.example", "bo@acme.example", "gone@acme.example", "cleo@acme.example")
    placing.work(clock=clock)
    held = ZoomMatter.objects.filter(state=State.HELD)
    assert {one.name for row in held for one in row.custodians.all()} == {
        "ana@acme.example",
        "bo@acme.example",
        "cleo@acme.example",
    }
    assert sum(count for _, count in there(town)) == 3
    refused = AuditEvent.objects.get(action="refused")
    assert refused.details["custodians"] == ["gone@acme.example"]


def test_an_end_that_was_decided_is_made_at_zoom(town: Town, clock: Clock) -> None:
    """Deleted there, and when it was gone already that is said."""
    opened(town, town.ines.email)
    placing.work(clock=clock)
    for gone in (False, True):
        ZoomMatter.objects.update(state=State.ENDING, not_before=town.now())
        placing.work(clock=clock)
        assert ZoomMatter.objects.get().state == State.DELETED
        event = AuditEvent.objects.filter(action="released_at_zoom").order_by("-pk")[0]
        assert event.details["was_gone_already"] is gone
    assert there(town) == []
