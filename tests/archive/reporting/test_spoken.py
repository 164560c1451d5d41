"""How much was said in sessions, against the record, however far the counts are."""

import pytest
from django.db import connection, transaction
from django.db.models import Count

from archive import purge
from archive.models import Message, ReportCount, ReportState, Session
from archive.reporting import following, spoken
from archive.reporting.spoken import Spoken
from tests.archive import scenes
from tests.archive.reporting import chatter

pytestmark = pytest.mark.django_db


def truth() -> dict[int, Spoken]:
    """Every session with its messages and the people who are known to have said them."""
    rows = Message.objects.order_by().values_list("session_id")
    counted = rows.annotate(messages=Count("pk"), people=Count("sender", distinct=True))
    return {key: Spoken(messages, people) for key, messages, people in counted}


def told() -> dict[int, Spoken]:
    return spoken.of(Session.objects.values_list("pk", flat=True))


def test_the_figures_are_exact_however_far_the_counts_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is counted, after each step of counting, and when old and new days are told of again."""
    monkeypatch.setattr(following, "AT_ONCE", 45)
    chatter.generated(messages=300, seed=7)
    assert told() == truth()
    steps = 0
    while following.follow(clock=lambda: scenes.NOW):
        steps += 1
        assert told() == truth()
    assert steps > 4
    window = Session.objects.order_by("pk")[0].windows.order_by("pk")[0]
    later = [scenes.said("more", id=f"x{n}", minute=n * 7_000, by=scenes.OLU) for n in range(6)]
    for record in later:
        chatter.say(window, [record])
        assert told() == truth()
    chatter.count()
    assert told() == truth()


def test_whole_months_come_from_the_counts_alone() -> None:
    """What is counted is not read again: a count that is wrong is shown until it is healed, and no other."""
    chatter.generated(messages=60, seed=8, sessions=2)
    chatter.count()
    first, second = truth()
    ReportCount.objects.filter(grain="m", session_id=first).update(messages=1_000)
    figures = told()
    assert figures[first].messages >= 1_000
    assert figures[second] == truth()[second]


def test_far_behind_the_log_everything_is_counted_from_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by counts of other rules, and by counts of which nothing is left."""
    chatter.generated(messages=60, seed=9)
    chatter.count()
    ReportCount.objects.update(messages=1_000)
    ReportState.objects.update(version=0)
    assert told() == truth()
    ReportState.objects.update(version=1, complete_to=0)
    monkeypatch.setattr(spoken, "MOST_BEHIND", 10)
    assert told() == truth()
    following.rebuild()
    assert told() == truth()


def test_a_destroyed_message_still_counts() -> None:
    """Its row stays: who said something where and when stays known."""
    window = scenes.conversation()
    chatter.say(window, [scenes.said("hello", id="a"), scenes.said("bye", id="b", by=scenes.RAVI)])
    chatter.count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE compliance_hold IN SHARE MODE")
        purge.destroy([Message.objects.get(zoom_id="b").pk], holds=[], disposition=1, now=scenes.NOW)
    assert told() == {window.session_id: Spoken(2, 2)}
    chatter.count()
    assert told() == {window.session_id: Spoken(2, 2)}


def test_of_no_session_and_of_a_silent_one_nothing_is_told() -> None:
    """There is no line, rather than a zero that was not asked for."""
    scenes.conversation()
    assert spoken.of([]) == {}
    assert told() == {}
