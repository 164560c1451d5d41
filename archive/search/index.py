"""The index on disk: its fields, its folder, and what it says of itself.

`HOLDFAST_DATA/index/` holds one folder a generation and the file `current`, which names the one in use; a rebuild
fills a new folder and swaps the name. The words are in the index, the texts are not: nothing can be read from it
that a search does not return. Every commit carries one marker document with the position in the log up to which
all is indexed; documents and marker become visible together or not at all, so the index never claims more than it
holds. Only one process writes (a lock on `lock`); any number read.
"""

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import tantivy
from django.conf import settings

from archive.search import analysis
from archive.search.errors import IndexBusy, IndexUnavailable

LAYOUT = 3
VERSION = LAYOUT * 1000 + analysis.VERSION
REBUILD = "Run `manage.py reindex`."


@dataclass(frozen=True, slots=True)
class Marker:
    """What an index says of itself: all leaves below `complete_to` are in it, the last of which is `last_leaf`."""

    version: int
    complete_to: int
    last_leaf: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of the index, which does not change while it is held."""

    name: str
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    marker: Marker


def schema() -> tantivy.Schema:
    """One document a message: its words and names with positions, its numbers as columns; nothing stored."""
    builder = tantivy.SchemaBuilder()
    for words in ("text", "files", "attached", "names"):
        builder.add_text_field(words, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("properties", tokenizer_name="whitespace", index_option="basic")
    for number in ("message", "session", "sender", "sent", "day"):
        builder.add_integer_field(number, indexed=True, fast=True)
    builder.add_text_field("marker", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def root() -> Path:
    return Path(settings.HOLDFAST_DATA) / "index"


def current() -> str | None:
    """The name of the generation in use; None when there is none yet."""
    try:
        return (root() / "current").read_text().strip() or None
    except FileNotFoundError:
        return None


def create() -> str:
    """A new, empty generation that nobody uses yet; its name."""
    name = f"{VERSION}-{secrets.token_hex(4)}"
    folder = root() / name
    folder.mkdir(parents=True)
    tantivy.Index(schema(), path=str(folder), sort_by_field="sent", sort_order=tantivy.Order.Desc)
    return name


def open_generation(name: str) -> tantivy.Index:
    """The index of a generation; raises IndexUnavailable when its folder is gone or cannot be read."""
    with reading(name):
        index = tantivy.Index.open(str(root() / name))
        index.config_reader(reload_policy="manual")
        index.reload()
    return index


def make_current(name: str) -> None:
    """Use this generation from now on. Readers change over at their next search, the indexer at its next step."""
    path = root() / "current"
    temporary = path.with_suffix(".new")
    with temporary.open("w") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(root(), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def discard_unused(name: str) -> list[str]:
    """Delete every generation but this one, unless one is just being built; the names of those that went.

    Only for the holder of `writing()`. A reader that still has a deleted one open keeps its files until it lets go.
    """
    try:
        with writing("rebuild.lock"):
            others = [path for path in root().iterdir() if path.is_dir() and path.name != name]
            for path in others:
                shutil.rmtree(path, ignore_errors=True)
            return [path.name for path in others]
    except IndexBusy:
        return []


@contextmanager
def writing(lock: str = "lock") -> Iterator[None]:
    """Hold the right to write; raises IndexBusy when another process has it. A killed process holds nothing."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / lock).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise IndexBusy(
                f"Another process (number {holder}) already writes the index in {root()}."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def marker_of(searcher: tantivy.Searcher) -> Marker:
    """What the index says of itself; an index without a marker has nothing yet."""
    found = searcher.search(marker_query(schema()), limit=1).hits
    if not found:
        return Marker(VERSION, 0, "")
    state = json.loads(str(searcher.doc(found[0][1]).get_first("state")))
    return Marker(state["version"], state["complete_to"], state["last_leaf"])


def marker_query(of: tantivy.Schema) -> tantivy.Query:
    return tantivy.Query.term_query(of, "marker", "position")


def marker_document(marker: Marker) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("marker", "position")
    document.add_text("state", json.dumps(asdict(marker)))
    return document


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn whatever the engine says of files it cannot read into IndexUnavailable."""
    try:
        yield
    except (ValueError, OSError, SystemError) as error:
        raise IndexUnavailable(_unreadable(name, error)) from error
    except BaseException as error:  # the engine panics on some damage; its exception has no importable class
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(_unreadable(name, error)) from error


def _unreadable(name: str, error: BaseException) -> str:
    return f"The search index in {root() / name} cannot be read: {str(error)[:200]}. {REBUILD}"


class _Reader:
    """The process's open index: reopened when `current` names another, reloaded when something was committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._name: str | None = None
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        with self._lock:
            name = current()
            if name is None:
                raise IndexUnavailable("There is no search index yet: it is built by `manage.py indexer`.")
            meta = self._meta(name)
            if self._snapshot is None or name != self._name or meta != self._seen:
                self._snapshot = self._loaded(name)
                self._seen = meta
            return self._snapshot

    def _meta(self, name: str) -> tuple[int, int]:
        try:
            stat = (root() / name / "meta.json").stat()
        except OSError as error:
            raise IndexUnavailable(f"The search index in {root() / name} is gone. {REBUILD}") from error
        return stat.st_mtime_ns, stat.st_ino

    def _loaded(self, name: str) -> Snapshot:
        if self._index is None or name != self._name:
            self._index, self._name = open_generation(name), name
        with reading(name):
            self._index.reload()
            searcher = self._index.searcher()
            marker = marker_of(searcher)
        if marker.version != VERSION:
            raise IndexUnavailable(f"The search index was made by another version. {REBUILD}")
        return Snapshot(name, self._index.schema, searcher, marker)


_reader = _Reader()


def snapshot() -> Snapshot:
    """The newest committed state; raises IndexUnavailable with what to do."""
    return _reader.snapshot()
