"""The query language: from what a person typed to a tree, or to an error that says what, where and what instead.

    query      = { "zone:" zone | either }
    either     = all { "OR" all }
    all        = one { ["AND"] one }
    one        = "NOT" one | near
    near       = primary [ "w/"n primary ]
    primary    = "(" either ")" | operator ":" ( value | "(" either ")" ) | word | '"' phrase '"' [ "~"n ]

Keywords are upper case. A word attached to its parentheses, like `close()`, is a word. Nothing is ever guessed: no
spelling is corrected, nothing is left out silently, and text that asks for nothing that can be found is refused.
Any text at all gives a tree or a QueryError, never another exception; length, number of terms and depth are
bounded. A change of meaning is a new LANGUAGE_VERSION, stored with saved searches and in the audit trail.
"""

from collections.abc import Callable
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from archive.search import analysis, operators, patterns, tokens
from archive.search.errors import Correction, QueryError
from archive.search.operators import Context
from archive.search.query import And, Ast, Match, Near, Not, Or, Words
from archive.search.tokens import Kind, Token

LANGUAGE_VERSION = 4
LONGEST_QUERY = 4_000
MOST_TERMS = 200
DEEPEST = 30
FARTHEST = 50
MOST_KEPT = 500
"""Queries whose trees are remembered."""

_UNSHOWN = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {0x7F: 0x2421}
_UNSHOWN |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_TERMS = (Kind.WORD, Kind.PHRASE, Kind.OPERATOR)


def shown(text: str) -> str:
    """The text as it is parsed, stored and repeated: control characters and lone surrogates replaced one for one."""
    return text.translate(_UNSHOWN)


def parse(text: str, *, now: datetime | None = None) -> Ast:
    """The tree of a query; raises QueryError with the place and a way out.

    Without `now` what counts from today is refused.
    """
    text = shown(text)
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"The query is {len(text):,} characters long; at most {LONGEST_QUERY:,} are understood.",
            start=LONGEST_QUERY,
            end=len(text),
        )
    zone, _ = _zoned(text)
    return _tree(text, _today(now, zone))


def zone_of(text: str) -> str:
    """The time zone in which a query counts its days, UTC when it names none; raises as `parse` does."""
    return _zoned(shown(text))[0]


@lru_cache(maxsize=MOST_KEPT)
def _tree(text: str, today: date | None) -> Ast:
    """Of a query and a day there is one tree: pages, counts and highlights of one search ask for it again and again."""
    zone, found = _zoned(text)
    if found[0].kind is Kind.END:
        raise QueryError("Nothing to look for yet.", start=0, end=0, hint="Type a word, or from: and a name.")
    return _Parser(found, Context(zone, today)).whole()


@lru_cache(maxsize=MOST_KEPT)
def _zoned(text: str) -> tuple[str, list[Token]]:
    """The time zone of a query, and its tokens without that."""
    found = tokens.cut(text, operators=operators.NAMES)
    if sum(token.kind in _TERMS for token in found) > MOST_TERMS:
        raise QueryError(f"The query has more than {MOST_TERMS} terms.", start=0, end=len(text))
    return _zone(found)


def _zone(found: list[Token]) -> tuple[str, list[Token]]:
    """The time zone that a query names for all its dates, UTC when it names none, and the other tokens."""
    named = [token for token in found if token.operator == operators.ZONE]
    if len(named) == 0:
        return "UTC", found
    token = named[-1]
    if len(named) > 1:
        raise QueryError(
            "A query has one time zone.", start=token.start, end=token.end, hint="Remove one of them."
        )
    names = _zone_names()
    zone = names.get(token.text.strip().lower())
    if zone is None:
        close = [
            names[name] for name in get_close_matches(token.text.strip().lower(), names, n=1, cutoff=0.8)
        ]
        raise QueryError(
            f"“{token.text}” is no time zone." if token.text else "zone: needs a value right after it.",
            start=token.start,
            end=token.end,
            hint=f"Did you mean zone:{close[0]}?"
            if close
            else f"For example {operators.EXAMPLES[operators.ZONE]}.",
            correction=Correction(token.start, token.end, f"zone:{close[0]}") if close else None,
        )
    return zone, [other for other in found if other is not token]


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Every zone there is, by its name in lower case; looking them up reads the disk."""
    return {name.lower(): name for name in available_timezones()}


def _today(now: datetime | None, zone: str) -> date | None:
    return None if now is None else now.astimezone(ZoneInfo(zone)).date()


Reader = Callable[[Token], Ast]


class _Parser:
    """Recursive descent over the tokens; holds the place it has reached."""

    def __init__(self, found: list[Token], context: Context) -> None:
        self._tokens = found
        self._context = context
        self._at = 0

    def whole(self) -> Ast:
        ast = self._either(_term, depth=0)
        token = self._next
        if token.kind is Kind.CLOSE:
            raise QueryError(
                "This ) closes nothing.",
                start=token.start,
                end=token.end,
                hint="Remove it, or add a ( before.",
                correction=Correction(token.start, token.end, ""),
            )
        return ast

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _either(self, read: Reader, *, depth: int) -> Ast:
        parts = [self._all(read, depth=depth)]
        while self._next.kind is Kind.OR:
            self._at += 1
            parts.append(self._all(read, depth=depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, read: Reader, *, depth: int) -> Ast:
        parts = [self._one(read, depth=depth)]
        while self._next.kind not in (Kind.OR, Kind.CLOSE, Kind.END):
            if self._next.kind is Kind.AND:
                self._at += 1
            parts.append(self._one(read, depth=depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, read: Reader, *, depth: int) -> Ast:
        token = self._next
        if depth > DEEPEST:
            raise QueryError(
                f"Groups are nested more than {DEEPEST} deep here.", start=token.start, end=token.end
            )
        if token.kind is Kind.NOT:
            self._at += 1
            return Not(self._one(read, depth=depth + 1))
        left = self._primary(read, depth=depth)
        near = self._next
        if near.kind is not Kind.NEAR:
            return left
        self._at += 1
        right = self._primary(read, depth=depth)
        if self._next.kind is Kind.NEAR:
            raise QueryError(
                "Three words near each other can be read in two ways.",
                start=token.start,
                end=self._next.end,
                hint="Write two pairs: (a w/5 b) AND (b w/5 c).",
            )
        return _near(left, right, near)

    def _primary(self, read: Reader, *, depth: int) -> Ast:
        token = self._next
        if token.kind in (Kind.AND, Kind.OR, Kind.NOT, Kind.NEAR, Kind.CLOSE, Kind.END):
            raise self._missing(token)
        self._at += 1
        if token.kind is Kind.OPEN:
            return self._group(read, token, depth=depth + 1)
        if token.kind is not Kind.OPERATOR:
            return read(token)
        if read is not _term:
            raise QueryError(
                f"{token.operator}: cannot stand in the group of another operator.",
                start=token.start,
                end=token.end,
                hint="Write it before or after the group.",
            )
        if token.text == "" and self._next.kind is Kind.OPEN and self._next.start == token.end:
            opened = self._next
            self._at += 1
            return self._group(lambda value: self._value(token, value), opened, depth=depth + 1)
        return self._operator(token)

    def _value(self, operator: Token, value: Token) -> Ast:
        """One value in the group of an operator: `from:(mira OR tom)`."""
        return self._operator(
            Token(
                Kind.OPERATOR,
                value.text,
                value.start,
                value.end,
                operator.operator,
                value.quoted,
                value.number,
            )
        )

    def _operator(self, token: Token) -> Ast:
        if token.number is not None:
            raise QueryError(
                "How far words may be apart is understood after a phrase of the text only.",
                start=token.start,
                end=token.end,
                hint=f"Remove ~{token.number}.",
                correction=Correction(token.end - len(f"~{token.number}"), token.end, ""),
            )
        return operators.read(token, self._context)

    def _group(self, read: Reader, opened: Token, *, depth: int) -> Ast:
        ast = self._either(read, depth=depth)
        if self._next.kind is not Kind.CLOSE:
            raise QueryError(
                "This ( is never closed.",
                start=opened.start,
                end=opened.end,
                hint="Add a ) where the group ends.",
                correction=Correction(self._tokens[-1].start, self._tokens[-1].start, ")"),
            )
        self._at += 1
        return ast

    def _missing(self, token: Token) -> QueryError:
        joining = (Kind.AND, Kind.OR, Kind.NOT, Kind.NEAR)
        before = self._tokens[self._at - 1] if self._at else None
        if before is not None and before.kind in joining:
            what, culprit = f"{before.text} needs something after it.", before
        elif token.kind in joining:
            what, culprit = f"{token.text} needs something before it.", token
        elif before is not None and before.kind is Kind.OPEN:
            what, culprit = "There is nothing in this group.", before
        else:
            what, culprit = "This ) closes nothing.", token
        hint, correction = "", None
        if culprit.kind is Kind.NEAR:
            hint = f'To look for the text itself, put it in quotes: "{culprit.text}".'
            correction = Correction(culprit.start, culprit.end, f'"{culprit.text}"')
        elif culprit.kind in joining:
            hint = f"To look for the word itself, write it in lower case: {culprit.text.lower()}."
            correction = Correction(culprit.start, culprit.end, culprit.text.lower())
        elif culprit.kind is Kind.CLOSE:
            correction = Correction(culprit.start, culprit.end, "")
        return QueryError(what, start=culprit.start, end=culprit.end, hint=hint, correction=correction)


def _term(token: Token) -> Ast:
    """A word or a phrase of the text."""
    text, start, end = token.text, token.start, token.end
    if token.kind is Kind.WORD and text[0] in "-!" and analysis.atoms(text):
        raise QueryError(
            f"A {text[0]} before a word is not understood.",
            start=start,
            end=end,
            hint=f'Write NOT {text[1:]} to leave it out, or "{text}" to look for the text.',
            correction=Correction(start, end, f"NOT {text[1:]}"),
        )
    words = patterns.read(token)
    return words if token.number is None else _apart(token, token.number)


def _apart(token: Token, between: int) -> Ast:
    """The two words of a phrase with others between them: `"wire transfer"~5`."""
    written = token.text.split()
    if len(written) != 2 or not all(analysis.atoms(word) for word in written):
        raise QueryError(
            "How far words may be apart is understood for a phrase of two words.",
            start=token.start,
            end=token.end,
            hint='For longer ones write pairs: "wire transfer"~5 AND "transfer bank"~5.',
        )
    _check_distance(between, token, most=FARTHEST)
    left, right = (Words(word, start=token.start, end=token.end) for word in written)
    return Near((left,), (right,), between, token.start, token.end)


def _near(left: Ast, right: Ast, token: Token) -> Ast:
    """Something within so many words of something else: `wire w/5 transfer` has at most four words between."""
    assert token.number is not None
    _check_distance(token.number, token, most=FARTHEST)
    if token.number == 0:
        raise QueryError(
            "Two words cannot stand in one place.",
            start=token.start,
            end=token.end,
            hint="Write w/1.",
            correction=Correction(token.start, token.end, "w/1"),
        )
    lefts, rights = _choices(left, token), _choices(right, token)
    return Near(lefts, rights, token.number - 1, lefts[0].start, rights[-1].end)


def _choices(ast: Ast, token: Token) -> tuple[Words, ...]:
    parts = ast.parts if isinstance(ast, Or) else (ast,)
    words = tuple(part for part in parts if isinstance(part, Words) and part.match is not Match.FUZZY)
    if len(words) < len(parts):
        raise QueryError(
            f"{token.text} stands between words, phrases, or groups of them joined by OR.",
            start=token.start,
            end=token.end,
            hint="For example (wire OR bank) w/5 transfer*.",
        )
    return words


def _check_distance(number: int, token: Token, *, most: int) -> None:
    if number > most:
        raise QueryError(
            f"Words are looked for at most {most} words apart.",
            start=token.start,
            end=token.end,
            hint=f"Write {most}.",
            correction=Correction(token.end - len(str(number)), token.end, str(most)),
        )
