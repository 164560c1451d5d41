"""Which names of people and sessions have the words asked for.

The one matcher decides. The database only leaves out names that cannot have the words, so that a search does not
read every name there is: in a name of ASCII letters, folding is lower case, and words that stand in it are a part
of it. Every other name is read.
"""

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


@lru_cache(maxsize=200_000)
def is_called(name: str, words: Words) -> bool:
    """Whether a name has the words."""
    return name != "" and len(matching.where(name, words)) > 0
