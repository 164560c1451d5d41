"""The query language: from what a person typed to a tree, or to an error that says what, where and what instead.

    either     = all { "OR" all }
    all        = one { ["AND"] one }
    one        = "NOT" one | "(" either ")" | operator ":" value | word | word"*" | '"' phrase '"'

Keywords are upper case. A word attached to its parentheses, like `close()`, is a word. Nothing is ever guessed: no
spelling is corrected, nothing is left out silently, and text that asks for nothing that can be found is refused.
Any text at all gives a tree or a QueryError, never another exception; length, number of terms and depth are
bounded. A change of meaning is a new LANGUAGE_VERSION, stored with saved searches and in the audit trail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from archive.search import analysis, dates
from archive.search.errors import QueryError
from archive.search.query import And, Ast, From, Has, In, Match, Not, Or, Property, Sent, Words

LANGUAGE_VERSION = 1
LONGEST_QUERY = 4_000
MOST_TERMS = 200
DEEPEST = 30
LARGEST_ID = 2**63 - 1

_QUOTES = '"“”„'
_WORD = re.compile(rf"[^\s{_QUOTES}()](?:[^\s{_QUOTES}()]|\([^\s{_QUOTES}()]*\))*")
_KEYWORD = re.compile(rf"(AND|OR|NOT)(?=[\s{_QUOTES}()]|$)")
_OPERATOR = re.compile(r"([A-Za-z]{2,20}):")
_UNSHOWN = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {0x7F: 0x2421}
_UNSHOWN |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


class _Kind(Enum):
    AND = auto()
    OR = auto()
    NOT = auto()
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    PHRASE = auto()
    OPERATOR = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    start: int
    end: int
    operator: str = ""
    quoted: bool = False


def shown(text: str) -> str:
    """The text as it is parsed, stored and repeated: control characters and lone surrogates replaced one for one."""
    return text.translate(_UNSHOWN)


def parse(text: str) -> Ast:
    """The tree of a query; raises QueryError with the place and a way out."""
    text = shown(text)
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"The query is {len(text):,} characters long; at most {LONGEST_QUERY:,} are understood.",
            start=LONGEST_QUERY,
            end=len(text),
        )
    tokens = _tokens(text)
    if sum(token.kind in (_Kind.WORD, _Kind.PHRASE, _Kind.OPERATOR) for token in tokens) > MOST_TERMS:
        raise QueryError(f"The query has more than {MOST_TERMS} terms.", start=0, end=len(text))
    if tokens[0].kind is _Kind.END:
        raise QueryError("Nothing to look for yet.", start=0, end=0, hint="Type a word, or from: and a name.")
    return _Parser(tokens).whole()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        tokens.append(token)
        at = token.end
    tokens.append(_Token(_Kind.END, "", len(text), len(text)))
    return tokens


def _token(text: str, at: int) -> _Token:
    if text[at] in "()":
        return _Token(_Kind.OPEN if text[at] == "(" else _Kind.CLOSE, text[at], at, at + 1)
    if text[at] in _QUOTES:
        return _phrase(text, at, operator="", start=at)
    keyword = _KEYWORD.match(text, at)
    if keyword is not None:
        return _Token(_Kind[keyword[1]], keyword[1], at, keyword.end())
    operator = _OPERATOR.match(text, at)
    if operator is not None and not text.startswith("//", operator.end()):
        name, value_at = operator[1].lower(), operator.end()
        if name in OPERATORS:
            if text[value_at : value_at + 1] in _QUOTES and value_at < len(text):
                return _phrase(text, value_at, operator=name, start=at)
            value = _WORD.match(text, value_at)
            end = value_at if value is None else value.end()
            return _Token(_Kind.OPERATOR, text[value_at:end], at, end, name)
        _check_not_meant_as_operator(operator[1], at)
    word = _WORD.match(text, at)
    end = at + 1 if word is None else word.end()
    return _Token(_Kind.WORD, text[at:end], at, end)


def _phrase(text: str, at: int, *, operator: str, start: int) -> _Token:
    end = at + 1
    while end < len(text) and text[end] not in _QUOTES:
        end += 1
    if end == len(text):
        raise QueryError(
            "This quotation mark is never closed.",
            start=at,
            end=at + 1,
            hint='Add a " where the phrase ends.',
        )
    kind = _Kind.OPERATOR if operator else _Kind.PHRASE
    return _Token(kind, text[at + 1 : end], start, end + 1, operator, quoted=True)


def _check_not_meant_as_operator(name: str, at: int) -> None:
    close = get_close_matches(name.lower(), OPERATORS, n=1, cutoff=0.75)
    if close:
        raise QueryError(
            f"There is no operator {name}:.",
            start=at,
            end=at + len(name) + 1,
            hint=f'Did you mean {close[0]}:? To look for the text itself, put it in quotes: "{name}: …".',
        )


class _Parser:
    """Recursive descent over the tokens; holds the place it has reached."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Ast:
        ast = self._either(depth=0)
        token = self._next
        if token.kind is _Kind.CLOSE:
            raise QueryError(
                "This ) closes nothing.",
                start=token.start,
                end=token.end,
                hint="Remove it, or add a ( before.",
            )
        return ast

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _either(self, *, depth: int) -> Ast:
        parts = [self._all(depth=depth)]
        while self._next.kind is _Kind.OR:
            self._at += 1
            parts.append(self._all(depth=depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, *, depth: int) -> Ast:
        parts = [self._one(depth=depth)]
        while self._next.kind not in (_Kind.OR, _Kind.CLOSE, _Kind.END):
            if self._next.kind is _Kind.AND:
                self._at += 1
            parts.append(self._one(depth=depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, *, depth: int) -> Ast:
        token = self._next
        if depth > DEEPEST:
            raise QueryError(
                f"Groups are nested more than {DEEPEST} deep here.", start=token.start, end=token.end
            )
        if token.kind in (_Kind.AND, _Kind.OR, _Kind.CLOSE, _Kind.END):
            raise self._missing(token)
        self._at += 1
        if token.kind is _Kind.NOT:
            return Not(self._one(depth=depth + 1))
        if token.kind is _Kind.OPEN:
            return self._group(token, depth=depth + 1)
        if token.kind is _Kind.PHRASE:
            return Words(*_matched(token))
        if token.kind is _Kind.OPERATOR:
            return _operator(token)
        return _word(token)

    def _group(self, opened: _Token, *, depth: int) -> Ast:
        ast = self._either(depth=depth)
        if self._next.kind is not _Kind.CLOSE:
            raise QueryError(
                "This ( is never closed.",
                start=opened.start,
                end=opened.end,
                hint="Add a ) where the group ends.",
            )
        self._at += 1
        return ast

    def _missing(self, token: _Token) -> QueryError:
        before = self._tokens[self._at - 1] if self._at else None
        if before is not None and before.kind in (_Kind.AND, _Kind.OR, _Kind.NOT):
            what, culprit = f"{before.text} needs something after it.", before
        elif token.kind in (_Kind.AND, _Kind.OR):
            what, culprit = f"{token.text} needs something before it.", token
        elif before is not None and before.kind is _Kind.OPEN:
            what, culprit = "There is nothing in this group.", before
        else:
            what, culprit = "This ) closes nothing.", token
        hint = ""
        if culprit.kind in (_Kind.AND, _Kind.OR, _Kind.NOT):
            hint = f"To look for the word itself, write it in lower case: {culprit.text.lower()}."
        return QueryError(what, start=culprit.start, end=culprit.end, hint=hint)


def _word(token: _Token) -> Ast:
    text, start, end = token.text, token.start, token.end
    if text[0] in "-!" and analysis.atoms(text):
        raise QueryError(
            f"A {text[0]} before a word is not understood.",
            start=start,
            end=end,
            hint=f'Write NOT {text[1:]} to leave it out, or "{text}" to look for the text.',
        )
    return Words(*_matched(token))


def _matched(token: _Token) -> tuple[str, Match]:
    """The text to look for and how; a star is understood at the end of a bare word only."""
    text = token.text
    found = analysis.atoms(text)
    if not found:
        raise QueryError(
            f"There is no letter, digit or emoji to look for in “{text}”."
            if text
            else "There is nothing to look for.",
            start=token.start,
            end=token.end,
        )
    stem = text[:-1]
    if token.quoted:
        if re.search(r"\w\*+(?=\s|$)", text):
            raise QueryError(
                "A star inside quotation marks is not understood.",
                start=token.start,
                end=token.end,
                hint='Put it outside: "wire transfer" complian*.',
            )
        return text, Match.PHRASE
    if "*" not in text:
        return text, Match.WORD
    if not text.endswith("*") or "*" in stem or found[-1].end != len(stem):
        raise QueryError(
            "A star is understood only at the end of a word.",
            start=token.start,
            end=token.end,
            hint="Write the beginning of the word and one star, such as complian*.",
        )
    if analysis.ends_unspaced(stem):
        return stem, Match.WORD
    return stem, Match.PREFIX


def _operator(token: _Token) -> Ast:
    if not token.text.strip():
        raise QueryError(
            f"{token.operator}: needs a value right after it.",
            start=token.start,
            end=token.end,
            hint=f"For example {EXAMPLES[token.operator]}.",
        )
    return OPERATORS[token.operator](token)


def _from(token: _Token) -> Ast:
    person_id = _number_after("person/", token)
    if person_id is not None:
        return From(token.text, Match.WORD, person_id)
    return From(*_matched(token))


def _in(token: _Token) -> Ast:
    session_id = _number_after("session/", token)
    if session_id is not None:
        return In(token.text, Match.WORD, session_id)
    return In(*_matched(token))


def _number_after(prefix: str, token: _Token) -> int | None:
    digits = token.text.removeprefix(prefix)
    if token.quoted or digits == token.text or re.fullmatch("[0-9]{1,19}", digits) is None:
        return None
    return min(int(digits), LARGEST_ID)


def _sent(token: _Token) -> Ast:
    span = dates.span(token.text)
    if span is None:
        raise QueryError(
            f"“{token.text}” is not a date.",
            start=token.start,
            end=token.end,
            hint=dates.suggestion(token.text, operator=token.operator),
        )
    return Sent(token.operator, *span)


def _has(token: _Token) -> Ast:
    return _property(token, (Property.FILE,))


def _is(token: _Token) -> Ast:
    return _property(token, (Property.EDITED, Property.DELETED, Property.EXTERNAL))


def _property(token: _Token, allowed: tuple[Property, ...]) -> Ast:
    value = token.text.lower()
    for candidate in allowed:
        if value == candidate:
            return Has(candidate)
    close = get_close_matches(value, allowed, n=1)
    choices = ", ".join(f"{token.operator}:{candidate}" for candidate in allowed)
    raise QueryError(
        f"{token.operator}: does not know “{token.text}”.",
        start=token.start,
        end=token.end,
        hint=f"Did you mean {token.operator}:{close[0]}?" if close else f"It knows {choices}.",
    )


OPERATORS: dict[str, Callable[[_Token], Ast]] = {
    "from": _from,
    "in": _in,
    "before": _sent,
    "after": _sent,
    "on": _sent,
    "has": _has,
    "is": _is,
}
EXAMPLES = {
    "from": 'from:mira or from:"Mira Olsson"',
    "in": 'in:general or in:"Deal room"',
    "before": "before:2026-03-01",
    "after": "after:2026-03-01",
    "on": "on:2026-03-01",
    "has": "has:file",
    "is": "is:edited",
}
