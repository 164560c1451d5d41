"""Tag Chat Files: files shared in chats, and what the hosts that take files allow."""

from typing import Annotated

from msgspec import Meta, field

from zoom.facts.places import InOnePlace
from zoom.facts.rows import Given, Host, Label, row

IMAGES = frozenset({"png", "jpg", "jpeg", "gif"})
MB = 1024**2
"""Zoom says megabytes without saying which; the larger is held, the rest is its own to refuse."""

_WRITE = "chat_message:write chat_message:write:admin"


class Attached(Given, frozen=True, kw_only=True):
    """The file in a form: its name and its size in bytes."""

    name: str
    size: int

    @property
    def is_image(self) -> bool:
        """Whether Zoom shows it as a picture; every other file is a common file."""
        return extension(self.name) in IMAGES


class Uploaded(Attached, frozen=True, kw_only=True):
    """A file of at most 1 GB, of any kind."""

    def __post_init__(self) -> None:
        check_size(self.size, 1024 * MB, "1 GB")


class Sent(Attached, frozen=True, kw_only=True):
    """A file of at most 20 MB, a picture of at most 16."""

    def __post_init__(self) -> None:
        if self.is_image:
            check_size(self.size, 16 * MB, "16 MB for a picture")
        check_size(self.size, 20 * MB, "20 MB")


class Personal(Given, frozen=True, kw_only=True):
    """Whether the file is also posted to the user's own chat."""

    post: bool | None = field(default=None, name="postToPersonalChat")


class Upload(Given, frozen=True, kw_only=True):
    """The form of an upload."""

    file: Uploaded


class Sending(InOnePlace, frozen=True, kw_only=True):
    """The form of a file that is a message of its own."""

    files: Annotated[list[Sent], Meta(min_length=1, max_length=1)]
    reply_main_message_id: str | None = None


def extension(name: str) -> str:
    """What follows the last dot of a name, in small letters; nothing when there is no dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_size(size: int, most: int, words: str) -> None:
    """Refuse a file of more than `most` bytes."""
    if size > most:
        raise ValueError(f"a file of at most {words}")


ROWS = (
    row(
        "getFileInfo",
        "GET /chat/files/{fileId}",
        Label.LIGHT,
        scopes="chat:read",
        granular="team_chat:read:file team_chat:read:file:admin",
    ),
    row(
        "deleteChatFile",
        "DELETE /chat/files/{fileId}",
        Label.LIGHT,
        scopes="chat:write",
        granular="team_chat:delete:file team_chat:delete:file:admin",
    ),
    row(
        "uploadAChatFile",
        "POST /chat/users/{userId}/files",
        None,
        scopes=_WRITE,
        granular="team_chat:write:files team_chat:write:files:admin",
        query=Personal,
        body=Upload,
        host=Host.FILE,
        is_upload=True,
    ),
    row(
        "sendChatFile",
        "POST /chat/users/{userId}/messages/files",
        None,
        scopes=_WRITE,
        granular="team_chat:write:message_files team_chat:write:message_files:admin",
        body=Sending,
        host=Host.FILE,
        is_upload=True,
    ),
)
