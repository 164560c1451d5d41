"""Data folders and commands that use them; whatever a test leaves running is ended."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.standalone.command import Command, eventually, kill_9, processes_of


@pytest.fixture
def folder() -> Iterator[Path]:
    """The data folder of a new installation, where an unprivileged user can reach it."""
    top = Path(tempfile.mkdtemp(prefix="holdfast-it-", dir="/var/tmp"))
    top.chmod(0o711)
    yield top / "data"
    if not eventually(lambda: not processes_of(str(top)), seconds=10):
        kill_9(*processes_of(str(top)))
        pytest.fail("a test left processes behind")
    shutil.rmtree(top)


@pytest.fixture
def command(folder: Path) -> Iterator[Callable[[], Command]]:
    """Start a command on the folder."""
    started: list[Command] = []

    def start() -> Command:
        started.append(Command(folder))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()
