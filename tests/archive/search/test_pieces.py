"""Searches within a union of pieces: never a hit more than the pieces admit, and every number the same everywhere."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from archive import admitted, search
from archive.models import Message
from archive.scope import EVERYTHING, Piece, Pieces, Scope
from archive.search import covering, unsearched
from tests.archive.search.talk import NOON, Line, Talk

PEOPLE = ("ines", "ravi", "ada", "olu", "nobody")
WORDS = ("harbour", "crane", "pier")
SESSIONS = 12
MESSAGES = 400


@pytest.fixture
def spoken(talk: Talk, index: Callable[[], None]) -> list[Message]:
    """Four people and somebody unknown in a dozen sessions; every fifth message has a file nobody has read."""
    pick = random.Random(3)
    rooms = [f"room {n}" for n in range(SESSIONS)]
    for room in rooms:
        talk.open(room)
    messages = talk.say_all(
        Line(
            pick.choice(WORDS), by=pick.choice(PEOPLE), where=pick.choice(rooms),
            at=NOON + timedelta(minutes=pick.randrange(300)), files=("plan.txt",) if n % 5 == 0 else (),
        )
        for n in range(MESSAGES)
    )  # fmt: skip
    index()
    return messages


def admits(scope: Scope, message: Message) -> bool:
    return scope.admits(sender=message.sender_id, session=message.session_id, at=message.sent_at)


def some_pieces(pick: random.Random, spoken: list[Message]) -> Pieces:
    """Pieces of every shape, out of who spoke where and when; some of the same time, some touching each other."""
    moments = [None, *(NOON + timedelta(minutes=m) for m in (0, 60, 61, 150, 299))]

    def piece() -> Piece:
        message = pick.choice(spoken)
        shape = pick.random()
        return Piece(
            sender=message.sender_id if shape < 0.5 else None,
            session=message.session_id if shape > 0.35 else None,
            since=pick.choice([*moments, message.sent_at]),
            until=pick.choice([*moments, message.sent_at]),
        )

    return Pieces.of(piece() for _ in range(pick.choice([0, 1, 3, 20, 80])))


def test_a_search_within_pieces_is_what_the_pieces_admit(spoken: list[Message]) -> None:
    """Hits, counts, facets, places around a hit, whole answers and the files not searched: all the same messages."""
    pick = random.Random(5)
    for _ in range(60):
        scope = some_pieces(pick, spoken).narrowed(
            pick.choice([EVERYTHING, Scope(since=NOON + timedelta(hours=1))])
        )
        if pick.random() < 0.3:
            scope = scope.narrowed(some_pieces(pick, spoken).narrowed(EVERYTHING))
        expected = {m.pk for m in spoken if admits(scope, m)}
        answer = search.messages("NOT absent", scope=scope, limit=1_000, with_facets=True)
        assert {hit.message_id for hit in answer.hits} == expected
        assert answer.count == len(expected)
        assert answer.facets is not None
        assert sum(answer.facets.sessions.values()) == len(expected)
        assert admitted.among([m.pk for m in spoken], scope=scope) == expected
        whole = search.whole(search.parse("NOT absent"), scope=scope)
        assert {key for stretch in whole.stretches for key in stretch} == expected
        if len(answer.hits) > 0:
            seen = search.around("NOT absent", answer.hits[0].place, scope=scope)
            assert (seen.count, seen.position) == (len(expected), 1)
        with_files = {m.pk for n, m in enumerate(spoken) if n % 5 == 0} & expected
        assert unsearched.counts(complete_to=0, scope=scope).unread == len(with_files)
        assert answer.coverage.unread == len(with_files)


@pytest.mark.parametrize("most", [0, 3, covering.MOST])
def test_many_spans_of_time_are_the_same_messages(
    spoken: list[Message], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked up or left to the engine, each span is exact: its first moment inside, its last outside."""
    monkeypatch.setattr(covering, "MOST", most)
    covering.of.cache_clear()
    pick = random.Random(11)
    for _ in range(10):
        pieces = Pieces.of(
            Piece(session=one.session_id, since=one.sent_at, until=max(one.sent_at, other.sent_at))
            for one, other in ((pick.choice(spoken), pick.choice(spoken)) for _ in range(90))
        )
        scope = pieces.narrowed(EVERYTHING)
        expected = {m.pk for m in spoken if admits(scope, m)}
        answer = search.messages("NOT absent", scope=scope, limit=1_000)
        assert ({hit.message_id for hit in answer.hits}, answer.count) == (expected, len(expected))


def test_what_is_said_later_is_within_the_same_pieces(
    talk: Talk, spoken: list[Message], index: Callable[[], None]
) -> None:
    """Pieces are looked up anew for each state of the index: bounds that left nothing out may do so now."""
    pieces = Pieces.of(
        Piece(session=session.pk, until=NOON + timedelta(minutes=400, seconds=session.pk))
        for session in talk.sessions.values()
    )
    scope = pieces.narrowed(EVERYTHING)
    assert search.messages("NOT absent", scope=scope).count == len(spoken)
    for minute in (399, 500):
        talk.say("late", where="room 3", at=NOON + timedelta(minutes=minute))
    index()
    assert search.messages("late", scope=scope).count == 1
    assert search.messages("NOT absent", scope=scope).count == len(spoken) + 1


def test_narrowing_never_adds_a_hit(spoken: list[Message]) -> None:
    """Within pieces there is never more than without, nor more within two unions than within one."""
    pick = random.Random(7)
    for query in (*WORDS, "NOT harbour", "harbour OR from:ada"):
        one, other = (some_pieces(pick, spoken).narrowed(EVERYTHING) for _ in range(2))
        wide, narrow, narrower = (
            {hit.message_id for hit in search.messages(query, scope=scope, limit=1_000).hits}
            for scope in (EVERYTHING, one, one.narrowed(other))
        )
        assert narrower <= narrow <= wide


def test_pieces_weigh_nothing_in_relevance(spoken: list[Message]) -> None:
    """The most relevant message is the same whatever the person may see."""
    everything = Pieces.of([Piece(), Piece(sender=1), Piece(since=NOON)]).narrowed(EVERYTHING)
    order = search.Order.RELEVANT
    assert [h.message_id for h in search.messages("harbour", scope=everything, order=order).hits] == [
        h.message_id for h in search.messages("harbour", scope=EVERYTHING, order=order).hits
    ]


def test_without_a_piece_there_is_nothing(spoken: list[Message]) -> None:
    """A matter that holds nothing shows nothing, which is not the same as having no limits."""
    nothing = Pieces.of([]).narrowed(EVERYTHING)
    assert search.messages("harbour", scope=nothing).count == 0
    assert admitted.among([m.pk for m in spoken], scope=nothing) == frozenset()


def test_the_marker_of_the_index_is_no_message(spoken: list[Message]) -> None:
    """A piece without limits is every message there is, and not the document that says how far the index is."""
    everything = Pieces.of([Piece()]).narrowed(EVERYTHING)
    assert search.messages("NOT absent", scope=everything).count == len(spoken)
