"""Where words stand in a text, by the same analysis as the index: for highlights and for names.

`where` finds exactly what the index finds for the same words: a phrase is marked only where the whole phrase
stands, a prefix marks the whole word. Spans are in characters of the text given, ends excluded.
"""

from archive.search import analysis
from archive.search.query import And, Ast, Match, Not, Or, Words

Span = tuple[int, int]


def highlight(text: str, ast: Ast) -> list[Span]:
    """Where a text shows why it matched, in order and without overlaps; words asked for by NOT are not marked."""
    spans = sorted(span for words in _wanted(ast) for span in where(text, words.text, words.match))
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def where(text: str, words: str, match: Match) -> list[Span]:
    """Every place in `text` where `words` stand together, in order."""
    terms = analysis.sought(words)
    if not terms:
        return []
    atoms = analysis.atoms(text)
    size = terms[-1].offset + terms[-1].size
    return [
        (atoms[first].start, atoms[first + size - 1].end)
        for first in range(len(atoms) - size + 1)
        if _stands(atoms, first, terms, match)
    ]


def _stands(atoms: list[analysis.Atom], first: int, terms: tuple[analysis.Term, ...], match: Match) -> bool:
    for term in terms:
        atom = atoms[first + term.offset]
        if term.size == 1:
            text = atom.text
        elif atom.glue is None:
            return False
        else:
            text = atom.text + atom.glue + atoms[first + term.offset + 1].text
        is_prefix = match is Match.PREFIX and term is terms[-1]
        if not (text.startswith(term.text) if is_prefix else text == term.text):
            return False
    return True


def _wanted(ast: Ast) -> list[Words]:
    match ast:
        case Words():
            return [ast]
        case And(parts) | Or(parts):
            return [words for part in parts for words in _wanted(part)]
        case Not(Not(part)):
            return _wanted(part)
        case _:
            return []
