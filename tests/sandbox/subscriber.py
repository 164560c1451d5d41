"""A little server that subscribes to webhooks: it validates itself, keeps what it gets, and errs when told to."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "s3cret-of-the-app"


@dataclass(frozen=True)
class Delivery:
    """One request as it came over the wire."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The event it brought."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def name(self) -> str:
        """The event's name."""
        return str(self.event["event"])

    @property
    def is_signed(self) -> bool:
        """Whether the signature fits the raw bytes."""
        message = f"v0:{self.headers['x-zm-request-timestamp']}:".encode() + self.body
        wanted = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.headers["x-zm-signature"], f"v0={wanted}")


class Subscriber:
    """What came to the endpoint, and how it answers."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.handshakes: list[Delivery] = []
        self.knows_the_secret = True
        self.handshake_status = 200
        self.status = 200
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.url = ""
        self.close: Callable[[], None] = lambda: None

    @property
    def names(self) -> list[str]:
        """The events in the order they came."""
        return [one.name for one in self.deliveries]

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes deliveries and answers none for as long as the block lasts."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    def answer(self, delivery: Delivery) -> tuple[int, bytes]:
        """Status and body of the answer to a request."""
        if delivery.name == "endpoint.url_validation":
            self.handshakes.append(delivery)
            plain = delivery.event["payload"]["plainToken"]
            secret = SECRET if self.knows_the_secret else "another"
            proof = hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
            said = {"plainToken": plain, "encryptedToken": proof}
            return self.handshake_status, json.dumps(said).encode()
        self.deliveries.append(delivery)
        self._may_answer.wait()
        return self.status, b""


@contextmanager
def listening() -> Iterator[Subscriber]:
    """A subscriber on a free port for as long as the block lasts."""
    subscriber = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = subscriber.answer(Delivery(headers, body))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            if status != 204:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            if status != 204:
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    subscriber.url = f"http://127.0.0.1:{server.server_address[1]}/events?of=zoom"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def close() -> None:
        server.shutdown()
        server.server_close()

    subscriber.close = close
    try:
        yield subscriber
    finally:
        close()
