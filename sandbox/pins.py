"""Messages pinned to their channel, as deeds: one at a time, those before it are its history."""

from sandbox.deeds import deed
from sandbox.desk import Pin
from sandbox.world import World


@deed
def pin(world: World, *, channel_id: str, message_id: str, by: str, at: int) -> None:
    """A message takes the place of the one that was pinned."""
    pins = world.desk.pins.setdefault(channel_id, {})
    for former in pins.values():
        former.is_current = False
    pins[message_id] = Pin(message_id, by, at, world.number(), is_current=True)


@deed
def unpin(world: World, *, channel_id: str, message_id: str, by: str, at: int) -> None:  # noqa: ARG001
    """A message is history."""
    world.desk.pins[channel_id][message_id].is_current = False
