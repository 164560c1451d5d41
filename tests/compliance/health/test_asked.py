"""Whoever asks for a look at Zoom, or for a capture, sees how far it is and is told when it is over."""

import pytest

from archive.capture import runs, scheduled
from archive.models import Run
from compliance import captures, celery, errands, health
from compliance.models import Errand, Told
from tests.compliance.conftest import As
from tests.compliance.health.conftest import Case


def test_who_had_zoom_looked_at_is_told_what_was_found(case: Case, as_person: As) -> None:
    """Once, after all was read and judged; until then the page has a bar."""
    case.town.world.clock.advance(seconds=120)
    health.look_now(matter_id=case.matter.pk, by=case.ines, now=case.now)
    _, before = health.progress(matter_id=case.matter.pk, by=case.ines)
    assert before is not None
    assert (before.done, before.total > 1) == (0, True)
    client, address = as_person(case.ines), f"/matters/{case.matter.pk}/health/"
    assert f"0 of {before.total} things read" in client.get(address).content.decode()
    health.judge(now=case.now)
    assert not Told.objects.exists()
    case.vanish()
    health.look(clock=case.town.now)
    lines = list(Told.objects.order_by("pk").values_list("text", "link"))
    assert lines[-1] == (
        "Zoom was looked at for “Inquiry 2026-114”: 1 thing defeats, or may defeat, what it holds.", address
    )  # fmt: skip
    assert health.progress(matter_id=case.matter.pk, by=case.ines)[1] is None
    assert client.get(f"{address}progress/")["HX-Refresh"] == "true"
    health.look(clock=case.town.now)
    assert Told.objects.count() == len(lines)


def test_asked_twice_it_is_told_once(case: Case) -> None:
    """The second time nothing is read again, and the one line says that all is well."""
    case.town.world.clock.advance(seconds=120)
    for _ in range(2):
        health.look_now(matter_id=case.matter.pk, by=case.ines, now=case.now)
    assert Errand.objects.count() == 1
    health.look(clock=case.town.now)
    assert Told.objects.get().text.endswith("nothing defeats what it holds.")


def test_who_asked_for_a_capture_is_told_when_it_has_ended(case: Case) -> None:
    """Not while the run is open; then with what is missing still. Somebody who has left is told nothing."""
    case.town.say("later", by=case.town.ravi)
    case.town.world.clock.advance(seconds=120)
    assert captures.start(by=case.ines, now=case.now) == 1
    captures.tell_ended(now=case.now)
    assert not Told.objects.exists()
    case.town.capture()
    scheduled.plan(now=case.now)
    assert not Run.objects.filter(finished_at=None).exists()
    captures.tell_ended(now=case.now)
    line = Told.objects.get()
    assert (line.person, line.link) == (case.ines, "/capture/")
    assert line.text.startswith("The capture you asked for has ended: ")
    captures.tell_ended(now=case.now)
    assert Told.objects.count() == 1


def test_who_has_left_is_told_nothing(case: Case) -> None:
    """What was asked for is over all the same."""
    errands.begin(kind=errands.Kind.CAPTURE, accounts=[case.town.account.pk], by=case.ines, now=case.now)
    case.ines.is_active = False
    case.ines.save()
    assert runs.are_over([case.town.account.pk])
    captures.tell_ended(now=case.now)
    assert Errand.objects.get().over_at is not None
    assert not Told.objects.exists()


@pytest.mark.parametrize("name", ["tell_ended_captures", "look_after_holds"])
def test_beat_knows_who_tells(name: str) -> None:
    """A wrong name would be swallowed."""
    celery.app.loader.import_default_modules()
    assert f"compliance.tasks.{name}" in celery.app.tasks
