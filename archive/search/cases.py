"""Legal matters and custodians as a query sees them: names that somebody else keeps, and what their holds cover.

The archive knows no matters. Whoever does hands in `Cases`, with those that the person who asks may see; a query that
names one is resolved to pieces of the record when it runs. One that is not there, or not to be seen, is refused alike.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches

from archive.scope import Pieces
from archive.search import called, tags
from archive.search.errors import QueryError
from archive.search.query import Custodian, Matter, Words


@dataclass(frozen=True, slots=True)
class Cases:
    """Matters by their numbers, with their names; custodians by their numbers, with all their names and addresses.

    `former` are the names that matters had before, with their numbers: a query written under one still means the matter.
    `of_matters` and `of_custodians` give what the holds in force of some of them cover together.
    """

    matters: Callable[[], dict[int, str]]
    custodians: Callable[[], dict[int, tuple[str, ...]]]
    of_matters: Callable[[Collection[int]], Pieces]
    of_custodians: Callable[[Collection[int]], Pieces]
    former: Callable[[], dict[str, int]] = dict


NONE = Cases(
    matters=dict,
    custodians=dict,
    of_matters=lambda _: Pieces(frozenset()),
    of_custodians=lambda _: Pieces(frozenset()),
)


def held(node: Matter | Custodian, cases: Cases) -> Pieces:
    """What is meant; raises QueryError for a matter or a custodian that is not there."""
    if isinstance(node, Matter):
        return cases.of_matters([_matter(node, cases.matters(), cases.former())])
    words = Words(node.name, node.match, node.edits)
    meant = [
        number
        for number, names in cases.custodians().items()
        if any(called.is_called(name, words) for name in names)
    ]
    if len(meant) == 0:
        raise QueryError(
            f"Nobody called “{node.name}” is a custodian.",
            start=node.start,
            end=node.end,
            hint="Only custodians of matters you are a member of can be named; from: finds anybody.",
        )
    return cases.of_custodians(meant)


def _matter(node: Matter, names: dict[int, str], former: dict[str, int]) -> int:
    if node.number is not None and node.number in names:
        return node.number
    by_key = {tags.key(name): number for number, name in names.items()}
    if node.number is None and node.key in by_key:
        return by_key[node.key]
    before = {tags.key(name): number for name, number in former.items()}
    if node.number is None and node.key in before:
        return before[node.key]
    close = get_close_matches(node.key, by_key, n=1)
    raise QueryError(
        f"There is no matter “{node.name}”.",
        start=node.start,
        end=node.end,
        hint=_hint([names[by_key[close[0]]]] if len(close) > 0 else [], list(names.values())),
    )


def _hint(close: list[str], names: list[str], *, most: int = 5) -> str:
    if len(close) > 0:
        return f"Did you mean {_written(close[0])}?"
    if len(names) == 0:
        return "You are a member of no matter."
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"You may name {', '.join(map(_written, names[:most]))}{more}."


def _written(name: str) -> str:
    return f'matter:"{name}"'
