"""What somebody keeps for themself, as deeds: bookmarks, stars, reminders, read marks.

Doing one again, or undoing what was never done, changes nothing.
"""

from typing import Literal

from sandbox.deeds import deed
from sandbox.desk import Bookmark, Reminder, Star
from sandbox.world import World


@deed
def bookmark(world: World, *, by: str, session_id: str, message_id: str, at: int) -> None:
    """Someone wants to find a message again."""
    kept = by, session_id, message_id
    if kept not in world.desk.bookmarks:
        world.desk.bookmarks[kept] = Bookmark(session_id, message_id, at, world.number())


@deed
def remove_bookmark(world: World, *, by: str, session_id: str, message_id: str, at: int) -> None:  # noqa: ARG001
    """Someone no longer does."""
    world.desk.bookmarks.pop((by, session_id, message_id), None)


@deed
def remind(
    world: World, *, by: str, session_id: str, message_id: str, note: str, due_at: int, at: int
) -> None:
    """Someone wants to be reminded of a message; a second reminder replaces the first."""
    reminder = Reminder(session_id, message_id, note, at, due_at, world.number())
    world.desk.reminders[by, session_id, message_id] = reminder


@deed
def forget(world: World, *, by: str, session_id: str, message_id: str, at: int) -> None:  # noqa: ARG001
    """Someone no longer does."""
    world.desk.reminders.pop((by, session_id, message_id), None)


@deed
def mark(
    world: World,
    *,
    by: str,
    session_id: str,
    message_id: str,
    as_: Literal["read", "unread"],
    at: int,  # noqa: ARG001
) -> None:
    """Someone has read a message, or wants it to look as if not."""
    kept = by, session_id, message_id
    if as_ == "unread":
        world.desk.unread.add(kept)
    else:
        world.desk.unread.discard(kept)


@deed
def star(world: World, *, by: str, kind: Literal["channel", "contact"], target_id: str, at: int) -> None:
    """Someone holds a channel or a contact dear."""
    if (by, target_id) not in world.desk.stars:
        world.desk.stars[by, target_id] = Star(kind, target_id, at, world.number())


@deed
def unstar(world: World, *, by: str, target_id: str, at: int) -> None:  # noqa: ARG001
    """Someone no longer does."""
    world.desk.stars.pop((by, target_id), None)
