"""The whole log still verifies after records were destroyed; what went any other way is found and named."""

import psycopg
import pytest

from archive import inspection, log
from archive.models import Leaf, Message, Tombstone
from tests.archive.disposition.conftest import Talk, destroy, file
from tests.archive.scenes import NOW

Owner = psycopg.Connection[tuple[object, ...]]

pytestmark = pytest.mark.django_db(transaction=True)


def verify() -> inspection.Findings:
    return inspection.inspect(progress=lambda *_: None)


def wrong(findings: inspection.Findings) -> list[str]:
    return [str(problem) for problem in findings.problems if problem.kind != "search index"]


@pytest.fixture
def gone(talk: Talk) -> Message:
    """A message with a file and two wordings, destroyed beside one that is not; all of it signed."""
    said = talk.say("see attached", id="a", files=[file("F1", name="minutes.txt")])
    talk.say("lunch?", id="b", minute=1)
    talk.edit("see it attached", id="a", files=[file("F1", name="minutes.txt")])
    talk.attach(b"minutes", file_id="F1")
    log.checkpoint(now=NOW)
    destroy(said)
    log.checkpoint(now=NOW)
    return said


def past_the_triggers(owner: Owner, *statements: str) -> None:
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            owner.execute(statement.encode())


def test_everything_agrees_after_destruction(gone: Message) -> None:
    """Leaves of what went are accounted for by tombstones, and counted: two versions, a file, what Zoom said of it."""
    findings = verify()
    assert wrong(findings) == []
    assert findings.figures["records destroyed"] == 4
    assert findings.figures["tombstones"] == 1


def test_a_record_missing_without_a_tombstone_is_named(gone: Message, owner: Owner) -> None:
    """The neighbour of what was destroyed went another way."""
    past_the_triggers(owner, "DELETE FROM archive_revision")
    assert any("archive_revision" in one and "its row is gone" in one for one in wrong(verify()))


def test_a_tombstone_nobody_logged_is_found(gone: Message, owner: Owner) -> None:
    """A tombstone put in to cover a deletion has no leaf."""
    past_the_triggers(
        owner,
        "INSERT INTO archive_tombstone (message_id, session_id, zoom_id, sent_at, revisions, attachments, leaves, hashes,"
        " disposition, destroyed_at, salt) SELECT m.id, m.session_id, m.zoom_id, m.sent_at, 1, 0, ARRAY[l.index],"
        " sha256('guessed'), 7, now(), '0123456789abcdef' FROM archive_revision r JOIN archive_message m"
        " ON m.id = r.message_id JOIN archive_leaf l ON l.kind = 1 AND l.subject_id = r.id",
        "DELETE FROM archive_revision",
    )
    found = wrong(verify())
    assert any(one.startswith("revision") and "its row is gone" in one for one in found)
    assert any(one.startswith("tombstone") and "It has no leaf" in one for one in found)


def test_a_tombstone_changed_to_cover_more_is_found(gone: Message, owner: Owner) -> None:
    """Another leaf written into an honest tombstone contradicts its own leaf."""
    other = Leaf.objects.filter(kind=Leaf.Kind.REVISION).order_by("-index").first()
    assert other is not None
    past_the_triggers(owner, f"UPDATE archive_tombstone SET leaves = leaves || {other.index}::bigint")
    assert any("tombstone" in one and "not what the log committed to" in one for one in wrong(verify()))


def test_a_tombstone_taken_away_is_found(gone: Message, owner: Owner) -> None:
    """Without it the destroyed records are missing records, and its own leaf has no row."""
    past_the_triggers(owner, "DELETE FROM archive_tombstone")
    found = wrong(verify())
    assert any(one.startswith("tombstone") and "its row is gone" in one for one in found)
    assert sum(one.startswith("revision") for one in found) == 2


@pytest.mark.parametrize(
    "change",
    [
        "sent_at = sent_at + interval '1 day'",
        "zoom_id = 'other'",
        "sender_id = NULL",
        "reply_to_zoom_id = 'main'",
        "sent_at_is_doubtful = true",
    ],
)
def test_what_is_left_of_the_message_cannot_be_changed(gone: Message, owner: Owner, change: str) -> None:
    """No bytes prove it any more; the tombstone's leaf does."""
    past_the_triggers(owner, f"UPDATE archive_message SET {change} WHERE id = {gone.pk}")
    assert any(one.startswith("tombstone") for one in wrong(verify()))


def test_words_put_back_are_found(gone: Message, owner: Owner) -> None:
    """A version of a destroyed message is there again."""
    past_the_triggers(owner, f"UPDATE archive_revision SET message_id = {gone.pk}")
    assert any("there again" in one for one in wrong(verify()))


def test_a_tombstone_of_something_else_is_found(gone: Message, owner: Owner) -> None:
    """Its moment, its disposition and its counts are what the log has."""
    for change in ("disposition = 8", "revisions = 3", "destroyed_at = now()", "attachments = 0"):
        past_the_triggers(owner, f"UPDATE archive_tombstone SET {change}")
        assert any(one.startswith("tombstone") for one in wrong(verify()))
    assert Tombstone.objects.count() == 1
