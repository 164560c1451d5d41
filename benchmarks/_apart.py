"""One step of a benchmark in a process that has done nothing else, so that the memory it takes is its own.

A process keeps what it once took from the system: what is measured after the record was loaded in it would be found to
take nothing more. The child begins anew, on the same database, and hands its figures over as the last line.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
Figures = dict[str, float]


def run(step: Callable[..., Figures], *given: str | int) -> Figures:
    """The figures of a function of a module of ours. Raises CalledProcessError."""
    argv = [sys.executable, "-m", __name__, step.__module__, step.__name__, json.dumps(given)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def resident_mb() -> float:
    """What this process has in memory, in megabytes."""
    return _status("VmRSS:")


def highest_mb() -> float:
    """The most that this process ever had in memory; the kernel keeps it, so nothing between two looks is missed."""
    return _status("VmHWM:")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def _main(module: str, step: str, given: str) -> None:
    django.setup()
    print(json.dumps(getattr(importlib.import_module(module), step)(*json.loads(given))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
