"""Which characters count as the same when words are looked for.

Promises: canonically or compatibly equal texts fold alike (NFC, NFD, full width, ligatures, circled digits); case
is folded by Unicode's full case folding; accents, Arabic vowel signs and tatweel, Hebrew points and all marks of
the Latin, Greek and Cyrillic kind are dropped (й is found as и, as ICU's folding does); marks that spell in Indic
and South-East Asian scripts stay; a handful of letters without a decomposition take their usual spelling (ø o,
ł l, æ ae); Persian kaf and ye equal the Arabic ones; every decimal digit is its ASCII digit. Characters without
any looks (zero-width, bidi controls, soft hyphens, tag characters, variation selectors) vanish.

Every folded character knows the span of the original it came from. Must never depend on a locale, a database or
the order of calls; a change here is a new analysis.VERSION.
"""

import re
import unicodedata
from dataclasses import dataclass

_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points and accents
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # Arabic
    "\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f]"  # variation selectors, grapheme joiner
)
_WITHOUT_LOOKS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f")
_SPELLED = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        "ک": "ك", "ی": "ي", "ى": "ي", "’": "'", "ʼ": "'",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `starts` and `ends` give each character's span in the original, None when nothing moved."""

    text: str
    starts: list[int] | None
    ends: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that folded to `text[start:end]`."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


class _Folds(dict[str, str]):
    """One character to its folded form, worked out when first met."""

    def __missing__(self, char: str) -> str:
        self[char] = value = _fold_char(char)
        return value


def fold(text: str) -> Folded:
    """`text` as it is compared."""
    pieces = [_FOLDS[char] for char in text]
    joined = "".join(pieces)
    if len(joined) == len(text) and "" not in pieces and unicodedata.is_normalized("NFC", joined):
        return Folded(joined, None, None)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, piece in enumerate(pieces):
        if not piece and ends:
            ends[-1] = position + 1  # what vanished belongs to the character before it
        for char in piece:
            chars.append(char)
            starts.append(position)
            ends.append(position + 1)
    return _composed(chars, starts, ends)


def stands_alone(char: str) -> bool:
    """Whether a character has looks of its own and is never composed with those before it: a text may be cut there."""
    folded = _FOLDS[char]
    return folded != "" and not _attaches(folded[0])


def _fold_char(char: str) -> str:
    if unicodedata.category(char) == "Cf" or char in _WITHOUT_LOOKS:
        return ""
    compatible = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    spelled = _DROPPED_MARKS.sub("", compatible).translate(_SPELLED)
    return unicodedata.normalize("NFC", "".join(map(_digit, spelled)))


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _composed(chars: list[str], starts: list[int], ends: list[int]) -> Folded:
    """NFC of what the characters give together (kana with their marks, Hangul letters), spans kept."""
    if unicodedata.is_normalized("NFC", "".join(chars)):
        return Folded("".join(chars), starts, ends)
    text: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    first = 0
    while first < len(chars):
        last = first + 1
        while last < len(chars) and _attaches(chars[last]):
            last += 1
        group = unicodedata.normalize("NFC", "".join(chars[first:last]))
        kept = len(group) == last - first
        for offset, char in enumerate(group):
            text.append(char)
            new_starts.append(starts[first + offset] if kept else starts[first])
            new_ends.append(ends[first + offset] if kept else ends[last - 1])
        first = last
    return Folded("".join(text), new_starts, new_ends)


def _attaches(char: str) -> bool:
    return (
        unicodedata.combining(char) != 0
        or "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals
        or unicodedata.category(char) == "Mc"
    )


_FOLDS = _Folds()
