"""Programs under measurement: the product's own commands and the pretend Zoom, as processes of their own.

What a process used is read from /proc while it runs: the peak of its resident memory (the kernel keeps it, so
nothing between two looks is missed), of which its own memory without mapped files, which the kernel can drop at
any time, and its CPU time. Postgres is watched through its list of backends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Self

import psycopg

ROOT = Path(__file__).resolve().parent.parent
_LOOK_EVERY_S = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """One running process; `peak_mb`, `own_mb` and `cpu_s` are what it has used so far, in MB and seconds."""

    def __init__(self, *argv: str, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.peak_mb = self.own_mb = self.cpu_s = 0.0
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def wait(self, *, allowed: tuple[int, ...] = (0,)) -> Self:
        """Until it has ended by itself; RuntimeError when it failed."""
        self._watcher.join()
        if self.process.returncode not in allowed:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.returncode}")
        return self

    def end(self) -> Self:
        """Ask it to end, and wait."""
        self.process.send_signal(signal.SIGTERM)
        self._watcher.join()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end()

    def _watch(self) -> None:
        while True:
            self._look()
            try:
                self.process.wait(_LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                continue
            return

    def _look(self) -> None:
        self.peak_mb = max(self.peak_mb, kilobytes(self.process.pid, "VmHWM") / 1000)
        self.own_mb = max(self.own_mb, kilobytes(self.process.pid, "RssAnon") / 1000)
        self.cpu_s = max(self.cpu_s, _cpu_s(self.process.pid))


def manage(*arguments: str, environment: Mapping[str, str] | None = None) -> Program:
    """A `manage.py` command, started."""
    return Program("manage.py", *arguments, environment=environment)


@contextmanager
def sandbox(module: str, *arguments: str) -> Iterator[tuple[Program, str]]:
    """A pretend Zoom that keeps no limits and whose clock stands still: the program, and its origin."""
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        with Program("-m", module, *arguments, "--port-file", str(port)) as program:
            until = monotonic() + 60
            while not port.exists():
                if monotonic() > until or program.process.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
                sleep(0.05)
            yield program, f"http://127.0.0.1:{port.read_text()}"


class Backends:
    """What Postgres uses for this database: CPU of all its processes, own memory of the greediest."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._cpu_s: dict[int, float] = {}
        self._begun_s: dict[int, float] = {}
        self.own_mb = 0.0

    @property
    def cpu_s(self) -> float:
        """CPU seconds since the watch began."""
        return sum(self._cpu_s.values()) - sum(self._begun_s.values())

    def __enter__(self) -> Self:
        self._look()
        self._begun_s = dict(self._cpu_s)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            own = connection.info.backend_pid
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> %s AND (datname = current_database() OR datname IS NULL)",
                [own],
            ).fetchall()
        for (pid,) in rows:
            self._cpu_s[pid] = max(self._cpu_s.get(pid, 0.0), _cpu_s(pid))
            self.own_mb = max(self.own_mb, kilobytes(pid, "RssAnon") / 1000)


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def kilobytes(pid: int, name: str) -> float:
    """A figure of a process's memory as the kernel states it, in kB of 1,000 bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith(name + ":")), "")
    return float(line.split()[1]) * 1.024 if line else 0.0
