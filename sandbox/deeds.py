"""Things done to the world that a restart must remember, written as functions of ids and plain values.

`@deed` makes a function one: what it was called with goes to the journal once it has succeeded, and replaying
is calling it again with the same. So a deed takes JSON values by keyword only, the moment `at` (epoch ms) among
them, reads no clock and draws nothing at random (an id is drawn from the world's count, see `World.number`), and
refuses before it changes anything. A deed done inside another is not written a second time.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sandbox.world import World

P = ParamSpec("P")
T = TypeVar("T")
DEEDS: dict[str, Callable[..., Any]] = {}


def deed(function: Callable[Concatenate[World, P], T]) -> Callable[Concatenate[World, P], T]:
    """Make a function of the world a deed, named `module.function`."""
    name = f"{function.__module__.removeprefix('sandbox.')}.{function.__name__}"
    DEEDS[name] = function

    @functools.wraps(function)
    def done(world: World, /, *arguments: P.args, **fields: P.kwargs) -> T:
        if arguments:
            raise TypeError(f"{name} takes its values by name")
        with world.doing():
            made = function(world, *arguments, **fields)
        world.tell(name, **fields)
        return made

    return done
