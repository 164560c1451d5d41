"""One request to a subscriber, with one deadline for all of it.

The blocking exchange runs in a thread of its own that nobody waits for when the program ends. Redirects are
not followed, proxies not used. Nothing of a request or an answer is logged.
"""

import asyncio
import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_ANSWER_BYTES = 64 * 1024


@dataclass(slots=True, frozen=True)
class Answer:
    """What a subscriber said."""

    status: int
    body: bytes


class _Exchange:
    """A request that another thread can cut off."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._url, self._seconds = urlsplit(url), seconds
        self._line: socket.socket | None = None

    def run(self, body: bytes, headers: Mapping[str, str]) -> Answer | None:
        """The answer, or None when there was none that can be read."""
        target = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        connection = self._connection()
        try:
            connection.connect()
            self._line = connection.sock
            connection.request("POST", target, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(MOST_ANSWER_BYTES))
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def cut(self) -> None:
        """End the exchange wherever it stands."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=context)


async def post(url: str, body: bytes, *, headers: Mapping[str, str], seconds: float) -> Answer | None:
    """What the subscriber answered within so many seconds; None when it did not."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Answer | None] = loop.create_future()
    exchange = _Exchange(url, seconds=seconds)

    def settle(answer: Answer | None) -> None:
        if not answered.done():
            answered.set_result(answer)

    def work() -> None:
        answer = exchange.run(body, headers)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the sandbox has ended meanwhile
            loop.call_soon_threadsafe(settle, answer)

    threading.Thread(target=work, name="webhook", daemon=True).start()
    try:
        return await asyncio.wait_for(answered, seconds)
    except TimeoutError:
        return None
    finally:
        exchange.cut()
