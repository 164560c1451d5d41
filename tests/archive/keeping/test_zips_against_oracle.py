"""10,000 generated combinations of zips, rules, holds and dates: what may go, and why a message is still here.

The engine (`zip_fates`, `kept_zips`), the explanation (`fates`) and a slow oracle agree.
"""

import json
import random
import zlib
from collections import Counter
from datetime import datetime, timedelta

import pytest

from archive import fates, hashing, holding, keeping, kept_zips, zip_fates
from archive.fates import Verdict
from archive.models import Blob, HoldCustodian, HoldEntry, HoldFile, Message, Page
from tests.archive.holds import oracle as held_oracle
from tests.archive.keeping import oracle, worlds, zip_oracle
from tests.archive.keeping.test_against_oracle import page, verdict_of
from tests.archive.keeping.zip_oracle import Zip

__all__ = ["page"]

pytestmark = pytest.mark.django_db

ROUNDS = 200
HELD_ANEW = 20
"""Rounds after which other holds are in force."""


def zips_of(number: int, said: list[worlds.Said], chance: random.Random) -> list[Zip]:
    """A few zips of a world, in the database and in memory: opened or not, released or not, with what a report did not give."""
    account = said[0][0].talk.account
    people = sorted({one.sender for one, _ in said if one.sender is not None}) or [None]  # type: ignore[list-item]
    made = []
    for n in range(4):
        custodian_of, first = chance.choice([*people, None]), chance.choice([None, worlds.moment(chance)])
        last = (
            None if first is None or chance.random() < 0.2 else first + timedelta(days=chance.randrange(20))
        )
        at = {"not_before": worlds.FIRST, "first_seen_at": worlds.FIRST, "seen_at": worlds.FIRST}
        custodian = HoldCustodian.objects.create(
            account_id=account, zoom_matter_id=f"{number}-{n}", identifier="u", person_id=custodian_of, **at
        )
        blob = Blob.objects.create(
            sha256=hashing.new_salt() * 2, size_bytes=1, stored_at=worlds.FIRST, salt=hashing.new_salt()
        )
        is_opened, only_there = chance.random() < 0.7, chance.random() < 0.3
        row = HoldFile.objects.create(
            custodian=custodian, file_key="k", state="stored", blob=blob, opening="opened" if is_opened else "broken",
            opened_at=worlds.FIRST, first_day=first and first.date(), last_day=last and last.date(), **at,
        )  # fmt: skip
        one = Zip(
            row.pk,
            account,
            custodian_of,
            row.first_day,
            row.last_day,
            is_opened,
            chance.random() < 0.7,
            only_there,
        )
        one.inside = [pair for pair in said if chance.random() < 0.4]
        if is_opened:
            _name(row, one)
        made.append(one)
    return made


def _name(row: HoldFile, one: Zip) -> None:
    """Its chat log, as opening it leaves it."""
    messages = Message.objects.in_bulk([said.id for said, _ in one.inside])
    sessions = {key: message.session.zoom_id for key, message in messages.items()}
    ids = [[sessions[key], message.zoom_id] for key, message in messages.items()]
    ids += [["s0", "in no report"]] if one.only_there else []
    HoldEntry.objects.create(
        hold_file=row, number=0, name="chat.csv", place=[], state="read", messages=len(ids),
        said=zlib.compress(json.dumps(ids).encode()),
    )  # fmt: skip
    HoldFile.objects.filter(pk=row.pk).update(messages_found=len(ids))


def test_ten_thousand_combinations_of_zips(page: Page) -> None:
    """15 worlds with 4 zips each, 200 sets of rules and 10 of holds, often at the very moment something becomes due."""
    chance = random.Random(23)
    accounts = [worlds.generated(number, page, chance)[0] for number in range(15)]
    every = [pair for said in accounts for pair in said]
    zips = [one for number, said in enumerate(accounts) for one in zips_of(number, said, chance)]
    by_id = {one.id: one for one in zips}
    known = {one.id: zip_fates.contents(one.id) for one in zips}
    lying = kept_zips.having([one.id for one, _ in every])
    for one, _ in every:
        assert set(lying.get(one.id, ())) == {zip_.id for zip_ in zips if zip_.may_have(one)}
    verdicts: Counter[Verdict] = Counter()
    combinations = gone = 0
    for turn in range(ROUNDS):
        if turn % HELD_ANEW == 0:
            holds = [
                hold for number, said in enumerate(accounts) for hold in worlds.holds(number, said, chance)
                if chance.random() < 0.5
            ]  # fmt: skip
            held = held_zips(zips, known, holds)
        rules = [rule for number, said in enumerate(accounts) for rule in worlds.rules(number, said, chance)]
        ends = [end for one in zips if (end := zip_oracle.due_at(one, rules)) is not None]
        now = (
            chance.choice(ends)
            if ends and chance.random() < 0.6
            else worlds.moment(chance) + timedelta(days=200)
        )
        free = set()
        for key, found in known.items():
            assert found is not None
            verdict, due_at = zip_fates.kept(found, rules=rules, now=now)
            assert due_at == zip_oracle.due_at(by_id[key], rules)
            is_free = key not in held and verdict is zip_fates.Verdict.DUE and by_id[key].is_released
            assert is_free == zip_oracle.may_go(by_id[key], holds=holds, rules=rules, now=now)
            combinations, gone = combinations + 1, gone + is_free
            free |= {key} if is_free else set()
        for one, facts in chance.sample(every, 20):
            kept_ones = [key for key in lying.get(one.id, ()) if key not in free]
            verdicts[explained(one, facts, rules, holds, kept_ones, now=now)] += 1
    assert combinations >= 10_000
    assert 200 < gone < combinations - 200
    assert min(verdicts[one] for one in (Verdict.HELD, Verdict.IN_A_ZIP, Verdict.DUE)) > 20, verdicts


def held_zips(
    zips: list[Zip], known: dict[int, zip_fates.Contents | None], holds: list[holding.Rule]
) -> set[int]:
    """The zips that holds cover something in, as the engine and the oracle have it alike."""
    held = {
        key for key, found in known.items()
        if found is not None and len(zip_fates.covering(found, holds=holds)) > 0
    }  # fmt: skip
    assert held == {one.id for one in zips if zip_oracle.is_held(one, holds)}
    return held


def explained(
    one: held_oracle.Utterance,
    facts: oracle.Facts,
    rules: list[keeping.Rule],
    holds: list[holding.Rule],
    kept_ones: list[int],
    *,
    now: datetime,
) -> Verdict:
    """The explanation says that a zip keeps it exactly where nothing else does."""
    fate = fates.explain(one.id, rules=rules, holds=holds, zips=kept_ones, now=now)
    assert fate is not None
    otherwise = verdict_of(one, facts, rules, holds, now)
    is_kept_by_it = otherwise is Verdict.DUE and len(kept_ones) > 0
    assert fate.verdict is (Verdict.IN_A_ZIP if is_kept_by_it else otherwise)
    return fate.verdict
