"""Searching the record: what is found, in what order, and within what limits."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from archive import search
from archive.scope import EVERYTHING, Scope
from archive.search import Order, Place
from tests.archive.search.conftest import Find
from tests.archive.search.talk import NOON, Line, Talk


def test_a_word_finds_the_messages_that_hold_it_newest_first(talk: Talk, find: Find) -> None:
    """Ines looks for a word, whatever its case and accents."""
    first = talk.say("The café is booked")
    talk.say("Nothing of note")
    second = talk.say("CAFE? cafe!")
    assert find("Cafe") == [second, first]


def test_words_are_all_asked_for(talk: Talk, find: Find) -> None:
    """Two words without a keyword between them must both be there."""
    both = talk.say("ship it on friday")
    talk.say("ship it")
    assert find("friday ship") == [both]


def test_a_phrase_is_exact(talk: Talk, find: Find) -> None:
    """Words apart or in another order are not the phrase."""
    phrase = talk.say("a wire transfer, today")
    talk.say("transfer the wire")
    talk.say("wire the transfer")
    assert find('"wire transfer"') == [phrase]


def test_a_phrase_does_not_run_from_one_version_into_the_next(talk: Talk, find: Find) -> None:
    """What was never said in one breath is not found as if it had been."""
    said = talk.say("ends with wire")
    talk.edit(said, "transfer begins it")
    assert find('"wire transfer"') == []
    assert find("wire transfer") == [said]


@pytest.mark.parametrize("query", ["complian*", "compli*", "COMPLIANCE*"])
def test_a_prefix_finds_words_that_begin_so(talk: Talk, find: Find, query: str) -> None:
    """The star stands for any ending, also none."""
    found = talk.say("compliance matters")
    talk.say("the complaint desk")
    assert find(query) == [found]


def test_a_prefix_may_end_an_address(talk: Talk, find: Find) -> None:
    """The star works after joined words as well."""
    found = talk.say("write to john.doe@acme.example please")
    talk.say("write to john.doe@other.example please")
    assert find("john.doe@ac*") == [found] == find("doe@acm*") == find("well-written OR john.doe@acme.exam*")


def test_and_or_not_and_groups(talk: Talk, find: Find) -> None:
    """NOT binds closest, then AND, then OR."""
    a, b, ab, c = (talk.say(text) for text in ("alpha", "beta", "alpha beta", "gamma"))
    assert find("alpha OR beta AND gamma") == [ab, a]
    assert find("(alpha OR beta) NOT gamma") == [ab, b, a]
    assert find("alpha NOT beta") == [a]
    assert find("NOT alpha") == [c, b]
    assert find("gamma OR NOT (alpha OR gamma)") == [c, b]


def test_every_version_and_every_file_name_is_searched(talk: Talk, find: Find) -> None:
    """An edit hides nothing: the first wording is found beside the last."""
    said = talk.say("ship it friday", files=("Q3 forecast_v2.xlsx",))
    talk.edit(said, "ship it monday")
    assert find("friday") == find("monday") == find("forecast") == find("forecast_v2.xlsx") == [said]


def test_from_means_the_name_they_had_or_their_address(talk: Talk, find: Find) -> None:
    """Who said it, by words of the name, by address, or by number."""
    said = talk.say("mine", by="ravi")
    talk.say("ravi said nothing", by="ines")
    number = talk.people["ravi"].pk
    for query in (
        "from:ravi",
        'from:"Ravi Rao"',
        "from:RAO",
        "from:ravi@acme.example",
        f"from:person/{number}",
    ):
        assert find(query) == [said], query
    assert find("from:nobody") == []


def test_in_means_the_session_by_name_or_id(talk: Talk, find: Find) -> None:
    """Where it was said, by words of the session's name or Zoom's ids."""
    said = talk.say("here", where="deal room")
    talk.say("there")
    session = talk.sessions["deal room"]
    for query in ("in:deal", 'in:"deal room"', f"in:{session.zoom_id}", f"in:{session.channel_id}",
                  f"in:session/{session.pk}"):  # fmt: skip
        assert find(query) == [said], query
    assert find("in:deal in:general") == []


def test_days_are_utc_days(talk: Talk, find: Find) -> None:
    """Before, after and on leave no moment out and count none twice."""
    eve, first, last, next_day = (
        talk.say("tick", at=NOON.replace(hour=0) + offset)
        for offset in (
            timedelta(microseconds=-1),
            timedelta(0),
            timedelta(days=1, microseconds=-1),
            timedelta(days=1),
        )
    )
    assert find("tick on:2026-05-04") == [last, first]
    assert find("tick before:2026-05-04") == [eve]
    assert find("tick after:2026-05-04") == [next_day]
    assert find("tick on:2026-05") == [next_day, last, first, eve]
    assert find("tick before:2026-05") == [] == find("tick after:2026")


def test_what_a_message_is_and_has(talk: Talk, find: Find) -> None:
    """Edited, deleted, external, with a file."""
    plain = talk.say("plain")
    edited = talk.say("edited")
    talk.edit(edited, "edited again")
    deleted = talk.say("deleted")
    talk.delete(deleted)
    external = talk.say("external", by="olu")
    file = talk.say("", files=("a.pdf",))
    assert (find("is:edited"), find("is:deleted")) == ([edited], [deleted])
    assert (find("is:external"), find("has:file")) == ([external], [file])
    assert find("NOT is:edited NOT is:deleted NOT is:external NOT has:file") == [plain]


def test_a_scope_narrows_every_query(talk: Talk, find: Find) -> None:
    """What lies outside the scope is neither shown nor counted, whatever is asked."""
    inside = talk.say("secret", by="ravi", where="deal room", at=NOON)
    talk.say("secret", by="ines", where="deal room", at=NOON)
    talk.say("secret", by="ravi", where="general", at=NOON)
    talk.say("secret", by="ravi", where="deal room", at=NOON + timedelta(hours=1))
    scope = Scope(
        people=frozenset({talk.people["ravi"].pk}),
        sessions=frozenset({talk.sessions["deal room"].pk}),
        since=NOON,
        until=NOON + timedelta(hours=1),
    )
    assert (
        find("secret", scope) == find("secret OR NOT secret", scope) == find("NOT nothing", scope) == [inside]
    )


@pytest.mark.parametrize("nobody", [Scope(people=frozenset()), Scope(sessions=frozenset())])
def test_nobody_is_not_everybody(talk: Talk, find: Find, nobody: Scope) -> None:
    """An empty set in a scope finds nothing at all."""
    talk.say("secret")
    assert find("secret OR NOT secret", nobody) == []


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_follow_each_other_without_hole_or_repeat(
    talk: Talk, index: Callable[[], None], order: Order, limit: int
) -> None:
    """Also where many messages have the same time, across the edge of a page."""
    talk.say_all(Line("tied", at=NOON + timedelta(seconds=n // 5)) for n in range(17))
    index()
    whole = search.messages("tied", scope=EVERYTHING, order=order)
    places: list[Place] = []
    after: Place | None = None
    while True:
        page = search.messages("tied", scope=EVERYTHING, order=order, after=after, limit=limit)
        assert page.count == 17
        places += [hit.place for hit in page.hits]
        after = page.next
        if after is None:
            break
    assert places == [hit.place for hit in whole.hits]
    assert places == sorted(places, reverse=order is Order.NEWEST)
    assert len(set(places)) == 17


def test_an_answer_says_what_was_asked_and_how_complete_it_is(talk: Talk, index: Callable[[], None]) -> None:
    """The meaning in words, the position in the log, and what waits."""
    talk.say("one")
    index()
    talk.say("two")
    answer = search.messages("one from:ines", scope=EVERYTHING)
    assert answer.explanation == "Messages containing “one” and from “ines”"
    assert (answer.coverage.complete_to, answer.coverage.pending) == (1, 1)
    index()
    assert search.messages("two", scope=EVERYTHING).coverage.pending == 0


def test_a_search_without_an_index_says_what_to_do(db: None) -> None:
    """No index is a sentence, not an empty answer."""
    with pytest.raises(search.IndexUnavailable, match="no search index yet"):
        search.messages("anything", scope=EVERYTHING)


def test_a_place_survives_being_written_down() -> None:
    """The key of a page goes through a URL; nonsense is recognised."""
    place = Place(1_777_777_777_000_001, 42)
    assert Place.from_text(str(place)) == place
    assert Place.from_text("nonsense") is None is Place.from_text("1.9e9")


def test_nearness_ends_with_a_version(talk: Talk, find: Find) -> None:
    """A word of what was said and a word of what it became were never near each other."""
    said = talk.say("wire")
    talk.edit(said, "transfer")
    assert find("wire transfer") == [said]
    assert find("wire w/50 transfer") == []
    assert find("w* w/50 trans*") == []
