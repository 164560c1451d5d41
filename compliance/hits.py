"""Found messages as lines of a page: cut around what matched, marked, with the version in which it stands.

The hits of a search and the messages of a kept list alike. A message matches as a whole, in any of its versions, in
the names of its files, in what it forwards and in the card of a bot: each line says in which of them the words are.
What the newest version no longer says is said so. Pure: reads nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from archive import search, transcript
from compliance import inert
from compliance.sightings import Findings, FoundMessage


@dataclass(frozen=True)
class Version:
    """A version in which words of the query stand, and since when it is so where that tells it from others."""

    label: str
    at: datetime | None = None


@dataclass(frozen=True)
class HitLine:
    """One message as it is shown.

    `is_earlier` when the text shown is not the newest version's, `is_superseded` when the words are in earlier versions
    only, and nowhere beside them either.
    """

    found: FoundMessage
    excerpt: SafeString
    versions: list[Version]
    is_earlier: bool
    is_superseded: bool
    files: list[SafeString]


def lines(findings: Findings) -> list[HitLine]:
    """The hits with what matched: of several versions the newest that has the words, cut around the first of them."""
    return [_line(found, findings.answer.ast) for found in findings.found]


def listed(found: Sequence[FoundMessage], *, query: str, now: datetime) -> list[HitLine]:
    """The same of messages in a list that a query made; one that is not understood any more marks nothing."""
    try:
        ast = search.parse(query, now=now)
    except search.QueryError:
        return [_unmarked(one) for one in found]
    return [_line(one, ast) for one in found]


def _unmarked(found: FoundMessage) -> HitLine:
    cut, _ = inert.excerpt(found.glimpse.wordings[-1].text, [])
    files = [inert.text(name) for name in found.glimpse.files]
    return HitLine(found, inert.text(cut), versions=[], is_earlier=False, is_superseded=False, files=files)


def _line(found: FoundMessage, ast: search.Ast) -> HitLine:
    marked = [(wording, search.highlight(wording.text, ast)) for wording in found.glimpse.wordings]
    in_text = [(wording, spans) for wording, spans in marked if len(spans) > 0]
    in_files = [(name, search.highlight(name, ast, is_file_name=True)) for name in found.glimpse.files]
    is_in_file = any(len(spans) > 0 for _, spans in in_files)
    in_asides = _in_asides(found, ast)
    versions: list[Version] = []
    if len(found.glimpse.wordings) > 1 or found.glimpse.is_deleted:
        versions += [_version(wording, found) for wording, _ in in_text]
    if is_in_file:
        versions.append(Version("in a file name"))
    versions += [Version(where) for where in dict.fromkeys(aside.where.value for aside, _ in in_asides)]
    if len(in_text) == 0 and len(in_asides) > 0:
        aside, spans = in_asides[0]
        cut, inside = inert.excerpt(aside.text, spans)
    else:
        wording, spans = in_text[-1] if len(in_text) > 0 else (found.glimpse.wordings[-1], [])
        cut, inside = inert.excerpt(wording.text, spans)
    is_earlier = len(in_text) > 0 and in_text[-1][0] is not found.glimpse.wordings[-1]
    return HitLine(
        found=found,
        excerpt=inert.highlighted(cut, inside),
        versions=versions,
        is_earlier=is_earlier,
        is_superseded=is_earlier and not is_in_file and len(in_asides) == 0,
        files=[inert.highlighted(name, spans) for name, spans in in_files],
    )


def _in_asides(found: FoundMessage, ast: search.Ast) -> list[tuple[search.Aside, list[tuple[int, int]]]]:
    marked = [(aside, search.highlight(aside.text, ast)) for aside in found.asides]
    return [(aside, spans) for aside, spans in marked if len(spans) > 0]


def _version(wording: transcript.Wording, found: FoundMessage) -> Version:
    if wording.is_last_known:
        return Version("as deleted")
    if wording.at <= found.hit.sent_at:
        return Version("as sent")
    return Version("as edited", wording.at)
