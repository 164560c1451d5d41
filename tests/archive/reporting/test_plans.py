"""What is counted costs what is counted, whatever the planner thinks of tables that have just grown."""

from datetime import timedelta

import pytest

from archive import bulk
from archive.models import Message
from archive.reporting import counting
from tests.archive.conftest import Vacuum
from tests.archive.planning import rows_touched
from tests.archive.search.talk import NOON, Line, Talk


@pytest.mark.usefixtures("tall")
def test_a_day_is_counted_from_its_own_messages(vacuum: Vacuum, db: None) -> None:
    """Also while it takes them for empty: before, each message was held against every day that is counted."""
    Talk().say_all(Line("hello", at=NOON + timedelta(days=n % 120)) for n in range(1_200))
    vacuum("archive_message", "archive_revision", "archive_leaf")
    (session_id,) = set(Message.objects.values_list("session_id", flat=True))
    days = [(NOON + timedelta(days=n)).date() for n in range(120)]
    bulk.run(counting._BY_INDEX)
    ((plan,),) = bulk.run(
        "EXPLAIN (ANALYZE, FORMAT JSON) " + counting._COUNT, [[session_id] * len(days), days]
    )
    assert rows_touched(plan[0]["Plan"]) < 30 * 1_200
