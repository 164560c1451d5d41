"""What a package is written from: conversations, a day of one at a time, and what a writer of one format has to be.

No rows and no clock: the same request over the same beginning of the log gives the same values, and a writer the same
bytes. Moments are aware datetimes in UTC, digests are bytes, ids named `zoom_id` are Zoom's.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

MOST_EVENTS = 10_000
"""Messages, joins and leaves in one `Day`; a longer day comes in parts (RSMF files are to have no more)."""
MOST_TEXT_BYTES = 4_000_000
"""Text in one `Day`, as UTF-8, of all versions; a day with more comes in parts, so that memory does not grow with it."""


class Format(StrEnum):
    """A form in which a package has its messages."""

    NDJSON = "ndjson"
    CSV = "csv"
    RSMF = "rsmf"
    EML = "eml"
    DAT = "dat"
    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks or took part; empty where Zoom did not say. `display_name` is the newest known."""

    id: int
    display_name: str
    email: str = ""
    member_id: str = ""
    user_id: str = ""
    is_external: bool | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One observed state of a message. The exact bytes it came in are in the records; `raw_sha256` is their digest."""

    revision_id: int
    kind: str
    """`sent`, `edited` or `deleted`."""
    at: datetime
    """When it was sent, edited or deleted; when it was stored, where Zoom did not say (`at_is_known` is false)."""
    at_is_known: bool
    text: str
    sender_name: str
    raw_sha256: bytes
    page_id: int
    stored_at: datetime
    leaf: int
    leaf_at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    """What people answered a message with, as its newest version has it. `people` are those of them whom we know."""

    emoji: str
    count: int | None
    """How many, as Zoom said; None where it did not, whoever is named."""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file on a message. `sha256` and `path` are None where its bytes are not in the archive; `reason` says why."""

    attachment_id: int
    zoom_id: str
    name: str
    size_bytes: int | None
    media_type: str
    sha256: bytes | None
    path: str | None
    """Where its bytes are in the package, from the bag's folder: `data/files/…`."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said, with every version of it, oldest first."""

    id: int
    zoom_id: str
    sent_at: datetime
    sent_at_is_doubtful: bool
    sender: Person | None
    sender_name: str
    """The name the sender had then."""
    reply_to_zoom_id: str
    versions: tuple[Version, ...]
    reactions: tuple[Reaction, ...] = ()
    files: tuple[File, ...] = ()
    forwards: tuple[str, ...] = ()
    """Words on what it forwards, where the original is in the archive."""

    @property
    def is_deleted(self) -> bool:
        return any(version.kind == "deleted" for version in self.versions)

    @property
    def is_edited(self) -> bool:
        """Whether its words changed: Zoom said so, or gave others when it was asked again."""
        given = {version.text for version in self.versions if version.kind != "deleted"}
        return len(given) > 1 or any(version.kind == "edited" for version in self.versions)


@dataclass(frozen=True, slots=True)
class Step:
    """A join or a leave of a channel."""

    at: datetime
    person: Person
    has_joined: bool
    operator: Person | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One session. `title` is what pages call it; `type` is `Group`, `1:1` or empty."""

    session_id: int
    zoom_id: str
    type: str
    title: str
    channel_id: str
    account: str
    has_external_member: bool | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The chosen messages of one conversation on one day in UTC, or a part of a long one, in order of time.

    `participants` are those known to be members when the day began, and everybody who spoke on it; `steps` are the joins
    and leaves between the messages. `state` and `reason` say whether the archive has the day whole.
    """

    conversation: Conversation
    day: date
    part: int
    parts: int
    participants: tuple[Person, ...]
    messages: tuple[Message, ...]
    steps: tuple[Step, ...] = ()
    state: str = "complete"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made; two equal requests give the same bytes.

    `size` is the log's size at the checkpoint that the package stands on, `made_at` that checkpoint's time: what a
    format needs a date for. `zone` names the time zone of forms that people read. `first_day` and `last_day` are the
    period it is about (None: open, see `facts.keep`), `sessions` those to be accounted for even when nothing was said
    in them, `custodians` the people to be counted even when they said nothing; these count when it is first measured,
    and are kept. `statement` is JSON of whoever asks; a package has its
    `query` (in words and as parsed) as it was when it was measured, and its `custody` (who asked, approved, when, why) as
    it is when it is made.
    """

    export_id: int
    title: str
    formats: frozenset[Format]
    size: int
    made_at: datetime
    zone: str = "UTC"
    part_bytes: int = 2_000_000_000
    first_day: date | None = None
    last_day: date | None = None
    sessions: frozenset[int] = frozenset()
    custodians: frozenset[int] = frozenset()
    statement: Mapping[str, Any] = field(default_factory=dict)


class Sink(Protocol):
    """Where the files of a package go: to the disk, or only counted and hashed."""

    def file(self, path: str) -> AbstractContextManager[BinaryIO]:
        """A new file of the package to be written from its beginning; `path` is relative to the bag, with `/`.

        A file whose writing ends in an exception is given up: it is not in the package.
        """
        ...

    def native(self, file: File) -> AbstractContextManager[BinaryIO]:
        """The bytes of a message's file, to be read, for forms that carry them inside; `file.sha256` is not None."""
        ...


class Writer(Protocol):
    """One format of one package. Days come by conversation and in order of time; `end` comes once, after the last."""

    def day(self, day: Day, into: Sink) -> None: ...

    def end(self, into: Sink) -> None: ...
