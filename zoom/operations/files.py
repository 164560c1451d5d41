"""Files shared in chats: their details and their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zoom import downloads
from zoom.calls import Caller
from zoom.downloads import Download
from zoom.errors import RequestNote
from zoom.records.files import FileInfo


@dataclass(frozen=True, slots=True)
class Files:
    """The reading operation tagged Chat Files, and the file host behind it."""

    _caller: Caller

    def info(self, file_id: str) -> FileInfo:
        """A file's name, size, SHA-256 and a fresh download address.

        Raises NotFound when there is no such file, or none any more.

        API: getFileInfo, LIGHT.
        Scopes: chat:read; granular team_chat:read:file, team_chat:read:file:admin.
        """
        return self._caller.record("getFileInfo", FileInfo, ids={"fileId": file_id})

    def download(
        self,
        url: str,
        *,
        to: Path,
        expected_size: int | None = None,
        expected_sha256: bytes | str | None = None,
        limit_bytes: int = downloads.LIMIT_BYTES,
    ) -> Download:
        """Bring a file from the address that a record or `info` gave. The bearer token never goes along."""
        source = downloads.Source(url=url, note=RequestNote("file", "GET", "(download address)"))
        return downloads.download(
            self._caller,
            source,
            to=to,
            expected_size=expected_size,
            expected_sha256=expected_sha256,
            limit_bytes=limit_bytes,
        )
