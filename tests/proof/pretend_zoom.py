"""A running sandbox, spoken to over HTTP: as a Zoom account, and through its control room."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.proof.installation import ROOT

LISTS = ("sessions", "messages", "edited_messages", "deleted_messages")
EVERYTHING = (
    "include_fields=edited_messages,deleted_messages&include_bot_message=true&include_reactions=true"
    "&include_custom_emoji_reactions=true&page_size=50"
)


class PretendZoom:
    """One sandbox process; what it holds, and verbs to change it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        port_file, self._log = folder / "sandbox.port", folder / "sandbox.log"
        argv = [sys.executable, "-m", "sandbox", "--port", "0", "--port-file", str(port_file)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*argv, "--no-rate-limit", "--live", "0", *arguments],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 120
        while not (port_file.exists() and (port := port_file.read_text().strip())):
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, "the sandbox takes too long to start"
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(60)

    def truth(self) -> dict[str, Any]:
        """What a complete archive must count."""
        told: dict[str, Any] = self._ask("/_sandbox/truth")
        return told

    def edit(self, *, session_id: str, message_id: str, text: str) -> None:
        self._ask("/_sandbox/edit", {"session_id": session_id, "message_id": message_id, "text": text})

    def delete(self, *, session_id: str, message_id: str) -> None:
        self._ask("/_sandbox/delete", {"session_id": session_id, "message_id": message_id})

    def misbehave(self, spec: str) -> None:
        """From now on, until `behave`."""
        self._ask("/_sandbox/faults", {"spec": spec})

    def behave(self) -> None:
        self._ask("/_sandbox/faults", method="DELETE")

    def records(self) -> Iterator[bytes]:
        """The exact bytes of every record the report offers, read without the product's client."""
        token = self._ask("/oauth/token?grant_type=account_credentials&account_id=sandbox", {}, basic=True)
        header = {"Authorization": f"Bearer {token['access_token']}"}
        for span in _months():
            for session in self._pages(f"/v2/report/chat/sessions?{span}&page_size=300", header):
                named = quote(json.loads(session)["id"], safe="")
                yield from self._pages(f"/v2/report/chat/sessions/{named}?{span}&{EVERYTHING}", header)

    def _pages(self, address: str, header: dict[str, str]) -> Iterator[bytes]:
        token = ""
        while True:
            reply = self._bytes(f"{address}&next_page_token={quote(token)}", header=header).decode()
            for name in LISTS:
                yield from _elements(reply, name)
            token = json.loads(reply)["next_page_token"]
            if token == "":
                return

    def _ask(self, address: str, order: Any = None, *, method: str = "", basic: bool = False) -> Any:
        header = {"Authorization": "Basic c2FuZGJveDpzYW5kYm94"} if basic else {}
        return json.loads(self._bytes(address, order=order, method=method, header=header))

    def _bytes(self, address: str, *, header: dict[str, str], order: Any = None, method: str = "") -> bytes:
        body = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(self.url + address, body, header, method=method or None)
        with urllib.request.urlopen(request, timeout=120) as answer:
            reply: bytes = answer.read()
            return reply


def _elements(reply: str, name: str) -> Iterator[bytes]:
    """The exact slices of a list's elements; none when the reply has no such list."""
    head, opening, _ = reply.partition(f'"{name}":[')
    if not opening:
        return
    at, decoder = len(head) + len(opening), json.JSONDecoder()
    while reply[at] != "]":
        _, end = decoder.raw_decode(reply, at)
        yield reply[at:end].encode()
        at = end + (reply[end] == ",")


def _months() -> Iterator[str]:
    """The last six months, in spans the report answers."""
    today = datetime.now(UTC).date()
    first = today - timedelta(days=175)
    while first <= today:
        last = min(today, date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1))
        yield f"from={first}&to={last}"
        first = last + timedelta(days=1)
