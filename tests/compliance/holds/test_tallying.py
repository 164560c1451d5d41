"""Counting what a matter preserves: behind the pages, again when something changed, and never more than needed."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection

from archive import blobs
from archive.models import Attachment, Message
from compliance import losing, matters, preserved, tallying
from compliance.models import AuditEvent, Hold, Matter, PreservedCount, PreservedPart, Told
from tests.archive import scenes
from tests.archive.scenes import NOON, NOW
from tests.compliance.holds.conftest import Office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def count(*, at: datetime = NOW) -> int:
    """What beat does every minute; how many matters were counted."""
    tallying.plan(now=at)
    counted = 0
    while tallying.count_next(clock=lambda: at):
        counted += 1
    return counted


@pytest.fixture
def matter(office: Office) -> Matter:
    """Olu is held, who joined yesterday, and left tomorrow; three of four messages are."""
    office.step("joined", NOON - DAY)
    office.step("left", NOON + DAY)
    office.say(NOON)
    office.say(NOON + timedelta(hours=1), by=scenes.OLU)
    office.say(NOON + timedelta(hours=2))
    office.say(NOON + 2 * DAY)
    held = office.open_matter()
    office.hold(held)
    return held


def test_a_matter_is_counted_by_custodian_and_by_session(office: Office, matter: Matter) -> None:
    """The whole counts each message once; what Olu said is told from what Olu received."""
    assert count() == 1
    seen = preserved.seen(matter_id=matter.pk, by=None, now=NOW)
    assert seen.count is not None
    assert seen.whole is not None
    assert (seen.count.messages, seen.count.said, seen.whole.received, seen.count.revisions) == (3, 1, 2, 3)
    assert (seen.count.first_at, seen.count.last_at) == (NOON, NOON + timedelta(hours=2))
    assert [(part.name, part.figures.messages) for part in seen.custodians] == [("Olu Ade", 3)]
    assert [(part.name, part.figures.messages) for part in seen.sessions] == [("general", 3)]
    assert seen.nobody is None


def test_what_was_counted_is_not_counted_again(matter: Matter) -> None:
    """Nothing changed: nothing is done, however often beat nudges."""
    assert count() == 1
    assert count() == 0
    assert count(at=NOW + 3 * DAY) == 0


def test_what_was_captured_since_is_counted_the_next_day(office: Office, matter: Matter) -> None:
    """Figures are of a moment, and say so; a day later the session that changed is counted again, and no other."""
    quiet = scenes.conversation("quiet", of=office.account).session
    assert quiet is not None
    Message.objects.create(session=quiet, zoom_id="q", sent_at=NOON, sender=office.olu)
    count()
    office.say(NOON + timedelta(hours=3))
    assert count(at=NOW + timedelta(hours=23)) == 0
    before = set(PreservedPart.objects.filter(session_id=quiet.pk).values_list("pk", flat=True))
    assert count(at=NOW + timedelta(hours=25)) == 1
    row = PreservedCount.objects.get()
    assert (row.messages, row.counted_at, row.total) == (5, NOW + timedelta(hours=25), 1)
    assert set(PreservedPart.objects.filter(session_id=quiet.pk).values_list("pk", flat=True)) == before


def test_files_that_were_awaited_are_counted_again(office: Office, matter: Matter) -> None:
    """Bytes arrive without a word in the log when the same bytes were here already."""
    attached = Attachment.objects.create(
        message=Message.objects.order_by("pk")[0], zoom_file_id="f", not_before=NOW, state="due"
    )
    count()
    row = PreservedCount.objects.get()
    assert (row.files, row.files_here, row.file_bytes) == (1, 0, 0)
    Attachment.objects.filter(pk=attached.pk).update(state="stored", blob=blobs.store(b"abc", now=NOW))
    count(at=NOW + 2 * DAY)
    row.refresh_from_db()
    assert (row.files, row.files_here, row.file_bytes) == (1, 1, 3)


def test_other_rules_are_counted_at_once(office: Office, matter: Matter) -> None:
    """A hold placed, or ended, makes all of it due."""
    count()
    office.hold(matter, session_id=office.session.pk)
    assert count() == 1
    row = PreservedCount.objects.get()
    assert row.messages == 4
    seen = preserved.seen(matter_id=matter.pk, by=None, now=NOW)
    assert seen.nobody is not None
    assert seen.nobody.figures.messages == 4
    Hold.objects.update(released_at=NOW)
    assert count() == 1
    row.refresh_from_db()
    assert (row.messages, PreservedPart.objects.count()) == (0, 0)


def test_a_count_that_broke_off_is_tried_again_later(matter: Matter) -> None:
    """The old figures stay, the reason is named, and the next try finds it due."""
    count()
    PreservedCount.objects.update(rules_sha256=b"other")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE compliance_preservedpart (LIKE public.compliance_preservedpart)"
        )
        cursor.execute("ALTER TABLE pg_temp.compliance_preservedpart ADD CONSTRAINT disk_full CHECK (false)")
    with pytest.raises(IntegrityError):
        count(at=NOW + timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.compliance_preservedpart")
    row = PreservedCount.objects.get()
    assert (row.state, row.messages, row.last_error) == ("due", 3, "It broke off (IntegrityError).")
    assert count(at=NOW + timedelta(minutes=1)) == 0
    assert count(at=NOW + timedelta(hours=1)) == 1


def test_a_dead_worker_loses_its_claim(matter: Matter) -> None:
    """Another begins again once the claim is old."""
    tallying.plan(now=NOW)
    PreservedCount.objects.update(state="claimed", claimed_at=NOW)
    assert count(at=NOW + timedelta(minutes=9)) == 0
    assert count(at=NOW + timedelta(minutes=11)) == 1


def test_a_member_may_ask_for_a_count_and_is_recorded(office: Office, matter: Matter, ines: User) -> None:
    """Ines can once she is a member; before, there is no such matter for her."""
    with pytest.raises(matters.NoSuchMatter):
        tallying.ask(matter_id=matter.pk, by=ines, now=NOW)
    office.let_in(matter, ines)
    count()
    tallying.ask(matter_id=matter.pk, by=ines, now=NOW)
    assert AuditEvent.objects.get(action="started").subject == f"matter/{matter.pk}"
    assert tallying.count_next(clock=lambda: NOW)


def test_who_asked_is_told_when_it_is_counted(office: Office, matter: Matter, ines: User) -> None:
    """Once, with the figure; what beat has counted is told to nobody."""
    office.let_in(matter, ines)
    count()
    assert not Told.objects.exists()
    tallying.ask(matter_id=matter.pk, by=ines, now=NOW)
    assert tallying.count_next(clock=lambda: NOW)
    line = Told.objects.get()
    assert (line.person, line.link) == (ines, f"/matters/{matter.pk}/preserved/")
    assert line.text == "What is preserved in “Inquiry 2026-114” is counted: 3 messages."
    count(at=NOW + 2 * DAY)
    assert Told.objects.count() == 1


def test_a_count_is_stopped_and_its_worker_writes_nothing(office: Office, matter: Matter, ines: User) -> None:
    """The figures there were stay; it is due again when somebody asks, or a day later; to Olga there is no such matter."""
    office.let_in(matter, ines)
    count()
    tallying.ask(matter_id=matter.pk, by=ines, now=NOW)
    olga = User.objects.create_user("olga")
    olga.groups.add(*ines.groups.all())
    with pytest.raises(matters.NoSuchMatter):
        tallying.stop(matter_id=matter.pk, by=olga, now=NOW)
    moments = iter([NOW, NOW])

    def clock() -> datetime:
        """Ines stops it once the worker has begun."""
        at = next(moments, None)
        if at is None:
            tallying.stop(matter_id=matter.pk, by=ines, now=NOW)
        return NOW

    office.say(NOON + timedelta(hours=3))
    assert tallying.count_next(clock=clock)
    row = PreservedCount.objects.get()
    assert (row.state, row.messages, row.asked_by) == ("stopped", 3, None)
    assert AuditEvent.objects.get(action="stopped").details == {"what": "counting what is preserved"}
    assert not Told.objects.exists()
    assert not tallying.stop(matter_id=matter.pk, by=ines, now=NOW)
    office.hold(matter, session_id=office.session.pk)
    assert count(at=NOW + timedelta(hours=1)) == 0
    assert count(at=NOW + 2 * DAY) == 1


def test_what_a_release_would_lose_is_what_nothing_else_holds(office: Office, matter: Matter) -> None:
    """Another matter holds the session from the second message on: releasing the first loses one message."""
    everything = losing.of_matter(matter.pk)
    assert everything.messages == 3
    other = office.open_matter("Other")
    office.hold(other, session_id=office.session.pk, since=NOON + timedelta(minutes=1))
    lost = losing.of_matter(matter.pk)
    assert [(part.session_id, part.messages) for part in lost.sessions] == [(office.session.pk, 1)]
    assert lost.sha256 != everything.sha256
    assert losing.of_matter(matter.pk) == lost
    custodian = matter.custodians.get()
    assert losing.of_custodians([custodian.pk]) == lost
    assert losing.of_matter(other.pk).messages == 1
