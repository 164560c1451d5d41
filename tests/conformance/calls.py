"""A good call of each operation, by its id, gathered from the modules of the tags (`calls_*.py`).

A call makes what it needs, gives every optional parameter at least once, and succeeds. One that gives back pages
is read to its end by whoever calls it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conformance.scene import Scene

Call = Callable[[Scene], object]


def _modules() -> Iterator[dict[str, Call]]:
    for path in sorted(Path(__file__).parent.glob("calls_*.py")):
        yield importlib.import_module(f"tests.conformance.{path.stem}").CALLS


CALLS: dict[str, Call] = {id: call for module in _modules() for id, call in module.items()}


def make(call: Call, scene: Scene) -> None:
    """Call it, to the last page."""
    made = call(scene)
    if isinstance(made, Iterator):
        for _ in made:
            pass
