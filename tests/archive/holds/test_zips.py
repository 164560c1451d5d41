"""Zips of legal holds: waited for, brought whole, resumed, checked, and said so when anything is wrong."""

import hashlib
import io
import zipfile
from datetime import timedelta
from threading import Event

import pytest

from archive import blobs, tasks
from archive.capture import claims, holds, scheduled, windows, zips
from archive.models import Blob, HoldCustodian, HoldEntry, HoldFile, HoldReceipt, Leaf
from sandbox import planted
from sandbox.files import Held
from sandbox.planted import Trick
from tests.archive.capture.conftest import Town
from tests.archive.holds.conftest import Hold, custodian, place

State = HoldFile.State


def test_a_zip_is_kept_byte_for_byte(hold: Hold) -> None:
    """As a blob under its digest, with the evidence that these bytes came for this zip."""
    hold.capture()
    (zip_,) = HoldFile.objects.all()
    (part,) = hold.matter.parts.values()
    sent = b"".join(part.content.chunks(0, part.content.size))
    assert (zip_.state, zip_.last_error, zip_.bytes_done) == ("stored", "", len(sent))
    assert zip_.blob is not None
    with blobs.open(bytes(zip_.blob.sha256)) as file:
        assert file.read() == sent
    receipt = HoldReceipt.objects.get()
    assert (bytes(receipt.sha256), receipt.identifier) == (hashlib.sha256(sent).digest(), hold.town.ines.id)
    assert Leaf.objects.filter(kind=Leaf.Kind.HOLD_RECEIPT, subject_id=receipt.pk).count() == 1
    assert list(blobs.incoming().iterdir()) == []


def test_a_zip_that_is_not_ready_for_a_day_is_waited_for(hold: Hold) -> None:
    """Asked for ever more seldom, up to once an hour; it is no error, and when it is ready it comes."""
    hold.town.misbehave("hold_not_ready:p=1")
    hold.capture()
    before = hold.town.asked("listLegalHoldFiles")
    for _ in range(24 * 4):
        hold.capture(hours=0.25, at_once=False)
    zip_ = HoldFile.objects.get()
    assert (zip_.state, zip_.last_error, custodian().last_error) == ("waiting", "", "")
    assert (
        hold.town.asked("listLegalHoldFiles") - before == 26
    )  # after five minutes and a quarter of an hour, then hourly
    hold.town.behave()
    hold.capture(hours=1, at_once=False)
    assert HoldFile.objects.get().state == "stored"


def test_a_month_that_goes_on_is_listed_once_a_day(town: Town) -> None:
    """Its zip cannot be ready before its days are over, so nobody asks every hour."""
    hold = place(town, first=40, last=None)
    hold.capture()
    assert {zip_.state for zip_ in HoldFile.objects.all()} == {"stored", "waiting"}
    HoldFile.objects.update(first_seen_at=town.now() - timedelta(days=2))
    town.world.clock.advance(seconds=86_400)
    for account_id in scheduled.plan_holds(now=town.now()):
        tasks.fetch_holds(account_id)
    assert custodian().not_before - town.now() > timedelta(hours=23)


def test_the_tick_and_its_nudge_do_what_a_person_does(hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery's tasks list, fetch and open by themselves; a nudge repeated does nothing more."""
    monkeypatch.setattr(tasks.open_holds, "apply_async", lambda **_: tasks.open_holds())
    assert scheduled.plan_holds(now=hold.town.now()) == [hold.town.account.pk]
    for _ in range(2):
        tasks.fetch_holds(hold.town.account.pk)
    assert [(zip_.state, zip_.opening) for zip_ in HoldFile.objects.all()] == [("stored", "opened")]
    assert HoldReceipt.objects.count() == 1


def test_a_zip_that_changed_is_a_new_version(hold: Hold) -> None:
    """The old one stays as it was, with its bytes."""
    part = hold.plant(Trick.NONE)
    hold.capture()
    grown = io.BytesIO()
    with zipfile.ZipFile(grown, "w") as archive:
        archive.writestr("chat_messages.csv", "message_id\r\nx\r\n")
    part.content, part.file_count, part.listed_size = Held(grown.getvalue()), 1, None
    hold.capture(hours=25)
    old, new = HoldFile.objects.filter(file_key=part.file_key).order_by("version")
    assert [(one.version, one.is_newest, one.state) for one in (old, new)] == [
        (1, False, "stored"),
        (2, True, "stored"),
    ]
    assert old.blob_id != new.blob_id
    assert new.size_bytes_claimed == len(grown.getvalue())


def test_a_version_that_was_replaced_before_it_came_says_so(hold: Hold) -> None:
    """It never will come, and is not asked for any more."""
    part = hold.plant(Trick.LARGE, size=3_000_000)
    hold.town.misbehave("cut_body@downloadLegalHoldFiles:p=1")
    hold.capture()
    assert len(list(blobs.incoming().iterdir())) > 0
    hold.town.behave()
    part.content, part.listed_size = planted.zeros(5_000), None
    hold.capture(hours=25)
    old, new = HoldFile.objects.filter(file_key=part.file_key).order_by("version")
    assert (old.state, old.not_before, new.state) == ("gone", windows.NEVER, "stored")
    assert "replaced this zip" in old.last_error
    assert list(blobs.incoming().iterdir()) == []


def test_a_custodian_who_left_is_said_and_asked_for_for_a_week(hold: Hold) -> None:
    """The capture is complete all the same: nothing is missing that could be had."""
    hold.town.misbehave("custodian_gone:p=1")
    hold.town.capture()
    row = custodian()
    assert (row.state, row.listed_at) == ("gone", None)
    assert row.last_error.startswith("Zoom no longer knows this matter, or this custodian in it")
    assert hold.town.is_complete()
    for _ in range(8):
        hold.capture(hours=25)
    assert hold.town.asked("listLegalHoldFiles") == holds.LAST_TRY
    assert custodian().not_before == windows.NEVER


def test_a_matter_deleted_at_zoom_keeps_what_was_brought(hold: Hold) -> None:
    """The zips that came stay; the custodian has ended, in words."""
    hold.town.capture()
    hold.town.world.end_matter(hold.matter)
    hold.town.world.clock.advance(seconds=25 * 3600)
    hold.town.capture()
    row, zip_ = custodian(), HoldFile.objects.get()
    assert row.ended_at is not None
    assert "no longer names this matter" in row.last_error
    assert (zip_.state, zip_.blob is not None) == ("stored", True)


def test_a_matter_deleted_before_its_zips_came_leaves_them_gone(hold: Hold) -> None:
    """Each says that Zoom does not have it any more, and is asked for again daily for a week."""
    hold.town.misbehave("error_500@downloadLegalHoldFiles:p=1")
    hold.capture()
    hold.town.world.end_matter(hold.matter)
    hold.town.behave()
    hold.capture(hours=2)
    zip_ = HoldFile.objects.get()
    assert (zip_.state, zip_.blob) == ("gone", None)
    assert zip_.last_error.startswith("Zoom no longer has this zip (")
    assert zip_.not_before - hold.town.now() > timedelta(hours=23)


@pytest.mark.parametrize("spec", ["cut_body@downloadLegalHoldFiles:times=3,every=1", "hold_no_ranges:p=1"])
def test_a_broken_line_is_got_over(hold: Hold, spec: str) -> None:
    """By going on where it broke, or from the beginning where Zoom serves no ranges."""
    hold.plant(Trick.LARGE, size=3_000_000)
    hold.town.misbehave(f"{spec};cut_body@downloadLegalHoldFiles:nth=1")
    hold.capture()
    assert {zip_.state for zip_ in HoldFile.objects.all()} == {"stored"}


def test_a_line_that_stays_broken_is_tried_later(hold: Hold) -> None:
    """What came is kept on the disk; the next try goes on with it, and no byte is asked for twice."""
    part = hold.plant(Trick.LARGE, size=3_000_000)
    hold.town.misbehave("cut_body@downloadLegalHoldFiles:p=1")
    hold.capture()
    zip_ = HoldFile.objects.get(file_key=part.file_key)
    assert (zip_.state, zip_.bytes_done > 0) == ("failed", True)
    assert zips.target_of(zip_.pk).with_name(f"hold-zip-{zip_.pk}.part").stat().st_size > 0
    hold.town.behave()
    hold.capture(hours=1)
    zip_.refresh_from_db()
    assert (zip_.state, zip_.begun_at_bytes > 0) == ("stored", True)


def test_one_zip_is_fetched_by_one_worker(hold: Hold) -> None:
    """The second finds nothing; one that lost its claim writes nothing."""
    hold.town.misbehave("hold_not_ready:p=1")
    hold.capture()
    HoldFile.objects.update(state=State.DUE)
    first = zips._claim(hold.town.account, clock=hold.town.now, stop=Event())
    assert first is not None
    assert zips._claim(hold.town.account, clock=hold.town.now, stop=Event()) is None
    hold.town.world.clock.advance(seconds=claims.LEASE.total_seconds() + 1)
    assert zips.free_abandoned(account=hold.town.account, now=hold.town.now()) == 1
    with pytest.raises(zips.ClaimLost):
        first.show(5)
    assert HoldFile.objects.get().bytes_done == 0


def test_a_worker_that_is_asked_to_stop_keeps_what_came(hold: Hold) -> None:
    """The zip is due again at once, and the try does not count."""
    stop = Event()
    hold.town.misbehave("hold_not_ready:p=1")
    hold.capture()
    HoldFile.objects.update(state=State.DUE)
    fetch = zips._claim(hold.town.account, clock=hold.town.now, stop=stop)
    assert fetch is not None
    stop.set()
    with pytest.raises(zips.Stopped):
        fetch.show(5)


def test_a_disk_without_room_says_how_much_is_missing(hold: Hold) -> None:
    """Nothing is begun that cannot end, and it is tried again soon."""
    part = hold.plant(Trick.NONE)
    part.listed_size = 1 << 60
    hold.capture()
    zip_ = HoldFile.objects.get(file_key=part.file_key)
    assert zip_.state == "failed"
    assert "1,152,921,504,606,846,976 bytes are still to come" in zip_.last_error
    assert zip_.not_before - hold.town.now() <= zips.ROOM_AGAIN


def test_nothing_of_a_zip_is_written_but_its_bytes(hold: Hold) -> None:
    """One blob a zip, whatever it holds."""
    hold.bring(Trick.SLIP)
    assert Blob.objects.count() == HoldFile.objects.count()
    assert HoldEntry.objects.count() == 2 + 6
    assert HoldCustodian.objects.count() == 1


def test_a_custodian_named_by_e_mail_first_is_one_with_their_user_id(hold: Hold) -> None:
    """A matter opened here may have named an e-mail; Zoom's list names the user id: one custodian, one zip."""
    ines = hold.town.ines
    HoldCustodian.objects.update(identifier=ines.email, email=ines.email)
    hold.capture()
    hold.town.capture()
    assert custodian().identifier == ines.id
    assert HoldFile.objects.count() == 1
