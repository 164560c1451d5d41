"""Files go out in pieces, whole, to the vendor's hosts alone, and never twice by mistake."""

from __future__ import annotations

import email
import hashlib
import io
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from tests.zoom.conftest import API, CREDENTIALS, OAUTH, Clock, Wire, error
from zoom.client import ZoomClient
from zoom.errors import (
    BadRequest,
    InvalidParameter,
    NotAuthorized,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedReply,
    UploadInterrupted,
    ZoomError,
)
from zoom.facts.rows import Label

FILE_HOST = "https://file.zoom.us/v2"
EMOJI_HOST = "https://fileapi.zoom.us/v2"
MADE = httpx.Response(201, json={"id": "f1", "file_id": "e1", "name": "parrot"})
MB = 1024**2


class Taker(httpx.BaseTransport):
    """A file host that takes bodies in pieces, as the network does, and remembers only their digests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.tokens = 0
        self.hosts: list[str] = []
        self.bearers: list[str] = []
        self.labels: list[Label] = []
        self.sizes: list[int] = []
        self.announced: list[int] = []
        self.digests: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if str(request.url).startswith(OAUTH):
            self.tokens += 1
            return httpx.Response(
                200, json={"access_token": f"hush-{self.tokens}", "expires_in": 3600, "scope": ""}
            )
        size, digest = 0, hashlib.sha256()
        boundary = request.headers["content-type"].partition("boundary=")[2].encode()
        assert isinstance(request.stream, httpx.SyncByteStream)
        for chunk in request.stream:
            size += len(chunk)
            digest.update(chunk.replace(boundary, b"-"))
        self.hosts.append(request.url.host)
        self.bearers.append(request.headers["Authorization"])
        self.labels.append(request.extensions["zoom_label"])
        self.sizes.append(size)
        self.announced.append(int(request.headers["content-length"]))
        self.digests.append(digest.hexdigest())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def zoom_on(taker: httpx.BaseTransport, clock: Clock, **hosts: str) -> ZoomClient:
    """A client whose file hosts are the vendor's."""
    return ZoomClient(
        credentials=CREDENTIALS,
        api_url=API,
        oauth_url=OAUTH,
        transport=taker,
        clock=clock,
        sleep=clock.sleep,
        **{"file_url": FILE_HOST, "emoji_url": EMOJI_HOST, **hosts},
    )


def sparse(folder: Path, name: str, size: int) -> Path:
    """A file that has a size and takes no room."""
    path = folder / name
    with path.open("wb") as file:
        file.truncate(size)
    return path


def parts(request: httpx.Request) -> dict[str, tuple[str | None, bytes]]:
    """File name and content of each field of a form."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = email.message_from_bytes(head + request.read())
    found = {}
    for part in form.get_payload():
        assert isinstance(part, email.message.Message)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(name)] = (part.get_filename(), content)
    return found


def to(location: str, status: int = 307) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


def test_a_file_is_uploaded(client: ZoomClient, wire: Wire, tmp_path: Path) -> None:
    """Posted to the user's own chat or not; the id comes back."""
    path = tmp_path / "plan.txt"
    path.write_bytes(b"ship it")
    wire.answer(MADE)
    assert client.files.upload(user_id="ines", file=path, post=False) == "f1"
    (request,) = wire.asked
    assert (request.method, request.url.path) == ("POST", "/v2/chat/users/ines/files")
    assert dict(request.url.params) == {"postToPersonalChat": "false"}
    assert parts(request) == {"file": ("plan.txt", b"ship it")}


def test_a_file_is_sent_as_a_message(client: ZoomClient, wire: Wire) -> None:
    """An open file goes whole, wherever it stands, and stays open."""
    wire.answer(MADE)
    file = io.BytesIO(b"0123456789")
    file.seek(7)
    sent = client.files.send(user_id="me", file=file, name="ten.bin", to_channel="c", reply_to="m0")
    assert (sent, file.closed) == ("f1", False)
    assert wire.asked[0].url.path == "/v2/chat/users/me/messages/files"
    assert parts(wire.asked[0]) == {
        "files": ("ten.bin", b"0123456789"),
        "to_channel": (None, b"c"),
        "reply_main_message_id": (None, b"m0"),
    }


def test_an_emoji_is_added_and_deleted(client: ZoomClient, wire: Wire) -> None:
    """Its picture under its name."""
    wire.answer(MADE)
    added = client.emoji.add(name="parrot", file=io.BytesIO(b"GIF89a"), file_name="p.GIF")
    assert (added.file_id, added.name) == ("e1", "parrot")
    assert wire.asked[0].url.path == "/v2/chat/emoji/files"
    assert parts(wire.asked[0]) == {"name": (None, b"parrot"), "file": ("p.GIF", b"GIF89a")}
    wire.answers[:] = [httpx.Response(204)]
    client.emoji.delete(file_id="e1")
    client.files.delete(file_id="f1")
    assert [(one.method, one.url.path) for one in wire.asked[1:]] == [
        ("DELETE", "/v2/chat/emoji/e1"),
        ("DELETE", "/v2/chat/files/f1"),
    ]


def test_each_goes_to_its_host(clock: Clock, tmp_path: Path) -> None:
    """Files to one, emoji to another, all on the file hosts' own budget."""
    taker = Taker(MADE)
    picture = sparse(tmp_path, "p.png", 10)
    with zoom_on(taker, clock) as zoom:
        zoom.files.upload(user_id="me", file=picture)
        zoom.files.send(user_id="me", file=picture, to_contact="olu")
        zoom.emoji.add(name="parrot", file=picture)
    assert taker.hosts == ["file.zoom.us", "file.zoom.us", "fileapi.zoom.us"]
    assert taker.labels == [Label.UPLOAD] * 3


def test_memory_does_not_grow_with_the_file(clock: Clock, tmp_path: Path) -> None:
    """Two hundred megabytes pass through less than two."""
    taker = Taker(MADE)
    path = sparse(tmp_path, "film.mp4", 200 * MB)
    with zoom_on(taker, clock) as zoom:
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="warm.up")
        tracemalloc.start()
        try:
            zoom.files.upload(user_id="me", file=path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert taker.sizes == taker.announced
    assert taker.sizes[1] > 200 * MB
    assert peak < 2 * MB


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_vendors_own_redirects_are_followed_with_the_token(
    clock: Clock, tmp_path: Path, status: int
) -> None:
    """The whole form goes again, and the bearer with it; a relative address is the same host."""
    taker = Taker(to("https://US04file.zoom.us/v2/x?t=1", status), to("/v2/y", status), MADE)
    with zoom_on(taker, clock) as zoom:
        assert zoom.files.upload(user_id="me", file=sparse(tmp_path, "a.bin", 3 * MB)) == "f1"
    assert taker.hosts == ["file.zoom.us", "us04file.zoom.us", "us04file.zoom.us"]
    assert taker.bearers == ["Bearer hush-1"] * 3
    assert taker.sizes == taker.announced
    assert len(set(taker.digests)) == 1


def test_another_origin_may_redirect_within_itself(clock: Clock) -> None:
    """A pretend Zoom on this machine has no domain of the vendor's."""
    taker = Taker(to("http://127.0.0.1:8999/v2/other"), MADE)
    with zoom_on(taker, clock, file_url="http://127.0.0.1:8999/v2") as zoom:
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="x")
    assert taker.bearers == ["Bearer hush-1"] * 2


@pytest.mark.parametrize(
    "location",
    [
        "https://stranger.test/take?hush=1",
        "https://zoom.us.stranger.test/",
        "https://notzoom.us/",
        "https://zoom.us./",
        "http://file.zoom.us/v2/",
        "https://zoom.us@stranger.test/",
        "https://stranger.test@zoom.us/",
        "//stranger.test/",
        "ftp://zoom.us/",
        "https://[",
    ],
)
def test_a_strangers_redirect_gets_nothing(clock: Clock, location: str) -> None:
    """Neither token nor file; and the address is not told."""
    taker = Taker(to(location), MADE)
    with zoom_on(taker, clock) as zoom, pytest.raises(UnexpectedReply) as caught:
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="x")
    assert taker.hosts == ["file.zoom.us"]
    assert "stranger" not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_redirects_have_an_end(clock: Clock) -> None:
    """Five are followed."""
    taker = Taker(to("https://file.zoom.us/v2/again"))
    with zoom_on(taker, clock) as zoom, pytest.raises(UnexpectedReply, match="too many redirects"):
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="x")
    assert len(taker.hosts) == 6


def test_see_other_is_not_sent_again(clock: Clock) -> None:
    """It says that the upload is done: to post there would be to do it twice."""
    taker = Taker(to("https://file.zoom.us/v2/result", 303))
    with zoom_on(taker, clock) as zoom, pytest.raises(UnexpectedReply):
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="x")
    assert len(taker.hosts) == 1


@pytest.mark.parametrize("as_path", [True, False])
def test_a_renewed_token_comes_with_the_whole_file(clock: Clock, tmp_path: Path, as_path: bool) -> None:
    """A 401 in the middle costs one more sending, from the first byte."""
    taker = Taker(error(401, 124, "Access token is expired."), MADE)
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(300_000))
    with zoom_on(taker, clock) as zoom, path.open("rb") as opened:
        assert zoom.files.upload(user_id="me", file=path if as_path else opened) == "f1"
    assert taker.bearers == ["Bearer hush-1", "Bearer hush-2"]
    assert taker.digests[0] == taker.digests[1]
    assert taker.sizes == taker.announced


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ReadTimeout("slow"), Unavailable),
        (httpx.WriteError("cut"), Unavailable),
        (httpx.Response(502), Unavailable),
        (httpx.Response(201, content=b'{"id":'), UnexpectedReply),
        (error(400, 300, "Maximum file size exceeded"), BadRequest),
        (error(400, 5301, "Message sending failed."), BadRequest),
        (error(404, 1001, "User does not exist"), NotFound),
        (error(403, 40090, "no permission"), NotAuthorized),
    ],
)
def test_what_may_have_happened_is_not_done_again(
    clock: Clock, trouble: httpx.Response | Exception, kind: type[ZoomError]
) -> None:
    """One sending, one answer, one error that knows its operation."""
    taker = Taker(trouble)
    with zoom_on(taker, clock) as zoom, pytest.raises(kind) as caught:
        zoom.files.send(user_id="me", file=io.BytesIO(b"x"), name="salaries.xls", to_channel="c")
    assert len(taker.hosts) == 1
    assert caught.value.request is not None
    assert caught.value.request.operation == "sendChatFile"
    assert "salaries" not in str(caught.value)


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("no route"), error(429, 429, "maximum per-second rate limit")]
)
def test_what_was_never_begun_is_done_again(clock: Clock, trouble: httpx.Response | Exception) -> None:
    """And nothing of the file is in the log."""
    taker = Taker(trouble, MADE)
    with zoom_on(taker, clock) as zoom, structlog.testing.capture_logs() as logged:
        zoom.files.send(user_id="me", file=io.BytesIO(b"x"), name="salaries.xls", to_channel="c")
    assert len(taker.hosts) == 2
    assert taker.digests[0] == taker.digests[1]
    assert logged
    assert "salaries" not in str(logged)
    assert "hush" not in str(logged)


def test_the_days_budget_is_waited_for_elsewhere(clock: Clock) -> None:
    """A daily 429 names its moment at once."""
    late = error(429, 429, "maximum daily rate limit", retry_after="2026-03-16T00:00:00Z")
    with zoom_on(Taker(late), clock) as zoom, pytest.raises(RateLimited):
        zoom.files.upload(user_id="me", file=io.BytesIO(b"x"), name="x")


Act = Callable[[ZoomClient, Path], Any]


def uploaded(z: ZoomClient, path: Path) -> Any:
    return z.files.upload(user_id="me", file=path)


def sent(z: ZoomClient, path: Path) -> Any:
    return z.files.send(user_id="me", file=path, to_channel="c")


def added(z: ZoomClient, path: Path) -> Any:
    return z.emoji.add(name="parrot", file=path)


@pytest.mark.parametrize(
    ("act", "name", "most", "bound"),
    [
        (uploaded, "hush.bin", 1024 * MB, "file: a file of at most 1 GB"),
        (sent, "hush.PNG", 16 * MB, r"files\[0\]: a file of at most 16 MB for a picture"),
        (sent, "hush.txt", 20 * MB, r"files\[0\]: a file of at most 20 MB"),
        (added, "hush.jpeg", 256 * 1024, "file: a file of at most 256 KB"),
    ],
)
def test_a_file_that_is_too_large_costs_nothing(
    clock: Clock, tmp_path: Path, act: Act, name: str, most: int, bound: str
) -> None:
    """One byte over the bound is not begun; the bound itself goes out."""
    taker = Taker(MADE)
    with zoom_on(taker, clock) as zoom:
        with pytest.raises(InvalidParameter, match=bound) as caught:
            act(zoom, sparse(tmp_path, name, most + 1))
        assert (taker.hosts, taker.tokens) == ([], 0)
        assert "hush" not in str(caught.value)
        if most < 100 * MB:
            act(zoom, sparse(tmp_path, name, most))
            assert taker.sizes[0] > most


@pytest.mark.parametrize("name", ["hush.bmp", "hush", "png"])
def test_an_emoji_is_a_picture(client: ZoomClient, wire: Wire, name: str) -> None:
    """By its ending."""
    with pytest.raises(InvalidParameter, match="file: a file that ends in one of gif, jpeg, jpg, png"):
        client.emoji.add(name="parrot", file=io.BytesIO(b"x"), file_name=name)
    assert wire.asked == []


@pytest.mark.parametrize("name", ["ab", "x" * 101, "par rot", "parrot\n", "perroquété"])
def test_an_emojis_name_has_bounds(client: ZoomClient, wire: Wire, name: str) -> None:
    """Letters, digits and underscores, 3 to 100."""
    with pytest.raises(InvalidParameter, match="addACustomEmoji: name: "):
        client.emoji.add(name=name, file=io.BytesIO(b"x"), file_name="x.png")
    assert wire.asked == []


def test_a_file_is_sent_to_one_place(client: ZoomClient, wire: Wire) -> None:
    """Neither none nor two."""
    file = io.BytesIO(b"x")
    with pytest.raises(InvalidParameter, match="name exactly one"):
        client.files.send(user_id="me", file=file, name="x")
    with pytest.raises(InvalidParameter, match="name exactly one"):
        client.files.send(user_id="me", file=file, name="x", to_channel="c", to_contact="olu")
    with pytest.raises(InvalidParameter, match="userId: an id cannot be empty"):
        client.files.send(user_id="", file=file, name="x", to_channel="c")
    assert wire.asked == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("été 😀.txt", 'filename="été 😀.txt"'),
        ('a"; name="x', 'filename="a%22; name=%22x"'),
        ("a\r\nX-Evil: 1\r\n\r\n.txt", 'filename="a%0D%0AX-Evil: 1%0D%0A%0D%0A.txt"'),
    ],
)
def test_no_name_breaks_out_of_its_header(client: ZoomClient, wire: Wire, name: str, written: str) -> None:
    """UTF-8 as browsers write it; quotes and line ends escaped."""
    wire.answer(MADE)
    client.files.upload(user_id="me", file=io.BytesIO(b"content"), name=name)
    head, _, rest = wire.asked[0].read().partition(b"\r\n\r\n")
    assert f'form-data; name="file"; {written}\r\n'.encode() in head + b"\r\n"
    assert rest.startswith(b"content\r\n--")


def test_what_cannot_be_sent_as_a_file_is_refused(client: ZoomClient, wire: Wire, tmp_path: Path) -> None:
    """Missing, a folder, a pipe, text, nameless, not to be rewound, no UTF-8: nothing is asked of Zoom."""
    os.mkfifo(tmp_path / "hush.fifo")
    (tmp_path / "hush.txt").write_text("x")
    reading, writing = os.pipe()
    with (
        (tmp_path / "hush.txt").open() as text,
        os.fdopen(reading, "rb") as pipe,
        os.fdopen(writing, "wb"),
    ):
        odd: list[tuple[Any, str | None, str]] = [
            (tmp_path / "hush.none", None, "cannot be opened .ENOENT"),
            (tmp_path, None, "cannot be opened .EISDIR"),
            (tmp_path / "hush.fifo", None, "no regular file"),
            (text, None, "opened for bytes"),
            (io.BytesIO(b"x"), None, "needs a name"),
            (pipe, "hush.bin", "be rewound"),
            (io.BytesIO(b"x"), "hush\udcff.txt", "half a surrogate pair"),
        ]
        for file, name, bound in odd:
            with pytest.raises(InvalidParameter, match=f"uploadAChatFile: file: .*{bound}") as caught:
                client.files.upload(user_id="me", file=file, name=name)
            assert "hush" not in str(caught.value)
    assert wire.asked == []


class Shrinking(io.BytesIO):
    """A file that ends sooner than it said."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size)[:10] if self.tell() == 0 else b""


def test_a_file_cut_while_it_goes_out_is_told(clock: Clock) -> None:
    """Half a file must not arrive as a whole one, and the same half is not sent again."""
    taker = Taker(MADE)
    with zoom_on(taker, clock) as zoom, pytest.raises(UploadInterrupted) as caught:
        zoom.files.upload(user_id="me", file=Shrinking(b"x" * 100), name="hush.bin")
    assert (taker.hosts, caught.value.retryable) == ([], False)
    assert "hush" not in str(caught.value)


def test_a_file_that_grows_goes_out_as_it_was(client: ZoomClient, wire: Wire, tmp_path: Path) -> None:
    """What is added meanwhile is left out, so that the form keeps its announced length."""
    path = tmp_path / "log.txt"
    path.write_bytes(b"first")

    def grow(request: httpx.Request) -> httpx.Response:
        with path.open("ab") as more:
            more.write(b"second")
        assert parts(request) == {"file": ("log.txt", b"first")}
        return MADE

    wire.answer(grow)
    client.files.upload(user_id="me", file=path)


class Handler(BaseHTTPRequestHandler):
    """A real file host: refuses the first token, then takes the file."""

    protocol_version = "HTTP/1.1"
    taken: list[tuple[str, str]]

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/oauth":
            token = f"tok-{len(self.taken)}".encode()
            self.reply(200, b'{"access_token":"' + token + b'","scope":""}')
            return
        start = content.index(b"\r\n\r\n") + 4
        end = content.rindex(b"\r\n--", 0, -4)
        digest = hashlib.sha256(content[start:end]).hexdigest()
        self.taken.append((self.headers["Authorization"], digest))
        if len(self.taken) == 1:
            self.reply(401, b'{"code":124,"message":"Access token is expired."}')
        else:
            self.reply(201, b'{"id":"f1"}')

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def host(loopback: None) -> Iterator[str]:
    Handler.taken = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_over_a_real_connection(host: str, tmp_path: Path) -> None:
    """The bytes that arrive are the file's, both times."""
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(5 * MB))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with ZoomClient(credentials=CREDENTIALS, api_url=f"{host}/v2", oauth_url=f"{host}/oauth") as zoom:
        assert zoom.files.upload(user_id="me", file=path) == "f1"
    assert Handler.taken == [("Bearer tok-0", digest), ("Bearer tok-1", digest)]
