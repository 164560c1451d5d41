"""What a mail is written with (RFC 5322, 2045, 2047, 2231): headers, addresses, parts, base64.

Written here and not by the standard library's generator, because that writes other bytes in other versions of Python and
holds every attachment in memory. Nothing of a stranger reaches a header but through `header`, `addresses` or `part`, which
leave it no line end and nothing that acts. Everything below a header is base64, so that no text can end a part, forge one,
or begin a line with `From `.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import BinaryIO

from archive import inert
from archive.packages.content import Person

Write = Callable[[bytes], object]
_LINE = 76
_RAW_LINE = 57
_LINES = re.compile(b".{1,%d}" % _LINE)
_WORD_BYTES = 45
_LONGEST_PHRASE = 60
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
)
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
_SAFE_IN_PARAMETER = re.compile(r"[A-Za-z0-9 ._()\[\]+-]+")


def header(name: str, value: str) -> bytes:
    """One header with a stranger's words: on one line, folded, in encoded words where it is not plain ASCII."""
    shown = on_one_line(value)
    words = shown.split(" ")
    if not shown.isascii() or "=?" in shown or any(len(word) > _LINE - 2 for word in words):
        return f"{name}: {_encoded(shown)}\r\n".encode()
    return f"{name}: {_folded(words, taken=len(name) + 2)}\r\n".encode()


def dated(at: datetime) -> bytes:
    """The header that says when."""
    return f"Date: {format_datetime(at)}\r\n".encode()


def addresses(name: str, people: Sequence[Person]) -> bytes:
    """A header of people, a line each; with nobody, an empty group as RFC 5322 has it."""
    if len(people) == 0:
        return f"{name}: undisclosed-recipients:;\r\n".encode()
    return (
        f"{name}: {(',' + chr(13) + chr(10) + ' ').join(_mailbox(person) for person in people)}\r\n".encode()
    )


def has_address(person: Person) -> bool:
    """Whether what Zoom gave as somebody's address is one that mail can carry."""
    return len(person.email) <= 254 and _ADDRESS.fullmatch(person.email) is not None


def address(person: Person) -> str:
    """Somebody's address; where there is no usable one, one made of their number that can never be another's."""
    if has_address(person):
        return person.email
    kind = "person" if person.id > 0 else "name"
    return f"{kind}-{abs(person.id)}@no-address.invalid"


def boundary(*seed: str) -> str:
    """What parts the pieces of a mail: always the same for the same seed; base64 never begins a line like it."""
    return "=_" + hashlib.sha256("\0".join(seed).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def part(media_type: str, *, name: str | None = None, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The head of a part in base64; with a safe file name, one to be saved and not shown."""
    kind = media_type if _MEDIA_TYPE.fullmatch(media_type) is not None else "application/octet-stream"
    if kind.startswith(("text/", "message/", "multipart/")) and name is None:
        kind += "; charset=utf-8"
    elif kind.startswith(("text/", "message/", "multipart/")):
        kind = "text/plain; charset=utf-8" if kind == "text/plain" else "application/octet-stream"
    lines = [b"Content-Type: %b\r\n" % kind.encode(), b"Content-Transfer-Encoding: base64\r\n"]
    if name is not None:
        lines.append(f"Content-Disposition: attachment;\r\n {_parameter('filename', name)}\r\n".encode())
    return b"".join([*lines, *(header(*each) for each in headers), b"\r\n"])


class Base64:
    """Bytes as lines of base64; `end` writes what is left."""

    def __init__(self, write: Write) -> None:
        self._write_out = write
        self._held = b""

    def write(self, data: bytes, /) -> None:
        held = self._held + data
        whole = len(held) - len(held) % _RAW_LINE
        self._held = held[whole:]
        if whole > 0:
            self._write_out(_lines(held[:whole]))

    def end(self) -> None:
        if self._held != b"":
            self._write_out(_lines(self._held))
        self._held = b""


def encoded(pieces: Iterable[bytes], *, into: BinaryIO) -> None:
    """Pieces of one part's content as base64, none of them held longer than it takes."""
    lines = Base64(into.write)
    for piece in pieces:
        lines.write(piece)
    lines.end()


def in_pieces(texts: Iterable[str], *, size: int = 65_536) -> Iterator[bytes]:
    """Many small texts as fewer pieces of UTF-8."""
    held: list[str] = []
    length = 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length >= size:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()


def on_one_line(value: str) -> str:
    """A stranger's words with every white space one blank, and what acts as its code point."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(inert.plain(value).split())


def _mailbox(person: Person) -> str:
    name = on_one_line(person.display_name)
    if name == "":
        return address(person)
    if name.isascii() and "=?" not in name and len(name) <= _LONGEST_PHRASE:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address(person)}>'
    return f"{_encoded(name)}\r\n <{address(person)}>"


def _encoded(value: str) -> str:
    """RFC 2047, cut between characters, never inside one."""
    words: list[str] = []
    held = b""
    for character in value:
        code = character.encode()
        if len(held) + len(code) > _WORD_BYTES:
            words.append(_word(held))
            held = b""
        held += code
    return "\r\n ".join([*words, _word(held)])


def _word(value: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(value).decode()}?="


def _folded(words: Sequence[str], *, taken: int) -> str:
    lines: list[str] = []
    held = ""
    for word in words:
        if held != "" and taken + len(held) + 1 + len(word) > _LINE:
            lines.append(held)
            held, taken = word, 1
        else:
            held = word if held == "" else f"{held} {word}"
    return "\r\n ".join([*lines, held])


def _parameter(name: str, value: str) -> str:
    """RFC 2231: readers disagree about two forms of one name, so there is only ever one."""
    if _SAFE_IN_PARAMETER.fullmatch(value) is not None:
        return f'{name}="{value}"'
    octets = "".join(
        chr(octet) if chr(octet).isascii() and chr(octet).isalnum() else f"%{octet:02X}"
        for octet in value.encode()
    )
    return f"{name}*=utf-8''{octets}"


def _lines(data: bytes) -> bytes:
    return b"\r\n".join([*_LINES.findall(base64.b64encode(data)), b""])
