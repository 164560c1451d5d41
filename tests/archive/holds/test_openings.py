"""What is inside zips of legal holds, honest and hostile: each ends in a state and a sentence."""

import hashlib
import threading

import pytest
from django.db import connection
from django.test import override_settings

from archive import blobs
from archive.capture import claims, openings, reading
from archive.extraction import texts
from archive.extraction.reader import Reader
from archive.models import HoldEntry, HoldFile
from sandbox.planted import Trick
from tests.archive.holds.conftest import Hold, entries
from tests.waiting import wait_until


def test_an_honest_zip_is_opened(hold: Hold) -> None:
    """Its chat log is counted, its file has the digest it has, and their words are there to be found."""
    hold.capture()
    hold.open()
    zip_ = HoldFile.objects.get()
    assert (zip_.opening, zip_.opening_error) == ("opened", "")
    assert (zip_.files_claimed, zip_.files_found, zip_.messages_found) == (2, 2, 2)
    log, file = HoldEntry.objects.order_by("number")
    assert (log.kind, log.messages) == ("chat log", 2)
    assert "kept for the court" in texts.unpack(bytes(log.text or b""))[0].text
    assert bytes(file.sha256 or b"") == hashlib.sha256(b"the plan of the plant").digest()


def test_the_counts_are_held_against_what_reports_gave(hold: Hold) -> None:
    """Both gave the same two messages."""
    hold.town.capture()
    hold.open()
    zip_ = HoldFile.objects.get()
    assert (zip_.messages_found, zip_.messages_unreported, zip_.messages_reported) == (2, 0, 2)


def test_what_reports_did_not_give_is_counted(hold: Hold) -> None:
    """The planted zip has a message of a session that no report named; the next comparison sees it still."""
    zip_ = hold.bring(Trick.NONE)
    assert (zip_.messages_found, zip_.messages_unreported) == (1, 1)


def test_a_zip_without_a_chat_log_counts_nothing(hold: Hold) -> None:
    """Unknown is not zero."""
    zip_ = hold.bring(Trick.LARGE, size=1000)
    assert (zip_.opening, zip_.messages_found, zip_.messages_unreported) == ("opened", None, None)


WRONG = [
    (Trick.BOMB, "refused", "Opening it would be dangerous. It unpacks to far more than it is"),
    (Trick.OVERLAP, "refused", "Opening it would be dangerous. Files inside lie over each other"),
    (Trick.CUT, "broken", "It cannot be opened. It is damaged or incomplete."),
    (Trick.NO_ZIP, "broken", "It cannot be opened. It is damaged or incomplete."),
    (Trick.ENCRYPTED, "partly", "Of 1 files inside, 1 could not be read as a whole. 1: It is encrypted."),
    (Trick.NESTED, "partly", "1: Its files lie too deep inside each other."),
    (Trick.SLIP, "partly", "5: The name of a file inside points out of it; the text was read."),
]


@pytest.mark.parametrize(("trick", "opening", "words"), WRONG)
def test_a_hostile_zip_ends_in_a_state_and_a_sentence(
    hold: Hold, trick: Trick, opening: str, words: str
) -> None:
    """It is kept as it came in any case."""
    zip_ = hold.bring(trick, size=30_000_000)
    assert (zip_.opening, words in zip_.opening_error) == (opening, True), zip_.opening_error
    assert zip_.blob is not None
    blobs.check(bytes(zip_.blob.sha256), size_bytes=zip_.blob.size_bytes)


@pytest.mark.slow
def test_a_zip_of_far_too_many_files_is_refused(hold: Hold) -> None:
    """Nothing in it is touched."""
    zip_ = hold.bring(Trick.MANY)
    assert (zip_.opening, entries(zip_)) == ("refused", {})
    assert "It holds more files than are read of one file." in zip_.opening_error


def test_nothing_of_a_refused_zip_is_touched(hold: Hold) -> None:
    """Not even the honest file in it: no entry is listed."""
    assert entries(hold.bring(Trick.BOMB, size=30_000_000)) == {}


def test_names_that_lead_out_are_shown_and_lead_nowhere(hold: Hold) -> None:
    """Each is text in a column; what they name was not written."""
    zip_ = hold.bring(Trick.SLIP)
    assert entries(zip_)["../../etc/cron.d/evil.txt"] == ("partly", "unsafe_name")
    assert entries(zip_)["nul\ufffdl.txt"] == ("partly", "unsafe_name")
    assert not list(blobs.folder().parent.rglob("*evil*"))


def test_a_zip_cut_in_the_middle_names_both_sizes(hold: Hold) -> None:
    """It is kept, differs, and cannot be opened."""
    zip_ = hold.bring(Trick.CUT)
    assert (zip_.state, zip_.opening) == ("mismatch", "broken")
    assert zip_.last_error == "Zoom's list says 2,040 bytes, and 1,020 came; they are kept."


def test_a_count_that_differs_names_both(hold: Hold) -> None:
    """The bytes are as many as Zoom said, the files are not."""
    zip_ = hold.bring(Trick.MISCOUNTED)
    assert (zip_.state, zip_.opening) == ("mismatch", "opened")
    assert zip_.last_error == "Zoom's list says 3 files, and the zip has 2; it is kept."


def test_a_difference_is_asked_for_again_and_may_end(hold: Hold) -> None:
    """The next day Zoom lists what it sends: a new version, as it should be."""
    part = hold.plant(Trick.MISCOUNTED)
    hold.capture()
    hold.open()
    part.file_count -= 1
    hold.capture(hours=25)
    hold.open()
    newest = HoldFile.objects.get(file_key=part.file_key, is_newest=True)
    assert (newest.version, newest.state, newest.last_error) == (2, "stored", "")


def test_an_opening_that_died_goes_on_where_it_was(hold: Hold) -> None:
    """The worker's session is gone; the next one reads only what is left."""
    hold.capture()
    reader = Reader(reading.limits())
    row = threading.Thread(target=lambda: (openings._claim(now=hold.town.now()), connection.close()))
    row.start()
    row.join()
    wait_until(lambda: not claims.held(claims.Job.HOLD_OPENING))
    assert HoldFile.objects.get().opening == "claimed"
    assert openings.free_abandoned(now=hold.town.now()) == 1
    with reader:
        assert openings.open_next(reader=reader, clock=hold.town.now)
        assert not openings.open_next(reader=reader, clock=hold.town.now)
    assert HoldFile.objects.get().opening == "opened"


def test_an_opening_whose_time_is_up_goes_on_later(hold: Hold) -> None:
    """Entries that were read stay read, and the zip is due again."""
    hold.capture()
    with Reader(reading.limits()) as reader:
        openings.open_next(reader=reader, clock=hold.town.now, until=hold.town.now())
        zip_ = HoldFile.objects.get()
        assert (zip_.opening, zip_.files_found) == ("due", 2)
        assert openings.open_next(reader=reader, clock=hold.town.now)
    assert HoldFile.objects.get().opening == "opened"


def test_a_living_opener_keeps_its_claim(hold: Hold) -> None:
    """Nobody takes what a living worker has, before its lease is over."""
    hold.capture()
    assert openings._claim(now=hold.town.now()) is not None
    assert openings.free_abandoned(now=hold.town.now()) == 0
    hold.town.world.clock.advance(seconds=claims.LEASE.total_seconds() + 1)
    assert openings.free_abandoned(now=hold.town.now()) == 1


def test_more_text_than_is_kept_is_said(hold: Hold) -> None:
    """The rows of a chat log are counted to the end all the same."""
    with override_settings(HOLDFAST_READ_CHARACTERS=100):
        hold.capture()
        hold.open()
    zip_ = HoldFile.objects.get()
    assert (zip_.opening, zip_.messages_found) == ("partly", 2)
    assert "the beginning was read" in zip_.opening_error
