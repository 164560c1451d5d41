"""Places outside, on this machine: a bucket with Object Lock, and a time-stamping authority made with openssl."""

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.test import override_settings

from archive import timestamps
from tests.archive.core.record import Record
from tests.waiting import wait_until

TRIES = 5


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture
def record(db: None) -> Record:
    return Record()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that speaks S3, on the loopback only."""
    for _ in range(TRIES):  # whatever port is free now may be somebody else's a moment later
        with _started(tmp_path_factory.mktemp("ministack")) as url:
            if url is not None:
                yield url
                return
    pytest.fail("the pretend bucket does not start")


@contextmanager
def _started(home: Path) -> Iterator[str | None]:
    """Its address, once it answers; None when it ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port),
        "SERVICES": "s3", "IOT_MTLS_ENABLED": "0",
    }  # fmt: skip
    program = Path(sys.executable).with_name("ministack")
    running = subprocess.Popen(
        [program], cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: running.poll() is not None or _answers(url), seconds=180)
        yield url if running.poll() is None else None
    finally:
        running.kill()
        running.wait()


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{url}/_localstack/health", timeout=20) as answered:
        return bool(answered.status == 200)
    return False


@dataclass
class Bucket:
    """A bucket of this test, as its owner sees it."""

    name: str
    s3: Any

    def names(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.name)
        return sorted(one["Key"] for one in found.get("Contents", []))

    def content(self, key: str) -> bytes:
        found: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return found


@pytest.fixture
def make_bucket(
    service: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[..., Bucket]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "for-this-test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "for-this-test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def make(*, locked: bool = True) -> Bucket:
        name = f"acme-{abs(hash((request.node.nodeid, locked))):x}"
        s3 = boto3.client("s3", endpoint_url=service)
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locked)
        return Bucket(name, s3)

    return make


@pytest.fixture
def bucket(make_bucket: Callable[..., Bucket], service: str) -> Iterator[Bucket]:
    """A bucket with Object Lock that checkpoints are to go to."""
    made = make_bucket()
    with override_settings(HOLDFAST_WITNESS_BUCKET=made.name, HOLDFAST_WITNESS_BUCKET_URL=service):
        yield made


@dataclass
class Authority:
    """A time-stamping authority: `answer` makes of openssl's reply what is sent, and `status` goes before it."""

    folder: Path
    url: str = ""
    status: int = 200
    answer: Callable[[bytes], bytes] = field(default=lambda reply: reply)

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        openssl(
            self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"
        )
        return (self.folder / "reply.tsr").read_bytes()

    def verifies(self, reply: Path, note: Path) -> bool:
        """What `openssl ts -verify` says, as an auditor asks it."""
        command = ["openssl", "ts", "-verify", "-in", str(reply), "-data", str(note), "-CAfile", "root.pem"]
        return subprocess.run(command, cwd=self.folder, capture_output=True).returncode == 0


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


# No `certs` in it: the chain would be put into replies a second time, which rfc3161-client does not take.
_CONFIG = """
[tsa]
default_tsa = ours
[ours]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
"""
_EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"


def make_authority(folder: Path) -> Authority:
    """Its root, its certificate and its counter."""
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG)
    (folder / "extensions").write_text(_EXTENSIONS)
    (folder / "serial").write_text("01")
    key = ("-newkey", "rsa:2048", "-nodes")
    openssl(
        folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "3650",
        "-subj", "/CN=Root", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip
    openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Time")
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
        "-days", "3650", "-extfile", "extensions", "-out", "tsa.pem",
    )  # fmt: skip
    return Authority(folder)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority") / "tsa"
    make_authority(folder)
    return folder


@pytest.fixture
def authority(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority behind a loopback address, whose certificate is known."""
    monkeypatch.setattr(timestamps, "SECONDS", 120.0)  # it starts a program for each stamp
    made = Authority(certificates)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            reply = made.answer(made.reply(query))
            self.send_response(made.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    root = str(certificates / "root.pem")
    try:
        with override_settings(HOLDFAST_TIMESTAMP_URL=made.url, HOLDFAST_TIMESTAMP_CA=root):
            yield made
    finally:
        server.shutdown()
        server.server_close()
