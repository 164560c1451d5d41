"""Files uploaded, sent and deleted; emoji made of pictures."""

import hashlib
import socket
from typing import Any

import httpx
import pytest

from sandbox.files import Held
from sandbox.routes import uploads
from tests.sandbox.conftest import Cast, Client, ms

BYTES = bytes(range(256)) * 9
Files = list[tuple[str, tuple[str, bytes]]]


def upload(client: Client, data: bytes = BYTES, name: str = "plan.txt", **query: str) -> httpx.Response:
    """A file uploaded for later."""
    return client.ask("POST", "/chat/users/me/files", params=query, files={"file": (name, data)})


def send(client: Client, files: Files, user: str = "me", **fields: str) -> httpx.Response:
    """A file sent as a message."""
    return client.ask("POST", f"/chat/users/{user}/messages/files", files=files, data=fields)


def downloaded(client: Client, file_id: str) -> bytes:
    """The bytes behind a file's link, checked against its digest."""
    info = client.get(f"/chat/files/{file_id}").json()
    data = client.http.get(info["download_url"], follow_redirects=True).content
    assert info["digest"] == hashlib.sha256(data).hexdigest()
    return data


def test_an_uploaded_file_can_be_downloaded_and_sent(client: Client, cast: Cast) -> None:
    """Byte for byte; posted to one's own chat unless told otherwise."""
    answer = upload(client, postToPersonalChat="false")
    assert (answer.status_code, client.sessions()) == (201, [])
    file_id = answer.json()["id"]
    assert downloaded(client, file_id) == BYTES
    body = {"message": "see", "to_channel": cast.channel.id, "file_ids": [file_id]}
    client.ask("POST", "/chat/users/me/messages", json=body)
    assert client.messages(cast.general.id)["messages"][0]["files"][0]["file_id"] == file_id
    posted = upload(client, b"mine", "diary.txt").json()["id"]
    (row,) = client.get("/chat/users/me/messages", to_contact="me").json()["messages"]
    assert (row["file_id"], row["file_name"], row["file_size"]) == (posted, "diary.txt", 4)


def test_a_sent_file_is_a_message(client: Client, cast: Cast) -> None:
    """In the report, with bytes and digest, in its thread."""
    main = cast.world.say(cast.general, cast.ravi, "picture?", at=ms("2026-05-20T09:00"))
    files = [("files", ("cat.png", BYTES))]
    answer = send(client, files, to_channel=cast.channel.id, reply_main_message_id=main.id)
    assert answer.status_code == 201
    record = client.messages(cast.general.id)["messages"][1]
    assert (record["id"], record["reply_main_message_id"]) == (answer.json()["id"], main.id)
    assert downloaded(client, record["files"][0]["file_id"]) == BYTES
    row = client.get("/chat/users/me/messages", to_channel=cast.channel.id).json()["messages"][0]
    assert row["message_type"] == "png_image_file"
    assert send(client, files, to_contact=cast.olu.member_id).status_code == 201


@pytest.mark.parametrize(
    ("files", "fields", "status", "code"),
    [
        ([], {}, 400, 300),
        ([("files", ("a", b"a")), ("files", ("b", b"b"))], {}, 400, 300),
        ([("file", ("a", b"a"))], {}, 400, 300),
        ([("files", ("a", b"a"))], {"to_channel": ""}, 400, 300),
        ([("files", ("a", b"a"))], {"to_contact": "ravi@acme.example"}, 400, 300),
        ([("files", ("a", b"a"))], {"to_channel": "nothing"}, 404, 4130),
        ([("files", ("a", b"a"))], {"to_channel": "", "to_contact": "nobody"}, 404, 1001),
        ([("files", ("a", b"a"))], {"reply_main_message_id": "nothing"}, 400, 5402),
    ],
)
def test_an_impossible_file_is_refused(
    client: Client, cast: Cast, files: Files, fields: dict[str, str], status: int, code: int
) -> None:
    """With its code; nothing is kept of it."""
    answer = send(client, files, **{"to_channel": cast.channel.id, **fields})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (client.sessions(), cast.world.files) == ([], {})


def test_what_is_no_form_is_refused(client: Client, cast: Cast) -> None:
    """JSON, a form without its boundary, and one that breaks off."""
    path = "/chat/users/me/files"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'
    for answer in (
        client.ask("POST", path, json={"file": "x"}),
        client.ask("POST", path, content=part, headers={"Content-Type": "multipart/form-data"}),
        client.ask("POST", path, content=part, headers=broken),
        upload(client, postToPersonalChat="maybe"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert cast.world.files == {}


@pytest.mark.parametrize(("name", "size", "status"), [("a.png", 101, 400), ("a.txt", 101, 201)])
def test_pictures_have_a_lower_limit(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str, size: int, status: int
) -> None:
    """By the name's last part."""
    monkeypatch.setattr(uploads, "LARGEST_IMAGE", 100)
    assert send(client, [("files", (name, b"x" * size))], to_channel=cast.channel.id).status_code == status


@pytest.mark.parametrize(("size", "status"), [(1000, 201), (1001, 400), (200_000, 400)])
def test_a_file_beyond_the_limit_is_refused(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    """To the byte, though its length was not announced."""
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 1000)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    pieces = iter([head, b"a" * size, b"\r\n--x--\r\n"])
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.ask("POST", "/chat/users/me/files", content=pieces, headers=headers)
    assert answer.status_code == status
    assert len(cast.world.files) == (status == 201)


def test_an_upload_that_announces_too_much_is_not_waited_for(client: Client) -> None:
    """Two gigabytes are refused before they are sent."""
    request = (
        "POST /v2/chat/users/me/files HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {client.token}\r\nContent-Length: {2 * 1024**3}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", client.sandbox.port), timeout=60) as connection:
        connection.sendall(request.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")


def test_a_deleted_file_cannot_be_had(client: Client, cast: Cast) -> None:
    """Neither bytes nor information, nor sent again; reports go on naming it."""
    file_id = upload(client, postToPersonalChat="false").json()["id"]
    body = {"message": "see", "to_channel": cast.channel.id, "file_ids": [file_id]}
    client.ask("POST", "/chat/users/me/messages", json=body)
    link = client.get(f"/chat/files/{file_id}").json()["download_url"]
    assert client.ask("DELETE", f"/chat/files/{file_id}").status_code == 204
    for answer in (
        client.get(f"/chat/files/{file_id}"),
        client.ask("DELETE", f"/chat/files/{file_id}"),
        client.http.get(link, follow_redirects=True),
    ):
        assert answer.status_code == 404
    assert client.ask("POST", "/chat/users/me/messages", json=body).json()["code"] == 5301
    assert client.messages(cast.general.id)["messages"][0]["files"][0]["file_id"] == file_id
    assert (
        "files" not in client.get("/chat/users/me/messages", to_channel=cast.channel.id).json()["messages"][0]
    )


def test_what_outsiders_sent_is_theirs_to_delete(client: Client, cast: Cast) -> None:
    """403, and the file is still there."""
    stored = cast.world.upload("theirs.txt", Held(b"theirs"))
    cast.world.say(cast.talk, cast.olu, "", files=[stored])
    answer = client.ask("DELETE", f"/chat/files/{stored.id}")
    assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert downloaded(client, stored.id) == b"theirs"


def test_an_upload_may_be_sent_on_to_another_host(client: Client, cast: Cast) -> None:
    """307 to this server's other name, where it is taken with the same token."""
    client.control("faults", {"spec": "redirected_upload:nth=1"})
    answer = upload(client)
    assert (answer.status_code, cast.world.files) == (307, {})
    url = httpx.URL(answer.headers["location"])
    assert (url.host, url.path) == ("localhost", "/v2/chat/users/me/files")
    headers = {"Authorization": f"Bearer {client.token}"}
    assert client.http.post(url, headers=headers, files={"file": ("a", b"a")}).status_code == 201


def add_emoji(client: Client, name: str = "ship_it", file: str = "ship.png", data: bytes = b"x") -> Any:
    """A picture made an emoji."""
    return client.ask("POST", "/chat/emoji/files", data={"name": name}, files={"file": (file, data)})


def test_an_added_emoji_is_listed_and_used(client: Client, cast: Cast) -> None:
    """Its picture can be had; when it is deleted only the reactions made with it stay."""
    said = cast.world.say(cast.general, cast.ravi, "done", at=ms("2026-05-20T09:00"))
    answer = add_emoji(client)
    assert (answer.status_code, answer.json()["name"]) == (201, "ship_it")
    file_id = answer.json()["file_id"]
    (row,) = client.get("/chat/emoji").json()["emojis"]
    assert (row["file_id"], row["user_id"], row["date_added"]) == (
        file_id,
        cast.ines.id,
        "2026-05-20T12:00:00Z",
    )
    assert downloaded(client, file_id) == b"x"
    path = f"/chat/users/me/messages/{said.id}/emoji_reactions"
    own = {"to_channel": cast.channel.id, "custom_emoji": True, "custom_emoji_id": file_id}
    assert client.ask("PATCH", path, json={**own, "action": "add"}).status_code == 204
    assert client.ask("DELETE", f"/chat/emoji/{file_id}").status_code == 204
    assert client.get("/chat/emoji").json()["emojis"] == []
    assert client.get(f"/chat/files/{file_id}").status_code == 404
    assert client.ask("PATCH", path, json={**own, "action": "add"}).json()["code"] == 300
    record = client.messages(cast.general.id)["messages"][0]
    assert record["custom_emoji_reactions"][0]["custom_emoji_file_id"] == file_id
    again = client.ask("DELETE", f"/chat/emoji/{file_id}")
    assert (again.status_code, again.json()["code"]) == (404, 5404)


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"name": "no"}, 400, 300),
        ({"name": "n" * 101}, 400, 300),
        ({"name": "ship-it"}, 400, 300),
        ({"file": "ship.svg"}, 400, 400),
        ({"data": b"x" * (256 * 1024 + 1)}, 400, 300),
        ({"name": "taken"}, 409, 30010),
    ],
)
def test_an_impossible_emoji_is_refused(
    client: Client, given: dict[str, Any], status: int, code: int
) -> None:
    """With its code, and the list is what it was."""
    add_emoji(client, "taken")
    answer = add_emoji(client, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(client.get("/chat/emoji").json()["emojis"]) == 1
