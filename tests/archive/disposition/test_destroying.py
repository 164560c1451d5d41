"""What goes when messages are destroyed, what stays, and what is refused."""

import pytest
from django.db import connection, transaction

from archive import holding, log, purge, tallies
from archive.models import (
    Attachment,
    Blob,
    BlobRemoval,
    Extraction,
    Forward,
    Leaf,
    Message,
    Observation,
    Reading,
    Revision,
    Tombstone,
)
from archive.purge import Outcome, Refusal, Why
from tests.archive import scenes
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy, file, lock_holds
from tests.archive.scenes import NOW

pytestmark = pytest.mark.django_db


def test_every_version_goes_and_the_message_keeps_its_place(talk: Talk) -> None:
    """What was said is gone in all its wordings; that something was said then and there is not."""
    said, kept = talk.say("ship it friday", id="a"), talk.say("lunch?", id="b", minute=1)
    talk.edit("ship it monday", id="a")
    outcome = destroy(said)
    assert outcome == Outcome(destroyed=(said.pk,), already=(), refused=(), revisions=2)
    assert list(Revision.objects.values_list("message_id", "text")) == [(kept.pk, "lunch?")]
    assert Message.objects.filter(pk=said.pk).exists()


def test_a_tombstone_says_what_went_and_never_what_it_said(talk: Talk) -> None:
    """Places and hashes in the log of both versions, counts, the disposition; and a leaf of its own."""
    said = talk.say("ship it friday", id="a")
    talk.edit("ship it monday", id="a")
    places = list(Leaf.objects.filter(kind=Leaf.Kind.REVISION).values_list("index", flat=True))
    hashes = b"".join(purge.hashing.leaf(log.entry_of(index)) for index in places)
    destroy(said)
    stone = Tombstone.objects.get()
    assert (stone.message_id, stone.zoom_id, stone.session_id, stone.sent_at) == (
        said.pk, "a", talk.session_id, said.sent_at,
    )  # fmt: skip
    assert (stone.leaves, bytes(stone.hashes)) == (places, hashes)
    assert (stone.revisions, stone.attachments, stone.disposition, stone.destroyed_at) == (
        2,
        0,
        DISPOSITION,
        NOW,
    )
    assert Leaf.objects.filter(kind=Leaf.Kind.TOMBSTONE, subject_id=stone.pk).exists()


def test_files_go_with_their_names_details_readings_and_bytes(talk: Talk) -> None:
    """Nothing of a file is left in any table, and its bytes wait to be removed."""
    said = talk.say("see attached", id="a", files=[file("F1")])
    talk.attach(b"plan", file_id="F1")
    attachment = Attachment.objects.get()
    assert attachment.blob is not None
    Extraction.objects.create(blob=attachment.blob, state="read", not_before=NOW)
    Reading.objects.create(
        attachment=attachment, sha256=attachment.blob.sha256, version=1, outcome="read", characters=4,
        text_sha256=b"t" * 32, read_at=NOW, salt=b"s" * 16,
    )  # fmt: skip
    outcome = destroy(said)
    assert (outcome.attachments, outcome.blobs, outcome.bytes) == (1, 1, 4)
    for model in (Attachment, Observation, Reading, Extraction, Blob):
        assert not model.objects.exists()
    removal = BlobRemoval.objects.get()
    assert (removal.state, removal.size_bytes, removal.disposition) == ("due", 4, DISPOSITION)


def test_bytes_that_another_message_has_stay(talk: Talk) -> None:
    """A file sent twice goes with the last message that has it."""
    first = talk.say("see attached", id="a", files=[file("F1")])
    second = talk.say("here again", id="b", files=[file("F1")])
    talk.attach(b"plan", file_id="F1")
    assert destroy(first).blobs == 0
    assert Blob.objects.count() == 1
    assert Observation.objects.count() == 1
    assert destroy(second).blobs == 1
    assert not Blob.objects.exists()
    assert not Observation.objects.exists()


def test_the_same_bytes_under_another_id_stay(talk: Talk) -> None:
    """Two uploads of one file share its bytes and nothing else."""
    first = talk.say("see attached", id="a", files=[file("F1")])
    talk.say("mine", id="b", files=[file("F2")])
    talk.attach(b"plan", file_id="F1")
    talk.attach(b"plan", file_id="F2")
    assert destroy(first).blobs == 0
    assert list(Observation.objects.values_list("subject", flat=True)) == ["F2"]


def test_a_forwarded_original_goes_with_the_last_that_forwards_it(talk: Talk) -> None:
    """The words of an original were fetched for whoever forwarded it."""
    first, second = talk.say("fyi", id="a", forward_id="W"), talk.say("fyi too", id="b", forward_id="W")
    talk.forward("the original words", forward_id="W")
    destroy(first)
    assert Observation.objects.count() == 1
    destroy(second)
    assert not Observation.objects.exists()
    assert not Forward.objects.exists()


def test_what_a_rule_holds_stays_and_the_refusal_names_it(talk: Talk) -> None:
    """Of two messages the held one stays, with the rules that hold it; the other goes."""
    held, free = talk.say("keep", id="a"), talk.say("go", id="b", by=scenes.RAVI, minute=1)
    rule = holding.Rule(id=3, account=talk.account.pk, person=held.sender_id, covers_received=False)
    outcome = destroy(held, free, holds=[rule])
    assert outcome.destroyed == (free.pk,)
    assert outcome.refused == (Refusal(held.pk, Why.HELD, rules=(3,)),)
    assert Revision.objects.get().text == "keep"


def test_a_call_repeated_destroys_nothing_twice(talk: Talk) -> None:
    """A job that is run again after it was killed finds what it did."""
    said = talk.say("go", id="a")
    destroy(said)
    assert destroy(said) == Outcome((), (said.pk,), ())
    assert Tombstone.objects.count() == 1


def test_a_message_whose_file_is_being_fetched_stays(talk: Talk) -> None:
    """Bytes that arrive after the destruction would have nobody to go with."""
    said = talk.say("see attached", id="a", files=[file("F1")])
    Attachment.objects.update(state=Attachment.State.CLAIMED, claimed_at=NOW)
    assert destroy(said).refused == (Refusal(said.pk, Why.BUSY),)
    assert Revision.objects.exists()


def test_what_is_not_there_is_refused(talk: Talk) -> None:
    """An id of nothing is answered as such."""
    lock_holds()
    outcome = purge.destroy([10**9], holds=[], disposition=1, now=NOW)
    assert outcome.refused == (Refusal(10**9, Why.UNKNOWN),)


def test_messages_of_two_sessions_are_refused(talk: Talk) -> None:
    """The locks of two sessions could cross another's."""
    elsewhere = Talk(scenes.conversation("s2", of=talk.account))
    with pytest.raises(ValueError, match="one session"):
        destroy(talk.say("here", id="a"), elsewhere.say("there", id="a"))


def test_a_captured_state_is_not_stored_again(talk: Talk) -> None:
    """A later pull brings the same record: it is counted as destroyed and leaves nothing behind."""
    said = talk.say("ship it friday", id="a")
    destroy(said)
    counts = talk.offer(sent=[scenes.said("ship it friday", id="a")])
    assert (counts.total.destroyed, counts.total.archived, counts.total.duplicate) == (1, 0, 0)
    assert counts.total.offered == 1
    assert not Revision.objects.exists()


def test_a_state_never_seen_is_not_stored_either(talk: Talk) -> None:
    """Edited after it was destroyed, with a file added: recognised by its id, and not resurrected."""
    said = talk.say("ship it friday", id="a")
    destroy(said)
    counts = talk.edit("ship it never", id="a", files=[file("F9")], forward_id="W")
    assert (counts.total.destroyed, counts.total.offered) == (1, 1)
    for model in (Revision, Attachment, Forward):
        assert not model.objects.exists()


def test_others_of_the_page_are_stored(talk: Talk) -> None:
    """A page with a destroyed, a known and a new message is counted as just that."""
    destroy(talk.say("go", id="a"))
    talk.say("known", id="b")
    total = talk.offer(
        sent=[scenes.said(text, id=id) for text, id in [("go", "a"), ("known", "b"), ("new", "c")]]
    ).total
    assert (total.destroyed, total.duplicate, total.archived, total.offered) == (1, 1, 1, 3)


def test_an_empty_call_does_nothing(talk: Talk) -> None:
    assert purge.destroy([], holds=[], disposition=1, now=NOW) == Outcome((), (), ())


def test_more_than_a_batch_is_refused(talk: Talk) -> None:
    """Whoever places a hold waits as long as a batch takes."""
    with pytest.raises(ValueError, match="At most 1,000"):
        purge.destroy(range(1_001), holds=[], disposition=1, now=NOW)


def test_the_marker_of_a_destruction_is_gone_when_it_ends(talk: Talk) -> None:
    """Nothing later in the transaction may use the door."""
    said = talk.say("go", id="a")
    with transaction.atomic():
        destroy(said)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM archive_destroying")
            assert cursor.fetchone() == (0,)


def test_what_is_gone_is_neither_preserved_nor_lost(talk: Talk) -> None:
    """A rule covers what is left of a destroyed message; figures of what is held count the one that is there."""
    gone, kept = talk.say("go", id="a"), talk.say("stay", id="b", minute=1)
    position = log.size()
    destroy(gone)
    rule = holding.Rule(id=3, account=talk.account.pk, session=talk.session_id)
    assert tallies.of_session(talk.session_id, rules=[rule], owners={3: 1})[1].messages == 1
    (loss,) = tallies.losses(ending=[rule], staying=[])
    assert (loss.messages, loss.first_at) == (1, kept.sent_at)
    assert talk.session_id in tallies.changed(first=position, last=log.size(), since=NOW.replace(year=2100))
