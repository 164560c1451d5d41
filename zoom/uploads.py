"""Files from this machine to Zoom: a form streamed to the hosts that take files.

The file is read while it is sent, a chunk at a time, so memory does not grow with it; each sending begins at the
file's first byte and ends at the size it had when it was opened. What Zoom would refuse (size, kind) is refused
before a request is spent. An upload is sent again only when Zoom surely has not begun it, like every creation.

These hosts redirect to others and, unlike downloads, want the bearer token there. It goes along only within one
origin, or over https to the vendor's own domain; nothing at all is sent anywhere else. No file name, address
or token reaches an error or a log line.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

import httpx

from zoom import calls, checks, pacing
from zoom.calls import NO_IDS, NO_VALUES, Caller, Values
from zoom.errors import InvalidParameter, RequestNote, UnexpectedReply, UploadInterrupted
from zoom.facts.rows import Operation
from zoom.operations.table import OPERATIONS
from zoom.replies import Reply

VENDOR_DOMAIN = "zoom.us"
_REDIRECTS = 5
_REPEATING = (
    301,
    302,
    307,
    308,
)  # 303 says that it is done and to look elsewhere: sending again would do it twice
_LISTS = ("files",)  # Zoom calls this field a list, though only one file may be in it
_ANSWER_S = 120.0  # storing a large file takes Zoom longer than answering a question

T = TypeVar("T")
File = Path | BinaryIO


def upload(
    caller: Caller,
    id: str,
    *,
    file: File,
    field: str,
    name: str | None = None,
    read: Callable[[Reply], T],
    query: Values = NO_VALUES,
    content: Values = NO_VALUES,
    ids: Mapping[str, str] = NO_IDS,
) -> T:
    """Send a form whose `field` is the file: a path, or an open binary file that can be rewound.

    `name` is what the file is called at Zoom; left out it is the file's own. An open file is sent from its first
    byte and left open. Raises InvalidParameter, before anything is sent, for what breaks a bound of the operation
    or cannot be read as a file, UploadInterrupted when it can no longer be read to its end, UnexpectedReply for a
    redirect that leads off the vendor's domain.
    """
    operation = OPERATIONS[id]
    with _opened(operation, field, file, name) as source:
        pairs = checks.query(operation, query)
        form = _form(operation, source, field, content)
        note = RequestNote(id, operation.method, calls.path_of(operation, ids), pairs)
        sending = _Sending(caller, operation, note, form, {field: (source.name, source, None)})
        url = caller.address(operation, note.path, pairs)
        return caller.patiently(lambda: read(sending.once(url)), safe_to_repeat=operation.is_repeatable)


class _Source:
    """The file as httpx reads it: of a fixed size, rewound for each sending, and never short in silence."""

    def __init__(self, file: BinaryIO, *, name: str, size: int, operation: str) -> None:
        self._file = file
        self.name = name
        self.size = size
        self._operation = operation
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """To the beginning or, as httpx does to learn the length, to the end."""
        self._at = offset + (self.size if whence == os.SEEK_END else 0)
        return self._at

    def read(self, size: int) -> bytes:
        wanted = min(size, self.size - self._at)
        if wanted <= 0:
            return b""
        try:
            if self._at == 0:
                self._file.seek(0)
            chunk = self._file.read(wanted)
        except (OSError, ValueError) as error:
            raise self._interrupted(type(error).__name__) from None
        if not chunk:
            raise self._interrupted("it has become shorter")
        self._at += len(chunk)
        return chunk

    def _interrupted(self, why: str) -> UploadInterrupted:
        return UploadInterrupted(f"{self._operation}: the file cannot be read to its end: {why}")


@dataclass(frozen=True, slots=True)
class _Sending:
    """One upload, whichever host it ends at."""

    caller: Caller
    operation: Operation
    note: RequestNote
    form: dict[str, str]
    files: dict[str, tuple[str, _Source, None]]

    def once(self, address: str) -> Reply:
        """The reply of the last host, behind at most five redirects."""
        url = httpx.URL(address)
        for _ in range(_REDIRECTS + 1):
            response = self.caller.send(self._request(url), note=self.note, auth=self.caller.auth)
            if response.status_code not in _REPEATING or not response.has_redirect_location:
                return self.caller.receive(response, self.note)
            response.close()
            url = self._following(url, response)
        raise self._unexpected("too many redirects", response)

    def _request(self, url: httpx.URL) -> httpx.Request:
        usual = self.caller.http.timeout
        answer_s = None if usual.read is None else max(usual.read, _ANSWER_S)
        return self.caller.http.build_request(
            self.operation.method,
            url,
            data=self.form,
            files=self.files,  # type: ignore[arg-type]  # httpx needs only read, seek and tell of a file
            timeout=httpx.Timeout(connect=usual.connect, read=answer_s, write=usual.write, pool=usual.pool),
            extensions={pacing.LABEL: self.operation.budget, pacing.NOTE: self.note},
        )

    def _following(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads, when the token and the file may go there."""
        try:
            following = url.join(response.headers["location"])
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise self._unexpected("a redirect leads nowhere", response) from None
        if following.userinfo or not (_origin(following) == _origin(url) or _is_the_vendors(following)):
            raise self._unexpected("a redirect leads off the vendor's domain", response)
        return following

    def _unexpected(self, why: str, response: httpx.Response) -> UnexpectedReply:
        return UnexpectedReply(f"{self.operation.id}: {why}", status=response.status_code, request=self.note)


def _is_the_vendors(url: httpx.URL) -> bool:
    host = url.raw_host.decode("ascii")
    return url.scheme == "https" and (host == VENDOR_DOMAIN or host.endswith(f".{VENDOR_DOMAIN}"))


def _origin(url: httpx.URL) -> tuple[str, bytes, int]:
    return url.scheme, url.raw_host, url.port or (443 if url.scheme == "https" else 80)


def _form(operation: Operation, source: _Source, field: str, content: Values) -> dict[str, str]:
    """The other fields of the form, after all of it was held against the operation's bounds."""
    attached = {"name": source.name, "size": source.size}
    given = checks.body(operation, {**content, field: [attached] if field in _LISTS else attached}) or {}
    checks.encoded(operation, given)
    return {name: str(value) for name, value in given.items() if name != field}


def _without_waiting(path: str, flags: int) -> int:
    """Open a file, and never wait for the other end of a pipe: a pipe is refused."""
    return os.open(path, flags | os.O_NONBLOCK)


@contextmanager
def _opened(operation: Operation, field: str, file: File, name: str | None) -> Iterator[_Source]:
    def refused(bound: str) -> InvalidParameter:
        return InvalidParameter(operation=operation.id, parameter=field, bound=bound)

    own = file.name if isinstance(file, Path) else getattr(file, "name", "")
    called = name if name is not None else os.path.basename(own) if isinstance(own, str) else ""
    if not called:
        raise refused("a file needs a name")
    if isinstance(file, io.TextIOBase):
        raise refused("an open file must be opened for bytes")
    if not isinstance(file, Path):
        try:
            file.seek(0, os.SEEK_END)
            size = file.tell()
        except (OSError, ValueError, AttributeError):
            raise refused("an open file must be one that can be rewound") from None
        yield _Source(file, name=called, size=size, operation=operation.id)
        return
    try:
        opened = open(file, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115
    except OSError as error:
        # Only its kind: the error itself names the file.
        raise refused(f"the file cannot be opened ({errno.errorcode.get(error.errno or 0, '?')})") from None
    with opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise refused("it is no regular file")
        yield _Source(opened, name=called, size=status.st_size, operation=operation.id)
