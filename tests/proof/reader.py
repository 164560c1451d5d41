"""The console's web server, and a person signed in to it who looks at what a page truly holds.

A page is read with the standard library's parser, as strictly as a browser is lenient: what strangers wrote must be
text in it, and nothing else.
"""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from types import TracebackType

import httpx

from tests.proof.installation import ROOT, Installation
from tests.standalone.test_up import free_port

PASSWORD = "a long and quiet password"
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
LEADING = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcset", "ping"})
DANGEROUS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


class Console:
    """The web server as it is deployed, and Ines's browser."""

    def __init__(self, holdfast: Installation) -> None:
        holdfast.must("appoint", "ines", "--role", "compliance-officer", stdin=f"{PASSWORD}\n")
        port = free_port()
        self._log = holdfast.folder / "web.log"
        argv = [sys.executable, "-m", "gunicorn", "--config", "python:standalone.web"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*argv, "--bind", f"127.0.0.1:{port}", "compliance.wsgi:application"],
                cwd=ROOT,
                env={**holdfast.environment, "HOLDFAST_LOG": "json", "HOLDFAST_LOG_LEVEL": "DEBUG"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._browser = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)

    def __enter__(self) -> "Console":
        until = time.monotonic() + 120
        while not self._is_up():
            assert self._process.poll() is None, self.logged
            assert time.monotonic() < until, "the web server takes too long to start"
            time.sleep(0.1)
        self._sign_in()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._process.terminate()
        self._process.wait(120)

    @property
    def logged(self) -> str:
        return self._log.read_text()

    def open(self, address: str) -> httpx.Response:
        """What the server answers."""
        return self._browser.get(address)

    def read(self, address: str) -> "Reading":
        """A page that must be there and harmless."""
        answer = self._browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        found = Reading(answer.content.decode())
        assert found.harm == [], (address, found.harm[:5])
        return found

    def _is_up(self) -> bool:
        try:
            return self._browser.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def _sign_in(self) -> None:
        form = self._browser.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token is not None
        data = {"csrfmiddlewaretoken": token[1], "login": "ines", "password": PASSWORD}
        answer = self._browser.post(
            "/accounts/login/", data=data, headers={"Referer": str(self._browser.base_url)}
        )
        assert answer.status_code == 302, answer.text


class Reading(HTMLParser):
    """The visible text of a page, its links, and everything in it that a page of ours never has."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.harm: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self._pieces: list[str] = []
        self.feed(html)
        self.close()
        if self._open:
            self.harm.append(f"never closed: {self._open}")

    @property
    def text(self) -> str:
        """What is to be read, with its spaces made one."""
        return " ".join("".join(self._pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and not values.get("src")):
            self.harm.append(f"<{tag}>")
        for name, value in values.items():
            if (tag, name) != ("input", "value"):  # a search field repeats what was typed
                self._look_for_characters(value)
            if name.startswith("on") or name == "style":
                self.harm.append(f"{tag} {name}={value!r}")
            if name in LEADING and not re.match(r"[/?#](?!/)|$", value):
                self.harm.append(f"{tag} {name}={value!r}")
        if tag == "a":
            self.links.append(values.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.harm.append(f"</{tag}> closes nothing")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._look_for_characters(data)
        if self._open[-1:] != ["script"]:
            self._pieces.append(data)
        elif data.strip():
            self.harm.append(f"a script of its own: {data[:80]!r}")

    def _look_for_characters(self, text: str) -> None:
        self.harm += [f"U+{ord(found):04X} in {text[:80]!r}" for found in DANGEROUS.findall(text)]
