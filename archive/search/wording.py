"""A query said back in words, so that a person can check that it means what they meant."""

from datetime import date
from functools import lru_cache

from archive.search import languages
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
    Property,
    Sent,
    Tagged,
    To,
    Type,
    With,
    Words,
)

_PROPERTY = {
    Property.FILE: "with a file",
    Property.LINK: "with a link",
    Property.REACTION: "with a reaction",
    Property.REPLIES: "that were replied to",
    Property.EDITED: "that were edited",
    Property.DELETED: "that were deleted",
    Property.EXTERNAL: "from someone outside the account",
    Property.REPLY: "that are replies",
    Property.BOT: "from a bot",
    Property.FORWARDED: "that forward another",
}
_WITHOUT_PROPERTY = {
    Property.FILE: "without a file",
    Property.LINK: "without a link",
    Property.REACTION: "without a reaction",
    Property.REPLIES: "that nobody replied to",
    Property.EDITED: "never edited",
    Property.DELETED: "not deleted",
    Property.EXTERNAL: "from someone inside the account",
    Property.REPLY: "that are no replies",
    Property.BOT: "not from a bot",
    Property.FORWARDED: "that forward no other",
}
_TYPE = {Type.GROUP: "in a group or channel", Type.DIRECT: "in a conversation of two"}


@lru_cache(maxsize=500)
def explain(ast: Ast) -> str:
    """What is looked for, in words: the beginning of a sentence, without its full stop."""
    zones = sorted(_zones(ast))
    dated = f", days in {' and '.join(zones)}" if len(zones) > 0 else ""
    return f"Messages {_in_words(ast, nested=False)}{dated}"


def _in_words(ast: Ast, *, nested: bool) -> str:
    match ast:
        case And(parts):
            return _grouped(" and ".join(_in_words(part, nested=True) for part in parts), nested)
        case Or(parts):
            return _grouped(" or ".join(_in_words(part, nested=True) for part in parts), nested)
        case Not(Has(what)):
            return _WITHOUT_PROPERTY[what]
        case Not(part):
            return f"not {_in_words(part, nested=True)}"
        case _:
            return _one(ast)


def _one(ast: Ast) -> str:
    match ast:
        case Words():
            return f"containing {_quoted(ast)}"
        case Near(left, right, between):
            return f"containing {_any(left)} at most {_counted(between)} from {_any(right)}, in either order"
        case File(words):
            return f"with a file whose name has {_quoted(words)}"
        case Attached(words):
            return f"with {_quoted(words)} inside a file"
        case From(person_id=int(number)):
            return f"from person {number}"
        case From():
            return f"from {_named(ast.name, ast.match, ast.edits)}"
        case With():
            return f"in a conversation with {_person(ast)}"
        case To():
            return f"to {_person(ast)}"
        case In(session_id=int(number)):
            return f"in session {number}"
        case In():
            return f"in {_named(ast.name, ast.match, ast.edits)}"
        case Kind(kind):
            return _TYPE[kind]
        case Sent(operator, first, last):
            return f"sent {_when(operator, first, last)}"
        case Has(what):
            return _PROPERTY[what]
        case Language(code):
            return f"in {languages.NAMES.get(code, 'a language that could not be told')}"
        case Matter(_, number, name):
            return f"held by matter {number}" if number is not None else f"held by the matter “{name}”"
        case Custodian():
            return f"held because of {_named(ast.name, ast.match, ast.edits)}"
        case Tagged(key, name):
            return "tagged" if key is None else f"tagged “{name}”"
        case _:
            raise AssertionError(f"no words for {type(ast).__name__}")


def _grouped(words: str, nested: bool) -> str:
    return f"({words})" if nested else words


def _any(several: tuple[Words, ...]) -> str:
    return _grouped(" or ".join(map(_quoted, several)), len(several) > 1)


def _counted(between: int) -> str:
    return {0: "no word", 1: "one word"}.get(between, f"{between} words") + " away"


def _quoted(words: Words) -> str:
    match words.match:
        case Match.PHRASE:
            return f"the phrase “{words.text}”"
        case Match.PREFIX:
            return f"a word beginning with “{words.text}”"
        case Match.WILDCARD:
            return f"a word like “{words.text}”"
        case Match.FUZZY:
            return f"“{words.text}” or a word that differs from it by {_letters(words.edits)}"
        case Match.WORD:
            return f"“{words.text}”"


def _letters(edits: int) -> str:
    return "one letter" if edits == 1 else f"up to {edits} letters"


def _person(node: With | To) -> str:
    return (
        f"person {node.person_id}"
        if node.person_id is not None
        else _named(node.name, node.match, node.edits)
    )


def _named(name: str, match: Match, edits: int) -> str:
    match match:
        case Match.PREFIX:
            return f"a name beginning with “{name}”"
        case Match.WILDCARD:
            return f"a name like “{name}”"
        case Match.FUZZY:
            return f"a name that differs from “{name}” by at most {_letters(edits)}"
        case _:
            return f"“{name}”"


def _when(operator: str, first: date, last: date) -> str:
    if operator == "on" and first != last:
        whole = _whole(first, last)
        return f"from {_day(first)} to {_day(last)}" if whole is None else f"in {whole}"
    return f"{operator} {_whole(first, last) or _day(first if operator == 'before' else last)}"


def _whole(first: date, last: date) -> str | None:
    """A whole month or year by its name; None for any other span."""
    following = date.fromordinal(last.toordinal() + 1)
    if first.day == 1 and following.day == 1:
        if first.month == 1 and following.month == 1 and following.year == first.year + 1:
            return str(first.year)
        if (first.year * 12 + first.month) + 1 == following.year * 12 + following.month:
            return f"{first:%B} {first.year}"
    return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _zones(ast: Ast) -> set[str]:
    match ast:
        case Sent(zone=zone):
            return {zone}
        case And(parts) | Or(parts):
            return {zone for part in parts for zone in _zones(part)}
        case Not(part):
            return _zones(part)
        case _:
            return set()
