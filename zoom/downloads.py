"""Files from Zoom to disk: streamed, hashed on the way, checked, and there entirely or not at all.

The bytes go into `<name>.part` beside the target, which takes its place only when they are complete, match
what was expected and are flushed to the disk. A broken transfer goes on where it stopped when the server can
prove that it is still the same file, and starts again when not. Memory stays at one network chunk.

With `resume` that also holds across processes: what came stays beside the target (`partial`), and whoever downloads
to the same target next goes on with it.

Redirects are followed here, by hand: the bearer token is for the API's own origin only, and an address off it
(which may hold a token of its own) never reaches an error, a log line or a `repr`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from zoom import calls, partial
from zoom.calls import Caller
from zoom.digests import sha256_bytes
from zoom.errors import (
    DigestMismatch,
    DownloadInterrupted,
    NotAuthorized,
    RequestNote,
    TooLarge,
    Unavailable,
    UnexpectedReply,
    ZoomError,
)
from zoom.facts.rows import Operation

LIMIT_BYTES = 64 * 1024**3
Progress = Callable[[int], None]
_REDIRECTS = 5
_PROGRESS_BYTES = 16 * 1024**2
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """A file that arrived: where it is, its size in bytes, its SHA-256 and the media type it was sent as."""

    path: Path
    size: int
    sha256: bytes
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a file comes from. With an `operation` the first request is an API call and carries the token."""

    url: str
    note: RequestNote
    operation: Operation | None = None

    def __repr__(self) -> str:
        return f"Source({self.note.operation})"


def download(
    caller: Caller,
    source: Source,
    *,
    to: Path,
    expected_size: int | None = None,
    expected_sha256: bytes | str | None = None,
    limit_bytes: int = LIMIT_BYTES,
    resume: bool = False,
    progress: Progress | None = None,
) -> Download:
    """Bring the file to `to`.

    `progress` is told how many bytes are here, after every chunk; what it raises ends the download. With `resume`
    a download that ended early keeps what came for the next one to the same target, where the server names a version
    of the file to hold it against.

    `expected_sha256` is bytes, hex or base64. Raises `TooLarge` as soon as more than the expected
    size (or the limit) comes, `DigestMismatch` when size or digest differ at the end, `DownloadInterrupted`
    when the bytes stop coming, `NotAuthorized` or `NotFound` when the address is no longer good.
    """
    wanted = None if expected_sha256 is None else sha256_bytes(expected_sha256)
    part = to.with_name(to.name + ".part")
    descriptor = os.open(part, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "r+b") as file:
            kept = partial.Partial(part, file) if resume else None
            transfer = _Transfer(caller, source, file, expected_size, wanted, limit_bytes, kept, progress)
            transfer.run()
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, to)
        _sync_folder(to.parent)
        if kept is not None:
            kept.forget()
    except BaseException:
        if not resume or not partial.note_of(part).exists():
            part.unlink(missing_ok=True)
        raise
    return Download(path=to, size=transfer.size, sha256=transfer.digest(), media_type=transfer.media_type)


class _Transfer:
    """The state of one download over its attempts."""

    def __init__(
        self,
        caller: Caller,
        source: Source,
        file: BinaryIO,
        expected_size: int | None,
        expected_sha256: bytes | None,
        limit_bytes: int,
        kept: partial.Partial | None,
        progress: Progress | None,
    ) -> None:
        self._caller = caller
        self._source = source
        self._file = file
        self._expected_size = expected_size
        self._expected_sha256 = expected_sha256
        self._limit = limit_bytes if expected_size is None else min(limit_bytes, expected_size)
        self._kept = kept
        self._progress = progress
        self._total: int | None = None
        begun = None if kept is None else kept.begun()
        if begun is None:
            self._restart()
        else:
            self._go_on(begun)

    def _go_on(self, begun: partial.Begun) -> None:
        """Begin where an earlier download ended."""
        self._file.seek(begun.size)
        self._file.truncate()
        self._hash, self.size = begun.hash, begun.size
        self.media_type, self._total, self._validator = "", begun.total, begun.validator
        self._noted, self._has_resumed = begun.size, True

    def _restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.size = 0
        self.media_type = ""
        self._total = None
        self._validator = ""
        self._noted = 0
        self._has_resumed = False
        if self._kept is not None:
            self._kept.forget()

    def digest(self) -> bytes:
        """The SHA-256 of what has arrived."""
        return self._hash.digest()

    def run(self) -> None:
        """Attempt until complete; as long as there is progress, patience starts afresh."""
        if self._total is not None and self.size == self._total:
            return self._check_complete()  # an earlier download was ended between its last byte and its name
        try:
            self._attempt()
        except BaseException:
            self._note()
            raise

    def _attempt(self) -> None:
        while True:
            begun_at = self.size
            try:
                self._caller.patiently(self._once, safe_to_repeat=True)
            except (DownloadInterrupted, Unavailable) as error:
                if self.size - begun_at >= _PROGRESS_BYTES:
                    continue
                if isinstance(error, DownloadInterrupted) or self.size == 0:
                    raise
                raise self._interrupted(str(error)) from None
            else:
                return

    def _once(self) -> None:
        try:
            response = _open(self._caller, self._source, self._headers())
        except DownloadInterrupted:  # what is here cannot be gone on with: begin anew
            self._restart()
            raise
        try:
            self._accept(response)
            for chunk in response.iter_raw():
                self._take(chunk)
        except httpx.HTTPError as error:
            raise self._interrupted(type(error).__name__) from None
        finally:
            response.close()
        self._check_complete()

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if self.size and (self._validator or self._expected_sha256 is not None):
            headers["Range"] = f"bytes={self.size}-"
            if self._validator:
                headers["If-Range"] = self._validator
        return headers

    def _accept(self, response: httpx.Response) -> None:
        """Begin with this reply or go on with it; refuse what is not the file's own bytes."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise self._unexpected("the file comes compressed although that was declined", response)
        if response.status_code == 206:
            self._resume(response)
        else:
            self._restart()
            length = response.headers.get("content-length", "")
            self._total = int(length) if re.fullmatch(r"\d{1,18}", length) else None
        etag = response.headers.get("etag", "")
        self._validator = etag if etag.startswith('"') else response.headers.get("last-modified", "")
        self.media_type = response.headers.get("content-type", "")[:200]
        if self._total is not None and self._total > self._limit:
            raise self._too_large()

    def _resume(self, response: httpx.Response) -> None:
        told = _RANGE.fullmatch(response.headers.get("content-range", ""))
        total = None if told is None or told[2] == "*" else int(told[2])
        if told is None or int(told[1]) != self.size or (self._total is not None and total != self._total):
            self._restart()
            raise self._interrupted("the server resumes elsewhere than asked")
        self._total = total
        self._has_resumed = True

    def _take(self, chunk: bytes) -> None:
        if self.size + len(chunk) > self._limit:
            raise self._too_large()
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)
        if self._kept is not None and self.size - self._noted >= partial.NOTE_EVERY_BYTES:
            self._note()
        if self._progress is not None:
            self._progress(self.size)

    def _note(self) -> None:
        """Keep what came for whoever goes on, where it can be told that the file is still the same."""
        if self._kept is not None and self._validator and self.size > self._noted:
            self._kept.note(size=self.size, validator=self._validator, total=self._total)
            self._noted = self.size

    def _check_complete(self) -> None:
        if self._total is not None and self.size < self._total:
            raise self._interrupted(f"{self.size} of {self._total} bytes came")
        is_short = self._expected_size is not None and self.size != self._expected_size
        if is_short and self._total is None:
            raise self._interrupted(f"{self.size} of {self._expected_size} bytes came")
        if is_short or self._expected_sha256 not in (None, self.digest()):
            if self._has_resumed:
                self._restart()
                raise self._interrupted("the resumed file is not the one that was begun")
            what = "size" if is_short else "SHA-256"
            raise DigestMismatch(
                f"{self._source.note.operation}: the {what} is not the expected one",
                request=self._source.note,
            )

    def _interrupted(self, why: str) -> DownloadInterrupted:
        return DownloadInterrupted(f"{self._source.note.operation}: {why}", request=self._source.note)

    def _too_large(self) -> TooLarge:
        return TooLarge(
            f"{self._source.note.operation}: more than the {self._limit} bytes that are expected or allowed",
            request=self._source.note,
        )

    def _unexpected(self, why: str, response: httpx.Response) -> UnexpectedReply:
        return UnexpectedReply(
            f"{self._source.note.operation}: {why}", status=response.status_code, request=self._source.note
        )


def _open(caller: Caller, source: Source, headers: dict[str, str]) -> httpx.Response:
    """The reply that carries the file, behind at most five redirects."""
    url = _address(source.url, source.note)
    home = _origin(httpx.URL(caller.api_url))
    for _ in range(_REDIRECTS + 1):
        operation = source.operation if _origin(url) == home else None
        if operation is None:
            request = caller.http.build_request("GET", url, headers=headers)
        else:
            request = caller.request(operation, str(url), note=source.note, headers=headers)
        response = caller.send(request, note=source.note, auth=None if operation is None else caller.auth)
        if response.status_code in (200, 206):
            return response
        location = response.headers.get("location", "")
        response.close()
        if not response.has_redirect_location:
            raise _refused(caller, source, response, was_trusted=operation is not None)
        following = _address(location, source.note, base=url)
        if url.scheme == "https" and following.scheme != "https":
            raise UnexpectedReply(
                f"{source.note.operation}: a redirect leaves https",
                status=response.status_code,
                request=source.note,
            )
        url = following
    raise UnexpectedReply(f"{source.note.operation}: too many redirects", request=source.note)


def _refused(caller: Caller, source: Source, response: httpx.Response, *, was_trusted: bool) -> ZoomError:
    status = response.status_code
    if status == 416:
        return DownloadInterrupted(f"{source.note.operation}: the server cannot resume", request=source.note)
    if status in (401, 403) and not was_trusted:
        return NotAuthorized(
            f"{source.note.operation}: the download address is no longer good (HTTP {status})",
            status=status,
            request=source.note,
        )
    return calls.refusal(response, note=source.note, now=caller.clock())


def _address(text: str, note: RequestNote, *, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = httpx.URL(text) if base is None else base.join(text)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise UnexpectedReply(f"{note.operation}: the download address is none", request=note) from None
    if url.scheme not in ("https", "http") or not url.host:
        raise UnexpectedReply(f"{note.operation}: the download address is none", request=note)
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
