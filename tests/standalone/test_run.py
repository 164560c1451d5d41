"""run.py sets `.venv` up once and never touches anything else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.standalone.command import ROOT


def test_what_is_installed_costs_nothing_the_next_time(run: ModuleType, tmp_path: Path) -> None:
    """The stamp holds the digest of the lock, and the tests' lock contains the product's."""
    run.install("tests")
    assert (tmp_path / ".venv" / "bin" / "python").exists()
    assert run.is_installed("tests")
    assert run.is_installed("product")
    before = run.STAMP.stat().st_mtime_ns
    run.install("product")
    assert run.STAMP.stat().st_mtime_ns == before


def test_a_changed_lock_is_installed_again(run: ModuleType, tmp_path: Path) -> None:
    """In the same environment: what is there already stays."""
    run.install("product")
    marker = tmp_path / ".venv" / "marker"
    marker.touch()
    (tmp_path / "requirements.lock").write_text("# still nothing\n")
    assert not run.is_installed("product")
    run.install("product")
    assert run.is_installed("product")
    assert marker.exists()


def test_an_environment_of_another_python_is_made_anew(run: ModuleType, tmp_path: Path) -> None:
    """Compiled packages of one Python do not run under another."""
    run.install("product")
    marker = tmp_path / ".venv" / "marker"
    marker.touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\necho 3.9 of somebody\n")
    python.chmod(0o755)
    run.STAMP.write_text(json.dumps({"python": "3.9 of somebody"}))
    run.install("product")
    assert not marker.exists()
    assert run.is_installed("product")


def test_an_interrupted_installation_is_no_installation(run: ModuleType, tmp_path: Path) -> None:
    """The stamp is taken away first and put back last."""
    (tmp_path / "requirements.lock").write_text(
        "no-such-package-of-holdfast==1 --hash=sha256:" + "0" * 64 + "\n"
    )
    os.environ.setdefault("PIP_NO_INDEX", "1")
    with pytest.raises(SystemExit):
        run.install("product")
    assert not run.is_installed("product")
    os.environ.pop("PIP_NO_INDEX")


def test_an_older_python_is_refused_in_a_sentence(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to type instead."""
    monkeypatch.setattr(run, "OLDEST", (4, 0))
    with pytest.raises(SystemExit):
        run.main(["version"])


def test_it_needs_nothing_but_the_standard_library() -> None:
    """It runs before anything is installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "run.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert "python3 run.py up --demo" in done.stdout, done.stderr
