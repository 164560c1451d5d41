"""How many requests an account may make, and who takes the next turn.

Zoom counts requests per account, rate-limit label and plan, over every app of the customer; we keep to a
share of that. Turns are handed out evenly spaced and reserved in advance, so that in no second more than the
share is used, however many workers ask. A pause (after a 429) holds back all of them.

`SharedBudget` keeps the count in Redis, by Redis's clock, for all processes; `OwnBudget` keeps it in memory
for one client. A limit per minute allows a quarter of it at once, because officers do a few things in a row.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from redis import Redis

from zoom import shared
from zoom.facts.rows import Label

_DAY_US = 86_400_000_000
# Turns are evenly spaced when they leave, not when they arrive: at more than this, the network's own
# unevenness would put one too many into a second now and then, and the 429 costs more than the margin.
_FULLEST = 0.95


class Plan(StrEnum):
    """The account's plan at Zoom; `BUSINESS` stands for Business and everything above.

    `UNMETERED` is no plan of Zoom's: it is for benchmarks against a server that keeps no limits.
    """

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    UNMETERED = "unmetered"


_PER_SECOND: dict[Plan, dict[Label, int]] = {
    Plan.FREE: {Label.LIGHT: 4, Label.MEDIUM: 2, Label.HEAVY: 1, Label.UPLOAD: 20},
    Plan.PRO: {Label.LIGHT: 30, Label.MEDIUM: 20, Label.HEAVY: 10, Label.UPLOAD: 20},
    Plan.BUSINESS: {Label.LIGHT: 80, Label.MEDIUM: 60, Label.HEAVY: 40, Label.UPLOAD: 20},
}
_PER_MINUTE = {Plan.FREE: 10, Plan.PRO: 10, Plan.BUSINESS: 20}  # RESOURCE-INTENSIVE
_COSTLY = frozenset({Label.HEAVY, Label.RESOURCE_INTENSIVE})
_PER_DAY: dict[Plan, dict[frozenset[Label], int]] = {
    Plan.FREE: {
        frozenset({Label.LIGHT}): 6_000,
        frozenset({Label.MEDIUM}): 2_000,
        frozenset({Label.HEAVY}): 1_000,
        frozenset({Label.RESOURCE_INTENSIVE}): 30_000,
    },
    Plan.PRO: {_COSTLY: 30_000},
    Plan.BUSINESS: {_COSTLY: 60_000},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """Our share of one label: microseconds between turns, how far ahead of them one may be, turns a day."""

    interval_us: int
    tolerance_us: int
    daily: int | None
    together: frozenset[Label]


def allowance(*, plan: Plan, label: Label, share: float) -> Allowance:
    """The share (over 0, at most 1) of the plan's budget for a label."""
    if not 0 < share <= 1:
        raise ValueError(f"budget_share is {share}; it must be over 0 and at most 1")
    rate = min(share, _FULLEST)
    if plan is Plan.UNMETERED:
        return Allowance(interval_us=0, tolerance_us=0, daily=None, together=frozenset({label}))
    together, daily = next(
        ((labels, limit) for labels, limit in _PER_DAY[plan].items() if label in labels),
        (frozenset({label}), None),
    )
    if label is Label.RESOURCE_INTENSIVE:
        turns = max(1.0, _PER_MINUTE[plan] * rate)
        burst = math.floor(turns / 4)
        interval = math.ceil(60_000_000 / (turns - burst))
    else:
        burst = 0
        interval = math.ceil(1_000_000 / (_PER_SECOND[plan][label] * rate))
    return Allowance(
        interval_us=interval,
        tolerance_us=burst * interval,
        daily=None if daily is None else max(1, math.floor(daily * share)),
        together=together,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """When to go (seconds from now); without `granted` nothing is reserved and one asks again then."""

    wait_s: float
    granted: bool


class Budget(Protocol):
    """Hands out turns and remembers pauses."""

    def turn(self, label: Label, *, patience: timedelta) -> Turn:
        """The next turn; one further off than `patience` is told but not reserved."""

    def pause(self, label: Label, *, until: datetime, for_the_day: bool) -> None:
        """Hold back the label until a moment; `for_the_day` with all labels that share its daily limit."""

    def is_paused(self, label: Label) -> bool:
        """Whether a pause is in force now."""


class OwnBudget:
    """The budget of one client, in memory. Safe between threads."""

    def __init__(self, *, plan: Plan, share: float, clock: Callable[[], datetime]) -> None:
        self._allowances = {label: allowance(plan=plan, label=label, share=share) for label in Label}
        self._clock = clock
        self._lock = threading.Lock()
        self._next_us: dict[Label, int] = {}
        self._paused_us: dict[Label, int] = {}
        self._used: dict[tuple[frozenset[Label], int], int] = {}

    def _now_us(self) -> int:
        return int(self._clock().timestamp() * 1_000_000)

    def turn(self, label: Label, *, patience: timedelta) -> Turn:
        """The next turn by the client's clock."""
        mine = self._allowances[label]
        with self._lock:
            now = self._now_us()
            paused = self._paused_us.get(label, 0)
            if paused > now:
                return Turn(wait_s=(paused - now) / 1e6, granted=False)
            day = now // _DAY_US
            used = self._used.get((mine.together, day), 0)
            if mine.daily is not None and used >= mine.daily:
                return Turn(wait_s=((day + 1) * _DAY_US - now) / 1e6, granted=False)
            following = max(now, self._next_us.get(label, 0))
            slot = max(now, following - mine.tolerance_us)
            if slot - now > patience / timedelta(microseconds=1):
                return Turn(wait_s=(slot - now) / 1e6, granted=False)
            self._next_us[label] = following + mine.interval_us
            self._used = {key: count for key, count in self._used.items() if key[1] == day}
            self._used[mine.together, day] = used + 1
            return Turn(wait_s=(slot - now) / 1e6, granted=True)

    def pause(self, label: Label, *, until: datetime, for_the_day: bool) -> None:
        """Hold back until a moment by the client's clock; an earlier moment never shortens a pause."""
        moment = int(until.timestamp() * 1_000_000)
        with self._lock:
            for held in self._allowances[label].together if for_the_day else (label,):
                self._paused_us[held] = max(moment, self._paused_us.get(held, 0))

    def is_paused(self, label: Label) -> bool:
        """Whether a pause is in force now."""
        with self._lock:
            return self._paused_us.get(label, 0) > self._now_us()


_TURN = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local daily, patience = tonumber(ARGV[3]), tonumber(ARGV[4])
local function say(granted, at) return {granted, string.format('%.0f', at - now)} end
local paused = tonumber(redis.call('GET', KEYS[2]) or '0')
if paused > now then return say(0, paused) end
local day = math.floor(now / 86400000000)
local used = KEYS[3] .. ':' .. string.format('%.0f', day)
if daily > 0 and tonumber(redis.call('GET', used) or '0') >= daily then
  return say(0, (day + 1) * 86400000000)
end
local following = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local slot = math.max(now, following - tolerance)
if slot - now > patience then return say(0, slot) end
local after = following + interval
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
if daily > 0 then redis.call('INCR', used); redis.call('EXPIRE', used, 172800) end
return say(1, slot)
"""
_PAUSE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local until_us = tonumber(ARGV[1])
for _, key in ipairs(KEYS) do
  if until_us > now and until_us > tonumber(redis.call('GET', key) or '0') then
    redis.call('SET', key, ARGV[1], 'PX', math.ceil((until_us - now) / 1000))
  end
end
"""


class SharedBudget:
    """The budget of an account over all processes, in Redis. Keys carry no name, only a digest of it."""

    def __init__(self, *, redis: Redis, account: str, plan: Plan, share: float) -> None:
        self._allowances = {label: allowance(plan=plan, label=label, share=share) for label in Label}
        self._redis: Any = redis  # the stubs type every command as maybe awaitable
        self._prefix = f"zoom:{{{hashlib.sha256(account.encode()).hexdigest()[:24]}}}:"
        self._turn = self._redis.register_script(_TURN)
        self._pause = self._redis.register_script(_PAUSE)

    def _paused_key(self, label: Label) -> str:
        return f"{self._prefix}paused:{label}"

    def turn(self, label: Label, *, patience: timedelta) -> Turn:
        """The next turn by Redis's clock."""
        mine = self._allowances[label]
        group = "+".join(sorted(mine.together))
        keys = [f"{self._prefix}next:{label}", self._paused_key(label), f"{self._prefix}used:{group}"]
        limits = [mine.interval_us, mine.tolerance_us, mine.daily or 0, int(patience.total_seconds() * 1e6)]
        with shared.reach("request budget"):
            granted, wait_us = self._turn(keys=keys, args=limits)
        return Turn(wait_s=max(0, int(wait_us)) / 1e6, granted=bool(granted))

    def pause(self, label: Label, *, until: datetime, for_the_day: bool) -> None:
        """Hold back every process; an earlier moment never shortens a pause."""
        held = sorted(self._allowances[label].together) if for_the_day else [label]
        moment = int(until.astimezone(UTC).timestamp() * 1_000_000)
        with shared.reach("request budget"):
            self._pause(keys=[self._paused_key(one) for one in held], args=[moment])

    def is_paused(self, label: Label) -> bool:
        """Whether a pause is in force now: its key lives as long as the pause."""
        with shared.reach("request budget"):
            return bool(self._redis.exists(self._paused_key(label)))
