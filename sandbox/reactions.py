"""Reactions taken back, as a deed; giving one is the world's own verb `react`."""

from sandbox.conversations import EmojiAction
from sandbox.deeds import deed
from sandbox.world import World


@deed
def remove(world: World, *, session_id: str, message_id: str, by: str, emoji: str, at: int) -> None:
    """Someone takes a reaction back; nothing happens when there is none."""
    message = world.message(session_id, message_id)
    for reactions in (message.reactions, message.custom_reactions):
        if by in reactions.get(emoji, []):
            reactions[emoji].remove(by)
            if not reactions[emoji]:
                del reactions[emoji]
            if reactions is message.custom_reactions:
                message.emoji_actions.append(EmojiAction(emoji, by, at, added=False))
