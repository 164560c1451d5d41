"""Messages and files as two tables for spreadsheets: a row for each version of a message, a row for each file on one.

Text is whole; a spreadsheet that shows only so many characters of a cell still has the rest in its file.
"""

from __future__ import annotations

from contextlib import ExitStack

from archive.cells import Cell, Table, table
from archive.packages.content import Day, Message, Person, Request, Sink

MESSAGES = (
    "session_id", "session", "session_title", "message_id", "message", "sent_at", "sent_at_is_doubtful", "sender",
    "sender_email", "sender_is_external", "reply_to", "version", "versions", "kind", "at", "at_is_known", "text",
    "reactions", "files", "forwards", "leaf",
)  # fmt: skip
FILES = (
    "session_id", "message_id", "message", "sent_at", "attachment_id", "file_id", "name", "size_bytes", "media_type",
    "sha256", "path", "reason",
)  # fmt: skip


class Writer:
    """Both tables grow with every day."""

    def __init__(self, _: Request) -> None:
        self._open = ExitStack()
        self._tables: tuple[Table, Table] | None = None

    def day(self, day: Day, into: Sink) -> None:
        messages, files = self._both(into)
        for message in day.messages:
            for row in _rows(day, message):
                messages.row(*row)
            for file in message.files:
                files.row(
                    day.conversation.session_id, message.id, message.zoom_id, message.sent_at, file.attachment_id,
                    file.zoom_id, file.name, file.size_bytes, file.media_type,
                    "" if file.sha256 is None else file.sha256.hex(), file.path or "", file.reason,
                )  # fmt: skip

    def end(self, into: Sink) -> None:
        self._both(into)
        self._open.close()

    def _both(self, into: Sink) -> tuple[Table, Table]:
        if self._tables is None:
            self._tables = (
                self._open.enter_context(
                    table(self._open.enter_context(into.file("data/csv/messages.csv")), MESSAGES)
                ),
                self._open.enter_context(
                    table(self._open.enter_context(into.file("data/csv/files.csv")), FILES)
                ),
            )
        return self._tables


def _rows(day: Day, message: Message) -> list[tuple[Cell, ...]]:
    place, sender = day.conversation, message.sender
    reactions = ", ".join(
        one.emoji if one.count is None else f"{one.emoji} {one.count}" for one in message.reactions
    )
    return [
        (
            place.session_id, place.zoom_id, place.title, message.id, message.zoom_id, message.sent_at,
            _yes(message.sent_at_is_doubtful), version.sender_name or message.sender_name,
            "" if sender is None else sender.email, _external(sender), message.reply_to_zoom_id, number,
            len(message.versions), version.kind, version.at, _yes(version.at_is_known), version.text, reactions,
            len(message.files), "\n".join(message.forwards), version.leaf,
        )
        for number, version in enumerate(message.versions, 1)
    ]  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _external(sender: Person | None) -> str | None:
    return None if sender is None or sender.is_external is None else _yes(sender.is_external)
