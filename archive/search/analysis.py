"""What a word is: the one analysis behind the index, the query and the highlights.

Folded text is cut into atoms: a run of letters, digits and marks (in pieces of at most 100 characters), one
character of a script written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese), or one emoji. Each
atom takes one position. Neighbours that stand together are also indexed as a pair, at the first one's position:
`john.doe@acme.com` gives john, doe, acme, com and the pairs john.doe, doe@acme, acme.com; 東京都 gives its
characters and the pairs 東京, 京都. A pair is stored behind a mark, so that a pattern or a misspelling of a word is
looked for among words only.

So parts are found alone, and what a person typed with its dots or without its spaces is found exactly, by pairs
that follow each other, inside longer addresses and sentences too. Nothing is cut off: a text of any length is
indexed whole. Punctuation other than the joiners . _ @ ' : separates. Must never be changed without a new
VERSION: an index built by another version is rebuilt.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from archive.search import folding

VERSION = 2
PAIR = "\x01\x01"  # two characters: a word must be changed in three places to become a pair
LONGEST_ATOM = 100

_JOINERS = frozenset("._@':")
_ATOM = re.compile(rf"c|e|w{{1,{LONGEST_ATOM}}}")
_ASCII_WORD = re.compile(rf"[a-z0-9]{{1,{LONGEST_ATOM}}}")
_ASCII_JOINED = re.compile(r"[a-z0-9][._@':][a-z0-9]")
_ASCII_RUN = re.compile(r"[a-z0-9]++(?:[._@':][a-z0-9]++)*+")
_ASCII_SPACED = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_ASCII_TOO_LONG = re.compile(rf"[a-z0-9]{{{LONGEST_ATOM + 1}}}")
_UNSPACED = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"  # Han
)
_NOT_EMOJI = re.compile("[\u2400-\u243f\u2500-\u257f\ufffc\ufffd]")  # control pictures, boxes, replacements


@dataclass(frozen=True, slots=True)
class Atom:
    """One smallest thing that can be found: its folded text, its span in the original, what glues it to the next.

    `glue` is the joiner between this atom and the next (empty in scripts without spaces), None when they are apart.
    """

    text: str
    start: int
    end: int
    glue: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """What a query looks for, as it is stored, at one offset from the place where its words begin; `size` in atoms."""

    offset: int
    text: str
    size: int


class _Classes(dict[str, str]):
    """A folded character to its class: w in a word, c a word by itself, e emoji, a joiner, or a separator."""

    def __missing__(self, char: str) -> str:
        self[char] = value = _class_of(char)
        return value


def atoms(text: str) -> list[Atom]:
    """The atoms of a text, in order."""
    folded = folding.fold(text)
    words = folded.text
    return [
        Atom(words[start:end], *folded.span(start, end), glue)
        for start, end, glue in _cut(_classes_of(words))
    ]


def indexed(text: str) -> list[tuple[str, int]]:
    """Every term of a text with its position, as the index stores it."""
    words, pairs = words_and_pairs(text)
    return [*zip(words, range(len(words)), strict=True), *pairs]


def words_and_pairs(text: str) -> tuple[list[str], list[tuple[str, int]]]:
    """The atoms of a text in order, and its pairs with the positions of their first atoms.

    Nothing is folded or joined across white space, so what stands between is worked out by itself, and what
    people write again and again is remembered. In ASCII, folding is lower case and a word is letters and digits: what
    has no joiner within it needs no more than that, and in ASCII that is nearly everything.
    """
    words: list[str] = []
    pairs: list[tuple[str, int]] = []
    if text.isascii():
        text = text.lower()
        if _ASCII_JOINED.search(text) is None:
            return _ASCII_WORD.findall(text), pairs
        runs = _ASCII_RUN.findall(text)
    else:
        runs = text.split()
    for run in runs:
        if run.isalnum() and run.isascii() and len(run) <= LONGEST_ATOM:
            words.append(run.lower())
            continue
        some, joined = _terms(run) if len(run) <= LONGEST_ATOM else _terms.__wrapped__(run)
        for pair, position in joined:
            pairs.append((pair, len(words) + position))
        words += some
    return words, pairs


def spaced(text: str) -> str | None:
    """A text whose terms, in order, are what its spaces keep apart; None where that is not known at once.

    In ASCII without a joiner within a word, which is nearly everything, letters and digits in lower case are all there is
    to it, and the engine cuts at spaces itself: a sixth of the time of `words_and_pairs`.
    """
    if not text.isascii():
        return None
    # One after the other: a text is looked through for one character far quicker than for one of several.
    has_joiners = "." in text or "'" in text or ":" in text or "_" in text or "@" in text
    if has_joiners and _ASCII_JOINED.search(text.lower()) is not None:
        return None
    words = text.translate(_ASCII_SPACED)
    return words if len(words) <= LONGEST_ATOM or _ASCII_TOO_LONG.search(words) is None else None


@lru_cache(maxsize=50_000)
def _terms(run: str) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The atoms of a run of text without white space, and its pairs."""
    words = run.lower() if run.isascii() else folding.fold(run).text
    cut = _cut(_classes_of(words))
    pairs = (
        (PAIR + words[start : cut[position + 1][1]], position)
        for position, (start, _, glue) in enumerate(cut)
        if glue is not None
    )
    return tuple(words[start:end] for start, end, _ in cut), tuple(pairs)


def sought(text: str) -> tuple[Term, ...]:
    """The fewest terms that together find exactly this run of words: pairs, and atoms that are in none."""
    found = atoms(text)
    terms: list[Term] = []
    for position, atom in enumerate(found):
        if atom.glue is not None:
            terms.append(Term(position, PAIR + atom.text + atom.glue + found[position + 1].text, 2))
        elif position == 0 or found[position - 1].glue is None:
            terms.append(Term(position, atom.text, 1))
    return tuple(terms)


def ends_unspaced(text: str) -> bool:
    """Whether the last atom has no word around it that a prefix could continue (Han, Thai, emoji)."""
    found = atoms(text)
    return bool(found) and _CLASSES[found[-1].text[-1]] in "ce"


def _classes_of(words: str) -> str:
    """The class of each character of folded text."""
    return words.translate(_ASCII_CLASSES) if words.isascii() else "".join([_CLASSES[c] for c in words])


def _cut(classes: str) -> list[tuple[int, int, str | None]]:
    """Where the atoms of folded text stand, by its classes, and what glues each to the next."""
    found: list[tuple[int, int, str | None]] = []
    start = end = -1
    for match in _ATOM.finditer(classes):
        after, after_end = match.span()
        if end >= 0:
            found.append((start, end, _glue(classes, start, end, after)))
        start, end = after, after_end
    if end >= 0:
        found.append((start, end, None))
    return found


def _glue(classes: str, start: int, end: int, after: int) -> str | None:
    if after == end:
        return "" if classes[start] == "c" == classes[after] else None
    if after == end + 1 and classes[end] in _JOINERS and classes[start] != "e" != classes[after]:
        return classes[end]
    return None


def _class_of(char: str) -> str:
    category = unicodedata.category(char)
    if char in _JOINERS:
        return char
    if _UNSPACED.match(char):
        return "c"
    if char.isalnum() or category[0] == "M":
        return "w"
    is_picture = category == "So" or "\U0001f3fb" <= char <= "\U0001f3ff"
    return "e" if is_picture and _NOT_EMOJI.match(char) is None else " "


_CLASSES = _Classes()
_ASCII_CLASSES = {code: _CLASSES[chr(code)] for code in range(128)}
