"""Emoji the account makes itself, as deeds; the picture is a file like any other.

A deleted one cannot be used again, but the reactions made with it stay.
"""

from sandbox.conversations import CustomEmoji
from sandbox.deeds import deed
from sandbox.world import World


@deed
def add(world: World, *, file_id: str, name: str, by: str, at: int) -> CustomEmoji:
    """A picture becomes an emoji."""
    made = CustomEmoji(file_id, name, by, at)
    world.emoji[name] = made
    return made


@deed
def delete(world: World, *, name: str, at: int) -> None:
    """An emoji is gone, and its picture with it."""
    gone = world.emoji.pop(name)
    world.deleted_emoji[name] = gone
    if gone.file_id in world.files:
        world.files[gone.file_id].deleted_at = at
