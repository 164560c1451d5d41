"""Which sessions a query names, and which time: what an answer to it is about, whatever was found there.

Only what every message it finds must meet: `in:` and dates, also where each of several alternatives has some. A query
that names none is about every session and all time.
"""

from archive.scope import EVERYTHING, Scope
from archive.search import sessions
from archive.search.query import And, Ast, In, Or, Sent


def of(ast: Ast) -> Scope:
    """The sessions and the time that the query is within; everybody's words, and None where it names no limit."""
    match ast:
        case And(parts):
            found = EVERYTHING
            for part in parts:
                found = found.narrowed(of(part))
            return found
        case Or(parts):
            return _either([of(part) for part in parts])
        case In():
            return Scope(sessions=sessions.named(ast))
        case Sent():
            since, until = ast.span()
            return Scope(since=since, until=until)
        case _:
            return EVERYTHING


def _either(scopes: list[Scope]) -> Scope:
    """What any of them may be within."""
    named = [one.sessions for one in scopes if one.sessions is not None]
    begins = [one.since for one in scopes if one.since is not None]
    ends = [one.until for one in scopes if one.until is not None]
    return Scope(
        sessions=frozenset().union(*named) if len(named) == len(scopes) else None,
        since=min(begins) if 0 < len(begins) == len(scopes) else None,
        until=max(ends) if 0 < len(ends) == len(scopes) else None,
    )
