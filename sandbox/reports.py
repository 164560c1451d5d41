"""The chat report: which messages a window offers, and how each is written down.

What each list carries (docs/sandbox.md has the whole story):

* `messages`: messages sent in the window and not deleted, in their present wording. Only these count
  towards the page size.
* `edited_messages`: of messages that were edited, every wording they ever had, the first one too, each with
  the moment it was written as `action_timestamp`. Selected by when the message was sent; with
  `query_all_modifications` every edit (not the first wording) by when it happened.
* `deleted_messages`: deleted messages in their last wording, with the moment of deletion; selected alike.

A page carries the modifications that fall between its own first and last position, so that each is sent once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sandbox import wire
from sandbox.clock import iso
from sandbox.conversations import (
    ONE_TO_ONE,
    CustomEmoji,
    EmojiAction,
    Message,
    Position,
    Session,
    Version,
)
from sandbox.files import StoredFile
from sandbox.pages import START, Place
from sandbox.people import Person
from sandbox.world import World

END: Position = (1 << 62, 1 << 62)


@dataclass(slots=True, frozen=True)
class Window:
    """What a report request asks for."""

    start_ms: int
    end_ms: int
    link: Callable[[StoredFile], str]
    edited: bool = False
    deleted: bool = False
    bot_messages: bool = False
    reactions: bool = False
    custom_reactions: bool = False
    by_modification: bool = False


@dataclass(slots=True, frozen=True)
class Page:
    """One page of a window as JSON records, and the position the next page starts after."""

    messages: list[bytes]
    edited: list[bytes]
    deleted: list[bytes]
    next_after: Position | None


class Source(Protocol):
    """Where reports come from: a world held in memory, or one that is computed."""

    def sessions(self, *, start_ms: int, end_ms: int) -> list[dict[str, object]]:
        """Sessions in which something was sent between two moments."""

    def page(self, session_id: str, *, window: Window, place: Place, count: int) -> Page:
        """One page of a session's window; KeyError when there is no such session."""

    def file(self, file_id: str) -> StoredFile | None:
        """A file by its id."""

    def truth(self, *, start_ms: int, end_ms: int) -> dict[str, object]:
        """What a complete archive of everything sent between two moments must count."""


class Report:
    """The report over a world held in memory."""

    def __init__(self, world: World) -> None:
        self._world = world

    def sessions(self, *, start_ms: int, end_ms: int) -> list[dict[str, object]]:
        """Sessions in which something was sent between two moments."""
        after = (start_ms, -1)
        end_ms = min(end_ms, self._world.clock.now_ms() + 1)
        active = (one for one in self._world.sessions.values() if one.sent(after=after, before_ms=end_ms))
        return [self._session_row(one) for one in active]

    def page(self, session_id: str, *, window: Window, place: Place, count: int) -> Page:
        """One page of a session's window; KeyError when there is no such session."""
        session = self._world.sessions[session_id]
        first = (window.start_ms, -1)
        end_ms = min(window.end_ms, self._world.clock.now_ms() + 1)
        after = max(first, place.after)
        sent = session.sent(after=after, before_ms=end_ms)
        shown = [one for one in sent if one.deleted_at is None][: count + 1]
        more = len(shown) > count
        shown = shown[:count]
        until = shown[-1].position if more else END
        lower = START if place.is_first else place.after
        changes = list(self._changes(session, window, lower, until, end_ms))
        edited = [
            self._record(session, m, version, window, at=version.at_ms)
            for m, version in changes
            if version is not None and window.edited
        ]
        deleted = [
            self._record(session, m, m.versions[-1], window, at=m.deleted_at)
            for m, version in changes
            if version is None and window.deleted
        ]
        return Page(
            [self._record(session, one, one.versions[-1], window, at=None) for one in shown],
            edited,
            deleted,
            until if more else None,
        )

    def file(self, file_id: str) -> StoredFile | None:
        """A file by its id, unless it was deleted."""
        stored = self._world.files.get(file_id)
        return None if stored is None or stored.deleted_at is not None else stored

    def truth(self, *, start_ms: int, end_ms: int) -> dict[str, object]:
        """What a complete archive of everything sent between two moments must count."""
        counts = dict.fromkeys(("sessions", "messages", "attachments"), 0)
        revisions = dict.fromkeys(("sent", "edited", "deleted"), 0)
        offered = dict.fromkeys(("messages", "edited_messages", "deleted_messages"), 0)
        for session in self._world.sessions.values():
            sent = session.sent(after=(start_ms, -1), before_ms=end_ms)
            counts["sessions"] += bool(sent)
            counts["messages"] += len(sent)
            for message in sent:
                edits = len(message.versions) - 1
                live = message.deleted_at is None
                counts["attachments"] += len(message.every_file_id)
                revisions["sent"] += live or edits > 0
                revisions["edited"] += edits
                revisions["deleted"] += not live
                offered["messages"] += live
                offered["edited_messages"] += len(message.versions) if edits else 0
                offered["deleted_messages"] += not live
        revisions["total"] = sum(revisions.values())
        return {**counts, "revisions": revisions, "offered": offered}

    def _changes(
        self, session: Session, window: Window, lower: Position, until: Position, end_ms: int
    ) -> Iterator[tuple[Message, Version | None]]:
        """Wordings (a version) and deletions (None) that belong on the page between two positions."""
        first = max(lower, (window.start_ms, -1))
        if window.by_modification:
            for change in session.modifications_between(after=first, before_ms=end_ms):
                if change.position <= until:
                    index = change.version
                    yield change.message, None if index is None else change.message.versions[index]
            return
        for message in session.sent(after=first, before_ms=end_ms):
            if message.position > until:
                break
            if len(message.versions) > 1:
                for version in message.versions:
                    yield message, version
            if message.deleted_at is not None:
                yield message, None

    def _session_row(self, session: Session) -> dict[str, object]:
        now = self._world.clock.now_ms()
        last = session.sent(after=START, before_ms=now + 1)[-1]
        row: dict[str, object] = {
            "id": session.id,
            "name": session.name,
            "type": session.type,
            "last_message_sent_time": iso(last.timestamp),
            "has_external_member": self._world.is_external(session),
        }
        if session.type == ONE_TO_ONE:
            row["member_emails"] = [self._world.people[one].shown_email for one in session.member_ids]
        else:
            row["channel_id"] = session.channel_id
            row["status"] = "active" if session.deleted_at is None else "deleted"
        return row

    def _record(
        self, session: Session, message: Message, version: Version, window: Window, *, at: int | None
    ) -> bytes:
        """A message in one wording; `at` is the moment of the edit or deletion, None in `messages`."""
        sender = self._world.people[message.sender_id]
        record: dict[str, object] = {
            "id": message.id,
            "message": version.text,
            "sender": sender.shown_email,
            "sender_member_id": sender.member_id,
            "sender_display_name": sender.display_name,
            "date_time": iso(message.timestamp),
            "timestamp": message.timestamp,
        }
        if at is not None:
            record["action_timestamp"] = at
        elif len(message.versions) > 1:
            record["action_timestamp"] = version.at_ms
        if session.type == ONE_TO_ONE:
            record["receiver"] = self._receiver(session, sender)
            record["is_sender_external"] = sender.external
        self._add_context(record, message, version, window)
        if at is None or at == message.deleted_at:
            self._add_reactions(record, message, window)
        if at is None and message.emoji_actions and window.custom_reactions:
            record["emoji_actions"] = [self._action(one) for one in message.emoji_actions]
        if at is None and message.bot_message is not None and window.bot_messages:
            record["bot_message"] = message.bot_message
        if message.overrides is not None:
            record.update(message.overrides)
        return wire.encode(record)

    def _receiver(self, session: Session, sender: Person) -> str | None:
        other = next((one for one in session.member_ids if one != sender.id), sender.id)
        return self._world.people[other].shown_email

    def _add_context(
        self, record: dict[str, object], message: Message, version: Version, window: Window
    ) -> None:
        carried = message.carried_by(version)
        if message.reply_to is not None:
            record["reply_main_message_id"], record["reply_main_message_timestamp"] = message.reply_to
        if message.forward_id is not None:
            record["forward_id"] = message.forward_id
        if carried.rich_text is not None:
            record["rich_text"] = carried.rich_text
        if message.giphy_url is not None:
            record["giphy_information"] = [{"giphy_view_url": message.giphy_url}]
        if carried.file_ids:
            record["files"] = [
                file_row(self._world.files[one], window.link)
                for one in carried.file_ids
                if one in self._world.files
            ]

    def _add_reactions(self, record: dict[str, object], message: Message, window: Window) -> None:
        if window.reactions and message.reactions:
            record["reactions"] = [
                {"emoji": emoji, **self._reacted(people)} for emoji, people in message.reactions.items()
            ]
        if window.custom_reactions and message.custom_reactions:
            record["custom_emoji_reactions"] = [
                {
                    "custom_emoji_name": name,
                    "custom_emoji_file_id": self._emoji(name).file_id,
                    **self._reacted(people),
                }
                for name, people in message.custom_reactions.items()
            ]

    def _action(self, action: EmojiAction) -> dict[str, object]:
        person = self._world.people[action.person_id]
        return {
            "emoji": action.emoji,
            "emoji_action": "add" if action.added else "remove",
            "emoji_action_timestamp": action.at_ms,
            "member_id": person.member_id,
            "user_id": person.shown_id,
        }

    def _emoji(self, name: str) -> CustomEmoji:
        """A custom emoji, even one that was deleted: reactions with it stay."""
        found = self._world.emoji.get(name)
        return self._world.deleted_emoji[name] if found is None else found

    def _reacted(self, person_ids: list[str]) -> dict[str, object]:
        people = [self._world.people[one] for one in person_ids]
        return {
            "total_count": len(people),
            "user_ids": [one.id for one in people if not one.external],
            "member_ids": [one.member_id for one in people],
        }


def file_row(stored: StoredFile, link: Callable[[StoredFile], str]) -> dict[str, object]:
    """A file as message records show it."""
    return {
        "file_id": stored.id,
        "file_name": stored.name,
        "file_size": stored.shown_size,
        "download_url": link(stored),
    }
