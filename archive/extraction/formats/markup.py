"""XML, read as it streams: no tree is built, and a document that declares entities of its own is refused.

External entities would read files and addresses, internal ones can grow without bound. `walk` is what the office
formats stand on too.
"""

from collections.abc import Callable, Iterable
from typing import BinaryIO
from xml.parsers import expat

from archive.extraction.gathered import CHUNK_BYTES, Gathered, Unreadable
from archive.extraction.outcomes import Reason

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Said = Callable[[str], None]


def read(data: bytes, into: Gathered) -> None:
    """Every text and attribute of a document, of which nothing else is known."""
    pieces: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        pieces.append("\n")
        pieces.extend(f"{value}\n" for name, value in attributes.items() if not name.startswith("xmlns"))

    try:
        walk([data], start=start, end=lambda _: pieces.append("\n"), said=pieces.append)
    except Unreadable:
        if not pieces:
            raise
        into.write(_lines(pieces))
        raise
    into.write(_lines(pieces))


def walk(chunks: Iterable[bytes], *, start: Start, end: End, said: Said) -> None:
    """Call back for each element, by its name without namespace, and for the text between. Raises Unreadable."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(
        local(name), {local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(local(name))
    parser.CharacterDataHandler = said
    parser.EntityDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(Reason.BROKEN) from error


def chunks(stream: BinaryIO, into: Gathered) -> Iterable[bytes]:
    """An unpacked stream in pieces, counted."""
    while chunk := stream.read(CHUNK_BYTES):
        into.spend(len(chunk))
        yield chunk


def local(name: str) -> str:
    """A name without its namespace's prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise Unreadable(Reason.ENTITIES)


def _lines(pieces: list[str]) -> str:
    return "\n".join(line for line in map(str.strip, "".join(pieces).split("\n")) if line)
