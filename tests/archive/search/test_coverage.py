"""An index that is not what it should be is named; one that only lags is not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tantivy

from archive import search
from archive.models import DayIndexed, IndexState
from archive.scope import EVERYTHING
from archive.search import coverage, rebuild
from archive.search import folder as index_folder
from archive.search import index as index_fields
from tests.archive.search.talk import NOON, Talk

Index = Callable[[], None]


@pytest.fixture
def folder(talk: Talk, index: Index, data: Path) -> Path:
    """The folder of an index of two messages, complete and in order."""
    talk.say("one")
    talk.say("two")
    index()
    assert coverage.check() == []
    return data / "index" / str(index_folder.current())


def altered(folder: Path, change: Callable[[tantivy.IndexWriter, tantivy.Schema], object]) -> None:
    """Somebody opens the index with tools of their own and changes it."""
    opened = tantivy.Index.open(str(folder))
    writer = opened.writer(20_000_000, 1)
    change(writer, opened.schema)
    writer.commit()
    writer.wait_merging_threads()


def found_one() -> int | str:
    """How many messages say "one", or what is done about an index that cannot say."""
    try:
        return search.messages("one", scope=EVERYTHING).count
    except search.IndexUnavailable as error:
        return str(error).rpartition(": ")[2].partition(". ")[2]


def test_the_database_knows_how_far_the_index_is(folder: Path) -> None:
    """Position, documents and messages by day are recorded after each commit."""
    state = IndexState.objects.get()
    assert (state.name, state.complete_to, state.documents) == (folder.name, 2, 2)
    assert list(DayIndexed.objects.values_list("day", "messages")) == [(NOON.date(), 2)]


def test_a_lag_is_not_a_fault(talk: Talk, folder: Path) -> None:
    """Records that wait are pending, and the rest is still in order."""
    talk.say("three")
    assert coverage.check() == []
    assert coverage.now() == coverage.Coverage(complete_to=2, pending=1, waiting_since=NOON)


def test_an_index_rolled_back_is_named(talk: Talk, folder: Path, index: Index, tmp_path: Path) -> None:
    """An older copy in the folder's place knows less than was recorded."""
    shutil.copytree(folder, tmp_path / "kept")
    talk.say("three")
    index()
    shutil.copytree(tmp_path / "kept", folder, dirs_exist_ok=True)
    assert "rolled back" in coverage.check()[0]


def test_an_index_that_goes_on_meanwhile_was_not_rolled_back(
    talk: Talk, folder: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed and recorded after it was looked at is no fault, the first time one looks."""
    monkeypatch.setattr(coverage.time, "sleep", lambda _: pytest.fail("it looked again"))
    look = index_fields.snapshot

    def and_then_something_is_said() -> index_fields.Snapshot:
        seen = look()
        monkeypatch.setattr(index_fields, "snapshot", look)
        talk.say("three")
        index()
        return seen

    monkeypatch.setattr(index_fields, "snapshot", and_then_something_is_said)
    assert coverage.check() == []
    assert IndexState.objects.get().complete_to == 3


def test_an_index_the_database_is_just_told_of_is_not_strange(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes another's place is there a moment before the database knows its name."""
    IndexState.objects.update(name="2001-0badcafe")
    monkeypatch.setattr(coverage.time, "sleep", lambda _: IndexState.objects.update(name=folder.name))
    assert coverage.check() == []


def test_an_index_that_is_changed_over_while_it_is_opened_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was named a moment ago is gone, and another in use."""
    named = iter(["2001-0badcafe"])
    monkeypatch.setattr(index_folder, "current", lambda: next(named, folder.name))
    assert index_fields._Reader().snapshot().name == folder.name


def test_the_first_index_is_not_strange_while_it_comes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that names it was not there when it was opened, and was a moment later."""
    said, read = [""], index_folder.named
    monkeypatch.setattr(index_folder, "named", lambda: said.pop() if said else read())
    assert index_folder.current() == folder.name


def test_a_strange_index_is_named(folder: Path) -> None:
    """A folder the database never heard of."""
    shutil.copytree(folder, folder.with_name("2001-0badcafe"))
    index_folder.make_current("2001-0badcafe")
    assert "knows nothing of the search index 2001-0badcafe" in coverage.check()[0]


def test_an_index_of_another_log_is_named_and_not_followed(folder: Path, index: Index) -> None:
    """The marker holds the last leaf's commitment, which must be this log's."""
    marker = index_fields.Marker(index_fields.VERSION, 2, "ab" * 32)

    def forge(writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        writer.delete_documents_by_query(index_fields.marker_query(schema))
        writer.add_document(index_fields.marker_document(marker))

    altered(folder, forge)
    assert "another log" in coverage.check()[0]
    with pytest.raises(search.IndexUnavailable, match="not built from this log") as refused:
        index()
    assert refused.tb is not None  # and all that it holds
    index_fields.open_generation(folder.name).writer()  # not locked by the one who was refused


def test_a_missing_document_is_named_with_its_day(folder: Path) -> None:
    """Taking one message out of the index does not go unnoticed."""
    altered(
        folder,
        lambda writer, schema: writer.delete_documents_by_query(
            tantivy.Query.term_query(schema, "text", "one")
        ),
    )
    assert coverage.check() == ["The search index has 1 messages of 2026-05-04, the archive has 2."]


def test_an_index_that_is_gone_is_named(folder: Path) -> None:
    """Removed whole, or only its folder."""
    shutil.rmtree(folder)
    assert "is gone" in coverage.check()[0]
    (folder.parent / "current").unlink()
    assert "is gone" in coverage.check()[0]


@pytest.mark.parametrize("suffix", [".term", ".idx", ".pos", ".fast", ".store", "meta.json"])
def test_a_damaged_index_is_a_sentence_and_is_rebuilt(folder: Path, suffix: str) -> None:
    """No wrong answer, no crash: what to run, and after that all is well."""
    for path in folder.iterdir():
        if path.name.endswith(suffix):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert found_one() == "The indexer builds a new one; `manage.py reindex` does so at once."
    rebuild.reindex(clock=lambda: NOON, progress=lambda _done, _total: None)
    assert search.messages("one", scope=EVERYTHING).count == 1
    assert coverage.check() == []
    assert not folder.exists()


def test_nothing_indexed_and_nothing_there_is_in_order(db: None) -> None:
    """A new archive has no index yet."""
    assert coverage.check() == []
