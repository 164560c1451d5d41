"""Where words stand in a text, by the same analysis as the index: for highlights and for names.

`where` finds exactly what the index finds for the same words: a phrase is marked only where the whole phrase
stands, a prefix, a pattern and a misspelling mark the whole word, and of words near each other only those that are.
Spans are in characters of the text given, ends excluded.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from archive.search import analysis, patterns
from archive.search.query import And, Ast, Attached, File, Match, Near, Not, Or, Words

Span = tuple[int, int]
Places = list[tuple[int, int]]  # first atom and the one after the last


def highlight(text: str, ast: Ast, *, is_file_name: bool = False) -> list[Span]:
    """Where a text shows why it matched, in order and without overlaps; words asked for by NOT are not marked.

    What `file:` asks for is marked in the names of files only.
    """
    return _highlight(text, [one for one in _wanted(ast) if is_file_name or not isinstance(one, File)])


def highlight_inside(text: str, ast: Ast) -> list[Span]:
    """The same for the text inside a file."""
    return _highlight(text, wanted_inside(ast))


def wanted_inside(ast: Ast) -> list[Words | Near]:
    """What is looked for inside files."""
    match ast:
        case File():
            return []
        case Attached(words):
            return [words]
        case And(parts) | Or(parts):
            return [wanted for part in parts for wanted in wanted_inside(part)]
        case Not(Not(part)):
            return wanted_inside(part)
        case _:
            return [one for one in _wanted(ast) if not isinstance(one, File)]


def _highlight(text: str, several: Sequence[Words | Near | File]) -> list[Span]:
    atoms = analysis.atoms(text)
    found = {
        place
        for wanted in several
        for place in _marked(atoms, wanted.words if isinstance(wanted, File) else wanted)
    }
    merged: list[Span] = []
    for start, end in sorted((atoms[first].start, atoms[last - 1].end) for first, last in found):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def where(text: str, words: Words) -> list[Span]:
    """Every place in `text` where `words` stand together, in order."""
    atoms = analysis.atoms(text)
    return [(atoms[first].start, atoms[last - 1].end) for first, last in _places(atoms, words)]


def _marked(atoms: list[analysis.Atom], wanted: Words | Near) -> Iterable[tuple[int, int]]:
    if isinstance(wanted, Words):
        return _places(atoms, wanted)
    left = [place for words in wanted.left for place in _places(atoms, words)]
    right = [place for words in wanted.right for place in _places(atoms, words)]
    return {
        place
        for one in left
        for other in right
        if _are_near(one, other, wanted.between)
        for place in (one, other)
    }


def _are_near(one: tuple[int, int], other: tuple[int, int], between: int) -> bool:
    gap = max(one[0], other[0]) - min(one[1], other[1])
    return 0 <= gap <= between


def _places(atoms: list[analysis.Atom], words: Words) -> Places:
    if words.match in (Match.WILDCARD, Match.FUZZY):
        fits = fitting(words)
        return [(n, n + 1) for n, atom in enumerate(atoms) if fits(atom.text)]
    terms = analysis.sought(words.text)
    if not terms:
        return []
    size = terms[-1].offset + terms[-1].size
    return [
        (first, first + size)
        for first in range(len(atoms) - size + 1)
        if _stands(atoms, first, terms, words.match)
    ]


def _stands(atoms: list[analysis.Atom], first: int, terms: tuple[analysis.Term, ...], match: Match) -> bool:
    for term in terms:
        atom = atoms[first + term.offset]
        if term.size == 1:
            text = atom.text
        elif atom.glue is None:
            return False
        else:
            text = analysis.PAIR + atom.text + atom.glue + atoms[first + term.offset + 1].text
        is_prefix = match is Match.PREFIX and term is terms[-1]
        if not (text.startswith(term.text) if is_prefix else text == term.text):
            return False
    return True


@lru_cache(maxsize=256)
def fitting(words: Words) -> Callable[[str], bool]:
    """Whether a folded word fits a pattern, or differs by no more letters than allowed."""
    if words.match is Match.WILDCARD:
        pieces = {"*": ".*", "?": "."}
        pattern = "".join(pieces.get(char, re.escape(char)) for char in patterns.pattern(words))
        fits = re.compile(pattern, re.DOTALL).fullmatch
        return lambda text: fits(text) is not None
    sought = analysis.atoms(words.text)[0].text
    return lambda text: differs_by(text, sought, most=words.edits) <= words.edits


def differs_by(one: str, other: str, *, most: int) -> int:
    """How many letters must be changed, added or left out to make one word of the other; more than `most` is most + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for n, char in enumerate(one, 1):
        before, row[0] = row[0], n
        for m, other_char in enumerate(other, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (char != other_char))
        if min(row) > most:
            return most + 1
    return row[-1]


def _wanted(ast: Ast) -> list[Words | Near | File]:
    match ast:
        case Words() | Near() | File():
            return [ast]
        case And(parts) | Or(parts):
            return [wanted for part in parts for wanted in _wanted(part)]
        case Not(Not(part)):
            return _wanted(part)
        case _:
            return []
