"""Pretend Zooms and installations that the scenes of one module share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.proof.installation import Installation
from tests.proof.pretend_zoom import PretendZoom

Install = Callable[[], Installation]
Zoom = Callable[..., PretendZoom]


@pytest.fixture(scope="module")
def zoom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoom]:
    """Start a pretend Zoom: `zoom("--scenario", "awkward")`."""
    started: list[PretendZoom] = []

    def start(*arguments: str) -> PretendZoom:
        started.append(PretendZoom(tmp_path_factory.mktemp("zoom"), *arguments))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """Make an installation that is dropped after the module."""
    made: list[Installation] = []

    def make() -> Installation:
        made.append(Installation.make(tmp_path_factory.mktemp("holdfast")))
        return made[-1]

    yield make
    for each in made:
        each.drop()


@pytest.fixture
def copy_of(tmp_path: Path) -> Iterator[Callable[[Installation], Installation]]:
    """Copy an installation, to be damaged and thrown away."""
    made: list[Installation] = []

    def copy(of: Installation) -> Installation:
        made.append(of.copy(tmp_path / f"copy-{len(made)}"))
        return made[-1]

    yield copy
    for each in made:
        each.drop()
