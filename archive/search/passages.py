"""Which file of a hit holds the words, and the passage around them.

The index says that a message matches, not which of its files does. So the texts of the files are looked through, in
windows that overlap, by the same analysis as the index. That is bounded for a page of hits: where the words stand
further into large files than is looked, the passage says so by having no text.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from archive.extraction import texts
from archive.models import Attachment
from archive.search import analysis, matching
from archive.search.query import Ast, Match, Near, Words

LOOKED_AT = 300_000
"""Characters looked at for one page of hits."""
WINDOW, OVERLAP = 2_000, 400
MOST_OF_A_MESSAGE = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """Where words stand in a file: `entry` names the file inside the file, if any; no text: not looked that far."""

    attachment_id: int
    file: str
    entry: str
    text: str
    spans: tuple[tuple[int, int], ...]


def inside(message_ids: Collection[int], ast: Ast) -> dict[int, tuple[Passage, ...]]:
    """The first passage of each file of these messages that has one; messages without any are left out."""
    wanted = matching.wanted_inside(ast)
    if len(wanted) == 0 or len(message_ids) == 0:
        return {}
    carried = (
        Attachment.objects.filter(message_id__in=message_ids, blob__extraction__characters__gt=0)
        .order_by("message_id", "pk")
        .values_list("message_id", "pk", "name", "blob__extraction")
    )
    files = list(carried)
    found: dict[int, list[Passage]] = {}
    left = LOOKED_AT
    read = texts.of({extraction_id for *_, extraction_id in files})
    for extraction_id, entries in read:
        where = _first(entries, wanted, ast, most=max(left, WINDOW))
        left -= sum(len(text) for _, text in entries)
        if where is None:
            continue
        entry, text, spans = where
        for message_id, attachment_id, name, of in files:
            if of == extraction_id:
                found.setdefault(message_id, []).append(Passage(attachment_id, name, entry, text, spans))
    return {message_id: _shown(several) for message_id, several in found.items()}


Where = tuple[str, str, tuple[tuple[int, int], ...]]


def _shown(several: list[Passage]) -> tuple[Passage, ...]:
    """The files with a passage to show; those that were not looked at far enough only when there are no others."""
    certain = [one for one in several if one.text != ""]
    chosen = certain if len(certain) > 0 else several
    return tuple(sorted(chosen, key=lambda one: one.attachment_id)[:MOST_OF_A_MESSAGE])


def _first(entries: list[texts.Entry], wanted: list[Words | Near], ast: Ast, *, most: int) -> Where | None:
    """The first window of a file's texts that shows why it matched."""
    for name, text in entries:
        for window in (name, *_windows(text)):
            if most <= 0:
                return "", "", ()
            most -= len(window)
            words = frozenset(analysis.words_and_pairs(window)[0])
            if any(_may_hold(words, one) for one in wanted):
                spans = matching.highlight_inside(window, ast)
                if len(spans) > 0:
                    return name, window, tuple(spans)
    return None


def _windows(text: str) -> Iterator[str]:
    """Stretches of a text that overlap and begin and end between words."""
    start = 0
    while start < len(text):
        end = _between_words(text, start + WINDOW)
        yield text[start:end]
        if end >= len(text):
            return
        start = max(_between_words(text, end - OVERLAP), start + 1)


def _between_words(text: str, at: int) -> int:
    """The first white space from a place on; the place itself where none is near."""
    for here in range(at, min(at + 200, len(text))):
        if text[here].isspace():
            return here
    return min(at, len(text))


def _may_hold(words: frozenset[str], wanted: Words | Near) -> bool:
    """Whether looking closer can find anything: quick, and never no where the answer is yes."""
    if isinstance(wanted, Near):
        return any(_may_hold(words, one) for one in wanted.left) and any(
            _may_hold(words, one) for one in wanted.right
        )
    if wanted.match in (Match.WILDCARD, Match.FUZZY):
        return any(map(matching.fitting(wanted), words))
    atoms = [atom.text for atom in analysis.atoms(wanted.text)]
    if len(atoms) == 0:
        return False
    if wanted.match is Match.PREFIX:
        return words.issuperset(atoms[:-1]) and any(word.startswith(atoms[-1]) for word in words)
    return words.issuperset(atoms)
