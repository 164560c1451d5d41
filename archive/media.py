"""What bytes are, judged by the bytes alone: a file's name and what the sender claims prove nothing.

The answer decides whether a browser may show a blob at all, so it errs on the side of empty (unknown), and
text that could act in a browser (HTML, SVG, scripts) is only ever called plain text.
"""

_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_NOT_IN_TEXT = frozenset(range(32)) - {9, 10, 12, 13}


def media_type(head: bytes) -> str:
    """The media type of a file that begins with `head` (a few hundred bytes do); empty when unknown."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    for offset, beginning, name in _BEGINNINGS:
        if head.startswith(beginning, offset):
            return name
    return "text/plain" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    """Valid UTF-8 without control characters; a character cut in two at the end is forgiven."""
    if head == b"" or not _NOT_IN_TEXT.isdisjoint(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True
