"""What is in the places that can be read: for whoever compares it with the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from archive import notes
from archive.witnesses import bucket, places
from archive.witnesses.places import Place

NOTE, KEY = ".note", "log.vkey"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in a place outside: `wrong` says what is wrong with how it lies there, whatever it states."""

    where: str
    name: str
    content: str
    wrong: str = ""


def found(*, key: notes.VerifierKey) -> Iterator[Found]:
    """All checkpoints and keys in the bucket. (Folders are read by `publication`; a mailbox is its keeper's to read.)

    Raises NotSent when the bucket cannot be read.
    """
    name = places.set_up().get(Place.BUCKET)
    if name is None:
        return
    for one in bucket.kept(key=key):
        wrong = ""
        if one.content is None:
            wrong = "It was marked as deleted in the bucket."
        elif not one.is_first:
            wrong = "It was written over in the bucket; what was there before it is kept."
        text = "" if one.content is None else one.content.decode("utf-8", "replace")
        yield Found(
            f"bucket {name}, {one.key}, version {one.version}", PurePosixPath(one.key).name, text, wrong
        )
