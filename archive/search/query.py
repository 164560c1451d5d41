"""What a search asks for, as a typed tree.

The parser in `language` makes these trees, `engine` runs them, `matching` shows where they matched, `wording` says
them in words. They are plain values: equal trees ask for the same. A tree says nothing about who may see what:
that is the scope's part.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date.min + timedelta(days=2), date.max - timedelta(days=2)


class Match(StrEnum):
    """How written words are to be found."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    WILDCARD = "wildcard"
    FUZZY = "fuzzy"


class Property(StrEnum):
    """What a message has or is."""

    FILE = "file"
    LINK = "link"
    REACTION = "reaction"
    REPLIES = "replies"
    EDITED = "edited"
    DELETED = "deleted"
    EXTERNAL = "external"
    REPLY = "reply"
    BOT = "bot"
    FORWARDED = "forwarded"


class Type(StrEnum):
    """What kind of session."""

    GROUP = "group"
    DIRECT = "1:1"


@dataclass(frozen=True, slots=True)
class Words:
    """Words in any version of a message, in the name of one of its files or inside it.

    A WILDCARD has `*` for any letters and `?` for one, in one word; FUZZY allows `edits` letters that differ. `start` and
    `end` say where they were typed.
    """

    text: str
    match: Match = Match.WORD
    edits: int = 0
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Near:
    """One of the left and one of the right in one text, in either order, at most `between` words between them."""

    left: tuple[Words, ...]
    right: tuple[Words, ...]
    between: int
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """Words in the name of a file."""

    words: Words


@dataclass(frozen=True, slots=True)
class Attached:
    """Words inside a file, or in the name of a file inside it."""

    words: Words


@dataclass(frozen=True, slots=True)
class From:
    """Who said it: words of the name they had then or of their e-mail address, or one person's number."""

    name: str
    match: Match = Match.WORD
    person_id: int | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class With:
    """A conversation that a person takes or took part in, by any name or address they had, or by their number."""

    name: str
    match: Match = Match.WORD
    person_id: int | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class To:
    """Said by somebody else in a conversation that a person takes or took part in."""

    name: str
    match: Match = Match.WORD
    person_id: int | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class In:
    """Where it was said: words of the session's name, Zoom's id of session or channel, or a session's number."""

    name: str
    match: Match = Match.WORD
    session_id: int | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A conversation of a channel or group, or of two people."""

    type: Type


@dataclass(frozen=True, slots=True)
class Sent:
    """When it was sent: before, after or on a span of whole days of a time zone, first and last included."""

    operator: str
    first: date
    last: date
    zone: str = "UTC"

    def span(self) -> tuple[datetime | None, datetime | None]:
        """From when to before when, in UTC; None: open."""
        start, end = midnight(self.first, self.zone), midnight(self.last + timedelta(days=1), self.zone)
        return {"before": (None, start), "after": (end, None), "on": (start, end)}[self.operator]


@dataclass(frozen=True, slots=True)
class Has:
    """A property: a file on it, edited, deleted, said by someone outside the account."""

    property: Property


@dataclass(frozen=True, slots=True)
class Language:
    """Written in a language, as rules of that version tell it; its code, or that none could be told."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """Messages that carry a tag, by the key of its name (None: any tag); `start` and `end` say where it was typed."""

    key: str | None = None
    name: str = ""
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the holds in force of a legal matter cover, by the key of its name or by its number."""

    key: str
    number: int | None = None
    name: str = field(default="", compare=False, repr=False)
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Custodian:
    """What the holds in force on custodians cover who are called so."""

    name: str
    match: Match = Match.WORD
    edits: int = 0
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Ast", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Ast", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Ast"


Ast = (
    Words
    | Near
    | File
    | Attached
    | From
    | With
    | To
    | In
    | Kind
    | Sent
    | Has
    | Language
    | Tagged
    | Matter
    | Custodian
    | And
    | Or
    | Not
)
Named = From | With | To | In


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in a zone; where the clocks skip midnight, the first moment after the gap."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
