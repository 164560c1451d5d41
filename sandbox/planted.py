"""Zips that no service should send, planted among those of a hold: what a reader must survive.

Each is listed with the size and count it truly has, save `cut`, which is listed as whole and served as its first half,
and `miscounted`, which is listed with one file more. `large` is computed as it is sent: an entry of zeros that was
stored without compression, so that a zip of many gigabytes costs the sandbox no memory.
"""

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sandbox.files import Content, Held
from sandbox.matters import Matter, Part
from sandbox.people import Person

CHUNK = 1024 * 1024
SIZE = 200 * 1024 * 1024
_MANY = 120_000
_EPOCH = (2024, 1, 1, 0, 0, 0)
_POLYNOMIAL = 0xEDB88320
_SAFE = "chat_messages.csv"
_TABLE = b"date_time,session_id,message_id,sender,message\r\n2026-05-01T09:00:00Z,s,m,ines@acme.example,planted\r\n"


class Trick(StrEnum):
    """What is wrong with a zip."""

    NONE = "none"
    CUT = "cut"
    MISCOUNTED = "miscounted"
    BOMB = "bomb"
    NESTED = "nested"
    MANY = "many"
    SLIP = "slip"
    OVERLAP = "overlap"
    ENCRYPTED = "encrypted"
    NO_ZIP = "no_zip"
    LARGE = "large"


@dataclass(slots=True, frozen=True)
class Zeros:
    """A zip of one stored entry of `count` zeros, computed as it is read."""

    count: int
    head: bytes
    tail: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.head) + self.count + len(self.tail)

    @property
    def tag(self) -> str:
        """What tells it from others without reading it."""
        return f"zeros-{self.count}"

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces."""
        block = bytes(CHUNK)
        pieces = ((0, self.head), (len(self.head) + self.count, self.tail))
        while start < end:
            for at, piece in pieces:
                if at <= start < at + len(piece):
                    part = piece[start - at : end - at]
                    break
            else:
                part = block[: min(CHUNK, end - start, len(self.head) + self.count - start)]
            yield part
            start += len(part)

    def digest(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal."""
        whole = hashlib.sha256()
        for piece in self.chunks(0, self.size):
            whole.update(piece)
        return whole.hexdigest()


def plant(matter: Matter, person: Person, *, trick: Trick, size: int = SIZE) -> Part:
    """Put one more zip among those of a custodian; `size` is that of `bomb` and `large`, unpacked."""
    planted = matter.planted.setdefault(person.id, [])
    key = f"planted-{trick}-{len(planted)}-{person.id}"
    content: Content = zeros(size) if trick is Trick.LARGE else Held(_MADE.get(trick, _plain)(size))
    count = 1 if trick is Trick.LARGE else _count(content)
    listed = content.size
    if trick is Trick.CUT:
        content = Held(_plain(size)[: listed // 2])
    if trick is Trick.MISCOUNTED:
        count += 1
    part = Part(key, f"{key}.zip", matter.start, matter.end or matter.start, True, count, content)
    part.listed_size = listed
    planted.append(part)
    return part


def zeros(count: int) -> Zeros:
    """A zip of one entry of `count` zeros, in the form for large files where it needs it."""
    name, crc = b"files/zeros.bin", _crc_of_zeros(count)
    wide = struct.pack("<HHQQ", 1, 16, count, count)
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(wide)
    )
    head = local + name + wide
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(wide), 0, 0,
        0, 0, 0,
    ) + name + wide  # fmt: skip
    at = len(head) + count
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(row), at)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at + len(row), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(row), 0xFFFFFFFF, 0)
    return Zeros(count, head, row + end64 + locator + end)


def _plain(_: int) -> bytes:
    return _zip({_SAFE: _TABLE, "files/a_plan.txt": b"the planted plan " * 100}, packed=False)


def _bomb(size: int) -> bytes:
    return _zip({_SAFE: _TABLE, "files/b_report.txt": bytes(size)})


def _nested(_: int) -> bytes:
    inner = _zip({"deep.txt": b"so deep"})
    for depth in range(12):
        inner = _zip({f"{depth}.zip": inner})
    return _zip({_SAFE: _TABLE, "files/c_nested.zip": inner})


def _many(_: int) -> bytes:
    return _zip({f"files/{number}.txt": b"" for number in range(_MANY)}, packed=False)


def _slip(_: int) -> bytes:
    names = (
        "../../etc/cron.d/evil.txt",
        "/etc/passwd.txt",
        "C:\\Windows\\evil.txt",
        "..\\evil.txt",
        "nul\x01l.txt",
    )
    whole = _zip({_SAFE: _TABLE, **dict.fromkeys(names, b"slipped words")})
    return whole.replace(b"nul\x01l.txt", b"nul\x00l.txt")


def _overlap(_: int) -> bytes:
    """Two names for one place: the second row of the list points at the first entry."""
    data = bytearray(_zip({"files/first.txt": b"once", "files/other.txt": b"twin"}, packed=False))
    rows = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", rows + 1)
    data[second + 42 : second + 46] = data[rows + 42 : rows + 46]
    return bytes(data)


def _encrypted(_: int) -> bytes:
    data = bytearray(_zip({"files/locked.txt": b"nobody reads this"}, packed=False))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def _no_zip(_: int) -> bytes:
    return b"<html><body>Service unavailable</body></html>"


_MADE: dict[Trick, Callable[[int], bytes]] = {
    Trick.BOMB: _bomb,
    Trick.NESTED: _nested,
    Trick.MANY: _many,
    Trick.SLIP: _slip,
    Trick.OVERLAP: _overlap,
    Trick.ENCRYPTED: _encrypted,
    Trick.NO_ZIP: _no_zip,
}


def _zip(entries: dict[str, bytes], *, packed: bool = True) -> bytes:
    whole = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.filename = name  # the constructor would tidy it
            entry.compress_type = method
            archive.writestr(entry, data)
    return whole.getvalue()


def _count(content: Content) -> int:
    whole = io.BytesIO(b"".join(content.chunks(0, content.size)))
    return len(zipfile.ZipFile(whole).infolist()) if zipfile.is_zipfile(whole) else 1


def _crc_of_zeros(count: int) -> int:
    """The CRC-32 of `count` zero bytes, without reading them: the start times x to the power of eight a byte."""
    state, power, left = 0xFFFFFFFF, 1 << 23, count  # 1 << 23 is x to the eighth, in reversed bits
    while left:
        if left & 1:
            state = _times(state, power)
        power = _times(power, power)
        left >>= 1
    return state ^ 0xFFFFFFFF


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo that of CRC-32, in reversed bits."""
    product = 0
    for bit in range(31, -1, -1):
        if b >> bit & 1:
            product ^= a
        a = (a >> 1) ^ (_POLYNOMIAL if a & 1 else 0)
    return product
