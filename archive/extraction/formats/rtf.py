"""RTF: the text between its control words. Fonts, colours, pictures and what a reader may skip are left out."""

import re

from archive.extraction.formats import plain
from archive.extraction.gathered import Gathered

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_LEFT_OUT = frozenset(
    b"fonttbl colortbl stylesheet pict themedata colorschememapping datastore listtable listoverridetable rsidtbl "
    b"generator xmlnstbl latentstyles objdata filetbl revtbl mmathPr fldinst wgrffmtfilter".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"page": "\n", b"sect": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "\u2014", b"endash": "\u2013", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c",
    b"rdblquote": "\u201d", b"bullet": "\u2022", b"emspace": " ", b"enspace": " ",
}  # fmt: skip


class _Group:
    """What holds until the group ends: whether its text is left out, and how many bytes follow a Unicode sign."""

    __slots__ = ("is_left_out", "skip")

    def __init__(self, *, is_left_out: bool, skip: int) -> None:
        self.is_left_out = is_left_out
        self.skip = skip


def read(data: bytes, into: Gathered) -> None:
    """The text of a document."""
    document = _Document()
    for token in _TOKEN.finditer(data):
        document.take(token)
    document.flush()
    into.write("".join(document.pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip())


class _Document:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._bytes = bytearray()
        self._encoding = "cp1252"
        self._groups = [_Group(is_left_out=False, skip=1)]
        self._to_skip = 0

    def take(self, token: re.Match[bytes]) -> None:
        word, number, byte, sign, brace, text = token.groups()
        if brace is not None:
            self._brace(brace)
        elif word is not None:
            self._word(word, None if number is None else int(number))
        elif byte is not None:
            self._add(bytes.fromhex(byte.decode()))
        elif sign is not None:
            self._sign(sign)
        elif text is not None:
            self._add(text)

    def flush(self) -> None:
        """Decode the bytes collected so far: a character may take several."""
        if self._bytes:
            self.pieces.append(self._bytes.decode(self._encoding, "replace"))
            self._bytes.clear()

    def _brace(self, brace: bytes) -> None:
        self.flush()
        self._to_skip = 0
        if brace == b"{":
            self._groups.append(_Group(is_left_out=self._here.is_left_out, skip=self._here.skip))
        elif len(self._groups) > 1:
            self._groups.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _LEFT_OUT:
            self._here.is_left_out = True
        elif word == b"ansicpg" and number is not None and plain.is_known(f"cp{number}"):
            self.flush()
            self._encoding = f"cp{number}"
        elif word == b"uc" and number is not None:
            self._here.skip = max(0, number)
        elif word == b"u" and number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = self._here.skip
        elif word in _SIGNS:
            self._put(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._here.is_left_out = True
        elif sign in (b"\\", b"{", b"}"):
            self._add(sign)
        elif sign in (b"~", b"_"):
            self._put(" " if sign == b"~" else "-")
        elif sign in (b"\n", b"\r"):
            self._put("\n")

    def _add(self, raw: bytes) -> None:
        skipped = min(self._to_skip, len(raw))
        self._to_skip -= skipped
        if not self._here.is_left_out:
            self._bytes += raw[skipped:]

    def _put(self, text: str) -> None:
        self.flush()
        if not self._here.is_left_out:
            self.pieces.append(text)

    @property
    def _here(self) -> _Group:
        return self._groups[-1]
