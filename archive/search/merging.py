"""Letting the engine write segments together into one, without what it only marks as deleted.

The engine merges segments as it thinks fit, and drops from their dictionaries the words that only deleted documents had.
It cannot be asked to. But it takes together at once whatever its rules find smallest; so a copy of the index is made
beside it in which the segments that must go are said to be nearly empty, with a few empty ones besides. The copy is of
links, and costs nothing. What comes of it is looked at, and the copy is used only when they are gone.

A merge copies postings and analyses nothing: it is many times faster than writing the same messages anew. Killed in
the middle it leaves a folder that nobody uses, which the indexer removes.
"""

import json
import os
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path

from archive.search import files, folder, index

ENOUGH = 8
"""Segments that the engine takes together when they are small."""
_LISTED = ".managed.json"
"""In which the engine lists the files it may remove one day."""


def without(name: str, doomed: Collection[str]) -> str:
    """A new generation with the documents of this one, in which none of the `doomed` segments is left; its name.

    It is not in use yet. Only for the holder of the right to write, while nothing else has this generation open to write.
    Raises IndexUnavailable when the engine left one of them.
    """
    fresh = f"{index.VERSION}-{secrets.token_hex(4)}"
    try:
        with index.changing(name):
            _copy(folder.root() / name, folder.root() / fresh, doomed)
        _merge(fresh)
        files.sweep(fresh)
        left = {segment for segment, _ in files.segments(fresh)}
        if not left.isdisjoint(doomed):
            raise folder.unusable("A part of the search index could not be emptied.")
    except BaseException:
        folder.discard(fresh)
        raise
    return fresh


def _copy(old: Path, new: Path, doomed: Collection[str]) -> None:
    """The committed state as links, with the doomed segments said to have one document each."""
    new.mkdir()
    for file in files.needed(old):
        os.link(old / file, new / file)
    shutil.copyfile(old / _LISTED, new / _LISTED)
    meta = json.loads((old / "meta.json").read_bytes())
    for segment in meta["segments"]:
        if segment["segment_id"].replace("-", "") in doomed and segment["deletes"] is not None:
            segment["deletes"]["num_deleted_docs"] = segment["max_doc"] - 1
    (new / "meta.json").write_text(json.dumps(meta))


def _merge(name: str) -> None:
    """Add so many empty segments that the engine takes all small ones together, and wait until it has."""
    opened = index.open_generation(name)
    fillers = index.marked(opened.schema, index.FILLER)
    with index.changing(name):
        writer = opened.writer(15_000_000, 1)
        for _ in range(ENOUGH):
            writer.add_document(index.filler())
            writer.commit()
        writer.wait_merging_threads()
        writer = opened.writer(15_000_000, 1)
        writer.delete_documents_by_query(fillers)
        writer.commit()
        writer.wait_merging_threads()
