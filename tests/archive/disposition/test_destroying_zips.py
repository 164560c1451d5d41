"""A zip of a released matter goes whole, with all that was read in it; what is held, busy or not released stays."""

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from archive import (
    blobs,
    certificates,
    hashing,
    holding,
    inspection,
    log,
    removal,
    verify,
    verify_package,
    zip_fates,
)
from archive.models import (
    Attachment,
    Blob,
    BlobRemoval,
    HoldEntry,
    HoldFile,
    HoldPassage,
    HoldReceipt,
    Leaf,
    Message,
    ZipTombstone,
)
from archive.purge import Why
from compliance.models import Matter
from tests.archive.disposition import zips
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy, file
from tests.archive.scenes import NOON, NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said(talk: Talk) -> Message:
    return talk.say("kept for the court", id="a")


@pytest.fixture
def matter(talk: Talk) -> Matter:
    return zips.matter_at_zoom(talk.account)


@pytest.fixture
def zip_(talk: Talk, said: Message, matter: Matter) -> HoldFile:
    """A zip with the one message; its matter was released."""
    made = zips.zipped(talk.account, said)
    zips.release(matter)
    return made


def rule(talk: Talk, **about: object) -> holding.Rule:
    known = {"id": 3, "account": talk.account.pk, "covers_received": False} | about
    return holding.Rule(**known)  # type: ignore[arg-type]


def test_it_goes_whole_and_leaves_a_tombstone(zip_: HoldFile, matter: Matter) -> None:
    """Bytes, what was read in it and what it is found by go; its row, its receipt and a tombstone stay."""
    assert HoldPassage.objects.count() > 0
    content = zip_.blob
    assert content is not None
    outcome = zips.destroy_zip(zip_, matter)
    assert (outcome.why, outcome.blobs, outcome.bytes) == (None, 1, content.size_bytes)
    zip_.refresh_from_db()
    assert (zip_.state, zip_.blob, zip_.opening) == ("destroyed", None, "")
    counts = [model.objects.count() for model in (HoldEntry, HoldPassage, Blob, HoldReceipt)]
    assert counts == [0, 0, 0, 1]
    left = ZipTombstone.objects.get()
    assert (bytes(left.sha256), left.size_bytes) == (bytes(content.sha256), content.size_bytes)
    assert (left.matter, left.messages, left.statement) == (matter.pk, 1, zips.STATED)
    assert Leaf.objects.filter(kind=Leaf.Kind.ZIP_TOMBSTONE, subject_id=left.pk).count() == 1
    removal.work(clock=lambda: NOW)
    assert BlobRemoval.objects.get().state == "removed"
    assert not blobs.path_of(bytes(content.sha256)).exists()
    assert zips.destroy_zip(zip_, matter).why is Why.UNKNOWN


def test_the_messages_in_it_go_once_it_is_gone(zip_: HoldFile, matter: Matter, said: Message) -> None:
    """Refused while it is kept, destroyed right after it, in one transaction if need be."""
    assert [one.why for one in destroy(said).refused] == [Why.IN_A_ZIP]
    zips.destroy_zip(zip_, matter)
    assert destroy(said).destroyed == (said.pk,)


def test_the_zip_of_an_active_matter_stays(talk: Talk, said: Message, matter: Matter) -> None:
    """Whoever calls: the database knows that it is not released."""
    zip_ = zips.zipped(talk.account, said)
    with pytest.raises(DatabaseError, match="is not released"):
        zips.destroy_zip(zip_, matter)
    other = zips.matter_at_zoom(talk.account, name="Another", zoom_id="zm-2")
    zips.release(other)
    with pytest.raises(DatabaseError, match="is not released"):
        zips.destroy_zip(zip_, other)
    assert HoldEntry.objects.count() == 1


def test_a_hold_on_one_message_in_it_keeps_all_of_it(talk: Talk, zip_: HoldFile, matter: Matter) -> None:
    """Of another matter, over its session; the refusal names the hold."""
    outcome = zips.destroy_zip(zip_, matter, holds=[rule(talk, session=talk.session_id)])
    assert (outcome.why, outcome.holds) == (Why.HELD, (3,))
    later = rule(talk, session=talk.session_id, since=NOON + timedelta(days=1))
    assert zips.destroy_zip(zip_, matter, holds=[later]).why is None


def test_what_nobody_can_tell_is_held_by_whatever_could_be_about_it(
    talk: Talk, said: Message, matter: Matter
) -> None:
    """One message in it was in no report: a hold on somebody else who received what the custodian said counts."""
    zip_ = zips.zipped(talk.account, said, unreported=1)
    zips.release(matter)
    received = rule(talk, person=talk.say("yes", id="r", by={"sender": "r@x.y", "sender_member_id": "m-r"}).sender_id,
                    covers_received=True, since=NOON, until=NOON + timedelta(days=1))  # fmt: skip
    assert zips.destroy_zip(zip_, matter, holds=[received]).why is Why.HELD
    elsewhen = rule(talk, since=NOON + timedelta(days=9))
    assert zips.destroy_zip(zip_, matter, holds=[elsewhen]).why is None


def test_a_zip_that_is_being_opened_is_tried_again(zip_: HoldFile, matter: Matter) -> None:
    """A worker reads it at this moment."""
    HoldFile.objects.update(opening="claimed")
    assert zips.destroy_zip(zip_, matter).why is Why.BUSY


def test_the_same_bytes_stay_as_another_blob(talk: Talk, said: Message, matter: Matter) -> None:
    """An attachment has them, then a zip of a live matter: the zip goes, the blob does not, and nothing is to be removed."""
    content = zips.packed([("s1", "a", "words")])
    shared = talk.say("my own copy", id="b", minute=1, files=[file("F1", size=len(content))])
    talk.attach(content, file_id="F1")
    zip_ = zips.opened(zips.bring(talk.account, content), said)
    zips.matter_at_zoom(talk.account, name="Live", zoom_id="zm-2")
    twin = zips.opened(zips.bring(talk.account, content, zoom_id="zm-2"), said)
    zips.release(matter)
    outcome = zips.destroy_zip(zip_, matter)
    assert (outcome.why, outcome.blobs, outcome.bytes) == (None, 0, 0)
    twin.refresh_from_db()
    assert twin.blob_id == Attachment.objects.get(message=shared).blob_id is not None
    assert not BlobRemoval.objects.exists()
    assert ZipTombstone.objects.get().leaves == []
    assert [one.why for one in destroy(said).refused] == [Why.IN_A_ZIP]


def test_the_whole_log_verifies_after_it(zip_: HoldFile, matter: Matter) -> None:
    """Its blob's leaf is accounted for by the tombstone; the tombstone by its own leaf and its certificate."""
    zips.destroy_zip(zip_, matter)
    findings = inspection.inspect(progress=lambda *_: None)
    assert [str(one) for one in findings.problems if one.kind != "search index"] == []
    assert findings.figures["records destroyed"] == 1
    assert findings.figures["zip tombstones"] == 1
    assert findings.figures["destroyed zips not certified yet"] == 1


def certified(zip_: HoldFile, matter: Matter) -> bytes:
    zips.destroy_zip(zip_, matter)
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement={"reason": "It is over"}, now=NOW)
    log.checkpoint(now=NOW)
    return b"".join(certificates.lines(disposition=DISPOSITION))


def test_its_certificate_verifies_when_the_bytes_are_gone(zip_: HoldFile, matter: Matter) -> None:
    """Digest, size, matter, rules and approvers of the zip; the leaf of its bytes; and no word of it."""
    written = certified(zip_, matter)
    found = verify.certificate(io.BytesIO(written)).certificate
    size = ZipTombstone.objects.get().size_bytes
    assert (found["zips"], found["zip_bytes"], found["messages"]) == (1, size, 0)
    assert bytes(ZipTombstone.objects.get().sha256).hex().encode() in written
    assert b"Policy 7" in written
    assert b"what they said" not in written
    findings = inspection.inspect(progress=lambda *_: None)
    assert [str(one) for one in findings.problems if one.kind != "search index"] == []


def test_every_changed_byte_of_it_is_found(zip_: HoldFile, matter: Matter) -> None:
    """Each byte of the document, changed or cut off there; and the line of the zip left out."""
    written = certified(zip_, matter)
    for at in range(len(written)):
        for changed in (written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :], written[:at]):
            with pytest.raises(verify.Refused, match=r"^.+\.$"):
                verify.certificate(io.BytesIO(changed))
    lines = written.split(b"\n")
    without = [line for line in lines if not line.startswith(b'{"destroyed_at"')]
    assert len(without) == len(lines) - 1
    with pytest.raises(verify.Refused, match="not those that it counts"):
        verify.certificate(io.BytesIO(b"\n".join(without)))


def test_nothing_more_goes_after_the_certificate(
    talk: Talk, zip_: HoldFile, matter: Matter, said: Message
) -> None:
    """A second zip needs a disposition of its own."""
    certified(zip_, matter)
    other = zips.zipped(talk.account, said, file_key="second")
    with pytest.raises(DatabaseError, match="has its certificate"):
        zips.destroy_zip(other, matter)


def test_what_is_in_it_is_told_by_its_chat_log(talk: Talk, said: Message) -> None:
    """Whole when every message it names is here once; not when a report did not give one, or it was never opened."""
    zips.matter_at_zoom(talk.account)
    whole = zip_fates.contents(zips.zipped(talk.account, said).pk)
    part = zip_fates.contents(zips.zipped(talk.account, said, unreported=1, file_key="k2").pk)
    closed = zip_fates.contents(zips.bring(talk.account, b"no zip", file_key="k3").pk)
    assert [one and (one.message_ids, one.is_whole) for one in (whole, part, closed)] == [
        ((said.pk,), True), ((said.pk,), False), ((), False),
    ]  # fmt: skip


def test_the_check_of_packages_knows_such_a_leaf(zip_: HoldFile, matter: Matter) -> None:
    """verify.py of a package works out the same leaf hash from the same values, by its own code."""
    zips.destroy_zip(zip_, matter)
    row = ZipTombstone.objects.get()
    leaf = Leaf.objects.get(kind=Leaf.Kind.ZIP_TOMBSTONE)
    record = {
        "type": "zip_tombstone", "leaf": leaf.index, "subject_id": row.pk, "at": hashing.moment(leaf.at),
        "salt": bytes(row.salt).hex(), "commitment": bytes(leaf.commitment).hex(), "hold_file_id": zip_.pk,
        "zoom_matter_id": "zm-1", "matter": matter.pk, "sha256": bytes(row.sha256).hex(), "size_bytes": row.size_bytes,
        "first_day": "2026-11-02", "last_day": "2026-11-02", "entries": 1, "messages": 1, "statement": zips.STATED,
        "leaves": row.leaves, "hashes": bytes(row.hashes).hex(), "disposition": DISPOSITION,
        "destroyed_at": hashing.moment(NOW),
    }  # fmt: skip
    assert verify_package.leaf_hash(record, b"") == hashing.leaf(log.entry_of(leaf.index))
    with pytest.raises(verify_package.Wrong, match="not the one that was committed to"):
        verify_package.leaf_hash(record | {"matter": matter.pk + 1}, b"")
