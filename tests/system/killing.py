"""Killing with -9: who belongs to whom among the processes of one `up`, and a seeded plan of whom to kill when.

A role has a leader, which the supervisor (or the keeper) watches, and perhaps children: pool processes of the
worker, web processes, sessions of Postgres. Either may be hit. A plan is the seed's alone; the moment of each kill
and which child it meets are the machine's.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.standalone.command import eventually, kill_9

SIGNS = {
    "worker": "\0worker\0--pool",
    "capturer": "\0worker\0--queues\0capture",
    "reader": "\0worker\0--queues\0reading",
    "fetcher": "\0worker\0--queues\0holds",
    "exporter": "\0worker\0--queues\0exports",
    "web": "gunicorn",
    "indexer": "manage.py\0indexer",
    "postgres": "postgres",
    "redis": "redis-server",
    "keeper": "standalone.keeper",
    "beat": "\0beat\0--schedule",
}
SHARES = {
    "worker": 4, "capturer": 6, "reader": 4, "fetcher": 2, "exporter": 2, "web": 7, "indexer": 8, "postgres": 9, "redis": 4,
    "keeper": 2, "beat": 2,
}  # fmt: skip
LEADERS = 0.35  # the others are children: the leader starts them again itself
WAITS_S = (0.0, 0.8)


@dataclass(frozen=True, slots=True)
class Blow:
    """One kill to be: whom, and how long after the one before."""

    role: str
    is_leader: bool
    wait_s: float


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    words: str


def plan(seed: int) -> list[Blow]:
    """As many kills as SHARES adds up to, in an order of the seed's."""
    chance = random.Random(seed)
    roles = [role for role, share in SHARES.items() for _ in range(share)]
    chance.shuffle(roles)
    return [Blow(role, chance.random() < LEADERS, chance.uniform(*WAITS_S)) for role in roles]


def strike(blows: list[Blow], *, root: int) -> Blow | None:
    """Kill below `root` the first of `blows` whose role lives just now, and take it off; None if none ever does."""
    struck: list[Blow] = []

    def has_struck() -> bool:
        everybody = family(root)
        for blow in blows:
            victims = _victims(blow, everybody)
            if victims:
                kill_9(victims[int(blow.wait_s * 1e6) % len(victims)])
                struck.append(blow)
                return True
        return False

    if not eventually(has_struck, seconds=120):
        return None
    blows.remove(struck[0])
    return struck[0]


def family(root: int) -> list[_Process]:
    """Every living descendant of a process."""
    below = defaultdict(list)
    for process in _processes():
        below[process.parent].append(process)
    found, grown = [], [root]
    while grown:
        children = below[grown.pop()]
        found += children
        grown += [child.pid for child in children]
    return found


def _victims(blow: Blow, everybody: list[_Process]) -> list[int]:
    of_role = {one.pid: one for one in everybody if SIGNS[blow.role] in one.words}
    leaders = [pid for pid, one in of_role.items() if one.parent not in of_role]
    children = sorted(of_role.keys() - set(leaders))
    return leaders if blow.is_leader or not children else children


def _processes() -> Iterator[_Process]:
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdigit():
                continue
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if fields[0] not in "ZX":
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
                yield _Process(int(entry.name), int(fields[1]), words)
        except (OSError, IndexError):
            continue  # it ended meanwhile
