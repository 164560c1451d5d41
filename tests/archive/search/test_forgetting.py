"""When a record is destroyed, its words are in no byte of the index files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from archive import search
from archive.models import Message
from archive.scope import EVERYTHING
from archive.search import coverage, files, folder, forgetting, indexer, merging, rebuild
from archive.search import index as index_fields
from tests.archive.search.talk import NOON, Line, Talk

SECRET = "щызюкфгъ"
"""Letters that the engine's dictionary does not pack: their bytes stand there backwards, each with a mark behind."""
Owner = psycopg.Connection[tuple[object, ...]]


def holding(word: str) -> list[str]:
    """The files anywhere in the index folder with the word in their bytes, as text or as the dictionary has it."""
    told = word.encode()
    packed = b"\xc0".join(bytes([byte]) for byte in reversed(told[2:-2]))
    return [
        path.name
        for path in folder.root().rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in (told, told[::-1], packed))
    ]


def destroy(owner: Owner, message: Message) -> None:
    """The owner of the tables takes the record out of the database, as destruction will."""
    owner.execute("SET session_replication_role = replica")
    for table, column in (("attachment", "message_id"), ("revision", "message_id"), ("message", "id")):
        owner.execute(f"DELETE FROM archive_{table} WHERE {column} = %s".encode(), [message.pk])


@pytest.fixture
def secret(transactional_db: None, index: Callable[[], None]) -> tuple[Talk, Message]:
    """A message whose first version, file and last version say the word, among others; several segments."""
    talk = Talk()
    talk.say_all(Line(f"common word{n}") for n in range(50))
    message = talk.say(f"the {SECRET} is out", files=(f"{SECRET}.pdf",))
    index()
    talk.edit(message, f"no {SECRET} here")
    talk.say_all(Line(f"common more{n}") for n in range(50))
    index()
    assert len(holding(SECRET)) == 2
    return talk, message


def forget(message: Message) -> forgetting.Forgotten:
    return forgetting.forget(message_ids=[message.pk], clock=lambda: NOON)


def test_the_words_are_in_no_file(
    secret: tuple[Talk, Message], owner: Owner, index: Callable[[], None]
) -> None:
    """Neither of the newest version nor of those replaced long ago; everything else is as it was."""
    _, message = secret
    destroy(owner, message)
    forgotten = forget(message)
    assert (forgotten.segments, forgotten.rewritten) == (2, 100)
    assert holding(SECRET) == []
    assert search.messages(SECRET, scope=EVERYTHING).count == 0
    assert (search.messages("common", scope=EVERYTHING).count, coverage.check()) == (100, [])
    index()
    assert (holding(SECRET), coverage.check()) == ([], [])


def test_deleting_alone_would_leave_them(secret: tuple[Talk, Message], owner: Owner) -> None:
    """The engine keeps what it only marks as deleted: what this is all for."""
    _, message = secret
    destroy(owner, message)
    with indexer.Writer(str(folder.current())) as writer:
        writer.renew([message.pk])
        writer.commit(now=NOON)
    assert search.messages(SECRET, scope=EVERYTHING).count == 0
    assert len(holding(SECRET)) == 2
    assert forget(message).segments == 2
    assert holding(SECRET) == []


def test_what_the_record_still_has_is_indexed_again(secret: tuple[Talk, Message]) -> None:
    """Forgetting a message that was not destroyed loses nothing."""
    forget(secret[1])
    assert search.messages(SECRET, scope=EVERYTHING).count == 1
    assert coverage.check() == []


def test_an_interrupted_rebuild_does_not_keep_them(secret: tuple[Talk, Message], owner: Owner) -> None:
    """What it left goes as well."""

    class Stop(Exception):
        pass

    def stop(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        rebuild.reindex(clock=lambda: NOON, progress=stop)
    with indexer.Writer(folder.building().name) as writer:  # type: ignore[union-attr]
        writer.step()
        writer.commit(now=NOON)
    destroy(owner, secret[1])
    forget(secret[1])
    assert (holding(SECRET), folder.building()) == ([], None)


def test_killed_before_its_commit_it_can_be_done_again(
    secret: tuple[Talk, Message], owner: Owner, index: Callable[[], None]
) -> None:
    """The index is as it was, and as usable."""
    _, message = secret
    destroy(owner, message)

    class Killed(Exception):
        pass

    def clock() -> datetime:
        raise Killed

    with pytest.raises(Killed):
        forgetting.forget(message_ids=[message.pk], clock=clock)
    assert search.messages("common", scope=EVERYTHING).count == 100
    forget(message)
    assert (holding(SECRET), coverage.check()) == ([], [])


def test_killed_before_the_swap_it_leaves_nothing(
    secret: tuple[Talk, Message], owner: Owner, index: Callable[[], None]
) -> None:
    """What was merged beside the index in use goes with the next thing that is done, and all can be done again."""
    _, message = secret
    destroy(owner, message)
    with indexer.Writer(str(folder.current())) as writer:
        writer.renew([message.pk])
        writer.commit(now=NOON)
    name = str(folder.current())
    beside = merging.without(name, {segment for segment, _ in files.segments(name)})
    assert folder.generations() == sorted([beside, name])
    index()
    assert folder.generations() == [name]
    forget(message)
    assert (holding(SECRET), coverage.check()) == ([], [])


def test_what_cannot_be_copied_is_said_and_leaves_the_index_in_use(
    secret: tuple[Talk, Message], owner: Owner
) -> None:
    """In the words of an index that cannot be written, which the indexer waits for; nothing is left beside it."""
    _, message = secret
    destroy(owner, message)
    name = str(folder.current())
    (folder.root() / name / ".managed.json").rename(folder.root() / "aside")
    with pytest.raises(search.IndexUnavailable):
        merging.without(name, {segment for segment, _ in files.segments(name)})
    assert folder.generations() == [name]
    (folder.root() / "aside").rename(folder.root() / name / ".managed.json")
    forget(message)
    assert holding(SECRET) == []


def test_many_are_forgotten_in_one_go(secret: tuple[Talk, Message], owner: Owner) -> None:
    """All that was said is as it was before; what follows the log afterwards goes on with the new index."""
    _, message = secret
    gone = [message, *Message.objects.order_by("pk")[:20]]
    for one in gone:
        destroy(owner, one)
    forgetting.forget(message_ids=[one.pk for one in gone], clock=lambda: NOON)
    assert search.messages("common", scope=EVERYTHING).count == 80
    assert (holding(SECRET), coverage.check()) == ([], [])
    assert index_fields.snapshot().searcher.num_docs == 81


def test_not_while_an_indexer_follows(secret: tuple[Talk, Message], data: Path) -> None:
    """Only one writes: the other is named."""
    with folder.writing(), pytest.raises(search.IndexBusy):
        forget(secret[1])


def test_nothing_to_forget_is_nothing_done(secret: tuple[Talk, Message]) -> None:
    """No segment holds it, none is touched."""
    before = {path.name for path in folder.root().rglob("*.term")}
    assert forgetting.forget(message_ids=[0], clock=lambda: NOON) == forgetting.Forgotten(0, 0)
    assert {path.name for path in folder.root().rglob("*.term")} == before
    assert index_fields.snapshot().searcher.num_docs == 102
