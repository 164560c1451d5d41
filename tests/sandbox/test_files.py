"""The file host: redirects, ranges, digests, and no bearer tokens."""

import hashlib

import pytest

from sandbox.files import CHUNK, Held, Patterned, StoredFile
from tests.sandbox.conftest import Cast, Client, ms

BYTES = bytes(range(256)) * 10


@pytest.fixture
def stored(cast: Cast) -> StoredFile:
    """A file Ines put into the channel."""
    stored = cast.world.upload("plan v2.txt", Held(BYTES))
    cast.world.say(cast.general, cast.ines, "", at=ms("2026-05-10"), files=[stored])
    return stored


def link(client: Client, stored: StoredFile) -> str:
    """A fresh download link."""
    return str(client.get(f"/chat/files/{stored.id}").json()["download_url"])


def test_file_info_is_true(client: Client, stored: StoredFile) -> None:
    """Name, type, length and the SHA-256 of the bytes the link yields."""
    info = client.get(f"/chat/files/{stored.id}").json()
    data = client.http.get(info["download_url"], follow_redirects=True).content
    assert (info["file_name"], info["OS_file_type"], info["length"]) == ("plan v2.txt", "txt", len(BYTES))
    assert info["digest"] == hashlib.sha256(data).hexdigest() == hashlib.sha256(BYTES).hexdigest()


def test_the_link_of_a_message_leads_to_another_host_and_back(
    client: Client, cast: Cast, stored: StoredFile
) -> None:
    """Two names of one server: `localhost` first, then `127.0.0.1`."""
    row = client.messages(cast.general.id)["messages"][0]["files"][0]
    first = client.http.get(row["download_url"])
    assert first.request.url.host == "localhost"
    assert first.status_code == 302
    assert first.headers["location"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("hop", [0, 1])
def test_a_bearer_token_at_the_file_host_is_noticed(client: Client, stored: StoredFile, hop: int) -> None:
    """Either host refuses it with 400."""
    url = link(client, stored)
    if hop == 1:
        url = client.http.get(url).headers["location"]
    assert client.http.get(url, headers={"Authorization": f"Bearer {client.token}"}).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-9", BYTES[:10]),
        ("bytes=2550-", BYTES[2550:]),
        ("bytes=-5", BYTES[-5:]),
        ("bytes=0-99999", BYTES),
    ],
)
def test_ranges_are_served(client: Client, stored: StoredFile, wanted: str, expected: bytes) -> None:
    """206 with the part asked for."""
    answer = client.http.get(link(client, stored), headers={"Range": wanted}, follow_redirects=True)
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-range"].endswith(f"/{len(BYTES)}")


@pytest.mark.parametrize("wanted", ["bytes=2560-", "bytes=9-3", "bytes=-", "lines=1-2"])
def test_impossible_ranges_are_refused(client: Client, stored: StoredFile, wanted: str) -> None:
    """416 and the true length."""
    answer = client.http.get(link(client, stored), headers={"Range": wanted}, follow_redirects=True)
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(BYTES)}"


def test_a_link_dies_and_cannot_be_bent(client: Client, cast: Cast, stored: StoredFile) -> None:
    """An hour old, or for another file: 401."""
    other = cast.world.upload("secret.txt", Held(b"secret"))
    url = link(client, stored)
    bent = url.replace(stored.id, other.id, 1)
    assert client.http.get(bent).status_code == 401
    cast.world.clock.advance(seconds=3600)
    assert client.http.get(url).status_code == 401


def test_an_unknown_file_is_not_found(client: Client) -> None:
    """404."""
    assert client.get("/chat/files/nothing").status_code == 404


def test_patterned_bytes_are_the_same_from_anywhere() -> None:
    """Any part of a computed file equals that part of the whole."""
    content = Patterned(3 * CHUNK + 100, "seed")
    whole = b"".join(content.chunks(0, content.size))
    assert len(whole) == content.size
    assert b"".join(content.chunks(CHUNK - 5, 2 * CHUNK + 7)) == whole[CHUNK - 5 : 2 * CHUNK + 7]
    assert content.digest() == hashlib.sha256(whole).hexdigest()
