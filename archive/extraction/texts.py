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


def of(extraction_ids: Collection[int]) -> Iterator[tuple[int, list[Entry]]]:
    """The texts of some blobs by the keys of their extractions, one unpacked at a time."""
    if len(extraction_ids) == 0:
        return
    found = Extraction.objects.filter(pk__in=extraction_ids, text__isnull=False).order_by("pk")
    for extraction_id, packed in found.values_list("pk", "text").iterator(chunk_size=4):
        yield extraction_id, unpack(bytes(packed or b""))
