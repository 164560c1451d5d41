"""The engine against a second, slow reading of the language, over real messages in nine languages."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from archive import search
from archive.models import Message
from archive.scope import EVERYTHING, Scope
from archive.search.query import And, Ast, From, Has, In, Match, Not, Or, Property, Sent, Words
from tests.archive.search import corpus, oracle
from tests.archive.search.talk import Line, Talk

MESSAGES = 1_500
QUERIES = 300


@pytest.fixture
def seen(talk: Talk, index: Callable[[], None]) -> list[oracle.Seen]:
    """Real messages, every ninth edited, every eleventh deleted, every seventh with a file; indexed."""
    pick = random.Random(7)
    users = {user["id"]: user for user in corpus.sample("users")}
    for session in corpus.sample("sessions"):
        talk.open(session["name"], zoom_id=session["id"])
        talk.sessions[session["id"]] = talk.sessions[session["name"]]
    spoken = pick.sample(corpus.sample("messages"), MESSAGES)
    for user_id in sorted({said["sender"] for said in spoken}):
        talk.meet(user_id, users[user_id]["display_name"], email=users[user_id]["email"])
    files = {n: (f"{spoken[n]['message'].strip()[:20]}_v2.pdf",) for n in range(0, MESSAGES, 7)}
    messages = talk.say_all(
        Line(
            corpus.storable(said["message"]), said["sender"], said["session_id"],
            datetime.fromtimestamp(said["timestamp"] // 60_000 * 60, UTC), files.get(n, ()),
        )
        for n, said in enumerate(spoken)
    )  # fmt: skip
    index()
    changes: dict[int, list[str]] = {}
    for n, message in enumerate(messages):
        if n % 99 == 0:
            changes[n] = ["edited", spoken[-n]["message"]]
            talk.edit(message, corpus.storable(spoken[-n]["message"]))
        if n % 121 == 0:
            changes.setdefault(n, []).append("deleted")
            talk.delete(message)
    index()
    return [_seen(m, spoken[n], files.get(n, ()), changes.get(n, [])) for n, m in enumerate(messages)]


def _seen(message: Message, said: dict[str, str], files: tuple[str, ...], changes: list[str]) -> oracle.Seen:
    assert message.sender is not None
    properties = {p for p in ("edited", "deleted") if p in changes} | ({"file"} if files else set())
    texts = (said["message"], *files, *(change for change in changes if change not in ("edited", "deleted")))
    return oracle.Seen(
        message.pk, message.sent_at, message.session_id, (message.session.name,), message.sender_id, texts,
        (message.sender.display_name, message.sender.email), frozenset(properties),
    )  # fmt: skip


@pytest.mark.slow
def test_three_hundred_queries_find_what_the_oracle_finds(seen: list[oracle.Seen]) -> None:
    """Hits, their order and their number are equal for every kind of query."""
    make = Queries(seen, random.Random(11))
    found = 0
    for _ in range(QUERIES):
        ast = make.query(depth=2)
        expected = oracle.matching(ast, seen)
        answer = search.messages(ast, scope=EVERYTHING, limit=1_000)
        assert answer.count == len(expected), ast
        assert [hit.message_id for hit in answer.hits] == expected[:1_000], ast
        found += bool(expected)
    assert found > QUERIES / 2


def test_another_term_or_a_narrower_scope_never_adds_a_hit(seen: list[oracle.Seen]) -> None:
    """What an investigator may not see cannot be reached by asking more cleverly."""
    make = Queries(seen, random.Random(13))
    senders = sorted({m.sender_id for m in seen if m.sender_id is not None})
    for _ in range(60):
        one, more = make.query(depth=1), make.query(depth=1)
        scope = Scope(people=frozenset(make.random.sample(senders, 40)))
        wide, both, narrow = (
            search.messages(one, scope=EVERYTHING).count,
            search.messages(And((one, more)), scope=EVERYTHING).count,
            search.messages(Or((one, more)), scope=scope),
        )
        assert both <= wide
        allowed = [m for m in seen if m.sender_id in (scope.people or ())]
        assert narrow.count == len(oracle.matching(Or((one, more)), allowed))


class Queries:
    """Makes queries of every kind out of what was really said."""

    def __init__(self, seen: list[oracle.Seen], chance: random.Random) -> None:
        self.seen = seen
        self.random = chance

    def query(self, *, depth: int) -> Ast:
        if depth > 0 and self.random.random() < 0.45:
            parts = tuple(self.query(depth=depth - 1) for _ in range(self.random.randint(2, 3)))
            shapes: list[Ast] = [And(parts), Or(parts), Not(parts[0])]
            return self.random.choice(shapes)
        return self.random.choice([self._words, self._words, self._words, self._filter])()

    def _words(self) -> Ast:
        text = self.random.choice(self.random.choice(self.seen).texts)
        written = text.split() or ["x"]
        start = self.random.randrange(len(written))
        some = " ".join(written[start : start + self.random.randint(1, 4)])
        how = self.random.choice(list(Match))
        if how is not Match.PHRASE:
            some = some.split()[0]
        if self.random.random() < 0.3:
            some = some[: self.random.randint(1, len(some))]
        if self.random.random() < 0.2:
            some = some.upper()
        if not oracle.parts(some)[0] or (how is Match.PREFIX and not re.fullmatch(r"[\w.]*[a-z]", some)):
            return Words("the")
        return Words(some, how)

    def _filter(self) -> Ast:
        message = self.random.choice(self.seen)
        day = message.sent_at.date()
        month = date(day.year, day.month, 1)
        filters: list[Ast] = [
            From(message.names[0]),
            From(message.names[1]),
            From("", person_id=message.sender_id),
            From(message.names[0][:2], Match.PREFIX),
            In(message.session_names[0], Match.PHRASE),
            In("", session_id=message.session_id),
            Sent(self.random.choice(["before", "after", "on"]), day, day),
            Sent("on", month, month + timedelta(days=27)),
            Has(self.random.choice([Property.FILE, Property.EDITED, Property.DELETED, Property.EXTERNAL])),
        ]
        return self.random.choice(filters)
