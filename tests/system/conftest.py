"""Whole installations as real processes; whatever a test leaves running is ended, and counts as a failure."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.standalone.command import eventually, kill_9, processes_of
from tests.system.stack import Stack


@pytest.fixture
def installation(sandbox_server: Callable[..., str]) -> Iterator[Callable[..., Stack]]:
    """Make an installation beside a pretend Zoom: `stack = installation("--scenario", "acme")`."""
    top = Path(tempfile.mkdtemp(prefix="holdfast-system-", dir="/var/tmp"))
    top.chmod(0o711)
    made: list[Stack] = []

    def make(*arguments: str) -> Stack:
        made.append(Stack(folder=top / "data", zoom=sandbox_server(*arguments)))
        return made[-1]

    yield make
    for each in made:
        if each.up is not None and each.up.poll() is None:
            kill_9(each.up.pid)
            each.up.wait(60)
    is_clean = eventually(lambda: not processes_of(str(top)))
    kill_9(*processes_of(str(top)))
    shutil.rmtree(top)
    assert is_clean, "a test left processes behind"
