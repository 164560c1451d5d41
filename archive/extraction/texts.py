"""The text inside blobs as it is stored: a list of entries with their texts, as JSON, compressed.

A file that holds no others has one entry without a name. Reading it back is bounded, whatever lies in the column.
"""

import json
import zlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

from archive.models import Extraction

MOST_BYTES = 128 << 20


class Entry(NamedTuple):
    """One text; `name` is that of the file inside the file, empty for the file itself."""

    name: str
    text: str


def unpack(packed: bytes) -> list[Entry]:
    """The entries of a stored text. Raises ValueError for what is none."""
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise ValueError("The stored text of a file cannot be unpacked.") from error
    if not opened.eof:
        raise ValueError("The stored text of a file is cut short or far too long.")
    return [Entry(str(name), str(words)) for name, words in json.loads(text)]


def of(extraction_ids: Collection[int]) -> Iterator[list[Entry]]:
    """The texts of some blobs, one blob in memory at a time."""
    for extraction_id in sorted(extraction_ids):
        packed = Extraction.objects.filter(pk=extraction_id).values_list("text", flat=True).first()
        if packed is not None:
            yield unpack(bytes(packed))
