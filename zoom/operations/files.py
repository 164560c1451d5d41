"""Files shared in chats: their details, their bytes, there and back.

Files go to a host of their own, 20 requests a second, which may redirect to others of Zoom's; see `zoom.uploads`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zoom import downloads, made, uploads
from zoom.calls import Caller
from zoom.downloads import Download
from zoom.errors import RequestNote
from zoom.records.files import FileInfo
from zoom.uploads import File


@dataclass(frozen=True, slots=True)
class Files:
    """The operations tagged Chat Files, and the file host behind them."""

    _caller: Caller

    def info(self, file_id: str) -> FileInfo:
        """A file's name, size, SHA-256 and a fresh download address.

        Raises NotFound when there is no such file, or none any more.

        API: getFileInfo, LIGHT.
        Scopes: chat:read; granular team_chat:read:file, team_chat:read:file:admin.
        """
        return self._caller.record("getFileInfo", FileInfo, ids={"fileId": file_id})

    def delete(self, *, file_id: str) -> None:
        """Delete a file. Raises NotFound (404) when there is none, NotAuthorized (403) when the app may not.

        API: deleteChatFile, LIGHT.
        Scopes: chat:write; granular team_chat:delete:file, team_chat:delete:file:admin.
        """
        self._caller.done("deleteChatFile", ids={"fileId": file_id})

    def upload(self, *, user_id: str, file: File, name: str | None = None, post: bool | None = None) -> str:
        """Upload a file of at most 1 GB and return its id, for `messages.send`.

        `file` is a path, or an open binary file that can be rewound and then needs a `name`. Zoom also posts it to
        the user's own chat unless `post` is False. Without storage of the account's own Zoom keeps it for seven
        days. An upload whose outcome is unknown is not repeated. Raises InvalidParameter for a file that is too
        large or none, UploadInterrupted when it can no longer be read to its end.

        API: uploadAChatFile, none.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:write:files, team_chat:write:files:admin.
        """
        return uploads.upload(
            self._caller,
            "uploadAChatFile",
            file=file,
            field="file",
            name=name,
            read=made.own_id,
            query={"postToPersonalChat": post},
            ids={"userId": user_id},
        )

    def send(
        self,
        *,
        user_id: str,
        file: File,
        name: str | None = None,
        to_channel: str | None = None,
        to_contact: str | None = None,
        reply_to: str | None = None,
    ) -> str:
        """Send a file as a message of its own and return the message's id.

        A picture (png, jpg, jpeg, gif) has at most 16 MB, any other file 20 MB; `file` and `name` are as for
        `upload`. Name exactly one of `to_channel` (its id) and `to_contact` (user id or member id); `reply_to` is the
        id of the main message of a thread. A sending whose outcome is unknown is not repeated. Raises NotFound (1001,
        4130) when contact or channel do not exist, BadRequest when it cannot be sent (5301) or answers a reply
        (5402), InvalidParameter and UploadInterrupted as `upload` does.

        API: sendChatFile, none.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:write:message_files, team_chat:write:message_files:admin.
        """
        return uploads.upload(
            self._caller,
            "sendChatFile",
            file=file,
            field="files",
            name=name,
            read=made.own_id,
            content={
                "to_contact": to_contact,
                "to_channel": to_channel,
                "reply_main_message_id": reply_to,
            },
            ids={"userId": user_id},
        )

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
