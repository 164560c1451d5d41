"""What people put by: pins, bookmarks, stars, reminders, read marks, and messages to be sent later.

A pin is everybody's in its channel, all the rest is one person's own. Only the state is here: `pins.py`,
`keepsakes.py` and `drafts.py` change it.
"""

from dataclasses import dataclass, field
from typing import Literal

Kept = tuple[str, str, str]  # whose, in which session, which message


@dataclass(slots=True)
class Pin:
    """A message pinned to its channel, now or once."""

    message_id: str
    person_id: str
    at_ms: int
    number: int
    is_current: bool


@dataclass(slots=True, frozen=True)
class Bookmark:
    """A message someone wants to find again."""

    session_id: str
    message_id: str
    at_ms: int
    number: int


@dataclass(slots=True, frozen=True)
class Star:
    """A channel or a contact someone holds dear."""

    kind: Literal["channel", "contact"]
    target_id: str
    at_ms: int
    number: int


@dataclass(slots=True, frozen=True)
class Reminder:
    """A message to be reminded of at `due_at`."""

    session_id: str
    message_id: str
    note: str
    created_at: int
    due_at: int
    number: int


@dataclass(slots=True, frozen=True)
class Draft:
    """A message to be sent at `due_at`, to a channel or to a contact."""

    id: str
    person_id: str
    channel_id: str | None
    contact_id: str | None
    text: str
    created_at: int
    due_at: int
    number: int
    file_ids: list[str]
    reply_to: str | None
    rich_text: list[dict[str, object]] | None
    at_items: list[dict[str, object]] | None
    cards: list[str]


@dataclass(slots=True)
class Desk:
    """All of it: pins by channel and message, stars by person and target, drafts by id."""

    pins: dict[str, dict[str, Pin]] = field(default_factory=dict)
    bookmarks: dict[Kept, Bookmark] = field(default_factory=dict)
    reminders: dict[Kept, Reminder] = field(default_factory=dict)
    unread: set[Kept] = field(default_factory=set)
    stars: dict[tuple[str, str], Star] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
