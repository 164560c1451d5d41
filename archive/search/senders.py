"""Which messages a query's `from:` means by words of a name: the names in the index that have them.

The index has the names and the address of a message's sender as one term, not cut into words: people are few and say
much. So the words are looked for in the terms there are, by the one matcher, and the index is asked for the terms.
"""

from functools import lru_cache

from archive.search import called, index
from archive.search.query import From, To, With, Words

FIELD = "names"
MOST_IN_ONE = 8
"""Names in one term, which has a longest length; a message whose sender was called still otherwise has several."""
_APART = "\0"  # in no name: the database takes none with it

_known: dict[tuple[str, int], tuple[str, ...]] = {}


@lru_cache(maxsize=10_000)
def terms(names: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of a message: its sender's names and address."""
    each = sorted(name for name in names if name != "")
    return tuple(_APART.join(each[first : first + MOST_IN_ONE]) for first in range(0, len(each), MOST_IN_ONE))


def called_so(node: From | With | To, snapshot: index.Snapshot) -> list[str]:
    """The terms in a state of the index of those who are called so."""
    words = Words(node.name, node.match, node.edits)
    may_be = called.likely_among(words)
    return [
        term
        for term in _all(snapshot)
        if any(may_be(name) and called.is_called(name, words) for name in term.split(_APART))
    ]


def _all(snapshot: index.Snapshot) -> tuple[str, ...]:
    """Every term of a state of the index; of one state at a time they are remembered."""
    state = snapshot.name, snapshot.marker.complete_to
    found = _known.get(state)
    if found is None:
        with index.reading(snapshot.name):
            found = tuple(term for term, _ in snapshot.searcher.terms_with_prefix(FIELD, ""))
        _known.clear()
        _known[state] = found
    return found
