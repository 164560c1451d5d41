"""Legal hold matters and their zips, as far as Zoom lists them: observed, every state kept."""

import json
import uuid
from datetime import timedelta

from archive import completeness
from archive.models import Observation
from sandbox.matters import Matter
from tests.archive.capture.conftest import Town


def hold_files() -> dict[str, list[bool]]:
    """Whether each zip was ready, each time it was seen in another state."""
    seen: dict[str, list[bool]] = {}
    for row in Observation.objects.filter(kind=Observation.Kind.HOLD_FILE).order_by("id"):
        seen.setdefault(row.subject, []).append(json.loads(bytes(row.raw))["ready_for_download"])
    return seen


def test_a_zip_that_is_not_ready_for_a_while_is_looked_at_again(town: Town) -> None:
    """Not ready is a state, not an error: the capture is complete, and the next day's look sees it ready."""
    town.say("kept for the court", days_ago=20)
    first, last = ((town.now() - timedelta(days=days)).date() for days in (30, 5))
    town.world.open_matter(
        Matter(str(uuid.UUID(int=7)), "SEC inquiry", [town.ines.id], town.ago(days=29), first, last)
    )
    town.misbehave("hold_not_ready:p=1")
    town.capture()
    waiting = hold_files()
    town.behave()
    town.world.clock.advance(seconds=25 * 3600)
    town.capture()
    assert town.is_complete(), completeness.gaps(limit=5)
    assert waiting
    assert all(states == [False] for states in waiting.values())
    assert all(hold_files()[key][-1] for key in waiting)
