"""What the badge and the overview say of the same facts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from archive import completeness
from archive.completeness import Ahead, Cliff, HoldZips, Outstanding, Progress, Summary
from compliance import standing
from tests.archive import scenes

NONE = Outstanding(due=0, claimed=0, stored=4, gone=0, mismatch=0, failed=0, given_up=0)
NO_ZIPS = HoldZips(
    waiting=3, due=0, claimed=0, stored=1, gone=0, mismatch=0, failed=0, destroyed=0, given_up=0, unopened=0, partly=0, refused=1,
    broken=0, custodians=2, custodians_gone=1, custodians_ended=0, unlisted=0,
)  # fmt: skip
WELL = Summary(
    accounts=1,
    complete_to=scenes.NOW - timedelta(hours=1),
    gaps=0,
    lost=0,
    windows={"gap": 0},
    ahead=Ahead(0, 0, None, None),
    cliff=Cliff(scenes.NOON.date(), 0, None, None),
    files=NONE,
    forwards=NONE,
    zips=NO_ZIPS,
    run=None,
)
RUN = Progress(
    run_id=1, kind="backfill", started_at=scenes.NOW, done=1, total=4, gaps=0, pages=1, records=1,
    records_per_second=None, requests_estimated=None, seconds_left=None, words="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state", "badge"),
    [
        ({}, "complete", "Complete to 07:00"),
        ({"accounts": 0}, "unknown", "No account"),
        ({"complete_to": None}, "unknown", "Not captured yet"),
        ({"gaps": 1}, "gap", "1 gap"),
        ({"gaps": 1200}, "gap", "1,200 gaps"),
        ({"gaps": 3, "run": RUN}, "pulling", "Capturing, 25%"),
        ({"gaps": 1, "run": replace(RUN, done=999, total=1000)}, "pulling", "Capturing, 99%"),
        ({"run": RUN}, "complete", "Complete to 07:00"),
        ({"complete_to": scenes.NOW - timedelta(days=2)}, "due", "Complete to 18 Nov, 08:00"),
        ({"files": replace(NONE, due=2)}, "due", "2 files to come"),
        ({"files": replace(NONE, due=1)}, "due", "1 file to come"),
        ({"zips": replace(NO_ZIPS, failed=1)}, "due", "1 hold zip to come"),
        ({"zips": replace(NO_ZIPS, gone=2, given_up=2, unlisted=3)}, "due", "3 hold zips to come"),
        ({"zips": replace(NO_ZIPS, gone=2, given_up=2)}, "complete", "Complete to 07:00"),
    ],
)
def test_the_badge_says_the_worst_that_is_true(changes: dict[str, object], state: str, badge: str) -> None:
    """A gap outranks a moment, a run outranks its gaps, and old news is not good news."""
    said = standing.of(replace(WELL, **changes), now=scenes.NOW)  # type: ignore[arg-type]
    assert (said.state, said.badge) == (state, badge)


def test_missing_files_are_in_the_sentence() -> None:
    """Messages may be complete while files are not."""
    said = standing.of(replace(WELL, files=replace(NONE, due=2)), now=scenes.NOW)
    assert "some files are still to come" in said.sentence


@pytest.mark.django_db
def test_before_any_account_nothing_is_claimed() -> None:
    """An empty archive is not a complete one."""
    assert standing.of(completeness.summary(now=scenes.NOW), now=scenes.NOW).state == "unknown"
