"""Data folders and commands that use them; whatever a test leaves running is ended."""

import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.standalone.command import ROOT, Command, eventually, kill_9, processes_of


@pytest.fixture
def folder() -> Iterator[Path]:
    """The data folder of a new installation, where an unprivileged user can reach it."""
    top = Path(tempfile.mkdtemp(prefix="holdfast-it-", dir="/var/tmp"))
    top.chmod(0o711)
    yield top / "data"
    if not eventually(lambda: not processes_of(str(top))):
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


@pytest.fixture
def run(tmp_path: Path) -> ModuleType:
    """run.py in a tree of its own, with a lock that names no package."""
    (tmp_path / "run.py").write_text((ROOT / "run.py").read_text())
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text("# nothing\n")
    spec = importlib.util.spec_from_file_location("run_in_a_tree", tmp_path / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
