"""A bag laid over zips of a chosen size, in order of its paths; unpacked into one folder they are one bag again.

A file is never cut: one that is larger than a part makes a part of its own, as large as it is. What is only known when a
package is made, and the bag's own files, come last, in the last part, which keeps room for them: so the parts are the
ones that were measured, by name and by what they have.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from archive.packages import bag
from archive.packages.contents import Finished, Part
from archive.packages.sinks import Entries, Entry
from archive.packages.volumes import Layout, Zip

_COPY_BYTES = 1 << 20
ROOM_BYTES = 512 * 1024
"""For custody, checkpoint, time stamp, README and verify.py; the manifest comes on top."""


def measured(entries: Entries, *, export_id: int, part_bytes: int) -> tuple[Part, ...]:
    """The parts, without what comes last."""
    layouts = [Layout()]
    for number, entry in _laid(entries, export_id=export_id, part_bytes=part_bytes):
        while number > len(layouts):
            layouts.append(Layout())
        if entry is not None:
            layouts[-1].add(entry, folder=bag.name(export_id))
    names = [_name(export_id, number, len(layouts)) for number in range(1, len(layouts) + 1)]
    return tuple(Part(name, layout.size_bytes) for name, layout in zip(names, layouts, strict=True))


def write(
    entries: Entries,
    *,
    folder: Path,
    export_id: int,
    part_bytes: int,
    expected: tuple[Part, ...],
    step: Callable[[], None],
) -> tuple[Finished, ...]:
    """Zip the bag in a folder, and remove it as it is zipped; the zips have their names when all of them are whole."""
    bag_folder, finished = folder / bag.name(export_id), list[Finished]()
    laid = _laid(entries, export_id=export_id, part_bytes=part_bytes)
    waiting = next(laid, None)
    for number, part in enumerate(expected, 1):
        place = folder / f"{part.name}.new"
        with place.open("xb") as file:
            zipped = Zip(file, folder=bag.name(export_id))
            while waiting is not None and waiting[0] == number:
                if waiting[1] is not None:
                    _move(waiting[1], bag_folder, zipped, step)
                waiting = next(laid, None)
            if number == len(expected):
                for entry in _last(entries):
                    _move(entry, bag_folder, zipped, step)
            zipped.close()
            file.flush()
            os.fsync(file.fileno())
        finished.append(Finished(part.name, zipped.layout.size_bytes, zipped.sha256.hexdigest()))
    shutil.rmtree(bag_folder)
    for part in expected:
        (folder / f"{part.name}.new").rename(folder / part.name)
    return tuple(finished)


def _laid(entries: Entries, *, export_id: int, part_bytes: int) -> Iterator[tuple[int, Entry | None]]:
    """Each measured file with the number of its part; None for a last part that has room for what comes last."""
    number, layout, manifest_bytes = 1, Layout(), 0
    for entry in bag.measured(entries):
        manifest_bytes += len(bag.line(entry))
        if layout.count > 0 and layout.size_with(entry, folder=bag.name(export_id)) > part_bytes:
            number, layout = number + 1, Layout()
        layout.add(entry, folder=bag.name(export_id))
        yield number, entry
    if layout.count > 0 and layout.size_bytes + manifest_bytes + ROOM_BYTES > part_bytes:
        yield number + 1, None


def _last(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (one for one in entries if not one.path.startswith("data/") or one.path in bag.LATE)


def _move(entry: Entry, bag_folder: Path, zipped: Zip, step: Callable[[], None]) -> None:
    path = bag_folder / entry.path
    with path.open("rb") as source:
        zipped.add(entry, _pieces(source, step))
    path.unlink()


def _pieces(source: BinaryIO, step: Callable[[], None]) -> Iterator[bytes]:
    while piece := source.read(_COPY_BYTES):
        yield piece
        step()


def _name(export_id: int, number: int, of: int) -> str:
    return f"{bag.name(export_id)}-part-{number:03}-of-{of:03}.zip"
