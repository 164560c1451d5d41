"""Which names of people and sessions have the words asked for.

The one matcher decides. The database only leaves out names that cannot have the words, so that a search does not
read every name there is: in a name of ASCII letters, folding is lower case, and words that stand in it are a part
of it. Every other name is read.
"""

from collections.abc import Callable
from functools import lru_cache

from django.db.models import Func, IntegerField, Q
from django.db.models.functions import Collate, Length, Lower
from django.db.models.lookups import Contains, GreaterThan

from archive.search import analysis, matching
from archive.search.query import Match, Words

_LITERAL = (Match.WORD, Match.PHRASE, Match.PREFIX)


class _Bytes(Func):
    function = "octet_length"
    output_field = IntegerField()


def likely(column: str, words: Words) -> Q:
    """Rows whose `column` may have the words."""
    if words.match not in _LITERAL:
        return Q(**{f"{column}__isnull": False})
    # Lower case as the C locale has it: in Turkish, I would not become i.
    lower = Lower(Collate(column, "C"))
    has_all = Q()
    for atom in analysis.atoms(words.text):
        has_all &= Q(Contains(lower, atom.text))
    return Q(GreaterThan(_Bytes(column), Length(column))) | has_all


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
