"""Which names of people and sessions have the words asked for.

The one matcher decides. The database only leaves out names that cannot have the words, so that a search does not
read every name there is: whole words are looked up in an index of the words of names, and a prefix that stands in a
name of ASCII letters, where folding is lower case, is a part of it. Every other name is read.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, LiteralString

from archive.models.names import UNCUT, words_of
from archive.search import analysis, matching
from archive.search.query import Match, Words

_WHOLE = (Match.WORD, Match.PHRASE)
_LITERAL = (*_WHOLE, Match.PREFIX)


def likely(column: LiteralString, words: Words) -> tuple[LiteralString, list[Any]]:
    """The condition for `bulk.run` that `column` may have the words, and its values."""
    if words.match not in _LITERAL:
        return f"{column} IS NOT NULL", []
    atoms = [atom.text for atom in analysis.atoms(words.text)]
    if words.match in _WHOLE:
        its_words = words_of(column)
        return f"({its_words} @> %b::text[] OR {its_words} @> ARRAY['{UNCUT}'])", [atoms]
    # Lower case as the C locale has it: in Turkish, I would not become i. No atom has a sign that LIKE knows.
    all_of_them: LiteralString = f'lower({column} COLLATE "C") LIKE ALL (%b::text[])'
    patterns = [f"%{atom}%" for atom in atoms]
    return f"({all_of_them} OR octet_length({column}) > length({column}))", [patterns]


def likely_among(words: Words) -> Callable[[str], bool]:
    """The same for a name that is here: whether it may have the words."""
    if words.match not in _LITERAL:
        return lambda name: name != ""
    atoms = [atom.text for atom in analysis.atoms(words.text)]
    return lambda name: not name.isascii() or all(atom in name.lower() for atom in atoms)


@lru_cache(maxsize=200_000)
def is_called(name: str, words: Words) -> bool:
    """Whether a name has the words."""
    return name != "" and len(matching.where(name, words)) > 0
