"""What somebody sees of the record through the audited door: shapes only, nothing is read here."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archive import completeness, directory, glimpses, provenance, search, transcript
from archive.search import unsearched
from compliance.models import AuditEvent


@dataclass(frozen=True)
class FoundMessage:
    """One hit with what is needed to show it."""

    hit: search.Hit
    session: str
    glimpse: glimpses.Glimpse
    passages: tuple[search.Passage, ...] = ()
    """Where the words stand inside its files."""
    asides: tuple[search.Aside, ...] = ()
    """What is said in it beside its own texts."""


@dataclass(frozen=True)
class Names:
    """What the people and the sessions that have most of an answer's hits are called."""

    people: dict[int, str]
    sessions: dict[int, str]


@dataclass(frozen=True)
class Findings:
    """One page of an answer."""

    answer: search.Answer
    found: list[FoundMessage]
    is_whole: bool
    """False when only what one matter, or the matters of the person hold, was searched."""
    asked_at: datetime

    @property
    def complete_at(self) -> datetime:
        """All that was stored before this moment was searched: when the oldest record that waits was stored, or, while
        none waits, the minute of the question."""
        waiting_since = self.answer.coverage.waiting_since
        return self.asked_at.replace(second=0, microsecond=0) if waiting_since is None else waiting_since


@dataclass(frozen=True)
class Conversation:
    """A stretch of one session."""

    session: directory.SessionDetail
    transcript: transcript.Transcript
    is_whole: bool
    """False where messages that no matter of the person holds may have been left out."""
    since: tuple[completeness.Day, ...]
    """The days after the newest message, when that is on the page: silence is only silence where it is proven."""


@dataclass(frozen=True)
class MessageFile:
    """One message with every version, where it came from, and who looked at it before."""

    session: directory.SessionDetail
    said: transcript.Said
    provenance: provenance.Provenance
    looks: list[AuditEvent]


@dataclass(frozen=True)
class UnsearchedFiles:
    """A page of files whose insides are not searched, and what their sessions are called."""

    page: unsearched.Page
    sessions: dict[int, str]


@dataclass(frozen=True)
class Download:
    """The bytes of a file, to be closed by the caller, and what to call them."""

    file: glimpses.StoredFile
    stream: BinaryIO
