"""What is measured comes, exactly, the same again, and nothing of it silently missing."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, LiteralString

import pytest

from archive import blobs, bulk, log
from archive.models import Attachment, Message, Revision
from archive.packages import custody, formats, making, streams
from archive.packages.content import Request
from archive.packages.contents import Contents, Made
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk, destroy, file
from tests.archive.packages.conftest import EXPORT, everything
from tests.waiting import wait_until

CUSTODY = {"asked_by": "Ines", "why": "Case 12"}


def made(request: Request, folder: Path, *, expected: Contents | None = None) -> Made:
    folder.mkdir(exist_ok=True)
    settled = custody.settle(request, custody=CUSTODY, now=scenes.NOW)
    wanted = making.measure(request) if expected is None else expected
    return making.make(request, folder=folder, expected=wanted, settled=settled)


def unpacked(folder: Path) -> Path:
    """The bag, from all parts."""
    for part in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(part) as zipped:
            assert zipped.testzip() is None
            zipped.extractall(folder / "out")
    return folder / "out" / f"holdfast-export-{EXPORT}"


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def records(bag: Path) -> list[dict[str, Any]]:
    files = sorted((bag / "data/records").glob("*.ndjson"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


@pytest.fixture
def said(talk: Talk) -> Talk:
    """Three messages: one edited, one with a file that is here and one that is not, one plain."""
    talk.say("friday", id="1", minute=1)
    talk.edit("monday", id="1", minute=1)
    talk.say("look", id="2", minute=2, files=[file("f1"), file("f2", name="=cmd|x.txt")])
    talk.attach(b"plan", file_id="f1")
    talk.say("thanks", id="3", minute=3, by=scenes.RAVI)
    return talk


def test_what_is_measured_is_what_comes_and_what_the_rows_say(said: Talk, tmp_path: Path) -> None:
    """Preflight, package and a count of the rows by other means are equal."""
    request = everything(said, formats=frozenset(formats.WRITERS))
    contents = making.measure(request)
    package = made(request, tmp_path / "made", expected=contents)
    assert package.contents == contents
    assert (contents.messages, contents.revisions) == (Message.objects.count(), Revision.objects.count())
    assert (contents.files, contents.file_bytes, contents.missing["waiting"]) == (1, 4, 1)
    bag = unpacked(tmp_path / "made")
    lines = records(bag)
    assert len({line["message_id"] for line in lines if line["type"] == "revision"}) == contents.messages
    assert [line["leaf"] for line in lines] == sorted(line["leaf"] for line in lines)
    rows = table(bag / "data/csv/messages.csv")
    assert sorted(row["text"] for row in rows) == ["friday", "look", "monday", "thanks"]
    counts = table(bag / "data/about/counts.csv")
    assert [(row["by"], row["messages"], row["files"]) for row in counts] == [
        ("session", "3", "2"), ("person", "2", "2"), ("person", "1", "0"), ("all", "3", "2"),
    ]  # fmt: skip
    for form, number in contents.documents.items():
        folder = "records" if form == "ndjson" else form
        assert number == sum(path.is_file() for path in (bag / "data" / folder).rglob("*"))
    measured = [path for path in bag.rglob("data/**/*") if path.is_file()]
    late = {"custody.json", "newest.note", "consistency.json"}
    known = [path for path in measured if path.name not in late]
    assert (contents.package_files, contents.package_bytes) == (
        len(known), sum(path.stat().st_size for path in known),
    )  # fmt: skip


def test_every_file_is_in_the_manifest_with_its_digest(said: Talk, tmp_path: Path) -> None:
    """And every line of a manifest is a file."""
    made(everything(said), tmp_path / "made")
    bag = unpacked(tmp_path / "made")
    for name, inside in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        listed = dict(line.split("  ")[::-1] for line in (bag / name).read_text().splitlines())
        assert list(listed) == sorted(listed)
        there = {str(path.relative_to(bag)) for path in bag.rglob("*") if path.is_file()}
        wanted = {path for path in there if path.startswith("data/") == inside} - {"tagmanifest-sha256.txt"}
        assert listed.keys() == wanted
        for path, digest in listed.items():
            assert hashlib.sha256((bag / path).read_bytes()).hexdigest() == digest


def test_a_second_run_gives_the_same_bytes(said: Talk, tmp_path: Path) -> None:
    """Though more was said, renamed and fetched meanwhile."""
    request = everything(said, formats=frozenset(formats.WRITERS))
    settled = custody.settle(request, custody=CUSTODY, now=scenes.NOW)
    contents = making.measure(request)
    runs: list[dict[str, bytes]] = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        making.make(request, folder=tmp_path / name, expected=contents, settled=settled)
        runs.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
        said.say("later", id="9", by={**scenes.INES, "sender_display_name": "Ines the Great"})
        said.attach(b"late", file_id="f2")
        log.checkpoint(now=scenes.NOW)
    assert runs[0] == runs[1]
    assert making.measure(request) == contents


def test_what_is_destroyed_before_it_is_made_is_named(said: Talk, tmp_path: Path) -> None:
    """The package is not made without it in silence."""
    request = everything(said)
    contents = making.measure(request)
    gone = said.message("3")
    destroy(gone)
    with pytest.raises(making.Differs) as raised:
        made(request, tmp_path / "made", expected=contents)
    assert f"destroyed since, under disposition 7: message {gone.pk} of session {said.session_id}" in str(
        raised.value
    )


def test_what_was_destroyed_before_is_an_exception_with_its_tombstone(said: Talk, tmp_path: Path) -> None:
    """It is chosen, counted apart, named, and its tombstone is among the records."""
    destroy(said.message("2"))
    request = everything(said)
    contents = making.measure(request)
    assert (contents.messages, contents.destroyed) == (2, 1)
    made(request, tmp_path / "made", expected=contents)
    bag = unpacked(tmp_path / "made")
    rows = [row for row in table(bag / "data/about/exceptions.csv") if row["what"] == "message destroyed"]
    assert [row["reason"] for row in rows] == ["Destroyed on 2026-11-20 under disposition 7."]
    assert [line["message"] for line in records(bag) if line["type"] == "tombstone"] == ["2"]
    inside = b"".join(path.read_bytes() for path in (bag / "data").rglob("*") if path.is_file())
    assert b"look" not in inside


@pytest.mark.parametrize(("harm", "reason"), [("lose", "lost"), ("damage", "damaged")])
def test_bytes_that_are_gone_or_damaged_are_never_passed_on(said: Talk, harm: str, reason: str) -> None:
    """They are counted among what is missing, before anything is made."""
    blob = Attachment.objects.get(zoom_file_id="f1").blob
    assert blob is not None
    place = blobs.path_of(bytes(blob.sha256))
    place.chmod(0o600)
    if harm == "lose":
        place.unlink()
    else:
        place.write_bytes(b"plot")
    contents = making.measure(everything(said))
    assert (contents.files, contents.missing[reason]) == (0, 1)


def test_parts_add_up_to_the_whole(said: Talk, tmp_path: Path) -> None:
    """Small parts, unpacked into one folder, are the bag that one large part is; a larger file has its own."""
    said.say("big", id="4", minute=4, files=[file("f3")])
    said.attach(bytes(range(256)) * 8_000, file_id="f3")
    whole, small = tmp_path / "whole", tmp_path / "small"
    request = everything(said)
    settled = custody.settle(request, custody=CUSTODY, now=scenes.NOW)
    sizes: Sequence[int] = (2_000_000_000, 1_000_000)
    for folder, size in zip((whole, small), sizes, strict=True):
        asked = everything(said, part_bytes=size)
        contents = making.measure(asked)
        folder.mkdir()
        package = making.make(asked, folder=folder, expected=contents, settled=settled)
        assert [part.name for part in package.parts] == [part.name for part in contents.parts]
        assert {part.name: part.size_bytes for part in package.parts} == {
            path.name: path.stat().st_size for path in folder.glob("*.zip")
        }
        assert all(
            hashlib.sha256((folder / part.name).read_bytes()).hexdigest() == part.sha256
            for part in package.parts
        )
    assert len(list(whole.glob("*.zip"))) == 1
    assert len(list(small.glob("*.zip"))) > 2
    both = [
        {str(path.relative_to(bag)): path.read_bytes() for path in bag.rglob("*") if path.is_file()}
        for bag in (unpacked(whole), unpacked(small))
    ]
    assert both[0] == both[1]


def test_nothing_chosen_says_so(talk: Talk, tmp_path: Path) -> None:
    """An empty package has its counts, its coverage and its proof."""
    talk.say("elsewhere", id="1")
    log.checkpoint(now=scenes.NOW)
    request = everything(talk, export_id=EXPORT)
    other = Request(
        export_id=EXPORT + 1, title="", formats=frozenset(), size=request.size, made_at=scenes.NOW
    )
    contents = making.measure(other)
    assert (contents.messages, contents.files, contents.destroyed) == (0, 0, 0)
    package = made(other, tmp_path / "made", expected=contents)
    assert len(package.parts) == 1


def test_contents_survive_a_row_of_json(said: Talk) -> None:
    """What is kept of a preflight is equal to what was measured."""
    contents = making.measure(everything(said))
    assert Contents.from_data(json.loads(json.dumps(contents.as_data()))) == contents


@pytest.mark.django_db(transaction=True)
def test_a_connection_plans_as_before_once_a_run_is_over() -> None:
    """Also one that broke off: a worker goes on to other work with it."""
    with streams.by_indexes():
        assert bulk.run("SHOW enable_seqscan") == [("off",)]
    with pytest.raises(LookupError), streams.by_indexes():
        raise LookupError
    assert bulk.run("SHOW enable_seqscan") == [("on",)]


@pytest.mark.django_db(transaction=True)
def test_what_is_read_ahead_comes_in_order_and_by_a_connection_of_its_own() -> None:
    """One ahead and no more; what the reader raises is raised, and its connection is gone however it ends."""
    ((mine,),), begun, pids = bulk.run("SELECT pg_backend_pid()"), list[int](), set[int]()

    def found() -> Iterator[int]:
        for number in range(4):
            begun.append(number)
            assert bulk.run("SHOW enable_seqscan") == [("off",)]
            pids.update(pid for (pid,) in bulk.run("SELECT pg_backend_pid()"))
            yield number
        raise LookupError

    seen = list[int]()
    with pytest.raises(LookupError):
        seen.extend(streams.ahead(found()))
    assert seen == begun == [0, 1, 2, 3]
    abandoned = streams.ahead(found())
    assert next(abandoned) == 0
    abandoned.close()
    assert begun[4:] == [0, 1]
    assert (len(pids), mine in pids) == (2, False)
    still_there: LiteralString = "SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%b::int[])"
    wait_until(lambda: bulk.run(still_there, [list(pids)]) == [])


@pytest.mark.django_db
def test_in_a_transaction_nothing_is_read_ahead() -> None:
    """Another connection would not see what this one wrote."""
    bulk.run("CREATE TEMPORARY TABLE seen_here (id int)")
    assert list(streams.ahead(bulk.run("SELECT count(*) FROM seen_here") for _ in range(2))) == [
        [(0,)],
        [(0,)],
    ]
