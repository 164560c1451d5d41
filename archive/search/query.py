"""What a search asks for, as a typed tree, and the same in words.

The parser in `language` makes these trees, `engine` runs them, `highlights` shows where they matched. They are
plain values: equal trees ask for the same. Days are UTC days. A tree says nothing about who may see what: that
is the scope's part.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EPOCH = date(1970, 1, 1).toordinal()


class Match(StrEnum):
    """How written words are to be found."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"


class Property(StrEnum):
    """What a message has or is."""

    FILE = "file"
    EDITED = "edited"
    DELETED = "deleted"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Words:
    """Words in any version of a message or in the name of one of its files."""

    text: str
    match: Match = Match.WORD


@dataclass(frozen=True, slots=True)
class From:
    """Who said it: words of the name they had then or of their e-mail address, or one person's number."""

    name: str
    match: Match = Match.WORD
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class In:
    """Where it was said: words of the session's name, Zoom's id of session or channel, or a session's number."""

    name: str
    match: Match = Match.WORD
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """When it was sent: before, after or on a span of whole UTC days, first and last included in the span."""

    operator: str
    first: date
    last: date

    def days(self) -> tuple[int | None, int | None]:
        """The first and last day it allows, as days since 1970; None: open."""
        first, last = self.first.toordinal() - EPOCH, self.last.toordinal() - EPOCH
        return {"before": (None, first - 1), "after": (last + 1, None), "on": (first, last)}[self.operator]


@dataclass(frozen=True, slots=True)
class Has:
    """A property: a file on it, edited, deleted, said by someone outside the account."""

    property: Property


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Ast", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Ast", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Ast"


Ast = Words | From | In | Sent | Has | And | Or | Not

_PROPERTY_IN_WORDS = {
    Property.FILE: "with a file",
    Property.EDITED: "that were edited",
    Property.DELETED: "that were deleted",
    Property.EXTERNAL: "from someone outside the account",
}
_WITHOUT_PROPERTY_IN_WORDS = {
    Property.FILE: "without a file",
    Property.EDITED: "never edited",
    Property.DELETED: "not deleted",
    Property.EXTERNAL: "from someone inside the account",
}


def explain(ast: Ast) -> str:
    """What is looked for, in words a person can check: the beginning of a sentence, without its full stop."""
    dated = ", days in UTC" if _has_dates(ast) else ""
    return f"Messages {_in_words(ast, nested=False)}{dated}"


def _in_words(ast: Ast, *, nested: bool) -> str:
    match ast:
        case Words(text, match):
            return f"containing {_quoted(text, match)}"
        case From(name, match, person_id):
            return f"from person {person_id}" if person_id is not None else f"from {_named(name, match)}"
        case In(name, match, session_id):
            return f"in session {session_id}" if session_id is not None else f"in {_named(name, match)}"
        case Sent(operator, first, last):
            preposition = "in" if operator == "on" and first != last else operator
            return f"sent {preposition} {_span(first, last)}"
        case Has(what):
            return _PROPERTY_IN_WORDS[what]
        case Not(Has(what)):
            return _WITHOUT_PROPERTY_IN_WORDS[what]
        case Not(part):
            return f"not {_in_words(part, nested=True)}"
        case And(parts):
            return _grouped(" and ".join(_in_words(part, nested=True) for part in parts), nested)
        case Or(parts):
            return _grouped(" or ".join(_in_words(part, nested=True) for part in parts), nested)


def _grouped(words: str, nested: bool) -> str:
    return f"({words})" if nested else words


def _quoted(text: str, match: Match) -> str:
    before = {Match.WORD: "", Match.PHRASE: "the phrase ", Match.PREFIX: "a word beginning with "}[match]
    return f"{before}“{text}”"


def _named(name: str, match: Match) -> str:
    return f"a name beginning with “{name}”" if match is Match.PREFIX else f"“{name}”"


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {first:%B} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.year}"
    return str(first.year)


def _has_dates(ast: Ast) -> bool:
    match ast:
        case Sent():
            return True
        case And(parts) | Or(parts):
            return any(_has_dates(part) for part in parts)
        case Not(part):
            return _has_dates(part)
        case _:
            return False
