"""What of the query language can be asked of the files in zips of legal holds, and how.

A file has the words of its passages in Postgres, not where they stand. So a query becomes a condition that no file that
is meant fails to meet; where the condition says less than the query (a phrase, words near each other), the files that
meet it are looked through.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.search import analysis, matching
from archive.search.query import And, Ast, Attached, Match, Near, Not, Or, Words

MOST_TERMS = 50
_HAS = "e.id IN (SELECT p.entry_id FROM archive_holdpassage p WHERE p.terms @> ARRAY[%s::text])"


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition of SQL on the file `e`, and its values; `terms` are those by which a passage is chosen to be shown."""

    condition: str
    values: tuple[str, ...]
    terms: frozenset[str]
    is_exact: bool


_ANY = Asked("TRUE", (), frozenset(), is_exact=False)


def asked(ast: Ast) -> Asked | None:
    """The condition of a query; None when it asks for more than words, or for nothing but their absence."""
    if not _is_positive(ast):
        return None
    found = _asked(ast)
    return None if found is None or not 0 < len(found.values) <= MOST_TERMS else found


def is_met(ast: Ast, texts: Sequence[str]) -> bool:
    """Whether the texts of one file, together, are what a query asks for."""
    match ast:
        case And(parts):
            return all(is_met(part, texts) for part in parts)
        case Or(parts):
            return any(is_met(part, texts) for part in parts)
        case Not(part):
            return not is_met(part, texts)
        case _:
            return any(len(matching.highlight_inside(text, ast)) > 0 for text in texts)


def _asked(ast: Ast) -> Asked | None:
    match ast:
        case Words(match=Match.WORD | Match.PHRASE):
            terms = [term.text for term in analysis.sought(ast.text)]
            each = [Asked(_HAS, (term,), frozenset((term,)), is_exact=True) for term in terms]
            return _joined(each, "AND", is_exact=len(each) == 1)
        case Attached(words):
            return _asked(words)
        case Near(left, right):
            return _together(
                [_together(map(_asked, side), "OR") for side in (left, right)], "AND", is_exact=False
            )
        case And(parts):
            return _together(map(_asked, parts), "AND")
        case Or(parts):
            return _together(map(_asked, parts), "OR")
        case Not(part):
            inner = _asked(part)
            if inner is None or not inner.is_exact:
                return None if inner is None else _ANY
            return Asked(f"NOT ({inner.condition})", inner.values, frozenset(), is_exact=True)
        case _:
            return None


def _together(parts: Iterable[Asked | None], word: str, *, is_exact: bool = True) -> Asked | None:
    several = list(parts)
    known = [one for one in several if one is not None]
    return _joined(known, word, is_exact=is_exact) if len(known) == len(several) else None


def _joined(parts: Sequence[Asked], word: str, *, is_exact: bool) -> Asked:
    return Asked(
        "(" + f" {word} ".join(one.condition for one in parts) + ")" if len(parts) > 0 else "TRUE",
        tuple(value for one in parts for value in one.values),
        frozenset(term for one in parts for term in one.terms),
        is_exact=is_exact and all(one.is_exact for one in parts),
    )


def _is_positive(ast: Ast) -> bool:
    """Whether a file must have some word to be found."""
    match ast:
        case And(parts):
            return any(map(_is_positive, parts))
        case Or(parts):
            return all(map(_is_positive, parts))
        case Not():
            return False
        case _:
            return True
