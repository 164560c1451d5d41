"""Which of a query's words begin more different words than the engine looks for, and the refusal that says so."""

from collections.abc import Callable, Iterator

from archive.search.errors import QueryError
from archive.search.query import And, Ast, Attached, File, Near, Not, Or, Words


def is_why(error: ValueError) -> bool:
    """Whether the engine says that."""
    return "max expansions" in str(error)


def refusal(ast: Ast, run: Callable[[Ast], object]) -> QueryError:
    """What to raise: it names the words that `run` fails with by themselves."""
    start, end = next(((start, end) for part, start, end in _parts(ast) if _fails(run, part)), (0, 0))
    return QueryError(
        "Too many different words begin like this.",
        start=start,
        end=end,
        hint="Give more letters before the star, or write the word by itself.",
    )


def _fails(run: Callable[[Ast], object], part: Ast) -> bool:
    try:
        run(part)
    except ValueError as error:
        if not is_why(error):
            raise
        return True
    return False


def _parts(ast: Ast) -> Iterator[tuple[Ast, int, int]]:
    """What looks for words, and where it was typed."""
    match ast:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)
        case Words() | Near():
            yield ast, ast.start, ast.end
        case File(words) | Attached(words):
            yield ast, words.start, words.end
        case _:
            return
