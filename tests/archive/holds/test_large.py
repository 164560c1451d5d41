"""Zips of gigabytes, and workers killed amid one: memory stays flat, and what came is not brought twice."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from archive.capture import claims
from archive.models import HoldEntry, HoldFile, HoldReceipt
from sandbox.files import Content
from sandbox.planted import Trick
from tests.archive.holds.conftest import Hold
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
FOUR_GB = 4 * 1024**3
GROWTH_BYTES = 32 * 1024**2
"""What bringing a zip of any size may add to a worker with Django and all loaded."""
READER_BYTES = 192 * 1024**2
"""What the process that opens it may take, with the parsers of all formats loaded."""

WORK = """
import json, resource, sys, threading
import django
django.setup()
from django.utils import timezone
from archive.capture import hold_jobs, openings
from archive.capture.work import Worker
from archive.models import Account
def peak_of(process):
    lines = open(f"/proc/{process}/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

account = Account.objects.get()
hold_jobs.plan(account=account, now=timezone.now(), at_once=True)
before = peak_of("self")
Worker(account, timezone.now, threading.Event()).holds()
openings.work(clock=timezone.now)
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"before": before, "worker": peak_of("self"), "reader": child}))
"""


@dataclass(frozen=True)
class Halting:
    """Bytes whose second half is not sent before it may be."""

    whole: Content
    may_go_on: Event

    @property
    def size(self) -> int:
        return self.whole.size

    @property
    def tag(self) -> str:
        return self.whole.tag

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        half = max(start, min(end, self.size // 2))
        yield from self.whole.chunks(start, half)
        self.may_go_on.wait()
        yield from self.whole.chunks(half, end)

    def digest(self) -> str:
        return self.whole.digest()


def begin(environment: dict[str, str]) -> subprocess.Popen[str]:
    """A worker of its own that brings and opens what is due."""
    argv = [sys.executable, "-c", WORK]
    return subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.timeout(900)
def test_a_zip_of_four_gigabytes_costs_no_memory(hold: Hold, product_environment: dict[str, str]) -> None:
    """It streams to the disk, is hashed once on the way and once inside, and is opened; 4 GB are on the disk for it."""
    part = hold.plant(Trick.LARGE, size=FOUR_GB)
    worker = begin(product_environment)
    said, _ = worker.communicate(timeout=840)
    assert worker.returncode == 0
    zip_ = HoldFile.objects.get(file_key=part.file_key)
    assert (zip_.state, zip_.opening, zip_.bytes_done) == ("stored", "opened", part.content.size)
    entry = HoldEntry.objects.get(hold_file=zip_)
    assert (entry.size_bytes, entry.state) == (FOUR_GB, "unreadable")
    peak = json.loads(said.splitlines()[-1])
    print("peak bytes:", peak)
    assert peak["worker"] - peak["before"] < GROWTH_BYTES, peak
    assert peak["reader"] < READER_BYTES, peak


@pytest.mark.system
def test_a_killed_worker_is_taken_up_where_it_was(hold: Hold, product_environment: dict[str, str]) -> None:
    """Killed with -9 in the middle; the next one asks for the rest only, and the bytes are the right ones."""
    part = hold.plant(Trick.LARGE, size=300_000_000)
    part.content = Halting(part.content, may_go_on := Event())
    worker = begin(product_environment)
    zips = HoldFile.objects.filter(file_key=part.file_key)
    note = Path(product_environment["HOLDFAST_DATA"]) / "blobs" / "incoming"
    try:
        wait_until(lambda: list(note.glob("*.note")) != [] or worker.poll() is not None, seconds=120)
    finally:
        worker.kill()
        worker.wait()
        may_go_on.set()
    assert worker.returncode == -signal.SIGKILL
    wait_until(lambda: not claims.held(claims.Job.HOLD_FILE))
    assert zips.get().state == "claimed"
    again = begin(product_environment)
    again.communicate(timeout=240)
    zip_ = zips.get()
    assert (zip_.state, zip_.opening, zip_.attempts) == ("stored", "opened", 2)
    assert zip_.begun_at_bytes >= 32 * 1024**2
    assert HoldReceipt.objects.filter(hold_file=zip_).count() == 1
