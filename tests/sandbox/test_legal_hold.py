"""Matters and their zips: created with people, only renamed, listed by custodian."""

import csv
import hashlib
import io
import zipfile
from typing import Any

import pytest

from sandbox.files import Held
from tests.sandbox.conftest import Cast, Client, ms

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
    assert [one["user_id"] for one in row["matter_users"]] == [cast.ines.id, cast.ravi.id]


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
    ],
)
def test_an_impossible_matter_is_refused(
    client: Client, fields: dict[str, object], status: int, code: int
) -> None:
    """One to twenty people of the account, a name, dates in order."""
    body = {"matter_name": "x", "identifiers": ["ines@acme.example"], "start_date": "2026-04-10", **fields}
    answer = client.ask("POST", MATTERS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


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
    assert client.get(f"{MATTERS}/{matter_id}/files/download", file_key="x").status_code == 404
