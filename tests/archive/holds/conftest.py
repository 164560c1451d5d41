"""The town of capture with a legal hold on Ines, and what a capture and an opening make of its zips."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from archive.capture import comparing, hold_jobs, holds, openings
from archive.capture.work import Worker
from archive.models import HoldCustodian, HoldEntry, HoldFile
from sandbox import planted
from sandbox.matters import Matter, Part
from sandbox.planted import Trick
from tests.archive.capture.conftest import Town, data, hurry, town

__all__ = ["data", "hurry", "town"]


@dataclass
class Hold:
    """Zoom holds what Ines says; its matter began a while ago, and its first month's zip can be had."""

    town: Town
    matter: Matter

    def plant(self, trick: Trick, *, size: int = planted.SIZE) -> Part:
        """One more zip of hers, with something wrong."""
        return planted.plant(self.matter, self.town.ines, trick=trick, size=size)

    def capture(self, *, hours: float = 0, at_once: bool = True) -> None:
        """Let time pass, and bring the zips that are due then; `at_once` as when a person asks.

        Without the messages and Zoom's list of matters, which take longer: `town.capture()` brings everything.
        """
        self.town.world.clock.advance(seconds=hours * 3600)
        hold_jobs.plan(account=self.town.account, now=self.town.now(), at_once=at_once)
        Worker(self.town.account, self.town.now, Event()).holds()

    def open(self) -> None:
        """Open and compare whatever arrived."""
        openings.work(clock=self.town.now)
        comparing.work(clock=self.town.now)

    def bring(self, trick: Trick, *, size: int = planted.SIZE) -> HoldFile:
        """Plant a zip, capture and open it."""
        part = self.plant(trick, size=size)
        self.capture()
        self.open()
        return HoldFile.objects.get(file_key=part.file_key)


@pytest.fixture
def hold(town: Town) -> Hold:
    """A hold on Ines over three days of long ago, in which she said two things."""
    town.say("kept for the court", days_ago=20)
    town.say("and the plan", days_ago=19, file=b"the plan of the plant")
    return place(town, first=21, last=18)


def place(town: Town, *, first: int, last: int | None) -> Hold:
    """A hold on Ines from `first` to `last` days ago (None: it goes on), placed when it began."""

    def day(ago: int) -> datetime:
        return town.now() - timedelta(days=ago)

    end = None if last is None else day(last).date()
    matter = Matter(
        str(uuid.UUID(int=7 + first)),
        "SEC inquiry",
        [town.ines.id],
        town.ago(days=first),
        day(first).date(),
        end,
    )
    town.world.open_matter(matter)
    known: dict[str, Any] = {
        "account_id": town.account.pk,
        "matter_id": matter.id,
        "people": [(town.ines.id, "ines@acme.example")],
    }
    holds.expect(**known, now=town.now())
    return Hold(town, matter)


def custodian() -> HoldCustodian:
    return HoldCustodian.objects.get()


def entries(zip_: HoldFile) -> dict[str, tuple[str, str]]:
    """What became of each file inside, with the reason."""
    rows = HoldEntry.objects.filter(hold_file=zip_)
    return {name: (state, reason) for name, state, reason in rows.values_list("name", "state", "reason")}
