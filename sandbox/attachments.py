"""Files taken away, as a deed.

Messages go on naming a deleted file, as the reports of what was once sent do; it just cannot be had any more.
"""

from sandbox.deeds import deed
from sandbox.world import World


@deed
def delete(world: World, *, file_id: str, at: int) -> None:
    """A file is no longer there for anybody."""
    world.files[file_id].deleted_at = at
