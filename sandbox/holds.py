"""Placing a legal hold, as a deed: the matter's id is drawn from the world, so a restart has the same one."""

from datetime import date

from sandbox import identity
from sandbox.clock import moment
from sandbox.deeds import deed
from sandbox.matters import Matter
from sandbox.wire import Refusal
from sandbox.world import World


@deed
def place(
    world: World, *, name: str, person_ids: list[str], start: str | None, end: str | None, at: int
) -> str:
    """A hold over people, from a day (today, if none is named) to another or without an end; the matter's id."""
    first = moment(at).date() if start is None else date.fromisoformat(start)
    last = None if end is None else date.fromisoformat(end)
    if len(set(person_ids)) < len(person_ids):
        raise Refusal(400, 300, "Invalid field: identifiers must be unique.")
    if last is not None and last < first:
        raise Refusal(400, 300, "Invalid field: end_date must not be before start_date.")
    id = identity.message(world.seed, "matter", world.number()).lower()
    world.open_matter(Matter(id, name, person_ids, at, first, last))
    return id
