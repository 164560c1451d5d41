"""Messages of a list as they are shown: cut around what matched, when it is known what was looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from archive import search
from compliance import inert
from compliance.investigations import FoundMessage


@dataclass(frozen=True)
class Excerpt:
    """One message; `in_version` is empty when the newest wording matched, or nothing is known to match."""

    found: FoundMessage
    text: SafeString
    in_version: str


def of(found: Sequence[FoundMessage], *, query: str, now: datetime) -> list[Excerpt]:
    """An excerpt of each; a query that is not understood any more highlights nothing."""
    try:
        ast = search.parse(query, now=now)
    except search.QueryError:
        return [_from_the_beginning(one) for one in found]
    return [_excerpt(one, ast) for one in found]


def _excerpt(found: FoundMessage, ast: search.Ast) -> Excerpt:
    newest = found.wordings[-1]
    for wording in reversed(found.wordings):
        spans = search.highlight(wording.text, ast)
        if spans:
            cut, inside = inert.excerpt(wording.text, spans)
            version = "" if wording is newest else "in an earlier version"
            return Excerpt(found, inert.highlighted(cut, inside), version)
    return _from_the_beginning(found)


def _from_the_beginning(found: FoundMessage) -> Excerpt:
    cut, _ = inert.excerpt(found.wordings[-1].text, [])
    return Excerpt(found, inert.text(cut), "")
