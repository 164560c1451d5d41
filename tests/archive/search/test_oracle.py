"""The engine against a second, slow reading of the language, over real messages in nine languages and the nasty texts."""

import json
import random
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from archive import search
from archive.models import Forward, Message, SessionMember
from archive.scope import EVERYTHING, Piece, Pieces, Scope
from archive.search import analysis, detection, languages
from archive.search.query import (
    And,
    Ast,
    Attached,
    Custodian,
    File,
    From,
    Has,
    In,
    Kind,
    Language,
    Match,
    Matter,
    Near,
    Not,
    Or,
    Property,
    Sent,
    Tagged,
    To,
    Type,
    With,
    Words,
)
from tests.archive.search import corpus, oracle
from tests.archive.search.talk import NOON, Line, Talk

MESSAGES = 3_000
QUERIES = 330
NOTE = "note.txt"
LONGEST = 5_000
"""Of the nasty texts: what the oracle can look through often enough. The longer ones are in test_torture."""
OUTSIDER, BOT = "outsider", "bot"
TAGS = {"hot": 41, "follow up": 97}
"""Tags, and how many messages are from one that carries it to the next."""


@dataclass
class Spoken:
    """One message of the sample or one nasty text, and all that is so of it."""

    said: str
    sender: str
    session: str
    at: datetime
    number: int
    files: tuple[str, ...] = ()
    inside: str | None = None
    later: str | None = None
    reply_to: int | None = None
    marks: set[str] = field(default_factory=set)

    @property
    def raw(self) -> bytes:
        """The record, as far as only it says something."""
        record: dict[str, Any] = {}
        if "reaction" in self.marks:
            record["reactions"] = [{"emoji": "U+1F44D"}]
        if self.sender == BOT:
            record |= {"sender": "", "bot_message": {}}
        if self.sender == OUTSIDER:
            record["sender"] = ""
        return json.dumps(record).encode()


def spoken() -> list[Spoken]:
    """Part of the sample and the nasty texts, with files, answers, changes and tags here and there."""
    pick = random.Random(7)
    users = {user["id"]: user for user in corpus.sample("users")}
    sample = pick.sample(corpus.sample("messages"), MESSAGES)
    texts = [text for text in corpus.torture("message", "channel_name").values() if len(text) <= LONGEST]
    nasty = [{**pick.choice(sample), "message": text} for text in texts for _ in range(2)]
    several = [*sample, *nasty]
    pick.shuffle(several)
    found: list[Spoken] = []
    for n, said in enumerate(several):
        sender = OUTSIDER if n % 31 == 3 else BOT if n % 37 == 4 else users[said["sender"]]["id"]
        at = datetime.fromtimestamp(said["timestamp"] // 60_000 * 60, UTC)
        one = Spoken(corpus.storable(said["message"]), sender, said["session_id"], at, n)
        other = corpus.storable(several[-n]["message"])
        if n % 7 == 0:
            one.files = (f"{one.said.strip()[:20]}_v2.pdf",)
        if n % 35 == 5:
            one.inside = f"A note.\n{corpus.storable(sample[n % MESSAGES]['message'])}"
        if n % 99 == 0:
            one.later = other
            one.marks.add("edited")
        one.marks |= {
            what for every, what in ((121, "deleted"), (17, "reaction"), (53, "forwarded")) if n % every == 0
        }
        found.append(one)
    first_in: dict[str, int] = {}
    for one in found:
        first = first_in.setdefault(one.session, one.number)
        if one.number % 11 == 6 and first != one.number:
            one.reply_to = first
            one.marks.add("reply")
            found[first].marks.add("replies")
    return found


@pytest.fixture
def seen(talk: Talk, index: Callable[[], None], read: Callable[[], int]) -> list[oracle.Seen]:
    """Said, some edited, deleted, with the name of a file or with a file that was read; indexed."""
    everything = spoken()
    users = {user["id"]: user for user in corpus.sample("users")}
    for session in corpus.sample("sessions"):
        talk.open(session["name"], zoom_id=session["id"])
        talk.sessions[session["id"]] = talk.sessions[session["name"]]
    for user_id in sorted({one.sender for one in everything} & users.keys()):
        talk.meet(user_id, users[user_id]["display_name"], email=users[user_id]["email"])
    talk.meet(OUTSIDER, "Outside Counsel", is_external=True)
    talk.meet(BOT, "Deploy Bot")
    quiet = talk.meet("quiet", "Quiet Member", email="quiet@acme.example")
    for session in list(talk.sessions.values())[::3]:
        SessionMember.objects.get_or_create(
            session=session, person=quiet, defaults={"first_seen_at": NOON, "last_seen_at": NOON}
        )
    for session in list(talk.sessions.values())[::4]:
        session.type = "1:1"
        session.save()
    messages = talk.say_all(
        Line(
            one.said, one.sender, one.session, one.at, one.files,
            "" if one.reply_to is None else f"msg-{one.reply_to + 1}", one.raw,
        )
        for one in everything
    )  # fmt: skip
    Forward.objects.bulk_create(
        Forward(message=messages[one.number], forward_id=f"f-{one.number}", not_before=NOON)
        for one in everything
        if "forwarded" in one.marks
    )
    index()
    for one in everything:
        if one.later is not None:
            talk.edit(messages[one.number], one.later)
        if "deleted" in one.marks:
            talk.delete(messages[one.number])
        if one.inside is not None:
            talk.attach(messages[one.number], NOTE, one.inside.encode())
    read()
    index()
    assert search.messages("note", scope=EVERYTHING).coverage.unreadable == 0
    present = _present()
    return [_seen(messages[one.number], one, present) for one in everything]


Present = dict[int, tuple[tuple[int, tuple[str, ...]], ...]]


def _present() -> Present:
    """Who takes part in each session: its members, and whoever said something in it."""
    people: dict[int, dict[int, tuple[str, ...]]] = {}
    spoke = [(m.session_id, m.sender) for m in Message.objects.select_related("sender")]
    members = [(m.session_id, m.person) for m in SessionMember.objects.select_related("person")]
    for session_id, person in spoke + members:
        assert person is not None
        people.setdefault(session_id, {})[person.pk] = (person.display_name, person.email)
    return {session_id: tuple(present.items()) for session_id, present in people.items()}


def _seen(message: Message, one: Spoken, present: Present) -> oracle.Seen:
    assert message.sender is not None
    files = one.files if one.inside is None else (*one.files, NOTE)
    read = () if one.inside is None else (one.inside,)
    wordings = (one.said,) if one.later is None else (one.said, one.later)
    properties = (
        one.marks | ({"file"} if files else set()) | ({"external"} if one.sender == OUTSIDER else set())
    )
    properties |= {"bot"} if one.sender == BOT else set()
    if any(re.search(r"(?i)https?://\S|\bwww\.[^\s.]+\.", text) for text in wordings):
        properties.add("link")
    told = {oracle.language_of(text) for text in wordings}
    return oracle.Seen(
        message.pk, message.sent_at, message.session_id, (message.session.name,), message.sender_id,
        (*wordings, *files, *read), (message.sender.display_name, message.sender.email), frozenset(properties), files,
        message.session.type, read, told - {"unknown"} or {"unknown"}, present[message.session_id],
        tags=frozenset(tag for tag, every in TAGS.items() if one.number % every == 1),
    )  # fmt: skip


def test_both_readings_cut_every_text_alike() -> None:
    """All of the sample and all nasty texts: the same parts, bound by the same signs, in the same language."""
    texts = [corpus.storable(said["message"]) for said in corpus.sample("messages")]
    texts += corpus.torture("message", "file_name", "channel_name", "display_name").values()
    for text, language in zip(texts, detection.of(texts), strict=True):
        atoms = analysis.atoms(text)
        parts, bonds = oracle.parts(text)
        assert [atom.text for atom in atoms] == parts, text[:100]
        assert [atom.glue for atom in atoms] == bonds[: len(atoms)], text[:100]
        assert language == oracle.language_of(text), text[:100]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_hundreds_of_queries_find_what_the_oracle_finds(seen: list[oracle.Seen]) -> None:
    """Hits, their order and their number are equal for every kind of query, made as trees and written as text."""
    make = Queries(seen, random.Random(11))
    found = 0
    for ast in [*(make.query(depth=2) for _ in range(QUERIES)), *map(search.parse, WRITTEN)]:
        expected = oracle.matching(ast, make.seen)
        answer = search.messages(ast, scope=EVERYTHING, limit=1_000, known=make.known)
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
            search.messages(one, scope=EVERYTHING, known=make.known).count,
            search.messages(And((one, more)), scope=EVERYTHING, known=make.known).count,
            search.messages(Or((one, more)), scope=scope, known=make.known),
        )
        assert both <= wide
        allowed = [m for m in make.seen if m.sender_id in (scope.people or ())]
        assert narrow.count == len(oracle.matching(Or((one, more)), allowed))


WRITTEN = (
    "is:bot", "is:external", "is:reply NOT is:bot", "is:forwarded OR has:reply", "has:reaction has:file", "is:tagged",
    'tag:hot OR tag:"follow up"', "tag:(hot NOT \"follow up\")", "is:internal is:edited", "type:1:1 NOT has:link",
    "the w/4 and", '"the and"~6 OR the*', "from:(outside OR deploy) NOT is:deleted", "with:quiet to:outside",
    "attached:note file:note", "in:session/1 OR lang:unknown", "NOT (is:reply OR has:file OR is:edited)", "col?r OR *ing",
    "on:2020 OR during:2021-03..2021-05", "custodian:mira matter:1",
)  # fmt: skip
"""Queries as people write them: what they ask for is what the parser says, whatever it is."""


def _admits(union: Pieces, one: oracle.Seen) -> bool:
    return union.admits(sender=one.sender_id, session=one.session_id, at=one.sent_at)


class Queries:
    """Makes queries of every kind out of what was really said."""

    def __init__(self, seen: list[oracle.Seen], chance: random.Random) -> None:
        self.random = chance
        self.pieces = {1: self._pieces(seen), 2: self._pieces(seen), 3: Pieces.of([])}
        self.seen = [
            replace(one, held=[n for n, union in self.pieces.items() if _admits(union, one)]) for one in seen
        ]
        self.known = search.Known(
            cases=search.Cases(
                matters=lambda: {number: f"Matter {number}" for number in self.pieces},
                custodians=lambda: oracle.CUSTODIANS,
                of_matters=self._of,
                of_custodians=self._of,
            ),
            tags=search.Tags(names=lambda: {tag: tag for tag in TAGS}, on=self._tagged),
        )

    def _pieces(self, seen: list[oracle.Seen]) -> Pieces:
        """What some said, and what was said in some sessions for a while."""
        one, *others = (self.random.choice(seen) for _ in range(8))
        return Pieces.of(
            [Piece(sender=one.sender_id)]
            + [
                Piece(
                    session=other.session_id, since=other.sent_at, until=other.sent_at + timedelta(days=300)
                )
                for other in others
            ]
        )

    def _of(self, numbers: Collection[int]) -> Pieces:
        return Pieces.of(piece for number in numbers for piece in self.pieces[number].pieces)

    def _tagged(self, key: str | None) -> list[int]:
        return [one.id for one in self.seen if (len(one.tags) > 0 if key is None else key in one.tags)]

    def query(self, *, depth: int) -> Ast:
        if depth > 0 and self.random.random() < 0.45:
            parts = tuple(self.query(depth=depth - 1) for _ in range(self.random.randint(2, 3)))
            shapes: list[Ast] = [And(parts), Or(parts), Not(parts[0])]
            return self.random.choice(shapes)
        makers = [self._words, self._words, self._near, self._pattern, self._filter]
        return self.random.choice(makers)()

    def _near(self) -> Ast:
        """Two words out of one text, or of two, with as many words between them as there are, or one fewer."""
        text = self.random.choice(self.random.choice(self.seen).texts)
        written = [word for word in text.split() if oracle.parts(word)[0]] or ["the"]
        first, last = self.random.randrange(len(written)), self.random.randrange(len(written))
        pair = [Words(written[first]), Words(written[last])]
        if self.random.random() < 0.3:
            pair[1] = Words("the" if self.random.random() < 0.5 else written[first])
        if self.random.random() < 0.3:
            pair[0] = Words(" ".join(written[first : first + 2]), Match.PHRASE)
        if self.random.random() < 0.3 and re.fullmatch("[a-z]{3,}", written[last]):
            pair[1] = self.random.choice(
                [Words(written[last][:2], Match.PREFIX), Words("*" + written[last][1:], Match.WILDCARD)]
            )
        self.random.shuffle(pair)
        between = max(0, abs(first - last) - self.random.choice([1, 1, 2, 0]))
        more = (Words("and"),) if self.random.random() < 0.2 else ()
        return Near((pair[0], *more), (pair[1],), min(between, 12))

    def _pattern(self) -> Ast:
        """A word with letters put out of sight, or misspelled."""
        words = [
            w for w in self.random.choice(self.seen).texts[0].split() if re.fullmatch(r"[^\W\d_]{5,20}", w)
        ]
        latin = [w for w in words if len(oracle.parts(w)[0]) == 1]
        word = self.random.choice(latin or ["letters"])
        at = self.random.randrange(len(word))
        shapes = [
            Words(word[:at] + "?" + word[at + 1 :], Match.WILDCARD),
            Words("*" + word[-3:], Match.WILDCARD),
            Words(word[:2] + "*" + word[-2:], Match.WILDCARD),
            Words(word[:at] + word[at + 1 :], Match.FUZZY, 1),
            Words(word[:at] + "xq" + word[at + 2 :], Match.FUZZY, 2),
        ]
        return self.random.choice(shapes)

    def _words(self, *, inside: bool = False) -> Words:
        message = self.random.choice([one for one in self.seen if one.inside] if inside else self.seen)
        text = self.random.choice(message.inside if inside else message.texts)
        written = text.split() or ["x"]
        start = self.random.randrange(len(written))
        some = " ".join(written[start : start + self.random.randint(1, 4)])
        how = self.random.choice([Match.WORD, Match.PHRASE, Match.PREFIX])
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
            From(message.names[1] or "deploy"),
            From("", person_id=message.sender_id),
            From(message.names[0][:2], Match.PREFIX),
            In(message.session_names[0], Match.PHRASE),
            In("", session_id=message.session_id),
            Sent(self.random.choice(["before", "after", "on"]), day, day),
            Sent(
                "on", day, day, self.random.choice(["Europe/Amsterdam", "Asia/Tokyo", "America/Los_Angeles"])
            ),
            With(message.names[0]),
            With("Quiet", Match.WORD),
            To(message.names[0]),
            To("", person_id=message.sender_id),
            Kind(self.random.choice(list(Type))),
            Attached(self._words(inside=True)),
            Matter("", number=self.random.choice([1, 2, 3])),
            Custodian(self.random.choice(["mira", "held", "nothing"])),
            Language(self.random.choice([*sorted(message.languages), "de"]), languages.VERSION),
            File(Words(self.random.choice(["pdf", "v2.pdf", "the"]))),
            Has(Property.LINK),
            Sent("on", month, month + timedelta(days=27)),
            Has(self.random.choice(list(Property))),
            Has(self.random.choice([Property.EXTERNAL, Property.BOT, Property.REPLY, Property.FORWARDED])),
            Tagged(self.random.choice([None, *TAGS])),
        ]
        return self.random.choice(filters)
