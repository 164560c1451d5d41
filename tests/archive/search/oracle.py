"""A second reading of the query language, by brute force over texts, to hold the engine against.

Written from the documentation of the language, not from the engine: no index, no positions, no pairs. A text is
folded and cut into parts with the separators between them; words stand in a text where the same parts stand next
to each other and, wherever the query wrote a joiner or nothing between two parts, so does the text.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from archive.search import folding
from archive.search.query import And, Ast, From, Has, In, Match, Not, Or, Sent, Words

JOINERS = "._@':"


@dataclass(frozen=True)
class Seen:
    """All that is known of one message."""

    id: int
    sent_at: datetime
    session_id: int
    session_names: tuple[str, ...]
    sender_id: int | None
    texts: tuple[str, ...]
    names: tuple[str, ...]
    properties: frozenset[str] = field(default_factory=frozenset)


def matching(ast: Ast, messages: list[Seen]) -> list[int]:
    """The ids of the messages that match, newest first."""
    found = [message for message in messages if matches(ast, message)]
    return [m.id for m in sorted(found, key=lambda m: (m.sent_at, m.id), reverse=True)]


def matches(ast: Ast, message: Seen) -> bool:
    match ast:
        case Words(text, how):
            return any(holds(said, text, how) for said in message.texts)
        case From(name, how, person_id):
            if person_id is not None:
                return message.sender_id == person_id
            return any(holds(called, name, how) for called in message.names)
        case In(name, how, session_id):
            if session_id is not None:
                return message.session_id == session_id
            return any(holds(called, name, how) for called in message.session_names)
        case Sent(operator, first, last):
            day = message.sent_at.astimezone(UTC).date()
            return {"before": day < first, "after": day > last, "on": first <= day <= last}[operator]
        case Has(what):
            return what.value in message.properties
        case And(parts):
            return all(matches(part, message) for part in parts)
        case Or(parts):
            return any(matches(part, message) for part in parts)
        case Not(part):
            return not matches(part, message)


def holds(text: str, words: str, how: Match) -> bool:
    """Whether the words stand in the text."""
    wanted, between = parts(words)
    given, gaps = parts(text)
    certain = wanted[:-1] if how is Match.PREFIX else wanted
    if not words_of(text).issuperset(certain):
        return False  # saves most of the time: some part is nowhere
    for start in range(len(given) - len(wanted) + 1):
        here = given[start : start + len(wanted)]
        same = here[:-1] == wanted[:-1] and (
            here[-1].startswith(wanted[-1]) if how is Match.PREFIX else here[-1] == wanted[-1]
        )
        glued = all(
            gaps[start + n] == gap for n, gap in enumerate(between[: len(wanted) - 1]) if gap is not None
        )
        if same and glued:
            return True
    return False


@lru_cache(maxsize=100_000)
def parts(text: str) -> tuple[list[str], list[str | None]]:
    """The parts of a text, and for each what binds it to the next: a joiner, nothing ("") or no bond (None)."""
    folded = folding.fold(text).text
    found: list[str] = []
    bonds: list[str | None] = []
    gap = " "
    for char in folded:
        kind = kind_of(char)
        if kind is None:
            gap += char
            continue
        if found:
            bond = bond_of(found[-1], char, gap)
            if gap == "" and kind == "word" == kind_of(found[-1][-1]) and len(found[-1]) < 100:
                found[-1] += char
                continue
            bonds.append(bond)
        found.append(char)
        gap = ""
    return found, [*bonds, None]


@lru_cache(maxsize=100_000)
def words_of(text: str) -> frozenset[str]:
    return frozenset(parts(text)[0])


def bond_of(before: str, char: str, gap: str) -> str | None:
    kinds = {kind_of(before[-1]), kind_of(char)}
    if gap == "" and kinds == {"alone"}:
        return ""
    if len(gap) == 1 and gap in JOINERS and "picture" not in kinds:
        return gap
    return None


def kind_of(char: str) -> str | None:
    """A part by itself in scripts without spaces, a piece of a word, a picture, or None for what separates."""
    name = unicodedata.name(char, "")
    if re.match(
        r"CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH|HANGUL|HIRAGANA|KATAKANA|BOPOMOFO|IDEOGRAPHIC (ITER|NUM)",
        name,
    ):
        return None if unicodedata.category(char)[0] in "PS" else "alone"
    if re.match(r"(THAI|LAO|KHMER|MYANMAR) ", name) and unicodedata.category(char)[0] in "LM":
        return "alone"
    if char.isalnum() or unicodedata.category(char)[0] == "M":
        return "word"
    is_picture = unicodedata.category(char) == "So" or "SKIN TONE" in name or "FITZPATRICK" in name
    if is_picture and not re.match(
        r"SYMBOL FOR|BOX DRAWINGS|REPLACEMENT|OBJECT REPL|OCR|BLANK SYM|OPEN BOX", name
    ):
        return "picture"
    return None
