"""Words inside files: found, told apart, never run into others, and counted while they are not there yet."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import override_settings

from archive import search
from archive.capture import reading
from archive.models import Attachment, Extraction, Leaf, Message, Reading
from archive.scope import EVERYTHING, Scope
from archive.search import coverage, rebuild, unsearched
from sandbox.acme import documents
from tests.archive.extraction import samples
from tests.archive.search.conftest import Find
from tests.archive.search.talk import NOON, Talk

Read = Callable[[], int]
Index = Callable[[], None]


def covered(scope: Scope = EVERYTHING) -> tuple[int, int]:
    """Files that are not read yet, and files that cannot be, as an answer says."""
    found = search.messages("anything", scope=scope, limit=0).coverage
    return found.unread, found.unreadable


@pytest.mark.parametrize("extension", ["pdf", "docx", "xlsx", "eml", "html", "zip"])
def test_words_inside_a_file_find_its_message(talk: Talk, read: Read, find: Find, extension: str) -> None:
    """As plain words and as words inside a file; the words of the message are not inside the file."""
    said = talk.say("see attached")
    talk.attach(
        said, f"zzz.{extension}", documents.made(f"plan.{extension}", title="Heliotrope budget", number=3)
    )
    read()
    assert find("heliotrope") == [said]
    assert find('attached:"heliotrope budget"') == [said]
    assert find("attached:helio* see") == [said]
    assert find("attached:see") == []
    assert find("attached:zzz") == []


def test_a_file_that_is_read_later_makes_its_message_findable(talk: Talk, read: Read, find: Find) -> None:
    """The index took the message long before; until the file is read the answer counts it."""
    said = talk.say("see attached")
    talk.attach(said, "a.txt", b"heliotrope")
    assert find("heliotrope") == []
    assert covered() == (1, 0)
    read()
    assert covered() == (1, 0), "read, and not in the index yet"
    assert find("heliotrope") == [said]
    assert covered() == (0, 0)


def test_the_same_file_is_read_once_and_found_on_every_message(talk: Talk, read: Read, find: Find) -> None:
    """Also on one that carries it after it was read."""
    first, second = talk.say("one"), talk.say("two")
    talk.attach(first, "a.txt", b"heliotrope")
    talk.attach(second, "b.txt", b"heliotrope")
    assert read() == 1
    assert find("heliotrope") == [second, first]
    third = talk.say("three")
    assert find("three") == [third]
    talk.attach(third, "c.txt", b"heliotrope")
    assert covered() == (1, 0)
    assert read() == 0
    assert find("heliotrope") == [third, second, first]
    assert Extraction.objects.get().attempts == 1


def test_phrases_and_nearness_end_with_the_text(talk: Talk, read: Read, find: Find) -> None:
    """Not from a message into its file, nor from one entry of an archive into the next."""
    said = talk.say("wire")
    talk.attach(said, "a.zip", samples.zipped({"1.txt": "transfer at dawn", "2.txt": "tonight"}))
    read()
    assert find("wire transfer") == [said]
    assert find('"wire transfer"') == []
    assert find('"dawn tonight"') == []
    assert find("wire w/50 transfer") == []
    assert find("dawn w/50 tonight") == []
    assert find("transfer w/2 dawn") == [said]


def test_names_inside_an_archive_are_found(talk: Talk, read: Read, find: Find) -> None:
    """Each entry by its name, to any depth."""
    said = talk.say("see attached")
    inner = samples.zipped({"ledger_2026.csv": "figures"})
    talk.attach(
        said,
        "a.zip",
        samples.zipped({"inner.zip": inner, "photo.png": documents.made("a.png", title="x", number=1)}),
    )
    read()
    assert find("attached:ledger*") == [said]
    assert find("attached:figures") == [said]
    assert find("attached:photo") == [said]


def test_what_cannot_be_read_is_counted_and_listed(talk: Talk, read: Read, find: Find) -> None:
    """With its reason, its name and its message; a picture is no failure."""
    said = talk.say("see attached")
    locked = talk.attach(said, "deal.pdf", samples.locked_pdf(password="x"))
    talk.attach(said, "photo.png", documents.made("a.png", title="x", number=1))
    talk.attach(said, "fine.txt", b"fine")
    read()
    find("fine")
    assert covered() == (0, 1)
    (file,) = unsearched.files(complete_to=coverage.now().complete_to).files
    assert (file.attachment_id, file.message_id, file.name, file.kind) == (
        locked.pk,
        said.pk,
        "deal.pdf",
        "pdf",
    )
    assert (file.reason, file.sentence) == ("encrypted", "It is encrypted.")
    assert Attachment.objects.get(name="photo.png").inside == "empty"


def test_a_name_that_promises_a_document_is_held_to_it(talk: Talk, read: Read, find: Find) -> None:
    """A picture called contract.pdf is listed; the same picture by its own name is not; real text is read."""
    said = talk.say("see attached")
    picture = documents.made("a.png", title="x", number=1)
    talk.attach(said, "contract.pdf", picture)
    talk.attach(said, "photo.png", picture)
    talk.attach(said, "table.pdf", documents.made("a.docx", title="Heliotrope", number=1))
    read()
    assert find("heliotrope") == [said]
    listed = unsearched.files(complete_to=coverage.now().complete_to).files
    assert [(file.name, file.reason) for file in listed] == [("contract.pdf", "wrong_extension")]


def test_files_gone_and_files_to_come_are_told_apart(talk: Talk, index: Index) -> None:
    """What Zoom no longer has will never be searched; what is not fetched yet may be."""
    said = talk.say("see attached", files=("gone.txt", "late.txt"))
    Attachment.objects.filter(name="gone.txt").update(state=Attachment.State.GONE)
    index()
    assert covered() == (1, 1)
    position = coverage.now().complete_to
    assert [f.reason for f in unsearched.files(complete_to=position).files] == ["gone"]
    (late,) = unsearched.files(complete_to=position, only_unread=True).files
    assert (late.reason, late.message_id) == ("not_fetched", said.pk)


def test_many_files_are_counted_once_for_a_state_of_the_index(
    talk: Talk, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the index stands still their number holds for some seconds; with its next leaf they are counted anew."""
    monkeypatch.setattr(coverage, "MANY_FILES", 3)
    monkeypatch.setattr(coverage, "REMEMBERED_S", 1_000.0)
    talk.say("see attached", files=("a.txt", "b.txt", "c.txt"))
    index()
    assert (covered(), covered(Scope(people=frozenset()))) == ((3, 0), (0, 0))
    Attachment.objects.filter(name="a.txt").update(state=Attachment.State.GONE)
    assert (covered(), coverage.now().unread) == ((3, 0), 3)
    talk.say("something else")
    index()
    assert covered() == (2, 1)
    Attachment.objects.filter(name="b.txt").update(state=Attachment.State.GONE)
    monkeypatch.setattr(coverage, "REMEMBERED_S", 0.0)
    assert covered() == (1, 2)


def test_few_files_are_counted_each_time(talk: Talk, index: Index) -> None:
    talk.say("see attached", files=("a.txt", "b.txt"))
    index()
    assert covered() == (2, 0)
    Attachment.objects.filter(name="a.txt").update(state=Attachment.State.GONE)
    assert covered() == (1, 1)


def test_a_scope_counts_and_lists_its_own_files_only(talk: Talk, read: Read, index: Index) -> None:
    """By session, by person and by time: what is outside is neither shown nor counted."""
    said = talk.say("here", by="ines", where="general")
    for number, message in enumerate((said, talk.say("there", by="ravi", where="deal room"))):
        talk.attach(message, f"{number}.pdf", samples.locked_pdf(password="x"))
        talk.attach(message, f"{number}.txt", b"not read yet %d" % number)
    reading.plan(now=NOON)
    Extraction.objects.filter(blob__attachment__name__endswith="txt").update(
        not_before=NOON + timedelta(days=1)
    )
    read()
    index()
    session, person = talk.sessions["general"].pk, talk.people["ines"].pk
    assert covered() == (2, 2)
    for scope in (
        Scope(sessions=frozenset({session})),
        Scope(people=frozenset({person})),
        Scope(until=said.sent_at + timedelta(seconds=1)),
    ):
        assert covered(scope) == (1, 1)
        for only_unread in (False, True):
            page = unsearched.files(
                complete_to=coverage.now().complete_to, scope=scope, only_unread=only_unread
            )
            assert [file.message_id for file in page.files] == [said.pk]
    assert covered(Scope(sessions=frozenset())) == (0, 0)


def test_the_list_is_paged_by_key(talk: Talk, read: Read, index: Index) -> None:
    """Every file once, whatever the size of a page."""
    said = talk.say("many")
    for number in range(5):
        talk.attach(said, f"{number}.pdf", b"%PDF- broken " + b"%d" % number)
    read()
    index()
    position, seen, before = coverage.now().complete_to, [], None
    while True:
        page = unsearched.files(complete_to=position, before=before, limit=2)
        seen += [file.name for file in page.files]
        before = page.next
        if before is None:
            break
    assert seen == [f"{number}.pdf" for number in (4, 3, 2, 1, 0)]


def test_a_rebuild_reads_no_file_again(talk: Talk, read: Read, find: Find) -> None:
    """The text is kept; only the index is made anew."""
    said = talk.say("see attached")
    talk.attach(said, "a.txt", b"heliotrope")
    read()
    find("heliotrope")
    rebuild.reindex(clock=lambda: NOON, progress=lambda *_: None)
    assert search.messages("heliotrope", scope=EVERYTHING).count == 1
    assert covered() == (0, 0)
    assert Extraction.objects.get().attempts == 1


def test_what_was_searchable_when_is_in_the_log(talk: Talk, read: Read) -> None:
    """A reading commits to the bytes, the version, the outcome and the text."""
    talk.attach(talk.say("see attached"), "a.txt", b"heliotrope")
    read()
    made = Reading.objects.get()
    assert bytes(made.sha256) == bytes(made.attachment.blob.sha256)  # type: ignore[union-attr]
    assert bytes(made.text_sha256) == bytes(Extraction.objects.get().text_sha256)
    assert Leaf.objects.filter(kind=Leaf.Kind.READING, subject_id=made.pk).count() == 1


def test_the_text_can_be_dropped_and_made_anew(talk: Talk, read: Read, find: Find) -> None:
    """It is derived: without it the message is not found by it and says so, and reading again gives the same."""
    said = talk.say("see attached")
    talk.attach(said, "a.txt", b"heliotrope")
    read()
    before = bytes(Extraction.objects.get().text_sha256)
    Extraction.objects.all().delete()
    Attachment.objects.update(inside="")
    rebuild.reindex(clock=lambda: NOON, progress=lambda *_: None)
    assert search.messages("heliotrope", scope=EVERYTHING).count == 0
    assert covered() == (1, 0)
    read()
    assert find("heliotrope") == [said]
    assert bytes(Extraction.objects.get().text_sha256) == before


def test_reading_again_says_only_what_is_new(talk: Talk, read: Read, find: Find) -> None:
    """A limit that was raised finds more; a file that reads the same makes no leaf."""
    said = talk.say("see attached")
    talk.attach(said, "long.txt", b"beginning " * 20 + b"heliotrope")
    talk.attach(said, "short.txt", b"short")
    with override_settings(HOLDFAST_READ_CHARACTERS=100):
        read()
    assert find("heliotrope") == []
    assert covered() == (0, 1)
    assert reading.again(now=NOON, only_unreadable=False) == 2
    assert covered() == (0, 1), "what is found by it stays while it is read again"
    read()
    assert find("heliotrope") == [said]
    assert covered() == (0, 0)
    assert Reading.objects.filter(attachment__name="short.txt").count() == 1


def test_a_file_whose_bytes_changed_is_read_anew(talk: Talk, read: Read, find: Find) -> None:
    """A differing download that was repeated: the message is found by what it has now."""
    said = talk.say("see attached")
    file = talk.attach(said, "a.txt", b"heliotrope")
    read()
    assert find("heliotrope") == [said]
    other = talk.attach(talk.say("other"), "b.txt", b"marigold")
    Attachment.objects.filter(pk=file.pk).update(blob=other.blob, inside="")
    read()
    assert find("heliotrope") == []
    assert Message.objects.get(pk=said.pk) in find("marigold")
