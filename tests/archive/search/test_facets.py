"""Numbers of an answer: exact, of the same state of the index as its hits, and never of anything outside the scope."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import tantivy

from archive import search
from archive.models import Message, Revision
from archive.scope import EVERYTHING, Scope
from archive.search import counting, index
from archive.search.query import EPOCH, Property, Type
from tests.archive.search.talk import NOON, Line, Talk

Index = Callable[[], None]
WORDS = ("budget", "invoice", "lunch", "merger")


def counted(query: str, scope: Scope = EVERYTHING) -> search.Facets:
    facets = search.messages(query, scope=scope, limit=0, with_facets=True).facets
    assert facets is not None
    return facets


def many(talk: Talk, chance: random.Random, n: int = 200) -> list[Message]:
    """Talk of everybody and of somebody unknown, over two months, in three sessions of different kinds."""
    talk.open("pair").type = Type.DIRECT
    talk.sessions["pair"].save()
    who, where = [*talk.people, "nobody"], list(talk.sessions)
    said = talk.say_all(
        Line(
            chance.choice(WORDS), chance.choice(who), chance.choice(where),
            NOON + timedelta(minutes=chance.randrange(60 * 24 * 60)), ("a.pdf",) if chance.random() < 0.2 else (),
        )
        for _ in range(n)
    )  # fmt: skip
    for message in said[::9]:
        talk.edit(message, "changed")
    return said


def expected(word: str, scope: Scope, zone: str) -> tuple[Counter[int], ...]:
    """By brute force over the rows: by day, session, sender, kind; then how many have a file and were edited."""
    texts = Revision.objects.filter(text=word).values("message_id")
    found = [
        m
        for m in Message.objects.filter(pk__in=texts).select_related("session")
        if scope.admits(sender=m.sender_id, session=m.session_id, at=m.sent_at)
    ]
    return (
        Counter(m.sent_at.astimezone(ZoneInfo(zone)).date().toordinal() - EPOCH for m in found),
        Counter(m.session_id for m in found),
        Counter(m.sender_id for m in found if m.sender_id is not None),
        Counter(m.session.type for m in found),
        Counter({1: sum(m.attachments.exists() for m in found)}),
        Counter({1: sum(m.revisions.filter(kind="edited").exists() for m in found)}),
    )


def test_no_facet_shows_or_counts_what_is_outside_the_scope(talk: Talk, index: Index) -> None:
    """Random scopes, words and zones against the rows themselves."""
    chance = random.Random(5)
    many(talk, chance)
    index()
    people, sessions = [p.pk for p in talk.people.values()], [s.pk for s in talk.sessions.values()]
    narrowed = 0
    for _ in range(40):
        since = NOON + timedelta(minutes=chance.randrange(60 * 24 * 40))
        scope = Scope(
            people=chance.choice([None, frozenset(chance.sample(people, chance.randrange(4)))]),
            sessions=chance.choice([None, frozenset(chance.sample(sessions, chance.randrange(3)))]),
            since=chance.choice([None, since]),
            until=chance.choice([None, since + timedelta(days=20)]),
        )
        word, zone = chance.choice(WORDS), chance.choice(["UTC", "Asia/Tokyo", "America/Los_Angeles"])
        answer = search.messages(f"zone:{zone} {word}", scope=scope, with_facets=True)
        days, in_sessions, senders, types, with_file, edited = expected(word, scope, zone)
        facets = answer.facets
        assert facets is not None
        assert (facets.days, facets.sessions, facets.senders) == (days, in_sessions, senders)
        assert {kind.value: n for kind, n in facets.types.items()} == {
            {"Group": "group"}.get(kind, kind): n for kind, n in types.items()
        }
        assert facets.properties[Property.FILE] == with_file[1]
        assert facets.properties[Property.EDITED] == edited[1]
        assert sum(facets.days.values()) == answer.count
        narrowed += 0 < answer.count < search.messages(word, scope=EVERYTHING, limit=0).count
    assert narrowed > 5


def test_facets_and_hits_are_of_one_state_of_the_index(talk: Talk, index: Index) -> None:
    """Their coverage is the answer's: what waits is in neither."""
    talk.say("budget")
    index()
    talk.say("budget")
    answer = search.messages("budget", scope=EVERYTHING, with_facets=True)
    assert answer.facets is not None
    assert (answer.count, sum(answer.facets.days.values()), answer.coverage.pending) == (1, 1, 1)


def test_days_are_counted_as_a_click_on_them_would_find_them(talk: Talk, index: Index) -> None:
    """Late on the fourth in UTC is the fifth in Tokyo, also where clocks change, and before 1970."""
    for moment in ("2026-05-04T21:30", "2026-05-04T03:00", "1969-12-31T20:00", "2026-03-29T01:30"):
        talk.say("late", at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    index()
    for zone in ("UTC", "Asia/Tokyo", "Europe/Berlin", "Pacific/Apia"):
        for day, n in counted(f"zone:{zone} late").days.items():
            written = datetime.fromordinal(day + EPOCH).date()
            assert search.messages(f"zone:{zone} late on:{written}", scope=EVERYTHING).count == n


def test_more_values_than_the_engine_counts_at_once_are_counted_exactly(tmp_path: Path) -> None:
    """Seventy thousand sessions, some with more than one message."""
    made = tantivy.Index(index.schema(), path=str(tmp_path))
    writer = made.writer(heap_size=100_000_000, num_threads=1)
    for n in range(72_000):
        document = tantivy.Document()
        document.add_integer("session", n % 70_000 * 3)
        writer.add_document(document)
    writer.commit()
    made.reload()
    snapshot = index.Snapshot("x", made.schema, made.searcher(), index.Marker(0, 0, ""))
    found = counting.by(snapshot, tantivy.Query.all_query(), "session")
    assert len(found) == 70_000
    assert (found[0], found[1_999 * 3], found[2_000 * 3], sum(found.values())) == (2, 2, 1, 72_000)


def test_a_page_says_how_many_hits_come_before_it(talk: Talk, index: Index) -> None:
    """In every order, also when more is indexed between two pages."""
    talk.say_all(Line("budget") for _ in range(7))
    index()
    for order in search.Order:
        first = search.messages("budget", scope=EVERYTHING, order=order, limit=3)
        second = search.messages("budget", scope=EVERYTHING, order=order, limit=3, after=first.next)
        assert (first.before, second.before) == (0, 3)
    newest = search.messages("budget", scope=EVERYTHING, limit=3)
    talk.say("budget")
    index()
    assert search.messages("budget", scope=EVERYTHING, limit=3, after=newest.next).before == 4


def test_a_hit_knows_its_neighbours(talk: Talk, index: Index) -> None:
    """From the first to the last and back, in every order, equal times included; there is nothing beyond the ends."""
    talk.say_all(Line("budget", at=NOON + timedelta(minutes=n // 2)) for n in range(6))
    talk.say("other")
    index()
    for order in search.Order:
        hits = search.messages("budget", scope=EVERYTHING, order=order).hits
        for n, hit in enumerate(hits):
            seen = search.around("budget", hit.place, scope=EVERYTHING, order=order)
            assert (seen.position, seen.count) == (n + 1, 6)
            assert seen.previous == (hits[n - 1] if n > 0 else None)
            assert seen.next == (hits[n + 1] if n < 5 else None)


def test_no_neighbour_is_outside_the_scope(talk: Talk, index: Index) -> None:
    """Stepping from hit to hit stays within."""
    talk.say_all(Line("budget", by=by) for by in ("ines", "ravi", "ines"))
    index()
    scope = Scope(people=frozenset({talk.people["ravi"].pk}))
    (hit,) = search.messages("budget", scope=scope).hits
    seen = search.around("budget", hit.place, scope=scope)
    assert (seen.previous, seen.next, seen.position, seen.count) == (None, None, 1, 1)
