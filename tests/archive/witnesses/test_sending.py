"""Checkpoints go out as they are made: each place gets the newest, one that fails holds up no other, and is said."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings

from archive import keys, log, schedule, verify, witnesses
from archive.models import Witness
from archive.witnesses import places
from tests.archive.core.record import Record
from tests.archive.witnesses.conftest import Authority, Bucket

LATER = timedelta(hours=1)


class Scene:
    """Ines says things, checkpoints are made, and beat nudges."""

    def __init__(self, record: Record) -> None:
        self.record, self.now = record, record.now

    def checkpoint(self) -> int:
        self.record.say()
        made = log.checkpoint(now=self.now)
        assert made is not None
        return int(made.size)

    def beat(self, *, after: timedelta = timedelta(0)) -> None:
        self.now += after
        witnesses.work(clock=lambda: self.now)

    def standing(self, place: str) -> witnesses.Standing:
        (found,) = [one for one in witnesses.standings(now=self.now) if one.place == place]
        return found


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


def vkey() -> str:
    return str(keys.load(may_create=False).verifier)


def test_every_place_gets_the_newest_checkpoint(
    scene: Scene, bucket: Bucket, authority: Authority, tmp_path: Path
) -> None:
    """A folder, a mailbox, a bucket and an authority, each by its own row, and none a second time."""
    elsewhere = tmp_path / "elsewhere"
    with override_settings(
        HOLDFAST_CHECKPOINT_DIR=str(elsewhere), HOLDFAST_WITNESS_EMAIL="keeper@court.example"
    ):
        first = scene.checkpoint()
        scene.beat()
        second = scene.checkpoint()
        scene.beat()
        scene.beat()
        assert {one.place for one in witnesses.standings(now=scene.now)} == set(places.Place.values)
        assert {one.size for one in witnesses.standings(now=scene.now)} == {second}
        assert not any(one.is_behind for one in witnesses.standings(now=scene.now))
    names = [f"{size:020}.note" for size in (first, second)]
    assert sorted(file.name for file in elsewhere.glob("*.note")) == names
    assert {file.stem for file in elsewhere.glob("*.tsr")} == {name[:-5] for name in names}
    assert [key.rpartition("/")[2] for key in bucket.names()] == [*names, "log.vkey"]
    assert [sent.to for sent in mail.outbox] == [["keeper@court.example"]] * 2


def test_a_mail_has_all_that_a_keeper_needs(scene: Scene) -> None:
    """The note as text and as a file that verifies under the key beside it."""
    with override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example, notary@court.example"):
        size = scene.checkpoint()
        scene.beat()
    (sent,) = mail.outbox
    files = {name: content for name, content, _ in sent.attachments}
    note, key = files[f"{size:020}.note"], files["log.vkey"]
    stated = verify.checkpoint(note if isinstance(note, str) else note.decode(), key=vkey())
    assert stated.size == size
    assert vkey() in (key if isinstance(key, str) else key.decode())
    assert vkey() in str(sent.body)
    assert sent.to == ["keeper@court.example", "notary@court.example"]


def test_a_place_that_fails_is_tried_again_and_holds_up_no_other(scene: Scene, authority: Authority) -> None:
    """It waits longer each time, says why it is behind, and catches up as soon as it answers."""
    authority.status = 503
    with override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example"):
        size = scene.checkpoint()
        for _ in range(3):
            scene.beat(after=timedelta(seconds=61))
        behind = scene.standing("authority")
        assert (behind.size, behind.is_behind) == (None, True)
        assert behind.last_error == "The authority answered with HTTP 503."
        assert Witness.objects.get(place="authority").attempts == 2
        assert scene.standing("mailbox").size == size
        authority.status = 200
        scene.beat(after=LATER)
        assert scene.standing("authority").size == size
        assert not scene.standing("authority").is_behind
        assert len(mail.outbox) == 1


def test_a_folder_out_of_reach_is_said(scene: Scene, tmp_path: Path) -> None:
    """Also while checkpoints themselves cannot be published there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not a folder")
    scene.checkpoint()
    with override_settings(HOLDFAST_CHECKPOINT_DIR=str(elsewhere)):
        scene.beat()
        assert scene.standing("folder").is_behind
        assert "File exists" in scene.standing("folder").last_error
        elsewhere.unlink()
        scene.beat(after=LATER)
        assert not scene.standing("folder").is_behind


def test_a_place_that_nobody_sends_to_is_behind_after_a_while(scene: Scene) -> None:
    """Without an error, too: a worker that does not run has none to give."""
    with override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example"):
        scene.checkpoint()
        assert not scene.standing("mailbox").is_behind
        scene.now += places.LATE + timedelta(seconds=1)
        assert scene.standing("mailbox").is_behind


def test_another_mailbox_begins_anew(scene: Scene) -> None:
    """What was sent to one says nothing about the other."""
    with override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example"):
        size = scene.checkpoint()
        scene.beat()
    with override_settings(HOLDFAST_WITNESS_EMAIL="notary@court.example"):
        assert scene.standing("mailbox").size is None
        scene.beat()
        assert scene.standing("mailbox").size == size
    assert [sent.to for sent in mail.outbox] == [["keeper@court.example"], ["notary@court.example"]]


def test_a_claim_of_a_worker_that_died_is_taken_over(scene: Scene) -> None:
    """Not at once, since it may be alive; then by exactly one."""
    with override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example"):
        scene.checkpoint()
        scene.beat()
        mail.outbox.clear()
        scene.checkpoint()
        Witness.objects.update(claimed_at=scene.now)
        scene.beat()
        assert mail.outbox == []
        scene.beat(after=timedelta(minutes=16))
        scene.beat()
        assert len(mail.outbox) == 1


def test_without_mail_server_or_log_nothing_is_sent(scene: Scene) -> None:
    """An empty log has nothing to state; a mailbox without a server says what to set."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(HOLDFAST_WITNESS_EMAIL="k@court.example", EMAIL_BACKEND=smtp, EMAIL_HOST=""):
        scene.beat()
        scene.checkpoint()
        scene.beat()
        assert scene.standing("mailbox").last_error == "No mail server is set up: set EMAIL_URL."
    assert witnesses.standings(now=scene.now) == []


def test_beat_nudges_it() -> None:
    """Every minute: a checkpoint is outside soon after it is made."""
    assert schedule.BEAT["send-checkpoints"]["schedule"] == 60.0
    assert re.fullmatch(r"archive\.tasks\.send_checkpoints", schedule.BEAT["send-checkpoints"]["task"])
