"""A query cut into tokens, each with its place: keywords, parentheses, words, phrases, operators and their values.

Nothing is judged here but what cannot be cut: a quotation mark that is never closed, an operator that is none.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from archive.search.errors import Correction, QueryError

QUOTES = '"“”„'
_WORD = re.compile(rf"[^\s{QUOTES}()](?:[^\s{QUOTES}()]|\([^\s{QUOTES}()]*\))*")
_KEYWORD = re.compile(rf"(AND|OR|NOT)(?=[\s{QUOTES}()]|$)")
_NEAR = re.compile(rf"[wW]/([0-9]{{1,4}})(?=[\s{QUOTES}()]|$)")
_APART = re.compile(rf"~([0-9]{{1,4}})(?=[\s{QUOTES}()]|$)")
_OPERATOR = re.compile(r"([A-Za-z]{2,20}):")


class Kind(Enum):
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    PHRASE = auto()
    OPERATOR = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`number` is how near (w/5) or how far apart the words of a phrase may be (~5); `operator` its name."""

    kind: Kind
    text: str
    start: int
    end: int
    operator: str = ""
    quoted: bool = False
    number: int | None = None


def cut(text: str, *, operators: Collection[str]) -> list[Token]:
    """The tokens of a query, the last of which is its end; raises QueryError."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at, operators)
        tokens.append(token)
        at = token.end
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _token(text: str, at: int, operators: Collection[str]) -> Token:
    if text[at] in "()":
        return Token(Kind.OPEN if text[at] == "(" else Kind.CLOSE, text[at], at, at + 1)
    if text[at] in QUOTES:
        return _phrase(text, at, operator="", start=at)
    keyword = _KEYWORD.match(text, at)
    if keyword is not None:
        return Token(Kind[keyword[1]], keyword[1], at, keyword.end())
    near = _NEAR.match(text, at)
    if near is not None:
        return Token(Kind.NEAR, near[0], at, near.end(), number=int(near[1]))
    operator = _OPERATOR.match(text, at)
    if operator is not None and not text.startswith("//", operator.end()):
        name, value_at = operator[1].lower(), operator.end()
        if name in operators:
            if text[value_at : value_at + 1] in QUOTES and value_at < len(text):
                return _phrase(text, value_at, operator=name, start=at)
            value = _WORD.match(text, value_at)
            end = value_at if value is None else value.end()
            return Token(Kind.OPERATOR, text[value_at:end], at, end, name)
        _check_not_meant_as_operator(operator[1], at, operators)
    word = _WORD.match(text, at)
    end = at + 1 if word is None else word.end()
    return Token(Kind.WORD, text[at:end], at, end)


def _phrase(text: str, at: int, *, operator: str, start: int) -> Token:
    end = at + 1
    while end < len(text) and text[end] not in QUOTES:
        end += 1
    if end == len(text):
        raise QueryError(
            "This quotation mark is never closed.",
            start=at,
            end=at + 1,
            hint='Add a " where the phrase ends.',
            correction=Correction(len(text), len(text), '"'),
        )
    kind = Kind.OPERATOR if operator else Kind.PHRASE
    apart = _APART.match(text, end + 1)
    stop, number = (end + 1, None) if apart is None else (apart.end(), int(apart[1]))
    return Token(kind, text[at + 1 : end], start, stop, operator, quoted=True, number=number)


def _check_not_meant_as_operator(name: str, at: int, operators: Collection[str]) -> None:
    close = get_close_matches(name.lower(), operators, n=1, cutoff=0.75)
    if close:
        raise QueryError(
            f"There is no operator “{name}:”.",
            start=at,
            end=at + len(name) + 1,
            hint=f'Did you mean {close[0]}:? To look for the text itself, put it in quotes: "{name}: …".',
            correction=Correction(at, at + len(name) + 1, f"{close[0]}:"),
        )
