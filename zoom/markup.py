"""What goes with the text of a message that is sent: mentions, formats, interactive cards.

Positions count characters of the text from 0; an end is as Zoom counts it, so a mention over the first nine
characters ends at 8 and bold over the first one ends at 1. The bounds are held in `zoom.facts.messages`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A contact (e-mail or member id) named with @ in a channel; no contact stands for everybody there."""

    start: int
    end: int
    contact: str | None = None

    def as_sent(self) -> dict[str, Any]:
        """In Zoom's words."""
        whom = {"at_type": 2} if self.contact is None else {"at_type": 1, "at_contact": self.contact}
        return {**whom, "start_position": self.start, "end_position": self.end}


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A format such as `Bold`, `Quote`, `AddLink` laid over a part of the text.

    `attribute` is needed by `FontSize` (`s`, `m`, `l`), `FontColor` and `BackgroundColor` (six hexadecimal
    digits), `LeftIndent` (pixels), `Paragraph` (`h1`, `h2`, `h3`) and `AddLink` (an address with http or https).
    """

    start: int
    end: int
    kind: str
    attribute: str | None = None

    def as_sent(self) -> dict[str, Any]:
        """In Zoom's words."""
        sent: dict[str, Any] = {
            "start_position": self.start,
            "end_position": self.end,
            "format_type": self.kind,
        }
        return sent if self.attribute is None else {**sent, "format_attr": self.attribute}


@dataclass(frozen=True, slots=True)
class NewCard:
    """An interactive card as JSON in a text; only the app it belongs to can send it."""

    json: str

    def as_sent(self) -> dict[str, Any]:
        """In Zoom's words."""
        return {"card_json": self.json}


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card that the edited message has already and keeps, by its id."""

    id: str

    def as_sent(self) -> dict[str, Any]:
        """In Zoom's words."""
        return {"card_id": self.id}


class _Sendable(Protocol):
    def as_sent(self) -> dict[str, Any]: ...


def all_as_sent(parts: Iterable[_Sendable] | None) -> list[dict[str, Any]] | None:
    """A list in Zoom's words; None stays None."""
    return None if parts is None else [part.as_sent() for part in parts]
