"""Matters and their zips: created with people, only renamed, listed by custodian."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sandbox import holds, planted
from sandbox.clock import Clock
from sandbox.files import Held
from sandbox.journal import Journal
from sandbox.planted import Trick
from sandbox.world import World
from tests.sandbox.conftest import NOON, Cast, Client, ms, person

MATTERS = "/chat/legalhold/matters"


def create(client: Client, **fields: object) -> str:
    """A matter over Ines, from April to the middle of May."""
    body = {
        "matter_name": "Norvik",
        "identifiers": ["ines@acme.example"],
        "start_date": "2026-04-10",
        "end_date": "2026-05-15",
        **fields,
    }
    answer = client.ask("POST", MATTERS, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["matter_id"])


def zips(client: Client, matter_id: str, **query: object) -> list[dict[str, Any]]:
    """All zips of Ines."""
    return client.all_pages(f"{MATTERS}/{matter_id}/files", "data", identifier="ines@acme.example", **query)


def test_a_matter_is_listed_with_its_people(client: Client, cast: Cast) -> None:
    """As it was created."""
    matter_id = create(client, identifiers=["ines@acme.example", cast.ravi.id])
    row = client.get(MATTERS).json()["legal_hold_matters"][0]
    assert (row["matter_id"], row["matter_name"], row["matter_start_date"]) == (
        matter_id,
        "Norvik",
        "2026-04-10",
    )
    assert row["matter_users"] == [
        {"user_id": cast.ines.id, "email": "ines@acme.example"},
        {"user_id": cast.ravi.id, "email": "ravi@acme.example"},
    ]
    assert (row["matter_end_date"], row["matter_creation_date"]) == ("2026-05-15", "2026-05-20")


def test_a_matter_without_dates_begins_today_and_goes_on(client: Client) -> None:
    """It has no last day."""
    create(client, start_date=None, end_date=None)
    row = client.get(MATTERS).json()["legal_hold_matters"][0]
    assert row["matter_start_date"] == "2026-05-20"
    assert "matter_end_date" not in row


def test_a_matter_can_be_renamed_and_ended(client: Client) -> None:
    """The name changes; afterwards there is none."""
    matter_id = create(client)
    assert client.ask("PATCH", f"{MATTERS}/{matter_id}", json={"matter_name": "Norvik II"}).status_code == 204
    assert client.get(MATTERS).json()["legal_hold_matters"][0]["matter_name"] == "Norvik II"
    assert client.ask("DELETE", f"{MATTERS}/{matter_id}").status_code == 204
    assert client.get(MATTERS).json()["legal_hold_matters"] == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"identifiers": []}, 400, 300),
        ({"identifiers": ["a"] * 2}, 400, 300),
        ({"identifiers": [str(n) for n in range(21)]}, 400, 300),
        ({"identifiers": ["nobody@acme.example"]}, 404, 1001),
        ({"identifiers": ["olu@acme.example"]}, 404, 1001),
        ({"matter_name": ""}, 400, 300),
        ({"matter_name": "x" * 129}, 400, 300),
        ({"end_date": "2026-04-09"}, 400, 300),
        ({"start_date": "soon"}, 400, 300),
        ({"end_date": "20260520"}, 400, 300),
        ({"start_date": None, "end_date": "2026-05-19"}, 400, 300),
        ({"identifiers": ["ines@acme.example", "INES@acme.example"]}, 400, 300),
        ({"identifiers": ["ines@acme.example", 7]}, 400, 300),
        ({"matter_name": None}, 400, 300),
    ],
)
def test_an_impossible_matter_is_refused(
    client: Client, fields: dict[str, object], status: int, code: int
) -> None:
    """One to twenty people of the account, each once, a name, dates in order; nothing is held then."""
    body = {"matter_name": "x", "identifiers": ["ines@acme.example"], "start_date": "2026-04-10", **fields}
    answer = client.ask("POST", MATTERS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(MATTERS).json()["legal_hold_matters"] == []


def test_a_body_that_is_not_json_is_refused(client: Client) -> None:
    """400 with code 300."""
    assert client.ask("POST", MATTERS, content=b"{").json()["code"] == 300


def test_matters_are_paged_in_order_of_creation(client: Client, cast: Cast) -> None:
    """Each once, also those of one moment."""
    created = {create(client, matter_name=str(number)) for number in range(5)}
    rows = client.all_pages(MATTERS, "legal_hold_matters", page_size=2)
    assert len(rows) == 5
    assert {row["matter_id"] for row in rows} == created


def test_a_zip_becomes_ready_and_holds_what_was_written(client: Client, cast: Cast) -> None:
    """A CSV of the custodian's messages and the files, the same bytes each time."""
    stored = cast.world.upload("plan.txt", Held(b"the plan"))
    cast.world.say(cast.general, cast.ines, "=see, plan", at=ms("2026-05-02"), files=[stored])
    cast.world.say(cast.general, cast.ravi, "not mine", at=ms("2026-05-02"))
    matter_id = create(client)
    assert [row["ready_for_download"] for row in zips(client, matter_id)] == [False, False]
    cast.world.clock.advance(seconds=20)
    april, may = zips(client, matter_id, page_size=1)
    assert (april["file_start_date"], may["file_end_date"], may["file_count"]) == (
        "2026-04-10",
        "2026-05-15",
        2,
    )
    path = f"{MATTERS}/{matter_id}/files/download"
    data = client.get(path, file_key=may["file_key"]).content
    assert len(data) == may["total_file_size"]
    package = zipfile.ZipFile(io.BytesIO(data))
    rows = list(csv.DictReader(io.StringIO(package.read("chat_messages.csv").decode())))
    assert [row["message"] for row in rows] == ["=see, plan"]
    assert package.read(f"files/{stored.id}_plan.txt") == b"the plan"
    again = client.get(path, file_key=may["file_key"]).content
    assert hashlib.sha256(again).digest() == hashlib.sha256(data).digest()


def test_a_zip_is_served_in_ranges(client: Client, cast: Cast) -> None:
    """So that a broken download can go on."""
    matter_id = create(client)
    cast.world.clock.advance(seconds=20)
    key = zips(client, matter_id)[0]["file_key"]
    path = f"{MATTERS}/{matter_id}/files/download"
    whole = client.get(path, file_key=key).content
    rest = client.ask("GET", path, params={"file_key": key}, headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.content) == (206, whole[10:])


def test_a_corrupted_zip_does_not_match_the_one_listed(client: Client, cast: Cast) -> None:
    """Once; the next download is whole."""
    matter_id = create(client)
    cast.world.clock.advance(seconds=20)
    key = zips(client, matter_id)[0]["file_key"]
    client.control("faults", {"spec": "file_corrupted:nth=1"})
    path = f"{MATTERS}/{matter_id}/files/download"
    spoiled, whole = (client.get(path, file_key=key).content for _ in range(2))
    assert (len(spoiled), spoiled[1:]) == (len(whole), whole[1:])
    assert spoiled != whole


def test_a_fault_keeps_zips_waiting(client: Client, cast: Cast) -> None:
    """`hold_not_ready` for as long as it strikes."""
    matter_id = create(client)
    cast.world.clock.advance(seconds=20)
    client.control("faults", {"spec": "hold_not_ready:nth=1"})
    ready = [[row["ready_for_download"] for row in zips(client, matter_id)] for _ in range(2)]
    assert ready == [[False, False], [True, True]]


def test_what_is_not_there_is_refused(client: Client) -> None:
    """Another matter, a person who is not in it, no person, an unknown key."""
    matter_id = create(client)
    assert client.get(f"{MATTERS}/none/files", identifier="x").json()["code"] == 1001
    assert client.get(f"{MATTERS}/{matter_id}/files", identifier="ravi@acme.example").json()["code"] == 1001
    assert client.get(f"{MATTERS}/{matter_id}/files").json()["code"] == 300
    answer = client.get(f"{MATTERS}/{matter_id}/files/download", file_key="x")
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)
    assert client.get(f"{MATTERS}/{matter_id}/files/download").json()["code"] == 300


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PATCH", "/none", {"matter_name": "x"}, 404, 1001),
        ("DELETE", "/none", None, 404, 1001),
        ("PATCH", "", {"matter_name": ""}, 400, 300),
        ("PATCH", "", {"matter_name": "x" * 129}, 400, 300),
        ("PATCH", "", {}, 400, 300),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    client: Client, method: str, path: str, body: dict[str, str] | None, status: int, code: int
) -> None:
    """Another matter, no name, too long a one."""
    matter_id = create(client)
    answer = client.ask(method, f"{MATTERS}{path or '/' + matter_id}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(MATTERS).json()["legal_hold_matters"][0]["matter_name"] == "Norvik"


@pytest.mark.parametrize(("page_size", "code"), [(0, 300), (21, 300), ("x", 300)])
def test_a_page_of_zips_has_one_to_twenty(client: Client, page_size: object, code: int) -> None:
    """Neither none nor more."""
    matter_id = create(client)
    answer = client.get(f"{MATTERS}/{matter_id}/files", identifier="ines@acme.example", page_size=page_size)
    assert answer.json()["code"] == code


def later(client: Client, cast: Cast, days: int) -> None:
    """Days pass; the token of before is dead by then."""
    cast.world.clock.advance(seconds=days * 86_400)
    client.token = client.fetch_token()


def held(client: Client, matter_id: str, row: dict[str, Any]) -> list[str]:
    """What a zip holds of Ines's words."""
    path = f"{MATTERS}/{matter_id}/files/download"
    data = client.get(path, file_key=row["file_key"]).raise_for_status().content
    assert len(data) == row["total_file_size"]
    table = zipfile.ZipFile(io.BytesIO(data)).read("chat_messages.csv").decode()
    return [one["message"] for one in csv.DictReader(io.StringIO(table))]


def test_the_zips_grow_while_the_hold_lives(client: Client, cast: Cast) -> None:
    """What is said after the hold began is in the zip of its month, and each month has one more."""
    matter_id = create(client, start_date=None, end_date=None)
    spans = []
    for text in ("in May", "in June", "in July"):
        cast.world.say(cast.general, cast.ines, text)
        *_, current = rows = zips(client, matter_id)
        assert not current["ready_for_download"]
        spans.append([(row["file_start_date"], row["file_end_date"]) for row in rows])
        later(client, cast, 30)
    assert spans == [
        [("2026-05-20", "2026-05-20")],
        [("2026-05-20", "2026-05-31"), ("2026-06-01", "2026-06-19")],
        [("2026-05-20", "2026-05-31"), ("2026-06-01", "2026-06-30"), ("2026-07-01", "2026-07-19")],
    ]
    *over, current = zips(client, matter_id)
    assert [held(client, matter_id, row) for row in over] == [["in May"], ["in June"], ["in July"]]
    assert [row["ready_for_download"] for row in (*over, current)] == [True, True, True, False]
    assert current["file_start_date"] == "2026-08-01"


def test_the_last_day_is_held_to_its_end(client: Client, cast: Cast) -> None:
    """Its zip waits for what may still be said; afterwards it is closed, and the list grows no more."""
    matter_id = create(client, start_date="2026-05-01", end_date="2026-05-21")
    later(client, cast, 1)
    assert [row["ready_for_download"] for row in zips(client, matter_id)] == [False]
    cast.world.say(cast.general, cast.ines, "late on the last day")
    later(client, cast, 1)
    cast.world.say(cast.general, cast.ines, "too late")
    (row,) = zips(client, matter_id)
    assert held(client, matter_id, row) == ["late on the last day"]
    later(client, cast, 60)
    assert zips(client, matter_id) == [row]


def test_an_ended_hold_has_no_zips(client: Client, cast: Cast) -> None:
    """Neither a list nor bytes."""
    matter_id = create(client)
    cast.world.clock.advance(seconds=20)
    key = zips(client, matter_id)[0]["file_key"]
    client.ask("DELETE", f"{MATTERS}/{matter_id}")
    path = f"{MATTERS}/{matter_id}/files"
    for answer in (
        client.get(path, identifier="ines@acme.example"),
        client.get(f"{path}/download", file_key=key),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, 1001)


def test_a_restart_has_the_same_matters(tmp_path: Path) -> None:
    """With the same ids, and the next one has the same id too."""

    def remembered() -> World:
        world = World(Clock(start=NOON, speed=0))
        world.add_person(person("Ines"))
        Journal(tmp_path / "state", title="x", now_ms=0).replay(world)
        return world

    world = remembered()
    ines = next(iter(world.people))
    for name in ("Norvik", "Larkspur"):
        id = holds.place(world, name=name, person_ids=[ines], start="2026-05-01", end=None, at=5)
    world.rename_matter(world.matters[id], "Larkspur II")
    again = remembered()
    assert again.matters == world.matters
    assert again.number() == world.number()


def test_a_zip_says_which_version_it_is(client: Client, cast: Cast) -> None:
    """A range of another version is the whole of this one; `hold_no_ranges` knows neither."""
    matter_id = create(client)
    cast.world.clock.advance(seconds=20)
    key = zips(client, matter_id)[0]["file_key"]
    path = f"{MATTERS}/{matter_id}/files/download"
    whole = client.get(path, file_key=key)
    same, other = (
        client.ask("GET", path, params={"file_key": key}, headers={"Range": "bytes=10-", "If-Range": tag})
        for tag in (whole.headers["etag"], '"other"')
    )
    assert [(one.status_code, len(one.content)) for one in (same, other)] == [
        (206, len(whole.content) - 10),
        (200, len(whole.content)),
    ]
    client.control("faults", {"spec": "hold_no_ranges:p=1"})
    answer = client.ask("GET", path, params={"file_key": key}, headers={"Range": "bytes=10-"})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)


@pytest.mark.parametrize("trick", [one for one in Trick if one is not Trick.MANY])
def test_a_planted_zip_is_listed_and_served(client: Client, trick: Trick) -> None:
    """With the size it is listed with, save the one that is cut."""
    matter_id = create(client)
    order = {"matter_id": matter_id, "identifier": "ines@acme.example", "trick": trick, "size": 100_000}
    key = client.control("hold-zip", order)["file_key"]
    row = next(row for row in zips(client, matter_id) if row["file_key"] == key)
    data = client.get(f"{MATTERS}/{matter_id}/files/download", file_key=key).content
    assert row["ready_for_download"]
    assert len(data) == row["total_file_size"] // (2 if trick is Trick.CUT else 1)


def test_a_computed_zip_is_one(client: Client) -> None:
    """The checksum of its zeros is right, though nobody read them."""
    whole = planted.zeros(300_000)
    package = zipfile.ZipFile(io.BytesIO(b"".join(whole.chunks(0, whole.size))))
    assert package.testzip() is None
    assert b"".join(whole.chunks(7, whole.size)) == b"".join(whole.chunks(0, whole.size))[7:]


def test_a_custodian_may_be_gone(client: Client) -> None:
    """As one who left the account."""
    matter_id = create(client)
    client.control("faults", {"spec": "custodian_gone:p=1"})
    answer = client.get(f"{MATTERS}/{matter_id}/files", identifier="ines@acme.example")
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)


def test_what_cannot_be_planted_is_refused(client: Client) -> None:
    """Another matter, another trick."""
    matter_id = create(client)
    for order in (
        {"matter_id": "none", "identifier": "ines@acme.example"},
        {"matter_id": matter_id, "identifier": "nobody"},
        {"matter_id": matter_id, "identifier": "ines@acme.example", "trick": "none such"},
    ):
        assert client.control("hold-zip", order)["code"] == 400
