"""Written words read as what they ask for: a word, a phrase, a beginning, a pattern, or a word and its misspellings.

The only place that knows what `*`, `?` and `~` mean. Whatever could be read in two ways is refused with both.
"""

import re
from dataclasses import replace

from archive.search import analysis, folding
from archive.search.errors import Correction, QueryError
from archive.search.query import Match, Words
from archive.search.tokens import Token

MOST_EDITS = 2
SHORTEST_FUZZY = {1: 3, 2: 5}
FEWEST_LITERAL = 2

_FUZZY = re.compile(r"(.+)~([0-9])?", re.DOTALL)


def read(token: Token) -> Words:
    """What a word, a phrase or an operator's value asks for, and where it was typed; raises QueryError."""
    return replace(_read(token), start=token.start, end=token.end)


def _read(token: Token) -> Words:
    text = token.text
    if token.quoted:
        return _phrase(token)
    fuzzy = _FUZZY.fullmatch(text)
    if fuzzy is not None and analysis.atoms(fuzzy[1]):
        return _fuzzy(token, fuzzy[1], int(fuzzy[2] or 1))
    _check_has_words(token)
    if "*" in text:
        return _starred(token)
    if _is_questioned(text):
        return _wildcard(token)
    return Words(text)


def pattern(words: Words) -> str:
    """A wildcard as a folded pattern, in which only `*` and `?` mean something."""
    return folding.fold(words.text).text


def _phrase(token: Token) -> Words:
    _check_has_words(token)
    if re.search(r"\w\*+(?=\s|$)", token.text):
        raise QueryError(
            "A star inside quotation marks is not understood.",
            start=token.start,
            end=token.end,
            hint='Put it outside: "wire transfer" complian*.',
        )
    return Words(token.text, Match.PHRASE)


def _starred(token: Token) -> Words:
    """A star at the end of a word asks for its beginning; anywhere else it is a pattern."""
    stem = token.text[:-1]
    if token.text.endswith("*") and "*" not in stem and not _is_questioned(stem):
        found = analysis.atoms(stem)
        if found and found[-1].end == len(stem):
            return Words(stem) if analysis.ends_unspaced(stem) else Words(stem, Match.PREFIX)
    return _wildcard(token)


def _is_questioned(text: str) -> bool:
    """Whether a question mark stands among letters, as in `col?r`: elsewhere it only ends a question."""
    return (
        re.search(r"[\w*?]\?[\w*]|^\?+[\w*]", text) is not None and re.fullmatch(r"[\w*?]+", text) is not None
    )


def _wildcard(token: Token) -> Words:
    text = token.text
    literal = re.sub(r"[*?]", "", text)
    atoms = analysis.atoms(literal)
    if re.fullmatch(r"[\w*?]+", text) is None or len(atoms) != 1 or analysis.ends_unspaced(literal):
        raise QueryError(
            "Stars and question marks are understood in one word of letters and digits only.",
            start=token.start,
            end=token.end,
            hint="Write the beginning of a word and one star, such as complian*, or a pattern such as col?r.",
        )
    if len(literal) < FEWEST_LITERAL:
        raise QueryError(
            f"A pattern needs at least {FEWEST_LITERAL} letters beside its stars and question marks.",
            start=token.start,
            end=token.end,
            hint="Almost every word would match.",
        )
    return Words(re.sub(r"\*+", "*", text), Match.WILDCARD)


def _fuzzy(token: Token, word: str, edits: int) -> Words:
    atoms = analysis.atoms(word)
    if len(atoms) != 1 or analysis.ends_unspaced(word) or re.fullmatch(r"\w+", word) is None:
        raise QueryError(
            "Misspellings are looked for of one word of letters and digits only.",
            start=token.start,
            end=token.end,
            hint=f'To look for the text itself, put it in quotes: "{token.text}".',
        )
    if not 1 <= edits <= MOST_EDITS:
        most = max(
            n
            for n, letters in SHORTEST_FUZZY.items()
            if n == 1 or (edits > 0 and len(atoms[0].text) >= letters)
        )
        raise QueryError(
            f"At most {MOST_EDITS} letters may differ.",
            start=token.start,
            end=token.end,
            hint=f"Write {word}~1 or {word}~2.",
            correction=Correction(token.end - 1, token.end, str(most)),
        )
    if len(atoms[0].text) < SHORTEST_FUZZY[edits]:
        raise QueryError(
            f"“{word}” is too short for {edits} different letter{'s' if edits > 1 else ''}.",
            start=token.start,
            end=token.end,
            hint=f"It needs at least {SHORTEST_FUZZY[edits]} letters.",
        )
    return Words(word, Match.FUZZY, edits)


def _check_has_words(token: Token) -> None:
    if not analysis.atoms(token.text):
        raise QueryError(
            f"There is no letter, digit or emoji to look for in “{token.text}”."
            if token.text
            else "There is nothing to look for.",
            start=token.start,
            end=token.end,
        )
