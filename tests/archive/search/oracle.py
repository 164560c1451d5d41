"""A second reading of the query language, by brute force over texts, to hold the engine against.

Written from the documentation of the language, not from the engine: no index, no positions, no pairs. A text is
folded and cut into parts with the separators between them; words stand in a text where the same parts stand next
to each other and, wherever the query wrote a joiner or nothing between two parts, so does the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from py3langid.langid import LanguageIdentifier

from archive.search import detection
from archive.search.query import (
    And,
    Ast,
    Attached,
    Custodian,
    File,
    From,
    Has,
    In,
    Kind,
    Language,
    Match,
    Matter,
    Near,
    Not,
    Or,
    Sent,
    Tagged,
    To,
    With,
    Words,
)
from tests.archive.search import folds

CUSTODIANS = {1: ("Mira Held", "mira@acme.example"), 2: ("Tom Held", ""), 3: ("Bo Nothing", "")}
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
    files: tuple[str, ...] = ()
    session_type: str = ""
    inside: tuple[str, ...] = ()  # what is inside its files, a text each; `texts` has them too
    languages: Collection[str] = ()  # of all its wordings; "unknown" when that is all
    present: tuple[tuple[int, tuple[str, ...]], ...] = ()  # who takes or took part, with all their names
    held: Collection[int] = ()  # by which matters, each of which has one custodian of the same number
    tags: Collection[str] = ()


def matching(ast: Ast, messages: list[Seen]) -> list[int]:
    """The ids of the messages that match, newest first."""
    found = [message for message in messages if matches(ast, message)]
    return [m.id for m in sorted(found, key=lambda m: (m.sent_at, m.id), reverse=True)]


def matches(ast: Ast, message: Seen) -> bool:
    match ast:
        case Words():
            return any(holds(said, ast) for said in message.texts)
        case Near():
            return any(stand_near(said, ast) for said in message.texts)
        case File(words):
            return any(holds(name, words) for name in message.files)
        case Attached(words):
            return any(holds(text, words) for text in message.inside)
        case From(name, how, person_id, edits):
            if person_id is not None:
                return message.sender_id == person_id
            return any(holds(called, Words(name, how, edits)) for called in message.names)
        case With():
            return len(meant(ast, message)) > 0
        case To():
            return len(meant(ast, message)) > 0 and message.sender_id not in everybody_meant(ast, message)
        case In(name, how, session_id, edits):
            if session_id is not None:
                return message.session_id == session_id
            return any(holds(called, Words(name, how, edits)) for called in message.session_names)
        case Kind(kind):
            return message.session_type == {"group": "Group", "1:1": "1:1"}[kind.value]
        case Sent(operator, first, last, zone):
            day = message.sent_at.astimezone(ZoneInfo(zone)).date()
            return {"before": day < first, "after": day > last, "on": first <= day <= last}[operator]
        case Has(what):
            return what.value in message.properties
        case Tagged(key):
            return len(message.tags) > 0 if key is None else key in message.tags
        case Matter(_, number):
            return number in message.held
        case Custodian(name, how, edits):
            words = Words(name, how, edits)
            return any(holds(called, words) for number in message.held for called in CUSTODIANS[number])
        case Language(code):
            return code in message.languages
        case And(several):
            return all(matches(part, message) for part in several)
        case Or(several):
            return any(matches(part, message) for part in several)
        case Not(part):
            return not matches(part, message)


def meant(node: With | To, message: Seen) -> set[int]:
    """Who of those present a name means."""
    return {one for one, names in message.present if is_meant(node, one, names)}


def everybody_meant(node: With | To, message: Seen) -> set[int | None]:
    """The same, and the sender when the name means them."""
    names = message.names if message.sender_id is not None else ()
    sender = {message.sender_id} if is_meant(node, message.sender_id, names) else set()
    return {*meant(node, message), *sender}


def is_meant(node: With | To, person_id: int | None, names: tuple[str, ...]) -> bool:
    if node.person_id is not None:
        return node.person_id == person_id
    return any(holds(name, Words(node.name, node.match, node.edits)) for name in names)


def holds(text: str, words: Words) -> bool:
    """Whether the words stand in the text."""
    if words.match in (Match.WORD, Match.PHRASE, Match.PREFIX):
        wanted = parts(words.text)[0]
        certain = wanted[:-1] if words.match is Match.PREFIX else wanted
        if not words_of(text).issuperset(certain):
            return False  # saves most of the time: some part is nowhere
    return len(places(text, words)) > 0


def stand_near(text: str, near: Near) -> bool:
    """Whether one of the left and one of the right stand near enough in the text, without sharing a part."""
    left = [place for words in near.left for place in places(text, words)]
    right = [place for words in near.right for place in places(text, words)]
    return any(
        set(range(*one)).isdisjoint(range(*other))
        and max(one[0], other[0]) - min(one[1], other[1]) <= near.between
        for one in left
        for other in right
    )


def places(text: str, words: Words) -> list[tuple[int, int]]:
    """Every place where the words stand: the first part, and the one after the last."""
    given, gaps = parts(text)
    if words.match is Match.WILDCARD:
        pattern = folds.fold(words.text)
        return [(n, n + 1) for n, part in enumerate(given) if is_like(part, pattern)]
    if words.match is Match.FUZZY:
        (wanted,) = parts(words.text)[0]
        return [(n, n + 1) for n, part in enumerate(given) if distance(part, wanted) <= words.edits]
    wanted, between = parts(words.text)
    is_prefix = words.match is Match.PREFIX
    found = []
    for start in range(len(given) - len(wanted) + 1):
        here = given[start : start + len(wanted)]
        same = here[:-1] == wanted[:-1] and (
            here[-1].startswith(wanted[-1]) if is_prefix else here[-1] == wanted[-1]
        )
        glued = all(
            gaps[start + n] == gap for n, gap in enumerate(between[: len(wanted) - 1]) if gap is not None
        )
        if same and glued:
            found.append((start, start + len(wanted)))
    return found


@lru_cache(maxsize=200_000)
def is_like(part: str, pattern: str) -> bool:
    """By recursion: a star takes nothing or one more, a question mark takes one."""
    if pattern == "":
        return part == ""
    if pattern[0] == "*":
        return is_like(part, pattern[1:]) or (part != "" and is_like(part[1:], pattern))
    return part != "" and pattern[0] in ("?", part[0]) and is_like(part[1:], pattern[1:])


@lru_cache(maxsize=200_000)
def distance(one: str, other: str) -> int:
    """Letters to change, add or leave out, by recursion; capped, as only small ones matter."""
    if abs(len(one) - len(other)) > 2:
        return 3
    if one == "" or other == "":
        return len(one) + len(other)
    if one[0] == other[0]:
        return distance(one[1:], other[1:])
    return 1 + min(distance(one[1:], other[1:]), distance(one[1:], other), distance(one, other[1:]))


@lru_cache(maxsize=100_000)
def parts(text: str) -> tuple[list[str], list[str | None]]:
    """The parts of a text, and for each what binds it to the next: a joiner, nothing ("") or no bond (None)."""
    folded = folds.fold(text)
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


SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "KATAKANA-HIRAGANA": "ja", "CJK": "zh", "HANGUL": "ko", "CYRILLIC": "Cyrillic",
    "ARABIC": "Arabic", "DEVANAGARI": "Devanagari", "GREEK": "el", "HEBREW": "he", "THAI": "th", "BENGALI": "bn",
    "KANNADA": "kn", "TAMIL": "ta", "LATIN": "Latin", "FULLWIDTH": "Latin",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def language_of(text: str) -> str:
    """The language of a text, letter by letter and one text at a time, as the library itself tells it."""
    runs = re.split("([!-~]+)", text[:200])
    kept = " ".join("".join(" " if is_code(run) else run for run in runs).split())
    kept = re.sub("[\u2190-\u2bff\U0001f000-\U0001faff]+", " ", kept)
    scripts = Counter(
        SCRIPTS.get(unicodedata.name(char, "?").split()[0], "?") for char in kept if char.isalpha()
    )
    if scripts["ja"]:
        scripts["ja"] += scripts.pop("zh", 0)
    weighed = {one: n * (2 if one in ("ja", "zh", "ko") else 1) for one, n in scripts.items()}
    script = max(weighed, key=lambda one: (weighed[one], one != "Latin"), default="?")
    if script not in detection._SHARED:
        return "unknown" if script == "?" else script
    if scripts[script] < detection.FEWEST_LETTERS:
        return "unknown"
    code, chance = library(script).classify(" ".join(kept.split()))
    return str(code) if chance >= detection.SUREST else "unknown"


@lru_cache
def library(script: str) -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    found.set_languages(detection._SHARED[script])
    return found


def is_code(run: str) -> bool:
    """ASCII with a sign of code, or a stop or colon right before a letter."""
    if not run.isascii() or run.isspace():
        return False
    before_letters = [n for n in range(len(run) - 1) if run[n] in ".(;:" and run[n + 1].isalpha()]
    return any(char in "/@\\_=<>{}[]|#$%^&*+~`0123456789" for char in run) or any(
        n > 0 or run[n] == ":" for n in before_letters
    )


def kind_of(char: str) -> str | None:
    """A part by itself in scripts without spaces, a piece of a word, a picture, or None for what separates."""
    name = unicodedata.name(char, "")
    if re.match(
        r"CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH|HANGUL|HIRAGANA|(COMBINING )?KATAKANA|BOPOMOFO|IDEOGRAPHIC (ITER|NUM)",
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
