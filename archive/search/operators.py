"""What `from:`, `in:`, `before:` and the others make of their values."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from archive.search import dates, languages, patterns, tags
from archive.search.errors import Correction, QueryError
from archive.search.query import (
    Ast,
    Attached,
    Custodian,
    File,
    From,
    Has,
    In,
    Kind,
    Language,
    Matter,
    Not,
    Property,
    Sent,
    Tagged,
    To,
    Type,
    With,
)
from archive.search.tokens import Token

LARGEST_ID = 2**63 - 1

C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Context:
    """What a query is read in: the time zone it names, and what day it is there (None: not known)."""

    zone: str
    today: date | None


def read(token: Token, context: Context) -> Ast:
    """The condition that an operator and its value make; raises QueryError."""
    if not token.text.strip():
        raise QueryError(
            f"{token.operator}: needs a value right after it.",
            start=token.start,
            end=token.end,
            hint=f"For example {EXAMPLES[token.operator]}.",
        )
    return _READERS[token.operator](token, context)


def _from(token: Token, _: Context) -> Ast:
    return _person(token, From)


def _to(token: Token, _: Context) -> Ast:
    return _person(token, To)


def _with(token: Token, _: Context) -> Ast:
    return _person(token, With)


def _person(token: Token, kind: type[From] | type[To] | type[With]) -> Ast:
    number = _number_after("person/", token)
    if number is not None:
        return kind(token.text, person_id=number)
    words = patterns.read(token)
    return kind(words.text, words.match, edits=words.edits)


def _in(token: Token, _: Context) -> Ast:
    number = _number_after("session/", token)
    if number is not None:
        return In(token.text, session_id=number)
    words = patterns.read(token)
    return In(words.text, words.match, edits=words.edits)


def _session(token: Token, context: Context) -> Ast:
    """A session by its number alone, or by anything that `in:` understands."""
    if not token.quoted and re.fullmatch("[0-9]{1,19}", token.text) is not None:
        return In(token.text, session_id=min(int(token.text), LARGEST_ID))
    return _in(token, context)


def _number_after(prefix: str, token: Token) -> int | None:
    digits = token.text.removeprefix(prefix)
    if token.quoted or digits == token.text or re.fullmatch("[0-9]{1,19}", digits) is None:
        return None
    return min(int(digits), LARGEST_ID)


def _type(token: Token, _: Context) -> Ast:
    meant = {"channel": Type.GROUP, "direct": Type.DIRECT}.get(token.text.lower())
    return Kind(_choice(token, tuple(Type)) if meant is None else meant)


def _sent(token: Token, context: Context) -> Ast:
    span = dates.span(token.text, today=context.today)
    if span is None and context.today is None and dates.is_relative(token.text):
        raise QueryError(
            f"“{token.text}” counts from today, and what day it is is not known here.",
            start=token.start,
            end=token.end,
            hint=dates.suggestion("", operator=token.operator),
        )
    if span is None:
        raise QueryError(
            f"“{token.text}” is not a date.",
            start=token.start,
            end=token.end,
            hint=dates.suggestion(token.text, operator=token.operator),
            correction=_instead(token, dates.probable(token.text)),
        )
    return Sent("on" if token.operator == "during" else token.operator, *span, context.zone)


def _file(token: Token, _: Context) -> Ast:
    if token.text.startswith("*."):
        raise QueryError(
            "The end of a file's name is a word of it.",
            start=token.start,
            end=token.end,
            hint=f"Write file:{token.text[2:] or 'pdf'}.",
            correction=_instead(token, token.text[2:] or "pdf"),
        )
    return File(patterns.read(token))


def _attached(token: Token, _: Context) -> Ast:
    return Attached(patterns.read(token))


def _has(token: Token, _: Context) -> Ast:
    if token.text.lower() == "reply":
        return Has(Property.REPLIES)
    return Has(_choice(token, (Property.FILE, Property.LINK, Property.REACTION), also=("reply",)))


_STATES = (
    Property.EDITED,
    Property.DELETED,
    Property.EXTERNAL,
    Property.REPLY,
    Property.BOT,
    Property.FORWARDED,
)


def _is(token: Token, _: Context) -> Ast:
    if token.text.lower() == "internal":
        return Not(Has(Property.EXTERNAL))
    if token.text.lower() == "tagged":
        return Tagged(start=token.start, end=token.end)
    return Has(_choice(token, _STATES, also=("internal", "tagged")))


def _tag(token: Token, _: Context) -> Ast:
    name = " ".join(token.text.split())
    return Tagged(tags.key(name), name, token.start, token.end)


def _matter(token: Token, _: Context) -> Ast:
    """A matter by its number, or by its whole name; a name of digits only is put in quotes."""
    name = " ".join(token.text.split())
    is_number = not token.quoted and re.fullmatch("[0-9]{1,19}", name) is not None
    number = min(int(name), LARGEST_ID) if is_number else None
    return Matter(tags.key(name), number, name, token.start, token.end)


def _custodian(token: Token, _: Context) -> Ast:
    words = patterns.read(token)
    return Custodian(words.text, words.match, words.edits, token.start, token.end)


def _language(token: Token, _: Context) -> Ast:
    code = languages.meant(token.text)
    if code is None:
        known = {name.casefold(): code for code, name in languages.NAMES.items()} | {
            languages.UNKNOWN: languages.UNKNOWN
        }
        close = [known[name] for name in get_close_matches(token.text.casefold(), known, n=1)]
        raise QueryError(
            f"“{token.text}” is no language that is told apart.",
            start=token.start,
            end=token.end,
            hint=f"Did you mean lang:{close[0]}?"
            if close
            else f"It knows {', '.join((*languages.NAMES, languages.UNKNOWN))}.",
            correction=_instead(token, close[0] if close else None),
        )
    return Language(code, languages.VERSION)


def _choice(token: Token, allowed: tuple[C, ...], *, also: tuple[str, ...] = ()) -> C:
    value = token.text.lower()
    for candidate in allowed:
        if value == candidate:
            return candidate
    names = [str(candidate) for candidate in allowed] + list(also)
    close = get_close_matches(value, names, n=1)
    choices = ", ".join(f"{token.operator}:{name}" for name in names)
    raise QueryError(
        f"{token.operator}: does not know “{token.text}”.",
        start=token.start,
        end=token.end,
        hint=f"Did you mean {token.operator}:{close[0]}?" if close else f"It knows {choices}.",
        correction=_instead(token, close[0] if close else None),
    )


def _instead(token: Token, value: str | None) -> Correction | None:
    """Another value for the operator, which stands outside the place when it has a group of values."""
    if value is None:
        return None
    is_whole = token.end - token.start > len(token.operator) + len(token.text)
    return Correction(token.start, token.end, f"{token.operator}:{value}" if is_whole else value)


_READERS: dict[str, Callable[[Token, Context], Ast]] = {
    "from": _from,
    "to": _to,
    "with": _with,
    "in": _in,
    "session": _session,
    "type": _type,
    "before": _sent,
    "after": _sent,
    "on": _sent,
    "during": _sent,
    "file": _file,
    "attached": _attached,
    "has": _has,
    "is": _is,
    "lang": _language,
    "tag": _tag,
    "matter": _matter,
    "custodian": _custodian,
}
ZONE = "zone"
NAMES = (*_READERS, ZONE)
EXAMPLES = {
    "from": 'from:mira or from:"Mira Olsson"',
    "to": "to:mira",
    "with": "with:mira",
    "in": 'in:general or in:"Deal room"',
    "session": "session:7",
    "type": "type:group or type:1:1",
    "before": "before:2026-03-01",
    "after": "after:2026-03-01",
    "on": "on:2026-03-01",
    "during": "during:2026-03 or during:last-month",
    "file": "file:invoice or file:pdf",
    "attached": "attached:invoice",
    "has": "has:file",
    "is": "is:edited",
    "lang": "lang:de or lang:german",
    "tag": 'tag:hot or tag:"privileged and hot"',
    "matter": 'matter:12 or matter:"Inquiry 2026-114"',
    "custodian": "custodian:mira",
    ZONE: "zone:Europe/Amsterdam",
}
