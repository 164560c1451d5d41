"""Whatever happens in whatever order, nothing found is lost or healed without words; and many matters are quick."""

import random
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Account, Lookout, Person, Session, SessionMember, Sighting, Window
from compliance import health
from compliance.models import (
    Confirmation,
    Custodian,
    Finding,
    Hold,
    HoldHealth,
    Matter,
    MatterMember,
    Told,
    ZoomMatter,
)
from sandbox.instance import CLASSIC_SCOPES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Firm:
    """An account with matters, each on four people of its own, held at Zoom, in a channel that is held itself too."""

    def __init__(self, ines: User, *, matters: int) -> None:
        self.ines, self.now = ines, NOW
        self.account = Account.objects.create(
            zoom_account_id="acme", name="Acme", client_id="id", sealed_client_secret=b"", connected_at=NOW,
            granted_scopes=sorted(CLASSIC_SCOPES),
        )  # fmt: skip
        Window.objects.create(
            account=self.account, kind=Window.Kind.SESSIONS, first_day=NOW.date().replace(day=1),
            last_day=NOW.date().replace(day=31), state=Window.State.COMPLETE, complete_through=NOW, not_before=NOW,
        )  # fmt: skip
        self.people = Person.objects.bulk_create(
            Person(account=self.account, user_id=f"u{n}", email=f"p{n}@acme.example", display_name=f"P {n}")
            for n in range(4 * matters)
        )
        self.matters = Matter.objects.bulk_create(
            Matter(
                account_id=self.account.pk, name=f"Matter {n}", reason="Letter", request_key=uuid.uuid4(),
                opened_by_name="Ines", opened_at=NOW,
            ) for n in range(matters)
        )  # fmt: skip
        MatterMember.objects.bulk_create(
            MatterMember(matter=one, user=ines, added_at=NOW, added_by_name="Ines") for one in self.matters
        )
        custodians = Custodian.objects.bulk_create(
            Custodian(
                matter=self.matters[n // 4], person_id=one.pk, name=str(one), email=one.email, added_at=NOW,
                added_by_name="Ines",
            ) for n, one in enumerate(self.people)
        )  # fmt: skip
        placed = ZoomMatter.objects.bulk_create(
            ZoomMatter(
                matter=one, name=f"{one.name} [HF]", zoom_id=f"z{one.pk}", state=ZoomMatter.State.HELD,
                not_before=NOW, asked_at=NOW, created_at=NOW,
            ) for one in self.matters
        )  # fmt: skip
        through = ZoomMatter.custodians.through
        through.objects.bulk_create(
            through(zoommatter=placed[n // 4], custodian=one) for n, one in enumerate(custodians)
        )
        self._channels()
        self.list = self._lookout(Lookout.Kind.MATTERS, "")
        self.there = set(range(matters))
        self.read()

    def _channels(self) -> None:
        sessions = Session.objects.bulk_create(
            Session(
                account=self.account, zoom_id=f"s{n}", type="Group", name=f"channel {n}", channel_id=f"c{n}",
                first_seen_at=NOW, last_seen_at=NOW,
            ) for n in range(len(self.matters))
        )  # fmt: skip
        SessionMember.objects.bulk_create(
            SessionMember(session=sessions[n // 4], person=one, first_seen_at=NOW, last_seen_at=NOW)
            for n, one in enumerate(self.people)
        )
        Hold.objects.bulk_create(
            Hold(
                matter=one, account_id=self.account.pk, session_id=sessions[n].pk, session_name=sessions[n].name,
                covers_received=True, placed_at=NOW, placed_by_name="Ines",
            ) for n, one in enumerate(self.matters)
        )  # fmt: skip
        self.owners = [self._lookout(Lookout.Kind.OWNER, f"c{n}") for n in range(len(self.matters))]
        self.owned = ["ines"] * len(self.matters)
        for one in self.owners:
            Sighting.objects.create(lookout=one, said={"owner": "ines", "name": "Ines"}, seen_at=NOW)

    def _lookout(self, kind: Lookout.Kind, subject: str) -> Lookout:
        return Lookout.objects.create(
            account=self.account, kind=kind, subject=subject, not_before=NOW, begun_at=NOW, read_at=NOW
        )

    def read(self) -> None:
        """The list of matters is read again, as it is; and so is everything else, unchanged."""
        self.now += MINUTE
        users = [[one.user_id, one.email] for one in self.people]
        said = {
            f"z{self.matters[n].pk}": {"name": "", "users": users[4 * n : 4 * n + 4]}
            for n in sorted(self.there)
        }
        Sighting.objects.create(lookout=self.list, said={"matters": said}, seen_at=self.now)
        Lookout.objects.update(read_at=self.now)

    def sell(self, number: int, owner: str) -> None:
        """A channel has another owner, and that was read."""
        self.owned[number] = owner
        said = {"owner": owner, "name": owner}
        Sighting.objects.create(lookout=self.owners[number], said=said, seen_at=self.now)

    def is_so(self) -> set[tuple[int, str]]:
        """What defeats which hold now, for somebody who knows the world."""
        gone = {(n, "matter_missing") for n in range(len(self.matters)) if n not in self.there}
        return gone | {(n, "owner_changed") for n, owner in enumerate(self.owned) if owner != "ines"}


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_or_healed_without_words(seed: int, ines: User) -> None:
    """Matters vanish and come back, channels change hands, looks and words fall in between."""
    chance, firm = random.Random(seed), Firm(ines, matters=3)
    ever: dict[int, Finding] = {}
    for _ in range(40):
        number, deed = (
            chance.randrange(3),
            chance.choice(["vanish", "return", "sell", "back", "look", "look", "deal"]),
        )
        if deed == "vanish":
            firm.there.discard(number)
        elif deed == "return":
            firm.there.add(number)
        elif deed in ("sell", "back"):
            firm.sell(number, "ravi" if deed == "sell" else "ines")
        elif deed == "deal":
            _write_about_one(firm, chance)
        else:
            firm.read()
            health.judge(now=firm.now)
            _compare(firm)
        ever = _kept(ever)


def _write_about_one(firm: Firm, chance: random.Random) -> None:
    waiting = list(Finding.objects.filter(dealt_with_at=None, kind__in=["matter_missing", "owner_changed"]))
    if waiting:
        row = chance.choice(waiting)
        words = "Zoom’s administrators were asked about it."
        health.deal(matter_id=row.matter_id, finding_ids=[row.pk], words=words, by=firm.ines, now=firm.now)


def _compare(firm: Firm) -> None:
    """After a look, what is so has exactly one open finding, and nothing else has one."""
    numbers = {one.pk: n for n, one in enumerate(firm.matters)}
    rows = Finding.objects.filter(cleared_at=None, kind__in=["matter_missing", "owner_changed"])
    assert sorted((numbers[row.matter_id], row.kind) for row in rows) == sorted(firm.is_so())


def _kept(ever: dict[int, Finding]) -> dict[int, Finding]:
    """Every finding there ever was is there, as it was found; one that is not red any more has words."""
    now = {row.pk: row for row in Finding.objects.all()}
    for key, before in ever.items():
        assert (now[key].facts, now[key].first_seen_at) == (before.facts, before.first_seen_at)
        assert before.cleared_at in (None, now[key].cleared_at)
        assert before.dealt_with_words in ("", now[key].dealt_with_words)
    for row in now.values():
        assert row.is_red or (row.dealt_with_words and (row.cleared_at or row.words_suffice))
    return now


def test_a_finding_is_well_only_after_it_ended_with_words(ines: User) -> None:
    """Well since is written anew after every red day."""
    firm = Firm(ines, matters=1)
    for setting in Confirmation.Setting.values:
        Confirmation.objects.create(
            account_id=firm.account.pk, setting=setting, is_so=True, by_name="Ines", at=NOW
        )
    Account.objects.update(is_active=False)
    health.judge(now=firm.now)
    assert HoldHealth.objects.get().well_since is None


def test_five_hundred_matters_are_judged_at_once(ines: User) -> None:
    """In as many queries as one is, within seconds, also when all of them vanish; a person is told in one line."""
    firm = Firm(ines, matters=500)
    with CaptureQueriesContext(connection) as well:
        began = time.perf_counter()
        assert health.judge(now=firm.now) == 0
        seconds = time.perf_counter() - began
    assert len(well) < 40
    assert seconds < 20
    before = Told.objects.count()
    firm.there.clear()
    firm.read()
    began = time.perf_counter()
    assert health.judge(now=firm.now) == 500
    assert time.perf_counter() - began < 60
    assert Told.objects.count() == before + 1
    with CaptureQueriesContext(connection) as page:
        health.marks(firm.matters[:50], now=firm.now)
        health.standing(now=firm.now)
    assert len(page) <= 6
