"""What was destroyed is in no answer at once, and in no file of the index soon after."""

import threading
from datetime import datetime, timedelta

import pytest

from archive import search
from archive.models import IndexState
from archive.scope import EVERYTHING
from archive.search import coverage, destroyed, folder, forgetting, indexer, upkeep
from tests.archive.disposition.conftest import Talk, destroy
from tests.archive.scenes import NOW
from tests.archive.search.test_forgetting import SECRET, holding

pytestmark = pytest.mark.django_db(transaction=True)


def follow() -> None:
    indexer.follow(stop=threading.Event(), clock=lambda: NOW, once=True)


def count(query: str) -> int:
    return search.messages(query, scope=EVERYTHING).count


@pytest.fixture
def secret(talk: Talk) -> Talk:
    """Messages in the index, one of which said the word in two versions."""
    for number in range(20):
        talk.say(f"common word{number}", id=f"c{number}", minute=number)
    talk.say(f"common {SECRET}", id="a", minute=30)
    follow()
    talk.edit(f"common {SECRET} again", id="a", minute=30)
    follow()
    assert (count("common"), count(SECRET)) == (21, 1)
    return talk


def test_no_answer_has_it_from_the_commit_on(secret: Talk) -> None:
    """Before the indexer even knows: not among the hits, not in the count, not by being excluded from something."""
    destroy(secret.message("a"))
    assert (count("common"), count(SECRET), count("NOT nothing")) == (20, 0, 20)
    answer = search.messages("common", scope=EVERYTHING, with_facets=True)
    assert (answer.count, len(answer.hits)) == (20, 20)
    assert sum(len(some) for some in search.whole(answer.ast, scope=EVERYTHING).stretches) == 20


def test_the_indexer_takes_the_document_out(secret: Talk) -> None:
    """At the log's end the index has the message no more, and agrees with the record day by day."""
    destroy(secret.message("a"))
    follow()
    assert (count("common"), count(SECRET)) == (20, 0)
    assert coverage.check() == []
    assert holding(SECRET) != []


def test_what_waits_to_be_forgotten_is_visible(secret: Talk) -> None:
    """How many messages, since when, on which host."""
    destroy(secret.message("a"))
    (waiting,) = destroyed.waiting()
    assert (waiting.messages, waiting.since, waiting.home) == (1, NOW, folder.home())


def test_the_words_go_from_every_file(secret: Talk) -> None:
    """The indexer, run to its end, leaves them in none; nothing else is lost, and nothing waits."""
    destroy(secret.message("a"))
    upkeep.run(stop=threading.Event(), clock=lambda: NOW, once=True)
    assert holding(SECRET) == []
    assert (count("common"), coverage.check()) == (20, [])
    assert destroyed.waiting()[0].messages == 0


def test_forgetting_waits_for_the_end_of_a_disposition(secret: Talk) -> None:
    """Whole parts are rewritten: not after each batch, but a minute after the last, or an hour after the first."""
    destroy(secret.message("a"))
    follow()
    name = folder.named()
    assert not destroyed.is_due(name, now=NOW + timedelta(seconds=30))
    assert destroyed.is_due(name, now=NOW + timedelta(minutes=1))


def test_an_indexer_that_follows_forgets_by_itself(secret: Talk) -> None:
    """It gives its writer up for it, and goes on."""
    destroy(secret.message("a"))
    stop, later = threading.Event(), NOW + timedelta(minutes=5)
    asked = iter(range(200))

    def clock() -> datetime:
        if next(asked) > 30 or destroyed.waiting()[0].messages == 0:
            stop.set()
        return later

    upkeep.run(stop=stop, clock=clock)
    assert holding(SECRET) == []
    assert destroyed.waiting()[0].messages == 0


def test_a_new_index_forgets_what_was_destroyed_while_it_was_built(secret: Talk) -> None:
    """It begins with nothing forgotten, and ends with the same."""
    destroy(secret.message("a"))
    IndexState.objects.update(forgotten_to=0)
    follow()
    with folder.writing():
        forgetting.forget_destroyed(clock=lambda: NOW)
    assert holding(SECRET) == []
