"""The index on disk: its fields, what it says of itself, and the state of it that a search sees.

The words are in the index, the texts are not: nothing can be read from it that a search does not return. Every
commit carries one marker document with the position in the log up to which all is indexed; documents and marker
become visible together or not at all, so the index never claims more than it holds. An index that is damaged, gone
or made by another version answers nothing: it raises IndexUnavailable, with what is being done about it.
"""

import errno
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import tantivy

from archive.search import analysis, files, folder, languages
from archive.search.errors import IndexUnavailable, IndexUnwritable
from archive.search.stirring import Stirring

LAYOUT = 7
VERSION = (LAYOUT * 100 + languages.VERSION) * 1000 + analysis.VERSION
_POSITION, FILLER = 1, 2
_FULL = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


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
    """One document a message: its words with positions, its sender's names, its numbers as columns; nothing stored.

    Times are looked for in their column only: a dictionary of moments, no two alike, would be a sixth of the index.
    Every field of text costs each message a byte, whether it has any or not; numbers do not.
    """
    builder = tantivy.SchemaBuilder()
    for words in ("text", "files", "attached"):
        builder.add_text_field(words, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("names", tokenizer_name="raw", index_option="basic")
    for number in ("message", "session", "sender", "properties", "languages"):
        builder.add_integer_field(number, indexed=True, fast=True)
    for moment in ("sent", "day", "digest"):
        builder.add_integer_field(moment, indexed=False, fast=True)
    builder.add_integer_field("marker", indexed=True)
    builder.add_bytes_field("state", stored=True)
    return builder.build()


def create() -> str:
    """A new, empty generation that nobody uses yet; its name."""
    name = f"{VERSION}-{secrets.token_hex(4)}"
    path = folder.root() / name
    path.mkdir(parents=True)
    tantivy.Index(schema(), path=str(path), sort_by_field="sent", sort_order=tantivy.Order.Desc)
    return name


def marker_of(searcher: tantivy.Searcher) -> Marker:
    """What the index says of itself; an index without a marker has nothing yet."""
    found = searcher.search(marker_query(schema()), limit=1).hits
    if not found:
        return Marker(VERSION, 0, "")
    state = json.loads(bytes(searcher.doc(found[0][1]).get_first("state") or b""))
    return Marker(state["version"], state["complete_to"], state["last_leaf"])


def marker_query(of: tantivy.Schema) -> tantivy.Query:
    return marked(of, _POSITION)


def marked(of: tantivy.Schema, what: int) -> tantivy.Query:
    """Documents that are no messages, by what they are."""
    return tantivy.Query.term_query(of, "marker", what)


def marker_document(marker: Marker) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("marker", _POSITION)
    document.add_bytes("state", json.dumps(asdict(marker)).encode())
    return document


def filler() -> tantivy.Document:
    """A document of nothing, for a segment of nothing."""
    document = tantivy.Document()
    document.add_integer("marker", FILLER)
    return document


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn whatever the engine says of files it cannot read into IndexUnavailable."""
    try:
        yield
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        raise folder.unusable(_unreadable(name, error)) from error


@contextmanager
def changing(name: str) -> Iterator[None]:
    """Turn whatever the engine says when it cannot write into IndexUnwritable: no room, or IndexUnavailable."""
    try:
        yield
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        if any(words in str(error) for words in _FULL):
            raise IndexUnwritable(
                f"There is no room to write the search index in {folder.root()}. Nothing is lost: it goes on from "
                "its last commit as soon as there is."
            ) from error
        raise folder.unusable(_unreadable(name, error)) from error


def is_of_the_engine(error: BaseException) -> bool:
    """Whether the engine may have raised it; when it panics, its exception has no importable class."""
    return isinstance(error, ValueError | OSError | SystemError) or type(error).__name__ == "PanicException"


def _unreadable(name: str, error: BaseException) -> str:
    return f"The search index in {folder.root() / name} cannot be read: {str(error)[:200]}."


def open_generation(name: str) -> tantivy.Index:
    """The index of a generation; raises IndexUnavailable when its folder is gone or cannot be read."""
    with reading(name):
        index = tantivy.Index.open(str(folder.root() / name))
        index.config_reader(reload_policy="manual")
        index.reload()
    return index


def check_files(name: str, *, thorough: bool = False) -> files.Stamps:
    """Make sure of every byte of a generation; raises IndexUnavailable."""
    try:
        return files.check(name, thorough=thorough)
    except files.Damaged as error:
        raise folder.unusable(f"The search index in {folder.root() / name} is damaged: {error}.") from error


def check_version(marker: Marker) -> None:
    """Refuse an index of another layout or another analysis."""
    if marker.version != VERSION:
        raise folder.unusable("The search index was made by another version.")


class _Reader:
    """The process's open index: reopened when `current` names another, reloaded when something was committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._name: str | None = None
        self._index: tantivy.Index | None = None
        self._meta: files.Stamp = (0, 0, 0)
        self._stamps: files.Stamps = {}
        self._stirring = Stirring()
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        with self._lock:
            if self._snapshot is None or not self._stirring.is_quiet(folder.root()):
                self._snapshot = self._looked_at()
                self._stirring.looked()
            return self._snapshot

    def _looked_at(self) -> Snapshot:
        """The state there is now, with every file of it the one that was checked."""
        held, self._snapshot = self._snapshot, None  # whatever goes wrong now, the next search looks again
        while True:
            name = folder.current()
            if name is None:
                raise folder.unusable("There is no search index yet.")
            try:
                return self._state_of(name, held)
            except IndexUnavailable:
                if folder.current() == name:
                    raise  # otherwise another has taken its place meanwhile, and it was discarded

    def _state_of(self, name: str, held: Snapshot | None) -> Snapshot:
        self._stirring.begin(folder.root(), folder.root() / name)
        meta = self._meta_of(name)
        if not files.are_unchanged(name, self._stamps):
            self._index = None  # what the engine has mapped is not what is there
        if held is None or self._index is None or (name, meta) != (self._name, self._meta):
            held, self._meta = self._loaded(name), meta
        return held

    def _meta_of(self, name: str) -> files.Stamp:
        try:
            return files.stamp(f"{folder.root()}{os.sep}{name}{os.sep}meta.json")
        except OSError as error:
            raise folder.unusable(f"The search index in {folder.root() / name} is gone.") from error

    def _loaded(self, name: str) -> Snapshot:
        """Files first: the engine would answer from damaged ones, or crash."""
        self._stamps = check_files(name)
        if self._index is None or name != self._name:
            self._index, self._name = open_generation(name), name
        with reading(name):
            self._index.reload()
            searcher = self._index.searcher()
            marker = marker_of(searcher)
        check_version(marker)
        return Snapshot(name, self._index.schema, searcher, marker)


_reader = _Reader()


def snapshot() -> Snapshot:
    """The newest committed state; raises IndexUnavailable with what is being done about it."""
    return _reader.snapshot()
