"""Whether the files of an index are what the engine wrote: all there, and every byte of them.

The engine ends each file with a checksum and does not look at it again; a flipped bit would be a wrong answer, and a
file cut short under a running search would end the process. So every file is read against its checksum once after it
was written, and each search makes sure that no file has changed since: engine files are written once and never
changed. What was read is remembered in the file `checked` of the generation, by size, time and inode, so that not
every process reads everything; a thorough check believes nothing and reads all of it.
"""

import json
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from archive.search import folder

Stamp = tuple[int, int, int]
Stamps = dict[str, Stamp]

PARTS = ("term", "idx", "pos", "fieldnorm", "fast", "store")
_CHECKED = "checked"
_MAGIC = 1337
_CHUNK_BYTES = 4_000_000
_LONGEST_FOOTER_BYTES = 10_000

_known: dict[str, Stamps] = {}
_lock = threading.Lock()


class Damaged(Exception):
    """A file is missing or not as it was written. The sentence says which."""


def check(name: str, *, thorough: bool = False) -> Stamps:
    """Make sure of every file of the committed state; what each looked like. Raises Damaged."""
    where = folder.root() / name
    seen: Stamp | None = None
    missing = "meta.json"
    for _ in range(5):
        try:
            before, seen = seen, stamp(where / "meta.json")
            if seen == before:
                break
            return _checked(name, where, thorough)
        except FileNotFoundError as error:
            # While the engine drops files that a merge made needless, it has already said so in meta.json.
            missing = Path(error.filename).name
            if missing == "meta.json":
                break
        except OSError as error:
            raise Damaged(f"a file cannot be read: {error.strerror}") from error
    raise Damaged(f"the file {missing} is missing")


def are_unchanged(name: str, stamps: Stamps) -> bool:
    """Whether each file is still the one that was checked."""
    where = (
        f"{folder.root()}{os.sep}{name}{os.sep}"  # as text: this is done before every search, for each file
    )
    try:
        return all(stamp(where + file) == seen for file, seen in stamps.items())
    except OSError:
        return False


def sweep(name: str) -> None:
    """Delete what the engine left behind and no committed state needs. Only for the one who writes the generation."""
    where = folder.root() / name
    kept = set(needed(where))
    for path in where.iterdir():
        is_of_a_segment = len(path.name.partition(".")[0]) == 32
        if is_of_a_segment and path.name not in kept:
            path.unlink(missing_ok=True)


def segments(name: str) -> list[tuple[str, int]]:
    """The segments of the committed state in the engine's order: id and number of documents, deleted ones too."""
    meta = json.loads((folder.root() / name / "meta.json").read_bytes())
    return [(one["segment_id"].replace("-", ""), int(one["max_doc"])) for one in meta["segments"]]


def alive(name: str) -> dict[str, int]:
    """The segments of the committed state, each with the number of its documents that are not deleted."""
    segments = json.loads((folder.root() / name / "meta.json").read_bytes())["segments"]
    deleted = [0 if one["deletes"] is None else int(one["deletes"]["num_deleted_docs"]) for one in segments]
    return {
        one["segment_id"].replace("-", ""): int(one["max_doc"]) - gone
        for one, gone in zip(segments, deleted, strict=True)
    }


def stamp(path: Path | str) -> Stamp:
    """What changes when a file is written to, cut, or replaced."""
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _checked(name: str, where: Path, thorough: bool) -> Stamps:
    found = {file: stamp(where / file) for file in needed(where)}
    with _lock:
        trusted = {} if thorough else _remembered(where) | _known.get(name, {})
    fresh = [file for file, seen in found.items() if trusted.get(file) != seen]
    for file in fresh:
        _read(where / file)
    with _lock:
        _known.clear()  # one generation at a time is of interest
        _known[name] = found
    if fresh:
        with suppress(OSError):  # a reader may have no right to write here, and the disk may be full
            folder.replace(where / _CHECKED, json.dumps(found).encode())
    return found


def needed(where: Path) -> Iterator[str]:
    """The files of the committed state of a generation. Raises Damaged."""
    try:
        for one in json.loads((where / "meta.json").read_bytes())["segments"]:
            segment = one["segment_id"].replace("-", "")
            yield from (f"{segment}.{part}" for part in PARTS)
            if one["deletes"] is not None:
                yield f"{segment}.{one['deletes']['opstamp']}.del"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged("the file meta.json is not what the engine wrote") from error


def _remembered(where: Path) -> Stamps:
    try:
        found = json.loads((where / _CHECKED).read_bytes())
        return {str(file): (seen[0], seen[1], seen[2]) for file, seen in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return {}


def _read(path: Path) -> None:
    """Compare a file with the checksum at its end: content, {"crc": …} as JSON, its length, a magic number."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            file.seek(max(0, size - 8))
            length, magic = struct.unpack("<II", file.read(8))
            if magic != _MAGIC or length > min(_LONGEST_FOOTER_BYTES, size - 8):
                raise ValueError
            left = size - 8 - length
            file.seek(left)
            expected = int(json.loads(file.read(length))["crc"])
            file.seek(0)
            found = 0
            while left > 0 and (chunk := file.read(min(_CHUNK_BYTES, left))):
                found = zlib.crc32(chunk, found)
                left -= len(chunk)
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise Damaged(f"the file {path.name} is not what the engine wrote") from error
    if found != expected or left > 0:
        raise Damaged(f"the file {path.name} is not what the engine wrote")
