"""Two answers side by side: exact, listable, and within the scope of whoever looks."""

import random

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from archive import search
from archive.scope import Scope
from compliance import comparing, lists, marks, parts, saved
from compliance.comparing import Part
from compliance.investigations import NotHere
from compliance.models import AuditEvent, MessageList, Tag
from tests.archive.search.talk import NOON, Line, Talk
from tests.compliance.work.conftest import Index, Narrow

pytestmark = pytest.mark.django_db


def freeze(query: str, by: User) -> str:
    row = lists.freeze(name=query, query=query, order=search.Order.OLDEST, by=by, now=NOON)
    return f"list/{row.pk}"


def shown(compared: comparing.Comparison) -> list[int]:
    return [one.hit.message_id for one in compared.found]


def test_three_numbers_and_three_lists(talk: Talk, index: Index, ines: User) -> None:
    """Only in A, in both, only in B; a frozen list against the last run of a saved search."""
    both, a, b = talk.say("wire and transfer"), talk.say("wire"), talk.say("transfer")
    index()
    kept = saved.save(name="B", query="transfer", order=search.Order.NEWEST, by=ines, now=NOON)
    first, second = freeze("wire", ines), f"search/{kept.pk}"
    assert [side.key for side in comparing.sides(by=ines, now=NOON)] == [second, first]
    for part, expected in ((Part.FIRST, [a.pk]), (Part.BOTH, [both.pk]), (Part.SECOND, [b.pk])):
        seen = comparing.compare(first=first, second=second, part=part, by=ines, now=NOON)
        assert seen.overlap == parts.Overlap(1, 1, 1)
        assert shown(seen) == expected
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("compared", f"compare/{first}+{second}")
    assert (event.details["both"], event.details["shown"]) == (1, [b.pk])


def test_what_is_not_there_or_not_ones_own_cannot_be_compared(
    talk: Talk, index: Index, ines: User, ravi: User, ada: User
) -> None:
    """A private search of somebody else, an unfinished list, nonsense."""
    talk.say("wire")
    index()
    first = freeze("wire", ines)
    private = saved.save(name="B", query="wire", order=search.Order.NEWEST, by=ines, now=NOON)
    for second in (f"search/{private.pk}", "list/999", "list/x", "", "message/1"):
        with pytest.raises(NotHere):
            comparing.compare(first=first, second=second, by=ravi, now=NOON)
    with pytest.raises(PermissionDenied):
        comparing.compare(first=first, second=first, by=ada, now=NOON)


def test_a_comparison_shows_and_counts_only_what_one_may_see(
    talk: Talk, index: Index, ines: User, ravi: User, narrow: Narrow
) -> None:
    """Also of lists that somebody with a wider view froze."""
    inside = talk.say("wire here")
    talk.say("wire there", where="deal room")
    talk.say("transfer there", where="deal room")
    index()
    first, second = freeze("wire", ines), freeze("transfer", ines)
    narrow(ravi, Scope(sessions=frozenset({inside.session_id})))
    seen = comparing.compare(first=first, second=second, by=ravi, now=NOON)
    assert (seen.overlap, shown(seen)) == (parts.Overlap(1, 0, 0), [inside.pk])


def test_pages_join_without_a_hole(talk: Talk, index: Index, ines: User) -> None:
    """In the order of the list."""
    said = [talk.say(f"wire {n}").pk for n in range(70)]
    talk.say("transfer")
    index()
    first, second = freeze("wire", ines), freeze("transfer", ines)
    one = comparing.compare(first=first, second=second, by=ines, now=NOON)
    two = comparing.compare(first=first, second=second, after=one.next or 0, by=ines, now=NOON)
    assert (shown(one) + shown(two), two.next) == (said, None)


def scopes(talk: Talk, rng: random.Random) -> Scope:
    """Any scope: some people, some sessions, some time, or no limit."""
    people = [p.pk for p in talk.people.values()]
    sessions = [s.pk for s in talk.sessions.values()]
    moments = sorted(NOON.replace(hour=h) for h in rng.sample(range(8, 23), 2))
    return Scope(
        people=rng.choice([None, frozenset(rng.sample(people, rng.randint(0, 3)))]),
        sessions=rng.choice([None, frozenset(rng.sample(sessions, rng.randint(0, 2)))]),
        since=rng.choice([None, moments[0]]),
        until=rng.choice([None, moments[1]]),
    )


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_shown_or_counted_outside_any_scope(
    seed: int, talk: Talk, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, differences, changes and tags equal what a plain walk over the messages admits, for any scope."""
    rng = random.Random(seed)
    monkeypatch.setattr(parts, "SIZE", 7)
    said = talk.say_all(
        Line("x", by=rng.choice(["ines", "ravi", "olu"]), where=rng.choice(["general", "deal room"]),
             at=NOON.replace(hour=rng.randint(8, 22)))
        for _ in range(60)
    )  # fmt: skip
    ids = [message.pk for message in said]
    a, b = (rng.sample(ids, rng.randint(0, 50)) for _ in range(2))
    edited = rng.sample(ids, 10)
    for message in said:
        if message.pk in edited:
            talk.edit(message, "y")
    rows = [_kept(chosen, ines) for chosen in (a, b)]
    tag = Tag.objects.create(name="hot", key="hot", made_at=NOON)
    marks.put(tag, a, by=ines, now=NOON)
    scope = scopes(talk, rng)
    may = {m.pk for m in said if scope.admits(sender=m.sender_id, session=m.session_id, at=m.sent_at)}
    since = (len(said), len(said) + len(edited))

    def within(chosen: list[int]) -> list[int]:
        return [key for key in chosen if key in may]

    assert [key for _, key in parts.read(rows[0], scope=scope)] == within(a)
    assert parts.count(rows[0], scope=scope) == len(within(a))
    only_a, both, only_b = (
        within([k for k in a if k not in b]), within([k for k in a if k in b]), within([k for k in b if k not in a]),
    )  # fmt: skip
    assert parts.overlap(*rows, scope=scope) == parts.Overlap(len(only_a), len(both), len(only_b))
    assert _ids(parts.differing(*rows, scope=scope, limit=99)) == only_a
    assert _ids(parts.differing(*rows, shared=True, scope=scope, limit=99)) == both
    changed = [key for key in both if key in edited]
    assert _ids(parts.differing(*rows, shared=True, renewed=since, scope=scope, limit=99)) == changed
    assert parts.count_renewed(*rows, renewed=since, scope=scope) == len(changed)
    assert marks.counts(scope=scope).get(tag.pk, 0) == len(within(a))


def _kept(chosen: list[int], by: User) -> int:
    row = MessageList.objects.create(
        purpose="frozen", name="x", query="a", language=2, parsed="a", analysis=2, explanation="a", order="newest",
        made_by=by, made_by_name="x", asked_at=NOON, not_before=NOON, total=len(chosen),
    )  # fmt: skip
    for number, at in enumerate(range(0, len(chosen), parts.SIZE)):
        parts.write(row.pk, number, chosen[at : at + parts.SIZE])
    return row.pk


def _ids(places: list[tuple[int, int]]) -> list[int]:
    return [key for _, key in places]
