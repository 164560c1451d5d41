"""Files shared in chats."""

from __future__ import annotations

import msgspec

from zoom.decoding import Number, Record, Text


class FileInfo(Record, frozen=True):
    """A file's details: a fresh download address, its size in bytes and its SHA-256 as Zoom writes it."""

    file_id: Text = None
    file_name: Text = None
    file_type: Text = msgspec.field(default=None, name="OS_file_type")
    size: Number = msgspec.field(default=None, name="length")
    digest: Text = None
    created_ms: Number = msgspec.field(default=None, name="created_time")
    modified_ms: Number = msgspec.field(default=None, name="modified_time")
    download_url: Text = None
    public_url: Text = None
