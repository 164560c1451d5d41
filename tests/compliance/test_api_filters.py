"""Lists over REST are narrowed by what is obvious of each, bytes have an ETag and ranges, and exports are made again."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone

from archive import search
from archive.models import Session
from compliance import approvals, lists, saved
from compliance.exports import deciding, keeping
from compliance.models import Export, Matter, MatterMember, Request
from tests.archive.scenes import NOW
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import second_officer
from tests.compliance.exports.conftest import Worker
from tests.compliance.test_api_resources import Program, wrong

pytestmark = pytest.mark.django_db
NEWEST = search.Order.NEWEST
LATE, EARLY = "2026-12-01T00:00:00Z", "2026-01-01T00:00:00Z"


@pytest.fixture
def session(db: None) -> Session:
    found = world.fill(messages=4)[0]
    world.index()
    return found


@pytest.fixture
def matter(session: Session, ines: User) -> Matter:
    return cast.let_into_everything(ines)


@pytest.fixture
def program(matter: Matter, ines: User) -> Program:
    return Program(ines)


@pytest.fixture
def worker() -> Worker:
    made = Worker()
    made.at = timezone.now()
    return made


def totals(program: Program, address: str, *queries: dict[str, Any]) -> list[int]:
    return [program.get(address, **query)["total"] for query in queries]


def test_the_ids_of_a_list_have_its_digest_for_an_etag(program: Program, ines: User) -> None:
    """They are taken in pieces, and not again where the program has them."""
    made = lists.freeze(name="A", query="plain", order=NEWEST, by=ines, now=NOW)
    address, digest = f"lists/{made.pk}/ids/", bytes(made.sha256 or b"").hex()
    whole = program.ask(address)
    body = b"".join(whole.streaming_content)
    assert whole.headers["ETag"] == f'"{digest}"' == f'"{hashlib.sha256(body).hexdigest()}"'
    rest = program.ask(address, {"range": "bytes=2-", "if-range": f'"{digest}"'})
    assert (rest.status_code, b"".join(rest.streaming_content)) == (206, body[2:])
    assert program.ask(address, {"if-none-match": f'"{digest}"'}).status_code == 304
    wrong(program.ask(address, {"range": f"bytes={len(body)}-"}), 416)


def test_an_export_is_made_again_and_measured_anew(program: Program, matter: Matter, worker: Worker) -> None:
    """The same bytes once its files went; and another one, which follows it, of what the matter holds now."""
    body = {"kind": "matter", "key": matter.pk, "title": "For counsel", "reason": "The order"}
    address = f"exports/{program.change('exports/', body).json()['id']}/"
    worker.work()
    wrong(program.change(f"{address}again/", once="early"), 409)
    program.change(f"{address}make/", {"digest": program.get(address)["digest"]}, once="b")
    worker.work()
    before = program.get(address)
    worker.at += timedelta(days=400)
    keeping.sweep(now=worker.clock())
    assert program.get(address)["state"] == "expired"
    again = program.change(f"{address}again/", once="c")
    assert (again.status_code, again.json()["state"]) == (202, "making")
    worker.work()
    after = program.get(address)
    assert (after["state"], after["parts"]) == ("ready", before["parts"])
    anew = program.change(f"{address}anew/", once="d")
    assert anew.status_code == 201
    assert anew.json() == program.change(f"{address}anew/", once="d").json()
    assert program.get(address)["followed_by"] == anew.json()["id"]
    assert (anew.json()["state"], Export.objects.count()) == ("measuring", 2)
    wrong(program.change("exports/987654/anew/", once="e"), 404)


def test_an_export_waits_for_a_second_person_where_policy_wants_one(
    program: Program, matter: Matter, worker: Worker
) -> None:
    """It says so before and meanwhile, and is made once they approved what was measured."""
    samir = second_officer()
    MatterMember.objects.create(matter=matter, user=samir, added_at=NOW, added_by_name="Ines")
    body = {"kind": "matter", "key": matter.pk, "title": "For counsel", "reason": "The order"}
    with override_settings(HOLDFAST_EXPORT_APPROVAL="on"):
        address = f"exports/{program.change('exports/', body).json()['id']}/"
        worker.work()
        seen = program.get(address)
        assert (seen["needs_approval"], seen["waits_for_approval"]) == (True, False)
        asked = program.change(f"{address}make/", {"digest": seen["digest"]}, once="b")
        assert asked.status_code == 202
        assert (asked.json()["state"], asked.json()["waits_for_approval"]) == ("measured", True)
        worker.work()
        assert program.get(address)["state"] == "measured"
        request = Request.objects.latest("pk")
        approvals.approve(request_id=request.pk, digest=request.digest, by=samir, now=worker.clock())
        approvals.carry_out_due(clock=worker.clock)
        worker.work()
        seen = program.get(address)
        assert (seen["state"], seen["waits_for_approval"]) == ("ready", False)
    assert request.kind == deciding.REQUEST


def test_lists_are_narrowed(program: Program, matter: Matter, ines: User) -> None:
    """By state, kind, matter and time; what is no such value, and a time that ends before it begins, is named."""
    for name, of in (("A", matter.pk), ("B", None)):
        lists.freeze(name=name, query="plain", order=NEWEST, matter_id=of, by=ines, now=NOW)
        saved.save(name=name, query="plain", order=NEWEST, matter_id=of, shared=name == "A", by=ines, now=NOW)
    world.export(matter)
    world.disposition()
    world.sign()
    of, late, early = {"matter": matter.pk}, {"since": LATE}, {"since": EARLY, "until": LATE}
    for address, queries, numbers in (
        ("lists/", ({}, of, {"state": "done"}, {"state": "failed"}, late, early), [2, 1, 2, 0, 0, 2]),
        ("searches/", ({}, of, {"shared": True}, {"own": False}), [2, 1, 1, 0]),
        ("exports/", ({}, of, {"kind": "list"}, {"state": "ready", "kind": "matter"}, late), [1, 1, 0, 1, 0]),
        (
            "dispositions/",
            ({}, {"state": "review"}, {"account": 987654}, {"erasure": 1}, late),
            [1, 1, 0, 0, 0],
        ),
        ("matters/", ({}, {"named": "every"}, {"named": "falcon"}, late, early), [1, 1, 0, 0, 1]),
        ("accounts/", ({}, {"active": True}, {"active": False}), [1, 1, 0]),
        ("log/checkpoints/", ({}, late, early), [1, 0, 1]),
    ):
        assert totals(program, address, *queries) == numbers, address
    for address in ("lists/", "exports/", "dispositions/", "matters/", "log/checkpoints/"):
        assert wrong(program.ask(address, since=LATE, until=EARLY), 400) == ["until"]
    assert wrong(program.ask("lists/", state="soon"), 400) == ["state"]
