"""Small pictures made by code: a mosaic of tiles whose colours depend on the title.

PNG (ISO/IEC 15948), baseline JPEG (ITU-T T.81: greyscale, flat blocks, the standard's own Huffman table for
the DC coefficients), GIF89a and SVG. Each decodes in any viewer.
"""

import struct
import zlib

from sandbox import identity

SIDE = 96  # pixels
_TILE = 8
_TILES = SIDE // _TILE
# T.81, table K.3: how many DC codes of each length, and the categories in order of their codes
_DC_LENGTHS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
_DC_VALUES = bytes(range(12))
_DC_CODES = (
    "00",
    "010",
    "011",
    "100",
    "101",
    "110",
    "1110",
    "11110",
    "111110",
    "1111110",
    "11111110",
    "111111110",
)


def png(title: str, number: int) -> bytes:
    """A colour mosaic."""
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)
        for x in range(0, SIDE, _TILE):
            rows += bytes(_colour(title, number, x // _TILE, y // _TILE)) * _TILE
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def jpeg(title: str, number: int) -> bytes:
    """A grey mosaic, one flat block of eight by eight pixels a tile."""
    bits, previous = [], 0
    for y in range(_TILES):
        for x in range(_TILES):
            level = sum(_colour(title, number, x, y)) // 3 - 128
            difference, previous = level - previous, level
            size = abs(difference).bit_length()
            bits.append(_DC_CODES[size])
            if size:
                value = difference if difference > 0 else difference + (1 << size) - 1
                bits.append(f"{value:0{size}b}")
            bits.append("0")  # the only AC code: end of block
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    data = int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\x00")
    tables = _segment(0xDB, b"\x00" + b"\x08" * 64)  # every step 8: a DC difference of 1 is one grey level
    frame = _segment(0xC0, struct.pack(">BHHBBBB", 8, SIDE, SIDE, 1, 1, 0x11, 0))
    dc = _segment(0xC4, b"\x00" + _DC_LENGTHS + _DC_VALUES)
    ac = _segment(0xC4, b"\x10" + bytes((1,)) + bytes(15) + b"\x00")
    scan = _segment(0xDA, bytes((1, 1, 0x00, 0, 63, 0)))
    return b"\xff\xd8" + tables + frame + dc + ac + scan + data + b"\xff\xd9"


def gif(title: str, number: int) -> bytes:
    """One colour, one pixel, blown up by the viewer: the smallest picture people do send."""
    colour = bytes(_colour(title, number, 0, 0))
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + colour + b"\xff\xff\xff"
    return head + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def svg(title: str, number: int) -> bytes:
    """A few circles."""
    circles = "".join(
        f'<circle cx="{20 + 25 * n}" cy="48" r="{8 + identity.number(title, number, n) % 12}" '
        f'fill="#{bytes(_colour(title, number, n, 0)).hex()}"/>'
        for n in range(3)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}">{circles}</svg>\n'.encode()
    )


def _colour(title: str, number: int, x: int, y: int) -> tuple[int, int, int]:
    drawn = identity.number(title, number, x // 2, y // 2)
    return 60 + drawn % 180, 60 + drawn // 181 % 180, 60 + drawn // 40_000 % 180


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
