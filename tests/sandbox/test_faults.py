"""Every kind of misbehaviour does what it says, is counted, and stops."""

import random
import time

import httpx
import pytest

from sandbox import faults
from sandbox.faults import Faults, Kind, UnreadableFault
from sandbox.files import Held
from tests.sandbox.conftest import Cast, Client, ms

WINDOW = {"from_": "2026-05-01", "to": "2026-05-20"}


def once(client: Client, kind: str, more: str = "") -> None:
    """Misbehave at the next suitable request."""
    answer = client.control("faults", {"spec": f"{kind}:nth=1,seconds=0.2{more}"})
    assert "rules" in answer, answer


def sessions(client: Client) -> httpx.Response:
    """One request for the sessions of the month."""
    return client.get("/report/chat/sessions", **WINDOW)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("rate_second", 429, "per-second rate limit"),
        ("rate_day", 429, "daily rate limit"),
        ("error_500", 500, "Internal server error"),
        ("bad_gateway", 502, "<html>"),
        ("revoked_token", 401, "124"),
    ],
)
def test_a_refusing_fault_refuses_once(client: Client, kind: str, status: int, words: str) -> None:
    """With the status and words of the real thing; the next request is answered."""
    once(client, kind)
    answer = sessions(client)
    assert answer.status_code == status
    assert words in answer.text
    client.token = client.fetch_token()
    assert sessions(client).status_code == 200
    assert client.control("faults")["fired"][kind] == 1


def test_the_daily_refusal_names_a_moment(client: Client) -> None:
    """In UTC, in the form the API uses."""
    once(client, "rate_day")
    assert sessions(client).headers["Retry-After"].endswith("Z")


def test_a_cut_body_breaks_the_connection(client: Client) -> None:
    """The announced length is never reached."""
    once(client, "cut_body")
    with pytest.raises(httpx.RemoteProtocolError):
        sessions(client)
    assert sessions(client).status_code == 200


def test_a_slow_body_takes_its_time(client: Client) -> None:
    """And is whole in the end."""
    once(client, "slow_body")
    start = time.monotonic()
    assert sessions(client).json()["sessions"] == []
    assert time.monotonic() - start > 0.15


def test_a_dead_page_token_is_refused(client: Client, cast: Cast) -> None:
    """Only a request for a further page; the next attempt goes on."""
    for number in range(3):
        cast.world.say(cast.general, cast.ines, str(number), at=ms("2026-05-10") + number)
    once(client, "dead_page_token")
    path, query = f"/report/chat/sessions/{cast.general.id}", {**WINDOW, "page_size": 2}
    token = client.get(path, **query).json()["next_page_token"]
    assert client.get(path, **query, next_page_token=token).json()["code"] == 300
    assert len(client.get(path, **query, next_page_token=token).json()["messages"]) == 1


def test_a_repeated_page_loses_nothing(client: Client, cast: Cast) -> None:
    """The page before comes again, then the listing goes on where it was."""
    for number in range(6):
        cast.world.say(cast.general, cast.ines, str(number), at=ms("2026-05-10") + number)
    once(client, "repeated_page")
    found = client.messages(cast.general.id, page_size=2)["messages"]
    assert [m["message"] for m in found] == ["0", "1", "0", "1", "2", "3", "4", "5"]


def test_unknown_fields_are_added(client: Client, cast: Cast) -> None:
    """Around the records, or in each of them."""
    cast.world.say(cast.general, cast.ines, "hi", at=ms("2026-05-10"))
    client.control("faults", {"spec": "unknown_fields:nth=1;unknown_fields:nth=2,where=record"})
    assert "x_future_field" in sessions(client).json()
    assert "x_future_field" in sessions(client).json()["sessions"][0]


def test_types_are_wrong(client: Client, cast: Cast) -> None:
    """Lists become objects, or the fields of records become something else."""
    cast.world.say(cast.general, cast.ines, "hi", at=ms("2026-05-10"))
    client.control("faults", {"spec": "wrong_types:nth=1;wrong_types:nth=2,where=record"})
    assert isinstance(sessions(client).json()["sessions"], dict)
    path = f"/report/chat/sessions/{cast.general.id}"
    assert client.get(path, **WINDOW).json()["messages"][0]["timestamp"] == "yesterday"


def test_a_vanished_file_is_gone_until_faults_stop(client: Client, cast: Cast) -> None:
    """Neither bytes nor information; afterwards both are back."""
    stored = cast.world.upload("a.txt", Held(b"abc"))
    url = client.get(f"/chat/files/{stored.id}").json()["download_url"]
    once(client, "file_vanished")
    assert client.http.get(url, follow_redirects=True).status_code == 404
    assert client.get(f"/chat/files/{stored.id}").status_code == 404
    client.http.delete("/_sandbox/faults")
    assert client.http.get(url, follow_redirects=True).content == b"abc"


def test_a_corrupted_file_has_the_right_length_and_the_wrong_bytes(client: Client, cast: Cast) -> None:
    """Only the digest tells."""
    stored = cast.world.upload("a.txt", Held(b"abc"))
    url = client.get(f"/chat/files/{stored.id}").json()["download_url"]
    once(client, "file_corrupted")
    spoiled, whole = (client.http.get(url, follow_redirects=True).content for _ in range(2))
    assert len(spoiled) == 3
    assert spoiled != whole == b"abc"


def test_a_cut_download_breaks_off(client: Client, cast: Cast) -> None:
    """The file host misbehaves too."""
    stored = cast.world.upload("a.txt", Held(b"abc" * 1000))
    url = client.get(f"/chat/files/{stored.id}").json()["download_url"]
    once(client, "cut_body@downloadFile")
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.get(url, follow_redirects=True)


def test_the_same_seed_strikes_the_same_requests() -> None:
    """Chance is drawn from the plan's seed alone."""

    def struck(seed: int) -> list[bool]:
        plan = Faults()
        plan.add(faults.read("error_500:p=0.3")[0], seed=seed)
        return [bool(plan.strike("any", has_page_token=False)) for _ in range(50)]

    random.seed(1)
    assert struck(1) == struck(1) != struck(2)


def test_every_and_times_are_kept() -> None:
    """Every third, at most twice."""
    plan = Faults()
    plan.add(faults.read("error_500:every=3,times=2")[0])
    hits = [bool(plan.strike("any", has_page_token=False)) for _ in range(12)]
    assert [number for number, hit in enumerate(hits, start=1) if hit] == [3, 6]


def test_a_rule_keeps_to_its_operation() -> None:
    """And a kind to the operations it makes sense for."""
    plan = Faults()
    plan.add(faults.read("error_500@listCustomEmojis:p=1;hold_not_ready:p=1")[0])
    assert plan.strike("getFileInfo", has_page_token=False) == {}
    assert set(plan.strike("listLegalHoldFiles", has_page_token=False)) == {Kind.HOLD_NOT_READY}


@pytest.mark.parametrize("text", ["nonsense", "cut_body:p=often", "cut_body:colour=red", "seed=x"])
def test_an_unreadable_fault_is_refused(client: Client, text: str) -> None:
    """In a sentence, by the control room too."""
    with pytest.raises(ValueError, match=r"."):
        faults.read(text)
    assert client.control("faults", {"spec": text})["code"] == 400


def test_faults_can_be_given_as_objects(client: Client) -> None:
    """The same keys, `nth` as a list."""
    client.control("faults", {"faults": [{"kind": "error_500", "nth": [1, 2]}], "seed": 3})
    assert [sessions(client).status_code for _ in range(3)] == [500, 500, 200]


def test_unreadable_is_a_value_error() -> None:
    """The command line prints its sentence."""
    assert issubclass(UnreadableFault, ValueError)
