"""A page of messages becomes evidence: once, whole, and however often it is offered."""

from datetime import UTC, date, datetime

import pytest

from archive import commitments, ingest
from archive.models import Attachment, Forward, Leaf, Message, Page, Person, Revision, Unreadable
from tests.archive.scenes import INES, NOW, OLU, RAVI, conversation, page, said

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


def test_a_page_becomes_messages_revisions_and_leaves() -> None:
    """What Zoom sent is there byte for byte, with the page it came on and a leaf for each."""
    window = conversation()
    offered = page([said("ship it friday", id="a"), said("no", id="b", by=RAVI, minute=1)])
    counts = ingest.message_page(offered, window=window, pull=1, now=NOW)
    assert counts.per_day == {DAY: ingest.DayAccount(archived=2)}
    assert [bytes(r.raw) for r in Revision.objects.order_by("id")] == [r.raw for r in offered.sent]
    assert [m.sender.display_name for m in Message.objects.all()] == ["Ines", "Ravi"]  # type: ignore[union-attr]
    assert list(Leaf.objects.values_list("kind", flat=True)) == [Leaf.Kind.PAGE] + 2 * [Leaf.Kind.REVISION]
    assert Page.objects.get().request == "GET /report/chat/sessions/s1?from=2026-11-01&to=2026-11-30"


def test_the_leaf_commits_to_the_row() -> None:
    """A revision's leaf can be made again from what the database holds."""
    window = conversation("s1")
    ingest.message_page(page([said("ship it", id="a")]), window=window, pull=1, now=NOW)
    row = Revision.objects.get()
    leaf = Leaf.objects.get(kind=Leaf.Kind.REVISION, subject_id=row.id)
    assert bytes(leaf.commitment) == commitments.revision(
        salt=bytes(row.salt),
        session="s1",
        message="a",
        kind=row.kind,
        raw=bytes(row.raw),
        page_id=row.page_id,
        stored_at=row.stored_at,
    )


def test_the_same_page_again_adds_nothing_but_the_page() -> None:
    """A page pulled twice is a page received twice; its records are duplicates."""
    window = conversation()
    offered = page(
        [said("one", id="a", files=[{"file_id": "f1", "file_name": "x.txt"}]), said("two", id="b")]
    )
    ingest.message_page(offered, window=window, pull=1, now=NOW)
    counts = ingest.message_page(offered, window=window, pull=2, now=NOW)
    assert counts.per_day == {DAY: ingest.DayAccount(duplicate=2)}
    assert (Message.objects.count(), Revision.objects.count(), Attachment.objects.count()) == (2, 2, 1)
    assert Page.objects.count() == 2


def test_a_page_twice_in_one_batch_is_counted_twice_and_kept_once() -> None:
    """A restarted pull may hand over the same records again in the same transaction."""
    window = conversation()
    offered = page([said("one", id="a")])
    counts = ingest.message_pages([offered, offered], window=window, pull=1, now=NOW)
    assert counts.total == ingest.DayAccount(archived=1, duplicate=1)
    assert Revision.objects.count() == 1


def test_an_edit_is_kept_beside_the_original() -> None:
    """Both what was said and what it became are in the record."""
    window = conversation()
    ingest.message_page(page([said("ship it friday", id="a")]), window=window, pull=1, now=NOW)
    edit = said("ship it monday", id="a", action_timestamp=1793620800000)
    counts = ingest.message_page(page(edited=[edit]), window=window, pull=2, now=NOW)
    assert counts.total == ingest.DayAccount(archived=1)
    assert list(Revision.objects.values_list("kind", "text")) == [
        ("sent", "ship it friday"),
        ("edited", "ship it monday"),
    ]
    assert Revision.objects.get(kind="edited").action_at == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert Message.objects.count() == 1


def test_one_page_may_hold_a_message_in_all_three_lists() -> None:
    """Sent, edited and deleted states of one message are three revisions of it."""
    window = conversation()
    states = page([said("b", id="a")], edited=[said("a", id="a")], deleted=[said("b", id="a")])
    counts = ingest.message_page(states, window=window, pull=1, now=NOW)
    assert counts.total == ingest.DayAccount(archived=3)
    assert counts.new_messages == 1
    assert list(Revision.objects.values_list("kind", flat=True)) == ["sent", "edited", "deleted"]


def test_a_fresh_download_address_is_no_new_state() -> None:
    """Zoom signs a new address into every reply; the record has not changed."""
    window = conversation()
    for pull, jwt in enumerate(("one", "two"), start=1):
        file = {
            "file_id": "f",
            "file_name": "plan.pdf",
            "file_size": 7,
            "download_url": f"https://x/?jwt={jwt}",
        }
        counts = ingest.message_page(
            page([said("see", id="a", files=[file])]), window=window, pull=pull, now=NOW
        )
    assert counts.total == ingest.DayAccount(duplicate=1)


def test_a_new_reaction_is_a_new_state() -> None:
    """Who reacted is part of what was seen."""
    window = conversation()
    ingest.message_page(page([said("yes", id="a")]), window=window, pull=1, now=NOW)
    liked = said("yes", id="a", reactions=[{"emoji": "U+1F44D", "total_count": 1, "member_ids": ["m-ravi"]}])
    assert ingest.message_page(page([liked]), window=window, pull=2, now=NOW).total.archived == 1


def test_files_and_forwards_become_due() -> None:
    """A row for each waits to be fetched, with what Zoom claimed."""
    window = conversation()
    files = [
        {"file_id": "f1", "file_name": "a\x00b.txt", "file_size": 12},
        {"file_id": "f2", "file_size": -1},
    ]
    ingest.message_page(
        page([said("", id="a", files=files, forward_id="fw")]), window=window, pull=1, now=NOW
    )
    assert list(Attachment.objects.values_list("zoom_file_id", "name", "size_bytes_claimed", "state")) == [
        ("f1", "a␀b.txt", 12, "due"),
        ("f2", "", None, "due"),
    ]
    assert Forward.objects.get().forward_id == "fw"
    assert Revision.objects.get().oddities == ["files[1].file_size"]


def test_what_is_no_message_is_kept_as_unreadable() -> None:
    """A number, a list, a piece of text among the messages: kept with its leaf, counted as failed."""
    window = conversation()
    counts = ingest.message_page(
        page([said("fine", id="a"), b"[1,2]", b'"x"']), window=window, pull=1, now=NOW
    )
    assert counts.per_day == {
        DAY: ingest.DayAccount(archived=1),
        date(2026, 11, 1): ingest.DayAccount(failed=2),
    }
    assert [bytes(u.raw) for u in Unreadable.objects.all()] == [b"[1,2]", b'"x"']
    assert Leaf.objects.filter(kind=Leaf.Kind.UNREADABLE).count() == 2


def test_an_empty_page_is_still_received() -> None:
    """A quiet session's page is evidence that it was quiet."""
    window = conversation()
    assert ingest.message_page(page(), window=window, pull=1, now=NOW).total.offered == 0
    assert Leaf.objects.get().kind == Leaf.Kind.PAGE


def test_messages_at_the_same_moment_keep_the_order_of_the_page() -> None:
    """Also where Zoom lists the newest first."""
    window = conversation()
    ingest.message_page(page([said(t, id=t) for t in "zab"]), window=window, pull=1, now=NOW)
    newest_first = [
        said("later", id="l", minute=2),
        said("second", id="2", minute=1),
        said("first", id="1", minute=1),
    ]
    ingest.message_page(page(newest_first, number=2), window=window, pull=1, now=NOW)
    assert list(Message.objects.values_list("zoom_id", flat=True)) == ["z", "a", "b", "1", "2", "l"]


def test_the_same_id_in_another_session_is_another_message() -> None:
    """Zoom's ids are unique within a session only."""
    for zoom_id in ("s1", "s2"):
        counts = ingest.message_page(
            page([said("hi", id="a")]), window=conversation(zoom_id), pull=1, now=NOW
        )
        assert counts.total.archived == 1
    assert Message.objects.count() == 2


def test_a_window_without_a_session_is_refused() -> None:
    """Messages cannot be archived outside a conversation."""
    window = conversation()
    window.session = None
    with pytest.raises(ValueError, match="session"):
        ingest.message_page(page([said("hi", id="a")]), window=window, pull=1, now=NOW)


def test_a_failure_keeps_nothing_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows without their leaves would be evidence that cannot be proven."""
    window = conversation()
    broken = page([said("hi", id="a")])
    object.__setattr__(broken, "status", 2**20)  # no smallint: the database refuses the page
    with pytest.raises(Exception, match="smallint"):
        ingest.message_page(broken, window=window, pull=1, now=NOW)


def test_senders_are_people_with_the_names_they_had() -> None:
    """One person a member id; an outsider has no address; a name counts from its first to its last use."""
    window = conversation()
    renamed = {**INES, "sender_display_name": "Ines B."}
    records = [
        said("1", id="1"),
        said("2", id="2", by=renamed, minute=5),
        said("3", id="3", by=OLU, minute=6),
    ]
    ingest.message_page(page(records), window=window, pull=1, now=NOW)
    ines, olu = Person.objects.get(member_id="m-ines"), Person.objects.get(member_id="m-olu")
    assert (ines.display_name, ines.email) == ("Ines B.", "ines@example.com")
    assert [name.name for name in ines.names.all()] == ["Ines", "Ines B."]
    assert (olu.email, olu.is_external) == ("", True)
