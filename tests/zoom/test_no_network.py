"""The client's own tests need no network: they pass where there is none at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALONE = ("unshare", "--map-root-user", "--net")


@pytest.fixture(scope="module")
def alone() -> tuple[str, ...]:
    """The command that runs another in an empty network namespace, where even the loopback is down."""
    if shutil.which(ALONE[0]) is None:
        pytest.skip("no unshare on this machine (apt-get install util-linux)")
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"this machine allows no network namespace: {tried.stderr.strip()}")
    return ALONE


def test_there_is_no_network_in_there(alone: tuple[str, ...]) -> None:
    """Or the next test would prove nothing: not even this machine can be reached."""
    reach = "import socket; socket.create_connection(('127.0.0.1', 9), 5)"
    done = subprocess.run([*alone, sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in done.stderr


@pytest.mark.slow
def test_the_client_is_tested_without_a_network(alone: tuple[str, ...]) -> None:
    """Every test of the client that opens no socket of its own, run where none can lead anywhere."""
    which = ["tests/zoom", "-m", "disable_socket", "--ignore", __file__]
    command = [*alone, sys.executable, "-m", "pytest", "-q", "-n0", *which]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
