"""Tags in queries: resolved when the query runs, refused when unknown, within the scope like everything else."""

from datetime import timedelta

import pytest

from archive import search
from archive.models import Message
from archive.scope import EVERYTHING, Scope
from archive.search import engine, index
from archive.search.query import And, Or, Tagged, Words
from tests.archive.search.conftest import Find
from tests.archive.search.talk import NOON, Line, Talk

NAMES = {"hot": "Hot", "privileged": "privileged", "very hot": "very hot"}


def tags(**carrying: list[Message]) -> search.Tags:
    """Tags that these messages carry."""
    ids = {name: [message.pk for message in messages] for name, messages in carrying.items()}
    everything = [message_id for some in ids.values() for message_id in some]
    return search.Tags(names=lambda: NAMES, on=lambda key: everything if key is None else ids.get(key, []))


def found(query: str, known: search.Tags, scope: Scope = EVERYTHING) -> set[int]:
    answer = search.messages(query, scope=scope, known=search.Known(tags=known))
    assert answer.count == len(answer.hits)
    return {hit.message_id for hit in answer.hits}


@pytest.mark.django_db
def test_a_tag_finds_what_carries_it(talk: Talk, find: Find) -> None:
    """Alone, in a group, left out, together with words, and any tag at all."""
    one, two, three = (talk.say(f"budget {n}") for n in range(3))
    assert len(find("budget")) == 3
    known = tags(hot=[one, two], privileged=[two])
    assert found("tag:hot", known) == {one.pk, two.pk}
    assert found("tag:HOT 1", known) == {two.pk}
    assert found("tag:(hot OR privileged)", known) == {one.pk, two.pk}
    assert found("tag:(hot NOT privileged)", known) == {one.pk}
    assert found("budget NOT tag:hot", known) == {three.pk}
    assert found("is:tagged", known) == {one.pk, two.pk}
    assert found("NOT is:tagged", known) == {three.pk}
    assert found('tag:"very  hot"', known) == set()


@pytest.mark.django_db
def test_a_tag_reveals_nothing_outside_a_scope(talk: Talk, find: Find) -> None:
    """Who may see one room sees the tagged messages of that room."""
    inside, outside = talk.say("a"), talk.say("b", where="deal room")
    find("a")
    known = tags(hot=[inside, outside])
    room = Scope(sessions=frozenset({inside.session_id}))
    assert found("tag:hot", known, room) == {inside.pk}
    facets = search.messages(
        "tag:hot", scope=room, known=search.Known(tags=known), limit=0, with_facets=True
    ).facets
    assert facets is not None
    assert (facets.sessions, sum(facets.days.values())) == ({inside.session_id: 1}, 1)


@pytest.mark.django_db
def test_an_unknown_tag_is_refused_with_what_was_probably_meant(talk: Talk, find: Find) -> None:
    """A tag that is not there is no empty tag; the place is that of the tag in the query."""
    talk.say("a")
    find("a")
    with pytest.raises(search.QueryError) as caught:
        search.messages("a OR tag:privledged", scope=EVERYTHING, known=search.Known(tags=tags()))
    error = caught.value
    assert (error.message, error.hint) == ("There is no tag “privledged”.", "Did you mean tag:privileged?")
    assert (error.start, error.end) == (5, 19)
    with pytest.raises(search.QueryError, match="No tag has been made yet"):
        search.messages("tag:hot", scope=EVERYTHING)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tag:hot", "Messages tagged “hot”"),
        ("tag:(hot OR cold)", "Messages tagged “hot” or tagged “cold”"),
        ("budget NOT tag:hot", "Messages containing “budget” and not tagged “hot”"),
        ("NOT is:tagged", "Messages not tagged"),
    ],
)
def test_a_tag_is_said_in_words(query: str, words: str) -> None:
    """Like every other condition."""
    assert search.explain(search.parse(query)) == words


def test_trees_are_equal_wherever_the_tag_was_typed() -> None:
    """The place is for errors only, and is not spelled out."""
    assert search.parse("tag:hot") == search.parse("   tag:hot") == Tagged("hot", "hot")
    assert search.spelled.out(search.parse("  tag:Hot")) == 'Tagged(key="hot", name="Hot")'


def test_different_trees_are_spelled_differently() -> None:
    """And what has its default is left out, so that a spelling outlives a new field."""
    trees = [
        Words("a"), Words("b"), And((Words("a"), Words("b"))), Or((Words("a"), Words("b"))),
        *map(search.parse, ("a*", '"a b"', "NOT a", "from:a", "before:2026", "zone:Asia/Tokyo before:2026",
                            "has:file", "a w/5 b", "a w/6 b", "abcd~1", "in:session/7", "type:1:1", "file:a")),
    ]  # fmt: skip
    spelled = [search.spelled.out(tree) for tree in trees]
    assert len(set(spelled)) == len(trees)
    assert spelled[0] == 'Words(text="a")'


@pytest.mark.django_db
def test_a_whole_answer_is_every_hit_in_order(talk: Talk, find: Find) -> None:
    """In stretches, from one state of the index, whatever is said meanwhile."""
    for n in range(25):
        talk.say(f"budget {n}")
    newest = [message.pk for message in find("budget")]
    whole = search.whole(search.parse("budget"), scope=EVERYTHING)
    talk.say("budget later")
    find("later")
    assert (whole.count, [key for stretch in whole.stretches for key in stretch]) == (25, newest)
    oldest = search.whole(search.parse("budget NOT later"), scope=EVERYTHING, order=search.Order.OLDEST)
    assert [key for stretch in oldest.stretches for key in stretch] == newest[::-1]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [search.Order.NEWEST, search.Order.OLDEST])
def test_a_stretch_ends_anywhere(order: search.Order, talk: Talk, find: Find) -> None:
    """Also among messages sent at the same moment, and where the answer ends with it."""
    said = talk.say_all(Line(f"budget {n}", at=NOON + timedelta(minutes=n // 5)) for n in range(24))
    find("budget")
    stretches = list(
        engine.every(index.snapshot(), search.parse("budget"), scope=EVERYTHING, order=order, at_once=4)
    )
    ids = [one.message_id for stretch in stretches for one in stretch]
    assert ids == sorted((m.pk for m in said), reverse=order is search.Order.NEWEST)
    assert [len(stretch) for stretch in stretches] == [4] * 6
