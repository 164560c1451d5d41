"""Nothing is looked at while nothing happens, and whatever happens to a file of the index is noticed all the same."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import search
from archive.scope import EVERYTHING
from archive.search import files, folder, stirring
from archive.search.stirring import Stirring
from tests.archive.search.talk import Talk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nobody tells elsewhere")

HAPPENINGS: dict[str, Callable[[Path], object]] = {
    "written": lambda path: path.write_bytes(b"other"),
    "cut": lambda path: os.truncate(path, 1),
    "gone": lambda path: path.unlink(),
    "renamed": lambda path: path.rename(path.with_name("elsewhere")),
    "replaced": lambda path: shutil.copy(__file__, path.with_name("new")) and path.with_name("new").replace(path),
    "touched": lambda path: os.utime(path, (1, 1)),
    "added": lambda path: path.with_name("another").write_bytes(b""),
}  # fmt: skip


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second may pass between any two lines of a test."""
    monkeypatch.setattr(stirring, "LOOK_EVERY_S", 1_000.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "watched").mkdir()
    path = tmp_path / "watched" / "file"
    path.write_bytes(b"as it was")
    return path


def looked(folder: Path) -> Stirring:
    """Somebody who is told of a folder, and has looked at it."""
    watched = Stirring()
    watched.begin(folder)
    assert not watched.is_quiet(folder)
    watched.looked()
    return watched


@pytest.mark.parametrize("happen", HAPPENINGS.values(), ids=HAPPENINGS)
def test_whatever_happens_is_told(path: Path, happen: Callable[[Path], object]) -> None:
    watched = looked(path.parent)
    assert watched.is_quiet(path.parent)
    path.read_bytes()
    assert watched.is_quiet(path.parent)
    happen(path)
    assert not watched.is_quiet(path.parent)
    assert not watched.is_quiet(path.parent)  # until somebody has looked
    watched.looked()
    assert watched.is_quiet(path.parent)
    watched.end()
    assert not watched.is_quiet(path.parent)


@pytest.mark.parametrize("way", ["gone", "moved"])
def test_of_another_folder_of_the_name_nothing_is_told(path: Path, way: str) -> None:
    """So it is never taken to be quiet again."""
    watched = looked(path.parent)
    if way == "gone":
        shutil.rmtree(path.parent)
    else:
        path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.mkdir()
    assert not watched.is_quiet(path.parent)
    watched.looked()
    assert not watched.is_quiet(path.parent)


def test_all_is_looked_at_now_and_then_anyway(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that several machines share is changed without a word."""
    watched = looked(path.parent)
    assert watched.is_quiet(path.parent)
    monkeypatch.setattr(stirring, "LOOK_EVERY_S", 0.0)
    assert not watched.is_quiet(path.parent)
    watched.end()


def test_of_another_folder_nothing_is_known(path: Path) -> None:
    """It must be begun anew."""
    watched, other = looked(path.parent), path.parent.with_name("other")
    other.mkdir()
    assert not watched.is_quiet(other)
    watched.begin(other)
    watched.looked()
    assert (watched.is_quiet(other), watched.is_quiet(path.parent)) == (True, False)
    watched.end()


def test_a_fork_takes_nothing_from_its_parent(path: Path) -> None:
    """It looks for itself, and what happens is told to the parent."""
    watched = looked(path.parent)
    path.write_bytes(b"other")
    child = os.fork()
    if child == 0:
        os._exit(1 if watched.is_quiet(path.parent) else 0)
    assert os.waitpid(child, 0)[1] == 0
    assert not watched.is_quiet(path.parent)
    watched.end()


def test_where_nobody_tells_all_is_looked_at_each_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user may have only so many who tell."""

    def none_left(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(stirring, "INotify", none_left)
    watched = looked(path.parent)
    assert not watched.is_quiet(path.parent)


def test_a_search_looks_at_the_files_after_something_happened(
    talk: Talk, index: Callable[[], None], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a file that is cut between two searches is found out by the second."""
    talk.say("hello")
    index()
    looks: list[str] = []
    unchanged = files.are_unchanged

    def noted(name: str, stamps: files.Stamps) -> bool:
        looks.append(name)
        return unchanged(name, stamps)

    monkeypatch.setattr(files, "are_unchanged", noted)

    def ask() -> int:
        return search.messages("hello", scope=EVERYTHING).count

    assert [ask() for _ in range(2)] == [1, 1]
    looks.clear()
    assert [ask() for _ in range(3)] == [1, 1, 1]
    assert looks == []
    generation = data / "index" / str(folder.current())
    os.utime(next(generation.glob("*.store")))
    assert ask() == 1
    assert looks == [generation.name]
    os.truncate(next(generation.glob("*.idx")), 1)
    with pytest.raises(search.IndexUnavailable, match="damaged"):
        ask()
