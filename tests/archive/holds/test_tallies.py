"""How much rules hold, and what would be lost if some ended, beside counting messages one by one."""

import hashlib
import random

import pytest

from archive import holding, tallies
from archive.holding import Rule, Way
from archive.models import Attachment, Blob
from tests.archive.holds import worlds
from tests.archive.holds.oracle import Utterance, is_held

pytestmark = pytest.mark.django_db


def test_a_tally_counts_what_is_held_message_by_message() -> None:
    """By owner, and each message once as a whole; what an owner said is told from what they received."""
    chance = random.Random(21)
    for number in range(10):
        talks, rules = worlds.generated(number, chance)
        some = chance.sample(rules, 9)
        owners = {rule.id: n % 3 for n, rule in enumerate(some)}
        for talk in talks:
            held = holding.covering([one.id for one in talk.said], rules=some)
            found = tallies.of_session(talk.id, rules=some, owners=owners)
            assert (tallies.WHOLE in found) == (len(held) > 0)
            for owner, tally in found.items():
                mine = {
                    one: [way for rule_id, way in ways.items() if owner in (tallies.WHOLE, owners[rule_id])]
                    for one, ways in held.items()
                }
                times = [one.at for one in talk.said if mine.get(one.id)]
                assert tally.messages == len(times)
                assert tally.said == sum(Way.SAID in ways for ways in mine.values())
                assert (tally.first_at, tally.last_at) == (min(times), max(times))


def test_what_nothing_else_holds_is_lost(db: None) -> None:
    """Of some rules that end among others that stay: exactly the messages only the ending ones hold, by digest."""
    chance = random.Random(22)
    seen = 0
    for number in range(15):
        talks, rules = worlds.generated(number, chance)
        ending, staying = rules[:6], rules[6:9]
        losses = {loss.session_id: loss for loss in tallies.losses(ending=ending, staying=staying)}
        for talk in talks:
            ids = [one.id for one in talk.said if _by_any(one, ending) and not _by_any(one, staying)]
            loss = losses.get(talk.id)
            assert (loss is None) == (len(ids) == 0)
            if loss is not None:
                lines = "".join(f"{message_id}\n" for message_id in sorted(ids))
                assert (loss.messages, loss.digest) == (len(ids), hashlib.sha256(lines.encode()).digest())
                seen += loss.messages
    assert seen > 50


def test_files_are_counted_and_their_bytes_as_far_as_they_are_here() -> None:
    """Two files on a message, one of them not fetched yet."""
    chance = random.Random(23)
    talks, _ = worlds.generated(0, chance)
    talk = next(talk for talk in talks if len(talk.said) > 0)
    blob = Blob.objects.create(sha256=bytes(32), size_bytes=500, stored_at=worlds.DAWN, salt=bytes(16))
    for name, held in (("here", blob), ("awaited", None)):
        Attachment.objects.create(
            message_id=talk.said[0].id,
            zoom_file_id=name,
            blob=held,
            state="due" if held is None else "stored",
            not_before=worlds.DAWN,
        )
    everything = Rule(id=7, account=talk.account)
    tally = tallies.of_session(talk.id, rules=[everything], owners={7: 0})[tallies.WHOLE]
    assert (tally.messages, tally.files, tally.files_here, tally.file_bytes) == (len(talk.said), 2, 1, 500)
    loss = {one.session_id: one for one in tallies.losses(ending=[everything], staying=[])}[talk.id]
    assert (loss.messages, loss.files, loss.file_bytes) == (len(talk.said), 2, 500)


def test_rules_reach_the_sessions_they_can_hold_something_in() -> None:
    """Nothing is held outside of the places of a rule."""
    chance = random.Random(24)
    for number in range(5):
        talks, rules = worlds.generated(number, chance)
        for rule in rules:
            within = tallies.places([rule])
            assert all(one.talk.id in within for t in talks for one in t.said if is_held(one, rule))


def _by_any(one: Utterance, rules: list[Rule]) -> bool:
    return any(is_held(one, rule) for rule in rules)
