"""Cutting what is in a zip of a legal hold into passages, and the words of each, by which a file is found.

A passage ends with a line, with a word, or, where a stretch has neither, between two atoms of the analysis; then the
next atom is in both passages, so that a pair across the cut is in one of them. So the words of a file's passages are
those of its texts, no fewer and no others, wherever they were cut (a test asks for just that). Whoever changes what a
passage is gives a new FORM: the passages of files that have older ones are made anew from their texts.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from archive.extraction import texts
from archive.models import HoldPassage
from archive.search import analysis, folding

FORM = 2
VERSION = FORM * 1000 + analysis.VERSION
LONGEST = 2_000
"""Characters of a passage, but for the atom it shares with the next, and where that many have no atom to cut at."""
_SEPARATORS = ",;>}/"
"""Signs that join nothing: with another sign of ASCII after them, nothing is folded across."""


class Cut(NamedTuple):
    """Where a passage begins and ends, and where the next begins, in characters of the text."""

    start: int
    stop: int
    following: int


def of(entry_id: int, *, name: str, packed: bytes) -> Iterator[HoldPassage]:
    """The passages of a file in a zip, as rows to be stored: its name, then its text, `packed` as `texts` packs it.

    A file inside it that has no text has a passage for its name.
    """
    yield from _passage(entry_id, 0, (0, 0), name)
    for part, (inner, text) in enumerate(texts.unpack(packed) if packed else []):
        for start, stop, _ in cuts(text) if text != "" else [Cut(0, 0, 0)]:
            said = text[start:stop] if start > 0 else f"{inner}\n{text[:stop]}"
            yield from _passage(entry_id, part, (start, stop), said)


def _passage(entry_id: int, part: int, place: tuple[int, int], text: str) -> Iterator[HoldPassage]:
    words, pairs = analysis.words_and_pairs(text)
    terms = sorted({*words, *(pair for pair, _ in pairs)})
    if len(terms) > 0:
        yield HoldPassage(entry_id=entry_id, part=part, start=place[0], stop=place[1], terms=terms)


def cuts(text: str) -> Iterator[Cut]:
    """A text in passages."""
    start = 0
    while start < len(text):
        one = _next(text, start)
        yield one
        start = one.following


def _next(text: str, start: int) -> Cut:
    if start + LONGEST >= len(text):
        return Cut(start, len(text), len(text))
    at = _plain_end(text, start)
    return _between_atoms(text, start) if at is None else Cut(start, at, at)


def _plain_end(text: str, start: int) -> int | None:
    """The end of the last line of a stretch, or of its last word, or after a sign that joins nothing; None: it has none."""
    stop = start + LONGEST
    for blank in ("\n", " "):
        at = text.rfind(blank, start + 1, stop)
        if at > 0:
            return at + 1
    signs = [text.rfind(sign, start + 1, stop) + 1 for sign in _SEPARATORS]
    return max((at for at in signs if at > 0 and text[at].isascii()), default=None)


def _between_atoms(text: str, start: int) -> Cut:
    """A cut before an atom, which is in this passage too."""
    size = LONGEST + LONGEST // 10
    while start + size < len(text):
        firsts = list(_firsts(text[start : start + size]))
        places = [at for at in firsts[:-1] if at > 0]  # the last may go on beyond the window
        count = max(bisect_right(places, LONGEST), 1)
        if len(places) > count:
            return Cut(start, start + places[count], start + places[count - 1])
        size *= 2
    return Cut(start, len(text), len(text))


def _firsts(window: str) -> Iterator[int]:
    """Where atoms begin at a character that is folded by itself, whatever comes before it."""
    end = 0
    for atom in analysis.atoms(window):
        if atom.start >= end and folding.stands_alone(window[atom.start]):
            yield atom.start
        end = atom.end
