"""Zips of a package: as large as was foretold, readable by others, the same every time, past every old limit."""

import io
import struct
import zipfile
from pathlib import Path
from zlib import crc32

import pytest

from archive.packages import volumes
from archive.packages.sinks import Entry
from archive.packages.volumes import ChangedOnDisk, Layout, Zip


def entry(path: str, content: bytes) -> Entry:
    return Entry(path, len(content), bytes(32), crc32(content))


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    made = Zip(written, folder="bag")
    for path, content in files.items():
        made.add(entry(path, content), [content])
    made.close()
    return written.getvalue()


def test_a_zip_is_as_large_as_was_foretold() -> None:
    """Also with one file more, which is how parts are filled; and twice the same."""
    files = {"data/a.txt": b"a", "data/é.txt": b"", "README.txt": b"x" * 3_000}
    layout = Layout()
    for path, content in files.items():
        with_it = layout.size_with(entry(path, content), folder="bag")
        layout.add(entry(path, content), folder="bag")
        assert layout.size_bytes == with_it
    data = zipped(files)
    assert len(data) == layout.size_bytes
    assert data == zipped(files)
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert {name.removeprefix("bag/"): read.read(name) for name in read.namelist()} == files
        assert {one.date_time for one in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_more_files_than_an_old_zip_can_count() -> None:
    """All of them are found."""
    files = {f"data/{number}": b"" for number in range(66_000)}
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as read:
        assert len(read.namelist()) == 66_000


def test_a_file_larger_than_an_old_zip_can_say(tmp_path: Path) -> None:
    """Its size is beside the old fields, at its beginning and in the directory; so is where the next one begins."""
    large = Entry("data/large", 5_000_000_000, bytes(32), 7)
    layout = Layout()
    layout.add(large, folder="bag")
    layout.add(entry("data/small", b"s"), folder="bag")
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        made = Zip(_Sparse(file), folder="bag")  # type: ignore[arg-type]
        _pretend(made, large)
        made.add(entry("data/small", b"s"), [b"s"])
        made.close()
    assert path.stat().st_size == layout.size_bytes
    with zipfile.ZipFile(path) as read:
        assert [one.file_size for one in read.infolist()] == [5_000_000_000, 1]
        assert read.read("bag/data/small") == b"s"
    with path.open("rb") as file:
        head = file.read(30 + len("bag/data/large") + 20)
        assert struct.unpack("<HHQQ", head[-20:]) == (1, 16, 5_000_000_000, 5_000_000_000)


def test_a_file_that_changed_on_the_disk_is_found() -> None:
    """Between its writing and its zipping; the zip is worth nothing then."""
    made = Zip(io.BytesIO(), folder="bag")
    with pytest.raises(ChangedOnDisk):
        made.add(entry("data/a", b"plan"), [b"plot"])


class _Sparse:
    """A file of which the bytes of the large member are a hole."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def skip(self, size_bytes: int) -> None:
        self._file.seek(size_bytes, io.SEEK_CUR)


def _pretend(made: Zip, large: Entry) -> None:
    """Add a member whose bytes nobody writes: five gigabytes would take longer than the rest of the tests."""
    name = volumes._name(large, "bag")
    made._write(volumes._local(large, name))
    made._file.skip(large.size_bytes)  # type: ignore[attr-defined]
    made._central.write(volumes._central(large, name, made.layout.offset))
    made.layout.add(large, folder="bag")
