"""The world goes on: people talk, edit, delete, react and upload while the sandbox runs.

Paced in real time, drawn from the world's seed. What they say comes from the scenario; a world without
voices stays silent.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sandbox.world import World

Act = Callable[[World, random.Random], None]


class Life:
    """Performs one act after another, so many a minute."""

    def __init__(self, world: World, *, per_minute: float, act: Act | None) -> None:
        self._world = world
        self._per_minute = per_minute
        self._act = act
        self._chance = random.Random(f"{world.seed}:life")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on for as long as the block lasts."""
        if self._act is None or self._per_minute <= 0:
            yield
            return
        task = asyncio.create_task(self._go_on(self._act))
        try:
            yield
        finally:
            task.cancel()

    async def _go_on(self, act: Act) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(self._per_minute / 60))
            act(self._world, self._chance)
