"""Tags as a query sees them: names that somebody else keeps, and the messages each has been put on.

The archive knows no tags. Whoever does hands in `Tags`; a query that names a tag is then resolved to message ids when
it runs, so that a tag counts from the moment it was put on. An unknown tag is refused, never taken for an empty one.
"""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches

from archive.search.errors import QueryError
from archive.search.query import Tagged


@dataclass(frozen=True, slots=True)
class Tags:
    """`names` gives every tag's name by its key; `on` the messages that carry a tag (None: any)."""

    names: Callable[[], dict[str, str]]
    on: Callable[[str | None], Collection[int]]


NONE = Tags(names=dict, on=lambda _: ())


def key(name: str) -> str:
    """What tells tags apart: their names without regard to case, width and spaces around words."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def messages(tagged: Tagged, known: Tags) -> Collection[int]:
    """The messages that are meant; raises QueryError for a tag that is not there."""
    if tagged.key is None:
        return known.on(None)
    names = known.names()
    if tagged.key not in names:
        close = get_close_matches(tagged.key, names, n=1)
        hint = (
            _listed(sorted(names.values()))
            if len(close) == 0
            else f"Did you mean {_written(names[close[0]])}?"
        )
        raise QueryError(f"There is no tag “{tagged.name}”.", start=tagged.start, end=tagged.end, hint=hint)
    return known.on(tagged.key)


def _listed(names: list[str], *, most: int = 8) -> str:
    if len(names) == 0:
        return "No tag has been made yet."
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"There are {', '.join(map(_written, names[:most]))}{more}."


def _written(name: str) -> str:
    return f'tag:"{name}"' if " " in name else f"tag:{name}"
