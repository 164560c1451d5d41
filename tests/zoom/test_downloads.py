"""Files arrive whole and checked or not at all, over redirects and broken lines, and tell no token."""

from __future__ import annotations

import base64
import hashlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.zoom.conftest import CREDENTIALS, Clock
from zoom.client import ZoomClient
from zoom.errors import (
    DigestMismatch,
    DownloadInterrupted,
    NotAuthorized,
    NotFound,
    TooLarge,
    UnexpectedReply,
)

BLOCK = b"x" * 1_000_000
DATA = bytes(range(256)) * 4000  # about a megabyte
SHA256 = hashlib.sha256(DATA).digest()
Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """A real server with a script: what each GET does, and what it was asked."""

    protocol_version = "HTTP/1.1"
    server: FileHost

    def do_GET(self) -> None:
        self.server.asked.append((self.headers.get("Host", ""), self.path, dict(self.headers)))
        self.close_connection = True
        steps = self.server.steps
        (steps.pop(0) if len(steps) > 1 else steps[0])(self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(200, b'{"access_token":"tok-1","scope":""}')

    def reply(self, status: int, body: bytes = b"", cut: int | None = None, **headers: str) -> None:
        """Announce the whole body, send it or a part of it."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[:cut])

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


class FileHost(ThreadingHTTPServer):
    """A file host on a port of its own, reachable as 127.0.0.1 and as localhost."""

    steps: list[Script]
    asked: list[tuple[str, str, dict[str, str]]]

    def url(self, name: str = "127.0.0.1", path: str = "/file?jwt=hush") -> str:
        return f"http://{name}:{self.server_address[1]}{path}"

    def says(self, *steps: Script) -> None:
        """What the GETs do, in order; the last is repeated."""
        self.steps, self.asked = list(steps), []


@pytest.fixture
def host(loopback: None) -> Iterator[FileHost]:
    with FileHost(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.says(lambda h: h.reply(200, DATA, ETag='"v1"', Content_Type="image/png"))
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def client(host: FileHost, clock: Clock) -> Iterator[ZoomClient]:
    """A client whose API is on the host too, under 127.0.0.1."""
    with ZoomClient(
        credentials=CREDENTIALS, api_url=host.url(path="/v2"), oauth_url=host.url(path="/oauth"),
        clock=clock, sleep=clock.sleep, timeout_s=60,
    ) as client:  # fmt: skip
        yield client


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def is_nothing_left(to: Path) -> bool:
    return list(to.parent.iterdir()) == []


def resumable(h: Handler) -> None:
    """Serve the rest that was asked for, if it is still the same file."""
    asked = h.headers.get("Range", "")
    if not asked or h.headers.get("If-Range") != '"v1"':
        return h.reply(200, DATA, cut=300_000, ETag='"v1"')
    start = int(asked.removeprefix("bytes=").removesuffix("-"))
    where = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
    return h.reply(206, DATA[start:], cut=300_000, ETag='"v1"', Content_Range=where)


def test_a_file_arrives_with_its_digest(client: ZoomClient, host: FileHost, to: Path) -> None:
    """Bytes, size, SHA-256 and media type; asked for without compression and without the bearer token."""
    got = client.files.download(host.url(), to=to, expected_size=len(DATA), expected_sha256=SHA256.hex())
    assert (got.path, got.size, got.sha256, got.media_type) == (to, len(DATA), SHA256, "image/png")
    assert to.read_bytes() == DATA
    assert [path.name for path in to.parent.iterdir()] == ["evidence"]
    _, _, headers = host.asked[0]
    assert headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in headers


@pytest.mark.parametrize("digest", [SHA256, SHA256.hex().upper(), base64.b64encode(SHA256).decode()])
def test_a_digest_may_be_spelled_three_ways(
    client: ZoomClient, host: FileHost, to: Path, digest: bytes | str
) -> None:
    """Bytes, hexadecimal, base64."""
    assert client.files.download(host.url(), to=to, expected_sha256=digest).sha256 == SHA256


def test_a_digest_that_is_none_is_refused(client: ZoomClient, host: FileHost, to: Path) -> None:
    """Nothing is fetched under a promise that cannot be checked."""
    with pytest.raises(ValueError, match="32 bytes"):
        client.files.download(host.url(), to=to, expected_sha256="abc")
    assert host.asked == []


def test_other_bytes_than_promised_are_not_kept(client: ZoomClient, host: FileHost, to: Path) -> None:
    """A wrong digest leaves nothing behind and is not asked for again."""
    with pytest.raises(DigestMismatch, match="SHA-256"):
        client.files.download(host.url(), to=to, expected_sha256=bytes(32))
    assert (len(host.asked), is_nothing_left(to)) == (1, True)


@pytest.mark.parametrize(("size", "kind"), [(len(DATA) - 1, TooLarge), (len(DATA) + 1, DigestMismatch)])
def test_another_size_than_promised_is_refused(
    client: ZoomClient, host: FileHost, to: Path, size: int, kind: type[Exception]
) -> None:
    """Longer is stopped before it is read, shorter is seen at the end."""
    with pytest.raises(kind):
        client.files.download(host.url(), to=to, expected_size=size)
    assert is_nothing_left(to)


def test_an_endless_file_is_stopped(client: ZoomClient, host: FileHost, to: Path) -> None:
    """Without an announced length the bound holds while reading."""

    def endless(h: Handler) -> None:
        h.send_response(200)
        h.end_headers()
        for _ in range(100):
            h.wfile.write(b"x" * 100_000)

    host.says(endless)
    with pytest.raises(TooLarge):
        client.files.download(host.url(), to=to, limit_bytes=200_000)
    assert is_nothing_left(to)


def test_a_cut_transfer_goes_on_where_it_stopped(client: ZoomClient, host: FileHost, to: Path) -> None:
    """The server proves it is the same file: no byte is sent twice."""
    host.says(resumable)
    assert client.files.download(host.url(), to=to, expected_size=len(DATA)).sha256 == SHA256
    assert [headers.get("Range") for _, _, headers in host.asked] == [
        None,
        "bytes=300000-",
        "bytes=600000-",
        "bytes=900000-",
    ]


def test_a_file_that_changed_meanwhile_starts_again(client: ZoomClient, host: FileHost, to: Path) -> None:
    """A 200 to a range request means: another file, from its beginning."""
    host.says(
        lambda h: h.reply(200, b"old" * 100_000, cut=1000, ETag='"v0"'),
        lambda h: h.reply(200, DATA, ETag='"v1"'),
    )
    assert client.files.download(host.url(), to=to).sha256 == SHA256


def test_a_server_that_resumes_elsewhere_is_not_believed(
    client: ZoomClient, host: FileHost, to: Path
) -> None:
    """The wrong range is thrown away and the file read anew."""
    host.says(
        lambda h: h.reply(200, DATA, cut=1000, ETag='"v1"'),
        lambda h: h.reply(206, DATA[5:], ETag='"v1"', Content_Range=f"bytes 5-{len(DATA) - 1}/{len(DATA)}"),
        lambda h: h.reply(200, DATA),
    )
    assert client.files.download(host.url(), to=to).sha256 == SHA256
    assert "Range" not in host.asked[2][2]


def test_without_proof_of_sameness_nothing_is_resumed(client: ZoomClient, host: FileHost, to: Path) -> None:
    """No ETag, no date, no digest: from the beginning."""
    host.says(lambda h: h.reply(200, DATA, cut=1000), lambda h: h.reply(200, DATA))
    assert client.files.download(host.url(), to=to).sha256 == SHA256
    assert "Range" not in host.asked[1][2]


def test_a_line_that_stays_broken_is_said(client: ZoomClient, host: FileHost, to: Path) -> None:
    """After six tries without progress; nothing is left on the disk."""
    host.says(lambda h: h.reply(200, DATA, cut=1000))
    with pytest.raises(DownloadInterrupted) as caught:
        client.files.download(host.url(), to=to)
    assert caught.value.retryable
    assert (len(host.asked), is_nothing_left(to)) == (6, True)


@pytest.mark.parametrize(("status", "kind"), [(401, NotAuthorized), (403, NotAuthorized), (404, NotFound)])
def test_an_address_gone_stale_is_said(
    client: ZoomClient, host: FileHost, to: Path, status: int, kind: type[Exception]
) -> None:
    """The caller asks `info` for a fresh one."""
    host.says(lambda h: h.reply(status, b"<html>"))
    with pytest.raises(kind):
        client.files.download(host.url(), to=to)
    assert (len(host.asked), is_nothing_left(to)) == (1, True)


def test_a_hold_zip_is_fetched_with_the_token_only_at_home(
    client: ZoomClient, host: FileHost, to: Path
) -> None:
    """A redirect within the API keeps the bearer token, one to another origin loses it."""
    host.says(
        lambda h: h.reply(302, Location="/v2/elsewhere"),
        lambda h: h.reply(302, Location=host.url("localhost", "/zip?sig=hush")),
        lambda h: h.reply(200, DATA),
    )
    client.legal_hold.download(matter_id="m/1", file_key="k+1", to=to)
    assert [headers.get("Authorization") for _, _, headers in host.asked] == ["Bearer tok-1"] * 2 + [None]
    assert host.asked[0][1] == "/v2/chat/legalhold/matters/m%2F1/files/download?file_key=k%2B1"


def test_redirects_end(client: ZoomClient, host: FileHost, to: Path) -> None:
    """Five at most."""
    host.says(lambda h: h.reply(302, Location="/again"))
    with pytest.raises(UnexpectedReply, match="too many redirects"):
        client.files.download(host.url(), to=to)
    assert len(host.asked) == 6


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "nonsense", "http://", "http://[::", "ftp://x/y"])
def test_an_address_that_is_none_is_refused(client: ZoomClient, to: Path, url: str) -> None:
    """Addresses come from replies."""
    with pytest.raises(UnexpectedReply, match="the download address is none"):
        client.files.download(url, to=to)
    assert is_nothing_left(to)


def test_a_compressed_file_is_not_taken_for_the_file(client: ZoomClient, host: FileHost, to: Path) -> None:
    """Its bytes would not be the ones that were shared."""
    host.says(lambda h: h.reply(200, DATA, Content_Encoding="gzip"))
    with pytest.raises(UnexpectedReply, match="compressed"):
        client.files.download(host.url(), to=to)


def test_no_address_is_shown(
    client: ZoomClient, host: FileHost, to: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the log at its finest nor an error holds the token in the address."""
    caplog.set_level(logging.DEBUG)
    host.says(lambda h: h.reply(302, Location=host.url("localhost")), lambda h: h.reply(404))
    with pytest.raises(NotFound) as caught:
        client.files.download(host.url(), to=to)
    assert "hush" not in caplog.text + repr(caught.value) + str(vars(caught.value))
    assert "localhost" not in caplog.text


def test_what_was_there_stays_until_the_new_is_complete(client: ZoomClient, host: FileHost, to: Path) -> None:
    """A failed download does not touch the file it would have replaced."""
    to.write_bytes(b"before")
    host.says(lambda h: h.reply(404))
    with pytest.raises(NotFound):
        client.files.download(host.url(), to=to)
    assert to.read_bytes() == b"before"


def test_a_link_in_the_way_is_not_followed(client: ZoomClient, host: FileHost, to: Path) -> None:
    """The unfinished file is never written through somebody's symbolic link."""
    to.with_name("evidence.part").symlink_to(to.parent / "target")
    with pytest.raises(OSError, match="symbolic"):
        client.files.download(host.url(), to=to)
    assert not (to.parent / "target").exists()


MEASURE = """
import re, sys
from pathlib import Path
from zoom.auth import Credentials
from zoom.client import ZoomClient
with ZoomClient(credentials=Credentials(account_id="a", client_id="b", client_secret="c")) as client:
    got = client.files.download(sys.argv[1], to=Path(sys.argv[2]))
# not ru_maxrss: that starts from the peak of the process that forked this one
print(got.size, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_a_large_file_needs_little_memory(host: FileHost, to: Path) -> None:
    """300 MB pass through a process that stays under 100 MB in all."""

    def large(h: Handler) -> None:
        h.send_response(200)
        h.send_header("Content-Length", str(300 * len(BLOCK)))
        h.end_headers()
        for _ in range(300):
            h.wfile.write(BLOCK)

    host.says(large)
    argv = [sys.executable, "-c", MEASURE, host.url(), str(to)]
    size, peak_mb = subprocess.check_output(argv, cwd=Path(__file__).parents[2], text=True).split()
    assert (int(size), int(peak_mb) < 100) == (300 * len(BLOCK), True)
